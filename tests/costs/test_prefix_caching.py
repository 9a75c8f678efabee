"""The same calls with and without a cache, against an HTTP server that has one; and what the skills' prompts share."""

from dataclasses import replace
from datetime import date

import pytest
from upstream import upstream

from labkit.costs import CacheCounts, Call, Recorder, block_tokens, measure_caching, prompt_tokens, shared_prefix
from labkit.documents import Chunk, Passage
from labkit.errors import BadArgument, EngineFailure
from labkit.serving import Completion, Endpoint, LanguageModel
from labkit.skills import read_messages

SYSTEM = {"role": "system", "content": "one two three four five six seven eight"}


def calls(*questions: str) -> list[Call]:
    return [Call((SYSTEM, {"role": "user", "content": question}), 4) for question in questions]


def test_with_and_without_by_usage_by_metrics_and_as_predicted():
    with upstream(block=4) as server:
        report = measure_caching(calls("a b", "a c", "a b"), Endpoint(server.base), server.metrics, passes=2)
    # 10 words each; the second and third find the system's 8, and nobody finds his last word
    assert (report.block, report.predicted, report.measured, report.counted) == (4, 16, 16, 16)
    assert report.error == 0
    assert [one.usage.computed_tokens for one in report.cached] == [14, 14]  # the second pass starts afresh
    assert [one.usage.computed_tokens for one in report.fresh] == [30, 30]
    assert all(one.counts == CacheCounts(30, 0) for one in report.fresh)
    assert all(len(one.first_token) == 3 for one in (*report.cached, *report.fresh))
    assert report.table().rows[1] == ("of them computed", "30", "14")


def test_a_large_block_holds_nothing_of_short_prompts():
    with upstream(block=128) as server:
        report = measure_caching(calls("a", "b"), Endpoint(server.base), server.metrics, passes=1)
    assert (report.predicted, report.measured, report.error) == (0, 0, 0)


def test_a_wrong_prediction_shows_as_an_error():
    with upstream(block=4) as server:
        report = measure_caching(calls("a b", "a c"), Endpoint(server.base), server.metrics, passes=1)
    assert replace(report, predicted=6).error == pytest.approx(0.25)


def test_what_another_caller_left_in_the_cache_is_not_counted():
    with upstream(block=4) as server:
        Endpoint(server.base).chat([call.messages for call in calls("a b", "a b")])
        report = measure_caching(calls("a b"), Endpoint(server.base), server.metrics, passes=1)
    assert report.measured == report.predicted == 0


def test_tokens_come_from_the_served_models_tokenizer():
    with upstream() as server:
        assert prompt_tokens(Endpoint(server.base), [{"role": "user", "content": "a b a"}]) == (0, 1, 0)
    with pytest.raises(EngineFailure, match="gave no tokens"):
        prompt_tokens(Endpoint(server.base, "m"), [{"role": "user", "content": "a"}])


def test_the_server_must_state_its_block():
    assert block_tokens('vllm:cache_config_info{block_size="32"} 1.0') == 32
    with pytest.raises(EngineFailure, match="block size ''"):
        block_tokens("running 1.0")
    with pytest.raises(BadArgument, match="0 calls"):
        measure_caching([], Endpoint("http://127.0.0.1:9/v1"), lambda: "")


def test_a_recorder_keeps_what_was_asked_and_answers_all_the_same():
    def talk(conversations, _):
        return [Completion("orion", 1, 1) for _ in conversations]

    recorder = Recorder(talk)
    passage = Passage(Chunk("0#0", "0", "It is served by orion.", 0, 22), 1.0)
    assert LanguageModel(chat=recorder).read("Which cluster?", [passage]).text == "orion"
    [call] = recorder.calls
    assert call.messages == tuple(read_messages("Which cluster?", ["It is served by orion."]))
    assert call.max_tokens == 48


def test_readings_of_the_same_passages_share_all_but_their_question():
    texts = [f"Page {number} says something of its own about cluster {number}." for number in range(4)]
    updated = [date(2026, 1, number + 1) for number in range(4)]
    passages = [
        Passage(Chunk(text, text, text, 0, len(text), updated=day), 1.0)
        for text, day in zip(texts, updated, strict=True)
    ]
    recorder = Recorder(lambda conversations, _: [Completion("unknown", 1, 1) for _ in conversations])
    model = LanguageModel(chat=recorder, at_once=4)
    model.read("How many replicas?", passages)
    model.read("Which team?", passages[::-1])  # however the search ranks them, the youngest comes first
    words = [" ".join(message["content"] for message in call.messages).split() for call in recorder.calls]
    ids = [[hash(word) for word in one] for one in words]
    assert words[0][shared_prefix(ids) :] == ["How", "many", "replicas?"]
