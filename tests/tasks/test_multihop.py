"""HotpotQA and MuSiQue layouts, on small records made up here; the real sample where it lies at hand."""

import json
from pathlib import Path

import pytest

from labkit.documents import Access
from labkit.errors import BadArgument, EmptyCorpus, UnreadableSource
from labkit.tasks.multihop import load_multihop
from labkit.tasks.task import Kind

SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "hotpotqa_100.json"

ORION = ["Orion", ["Orion is a cluster.", " It runs eight replicas."]]
FLEET = ["Fleet", ["The fleet is served by Orion."]]
OTHER = ["Lyra", ["Lyra is idle."]]


def hotpot(**changes: object) -> dict:
    record = {
        "_id": "q1",
        "question": "How many replicas serve the fleet?",
        "answer": "eight",
        "type": "bridge",
        "level": "easy",
        "context": [FLEET, ORION, OTHER],
        "supporting_facts": [["Fleet", 0], ["Orion", 1], ["Orion", 0]],
    }
    return {**record, **changes}


def musique(**changes: object) -> dict:
    record = {
        "id": "2hop__1_2",
        "question": "How many replicas does the cluster of the fleet run?",
        "answer": "eight",
        "answer_aliases": ["8", "eight"],
        "answerable": True,
        "paragraphs": [
            {"idx": 0, "title": "Lyra", "paragraph_text": "Lyra is idle.", "is_supporting": False},
            {"idx": 1, "title": "Fleet", "paragraph_text": "The fleet is served by Orion.", "is_supporting": True},
            {"idx": 2, "title": "Orion", "paragraph_text": "It runs eight replicas.", "is_supporting": True},
        ],
        "question_decomposition": [
            {"id": 1, "question": "Which cluster serves the fleet?", "answer": "Orion", "paragraph_support_idx": 1},
            {"id": 2, "question": "#1 >> replicas (#3)", "answer": "eight", "paragraph_support_idx": 2},
        ],
    }
    return {**record, **changes}


def write(folder: Path, records: object, lines: bool = False) -> Path:
    path = folder / "set.json"
    path.write_text("\n".join(map(json.dumps, records)) + "\n" if lines else json.dumps(records, indent=1))
    return path


def test_hotpotqa(tmp_path: Path):
    loaded = load_multihop(write(tmp_path, [hotpot()]))
    [task] = loaded.tasks
    texts = {document.id: document for document in loaded.documents}
    assert (task.id, task.kind, task.accepted, task.hops) == ("q1", Kind.MULTI_HOP, ("eight",), ())
    assert [texts[name].title for name in task.supporting] == ["Fleet", "Orion"]
    assert texts[task.supporting[1]].text == "Orion\nOrion is a cluster. It runs eight replicas."
    assert texts[task.supporting[1]].source == "set.json: Orion"
    assert all(task.principal.may_read(document.access) for document in loaded.documents)
    assert loaded.left_out == ()


def test_musique(tmp_path: Path):
    loaded = load_multihop(write(tmp_path, [musique()], lines=True), tenant="acme")
    [task] = loaded.tasks
    titles = {document.id: document.title for document in loaded.documents}
    assert (task.id, task.kind, task.accepted) == ("2hop__1_2", Kind.MULTI_HOP, ("eight", "8"))
    assert [titles[name] for name in task.supporting] == ["Fleet", "Orion"]
    assert [(hop.plan, hop.question, hop.answer) for hop in task.hops] == [
        ("Which cluster serves the fleet?", "Which cluster serves the fleet?", "Orion"),
        ("#1 >> replicas (#3)", "Orion >> replicas (#3)", "eight"),
    ]
    assert [[titles[name] for name in hop.documents] for hop in task.hops] == [["Fleet"], ["Orion"]]
    assert {document.access for document in loaded.documents} == {Access("acme")}
    assert task.principal.tenant == "acme"


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("record", [hotpot(), musique()])
def test_either_layout_in_either_container(tmp_path: Path, record: dict, lines: bool):
    assert len(load_multihop(write(tmp_path, [record], lines=lines)).tasks) == 1


