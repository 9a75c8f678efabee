"""Pairs find their way back to characters, and the youngest passage that answers wins."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from labkit.documents import UNKNOWN, Chunk, Passage
from labkit.errors import BadArgument, ModelUnavailable
from labkit.extraction import ExtractiveReader, PairEncoder, RememberedSpans
from labkit.extraction.pairs import LIMIT, MOST_QUESTION
from labkit.pretrained import packaged_encoder

QUESTION = "How many replicas does orion run?"


def passage(text: str, updated: date | None = None) -> Passage:
    return Passage(Chunk(text, text, text, 0, len(text), updated=updated), 1.0)


class Pointing:
    """A model that is sure of one word wherever it stands, and of no answer elsewhere; counts what it reads."""

    def __init__(self, sure: dict[str, float]) -> None:
        self.words = {tuple(encode(word)): by for word, by in sure.items()}
        self.read = []

    def logits(self, sequences):
        self.read.append(len(sequences))
        return [self.scores(list(ids)) for ids in sequences]

    def scores(self, ids):
        found = np.zeros((len(ids), 2), dtype=np.float32)
        found[0] = 3
        for word, by in self.words.items():
            for place in range(len(ids) - len(word) + 1):
                if tuple(ids[place : place + len(word)]) == word:
                    found[place, 0] = found[place + len(word) - 1, 1] = by
        return found


def encode(word: str) -> list[int]:
    [pair] = PairEncoder(packaged_encoder())("?", [word])
    return list(pair.ids[pair.first : pair.last + 1])


def reader(**sure: float) -> ExtractiveReader:
    return ExtractiveReader(packaged_encoder(), Pointing(sure))


def test_tokens_and_characters_are_inverse():
    text = "Orion costs $2.40, and twenty-four replicas run on it."
    [pair] = PairEncoder(packaged_encoder())(QUESTION, [text])
    for answer in ("2.40", "twenty-four", "Orion"):
        begin = text.index(answer)
        tokens = pair.tokens(begin, begin + len(answer))
        assert text[slice(*pair.characters(*tokens))] == answer


def test_long_texts_are_cut_to_what_the_model_has_positions_for():
    [pair] = PairEncoder(packaged_encoder())("why " * 600, ["word " * 600 + "end"])
    assert len(pair.ids) == LIMIT
    assert pair.first == MOST_QUESTION + 2
    assert pair.tokens(3000, 3003) is None


def test_reads_the_span_and_cites_its_passage():
    found = reader(eight=9).extract(QUESTION, [passage("Nothing here."), passage("Orion runs eight replicas.")])
    assert found.text == "eight"
    assert [each.chunk.text for each in found.support] == ["Orion runs eight replicas."]
    assert found.confidence > 0.99


def test_no_passage_answers():
    found = reader(eight=9).extract(QUESTION, [passage("Nothing here.")])
    assert (found.text, found.support) == (UNKNOWN, ())
    assert 0.5 < found.confidence < 1
    assert reader().extract(QUESTION, []).text == UNKNOWN


def test_the_youngest_passage_wins_over_a_surer_one():
    old, new = passage("It runs nine.", date(2020, 1, 1)), passage("It runs eight.", date(2024, 1, 1))
    assert reader(nine=12, eight=8).extract(QUESTION, [old, new]).text == "eight"
    assert reader(nine=12).extract(QUESTION, [old, new]).text == "nine"


def test_of_one_date_the_surer_passage_wins():
    assert (
        reader(nine=12, eight=8).extract(QUESTION, [passage("It runs eight."), passage("It runs nine.")]).text == "nine"
    )


def test_a_reading_carries_its_cost():
    reading = reader(eight=9).read(QUESTION, [passage("Orion runs eight replicas.")])
    assert reading.text == "eight"
    assert reading.input_tokens > 10
    assert reading.output_tokens == 0


def test_a_folder_without_tokenizer_is_refused(tmp_path):
    with pytest.raises(ModelUnavailable, match="holds no tokenizer"):
        PairEncoder(tmp_path)


def test_only_passages_that_may_answer_are_held_the_likeliest_first():
    shelf = [passage("nothing here"), passage("nine of them"), passage("eight of them"), passage("nor here")]
    assert reader(nine=4, eight=3.5).holding(QUESTION, shelf) == (shelf[1], shelf[2])
    assert reader(nine=3.5, eight=4).holding(QUESTION, shelf) == (shelf[2], shelf[1])
    assert reader().holding(QUESTION, shelf) == ()


def test_nothing_older_than_what_answers_is_read():
    shelf = [passage(f"It runs {word}.", date(year, 1, 1)) for word, year in (("nine", 2020), ("eight", 2024))]
    young = reader(nine=12, eight=8)
    found = young.extract(QUESTION, shelf)
    assert young.model.read == [1]
    assert found.input_tokens == len(PairEncoder(packaged_encoder())(QUESTION, ["It runs eight."])[0].ids)
    old = reader(nine=12)
    assert old.extract(QUESTION, shelf).input_tokens > found.input_tokens
    assert old.model.read == [1, 1]


def test_a_judge_stops_at_one_that_surely_answers():
    shelf = [passage(f"{word} of them") for word in ("two", "eight", "nine", "six", "nine", "nine")]
    sure = reader(nine=12, eight=12)
    assert sure.holding(QUESTION, shelf) == (shelf[1],)
    assert sure.model.read == [1, 1]
    assert reader(nine=12).holding(QUESTION, shelf) == (shelf[2],)
    doubting = reader(nine=3.5)  # likelier than not, and no more
    assert doubting.holding(QUESTION, shelf) == (shelf[2], shelf[4], shelf[5])
    assert doubting.model.read == [1] * 6


def test_a_judge_reads_on_for_what_may_correct_it_and_puts_the_youngest_first():
    years = (2021, 2020, 2019, 2023, 2016, 2024, 2025, 2025)
    words = ("eight", "six", "nine", "nine", "nine", "six", "nine", "nine")
    shelf = [passage(f"{word} of them, in {year}", date(year, 1, 1)) for word, year in zip(words, years, strict=True)]
    shelf[6] = replace(shelf[6], score=0.49)  # the best has 1
    shelf[7] = replace(shelf[7], score=0.51)
    judge = reader(eight=14, nine=8)  # the older page is the surer one
    assert judge.holding(QUESTION, shelf) == (shelf[7], shelf[3], shelf[0])
    assert judge.model.read == [1, 3], "the first, and the younger ones that are nearly as near"


def test_nobody_answers_no_surer_than_the_least_sure_passage():
    young, old = passage("Nothing here.", date(2024, 1, 1)), passage("It runs nine.", date(2020, 1, 1))
    unsure = reader(nine=2)
    alone = [unsure.extract(QUESTION, [one]).confidence for one in (young, old)]
    assert alone[1] < alone[0]
    assert unsure.extract(QUESTION, [young, old]).confidence == alone[1]
    swapped = [passage("It runs nine.", date(2024, 1, 1)), passage("Nothing here.", date(2020, 1, 1))]
    assert unsure.extract(QUESTION, swapped).confidence == pytest.approx(alone[1])


class Numbering:
    """Numbers what it is given, so that a second reading would be another one."""

    def __init__(self):
        self.given = []

    def logits(self, sequences):
        self.given += sequences
        return [np.full((len(ids), 2), len(self.given), dtype=np.float32) for ids in sequences]


def test_nothing_is_read_twice_while_it_is_remembered():
    model = Numbering()
    remembered = RememberedSpans(model, most=2)
    first, again = remembered.logits([(1, 2), (3,), (1, 2)]), remembered.logits([[3], [1, 2]])
    assert model.given == [(1, 2), (3,)]
    assert [found.shape for found in first] == [(2, 2), (1, 2), (2, 2)]
    assert again[0] is first[1]
    assert again[1] is first[0]
    remembered.logits([(4,)])
    remembered.logits([(1, 2), (3,)])  # the one that nobody had asked for since was forgotten
    assert model.given == [(1, 2), (3,), (4,), (3,)]
    with pytest.raises(BadArgument, match="most is 0"):
        RememberedSpans(model, most=0)