def test_equal_paragraphs_are_one_document_and_equal_titles_are_not(tmp_path: Path):
    second = hotpot(_id="q2", context=[FLEET, ["Orion", ["Orion is a constellation."]]])
    loaded = load_multihop(write(tmp_path, [hotpot(), second]))
    assert sorted(document.title for document in loaded.documents) == ["Fleet", "Lyra", "Orion", "Orion"]
    assert len({document.id for document in loaded.documents}) == 4
    first, other = loaded.tasks
    assert first.supporting[0] == other.supporting[0]
    assert first.supporting[1] != other.supporting[1]  # the Orion of its own context
    assert loaded == load_multihop(tmp_path / "set.json")
    assert load_multihop(tmp_path / "set.json", count=1).tasks == (first,)


def test_an_unanswerable_question_abstains(tmp_path: Path):
    [task] = load_multihop(write(tmp_path, [musique(answerable=False)])).tasks
    assert (task.kind, task.accepted, task.supporting, task.hops) == (Kind.UNANSWERABLE, (), (), ())


def test_an_unanswerable_question_whose_twin_is_answered_is_left_out(tmp_path: Path):
    loaded = load_multihop(write(tmp_path, [musique(), musique(answerable=False)], lines=True))
    assert [task.kind for task in loaded.tasks] == [Kind.MULTI_HOP]
    assert "answered by the whole corpus" in str(loaded.left_out[0])


@pytest.mark.parametrize(
    "bad",
    [
        {"question": "a test set without answers", "context": [], "supporting_facts": []},
        hotpot(question=3),
        hotpot(answer=" "),
        hotpot(context=[["Orion"]]),
        hotpot(context=[["Orion", [1]]]),
        hotpot(supporting_facts=None),
        "text",
        None,
    ],
)
def test_an_incomplete_record_is_named_and_the_rest_goes_on(tmp_path: Path, bad: object):
    loaded = load_multihop(write(tmp_path, [hotpot(), bad]))
    assert [task.id for task in loaded.tasks] == ["q1"]
    assert len(loaded.documents) == 3
    assert str(loaded.left_out[0]).startswith("set.json, question 1: incomplete record")


@pytest.mark.parametrize(
    "changes",
    [
        {"paragraphs": [{"title": "no text"}]},
        {"question_decomposition": [{"question": "a", "answer": "b", "paragraph_support_idx": 9}]},
        {"answer_aliases": [1]},
    ],
)
def test_an_incomplete_musique_record_is_named(tmp_path: Path, changes: dict):
    loaded = load_multihop(write(tmp_path, [musique(), musique(**changes)], lines=True))
    assert (len(loaded.tasks), len(loaded.documents), len(loaded.left_out)) == (1, 3, 1)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('[{"passage": "x", "ask": "y"}]', "an object with ask, passage"),
        ("[3]", "opens with int"),
        ('{"data": []}', "an object with data"),
        ("{", "is not JSON"),
        ("words", "is not JSON"),
    ],
)
def test_an_unknown_layout_says_what_was_found_and_what_is_known(tmp_path: Path, content: str, found: str):
    (tmp_path / "set.json").write_text(content)
    with pytest.raises(UnreadableSource, match=r"set\.json.*HotpotQA.*MuSiQue") as raised:
        load_multihop(tmp_path / "set.json")
    assert found in str(raised.value)


def test_nothing_to_load(tmp_path: Path):
    for content in ("[]", "", " \n"):
        (tmp_path / "set.json").write_text(content)
        with pytest.raises(EmptyCorpus, match="holds no question"):
            load_multihop(tmp_path / "set.json")
    with pytest.raises(EmptyCorpus, match=r"no usable question.*1 left out"):
        load_multihop(write(tmp_path, [hotpot(answer=None)]))
    with pytest.raises(UnreadableSource, match="cannot be opened"):
        load_multihop(tmp_path / "missing.json")
    (tmp_path / "set.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableSource, match="not UTF-8"):
        load_multihop(tmp_path / "set.json")


@pytest.mark.parametrize("arguments", [{"count": 0}, {"count": True}, {"tenant": " "}])
def test_bad_arguments(tmp_path: Path, arguments: dict):
    with pytest.raises(BadArgument):
        load_multihop(write(tmp_path, [hotpot()]), **arguments)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the HotpotQA sample is not on this machine")
def test_a_real_sample():
    loaded = load_multihop(SAMPLE)
    assert (len(loaded.tasks), loaded.left_out) == (100, ())
    known = {document.id for document in loaded.documents}
    assert len(known) == len(loaded.documents) > 900
    assert all(len(task.supporting) == 2 and known >= set(task.supporting) for task in loaded.tasks)
