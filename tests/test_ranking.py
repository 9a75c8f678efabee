"""A wide search is narrowed by words and by a judge, keeps its order where they say nothing, and leaks nothing."""

from random import Random

import pytest

from labkit.agents import SingleShot
from labkit.documents import Access, Chunk, Passage, Principal
from labkit.errors import BadArgument
from labkit.ranking import ALIKE, DEEPER, STRANGE, Funnel, Narrowed, hybrid
from labkit.reading import Reading

ADA = Principal("ada", "acme")


def passage(text: str, name: str = "", score: float = 0.5) -> Passage:
    return Passage(Chunk(f"{name or text}#0", name or text, text, 0, len(text), text, Access("acme")), score)


def first_of(shelf):
    def retrieve(query, k, principal):
        assert query
        assert principal == ADA
        return shelf[:k]

    return retrieve


def test_a_rare_word_outweighs_common_ones():
    common = [passage(f"The cluster runs {n} replicas behind one router.") for n in range(5)]
    named = passage("zelvan stands in Oslo")
    assert hybrid("How many replicas does the zelvan cluster run?", [*common, named])[0] == named


def test_names_are_whole_words_with_their_hyphens():
    near, right = passage("zelvan-12 runs 4 replicas"), passage("zelvan-21 runs 4 replicas")
    assert hybrid("How many replicas does zelvan-21 run?", [near, right])[0] == right


def test_among_passages_that_share_the_same_words_the_nearer_vector_comes_first():
    far, near = passage("zelvan was painted red", score=0.2), passage("zelvan consists of 4 workers", score=0.6)
    assert hybrid("How many replicas does zelvan run?", [far, near]) == (near, far)
    assert hybrid("Was zelvan painted red?", [far, near]) == (far, near)


def test_ranking_keeps_every_passage_and_the_order_of_ties():
    texts = ["alpha beta", "gamma delta", "epsilon", "alpha beta"]
    random = Random(1)
    for _ in range(20):
        passages = [passage(text, str(number)) for number, text in enumerate(random.sample(texts, len(texts)))]
        ranked = hybrid("alpha", passages)
        assert sorted(ranked, key=passages.index) == passages
        assert [one for one in ranked if "alpha" not in one.chunk.text] == [
            one for one in passages if "alpha" not in one.chunk.text
        ]


@pytest.mark.parametrize("texts", [[], ["?!", "..."]])
def test_nothing_to_compare(texts):
    passages = [passage(text) for text in texts]
    assert hybrid("Which cluster?", passages) == tuple(passages)


SHEET = "sheet {} of the long red book that lies on the upper shelf"


def test_each_part_of_the_funnel_sees_what_it_should():
    seen = []
    shelf = [passage(SHEET.format(n)) for n in range(50)]

    def retrieve(query, k, principal):
        seen.append((query, k, principal))
        return shelf[:k]

    def judge(question, passages):
        seen.append((question, len(passages)))
        return passages[::-1]

    found = Funnel(look=20, short=5, judge=judge).over(retrieve)(SHEET.format(7), 2, ADA)
    assert seen == [(SHEET.format(7), DEEPER * 20, ADA), (SHEET.format(7), 5)]
    assert len(found) == 2
    assert passage(SHEET.format(7)) not in found  # words had put it first, and the judge turned the order round


def test_a_judge_is_not_shown_what_names_something_else():
    shelf = [
        passage("zelvan runs 4 replicas", score=0.9),
        passage("arvon runs 4 replicas", score=0.8),
        passage("zelvan has 4 replicas on standby in a cold spare room of its own, far from the first", score=0.7),
        *(passage(f"{name} runs some replicas", score=0.6) for name in ("arvon", "torvik", "bel", "marn")),
    ]
    shown = []

    def judge(_question, passages):
        shown.extend(passages)
        return passages[:1]

    found = Funnel(judge=judge).over(first_of(shelf))("How many replicas does zelvan run?", 9, ADA)
    assert [each.chunk.text for each in shown] == [shelf[0].chunk.text, shelf[2].chunk.text]
    assert 1 > shown[0].score > shown[1].score > ALIKE * shown[0].score
    assert found == (shelf[0],), "as they were found, with the cosines of their vectors"
    assert Funnel().over(first_of(shelf))("How many replicas does zelvan run?", 9, ADA)[-1] not in (shelf[0], shelf[2])


@pytest.mark.parametrize(
    ("question", "seen"),
    [
        ("How many copies does zelvan run?", ["zelvan"]),
        ("How many copies does zelvan or arvonik run?", ["zelvan", "arvonik"]),
        ("How many copies does torvelik run?", ["zelvan", "arvonik", "orion"]),  # a name that no passage holds
        ("How many copies does torvelik or zelvan run?", ["zelvan"]),
        ("How many copies are run, is it said?", ["zelvan", "arvonik", "orion"]),
    ],
)
def test_a_judge_is_shown_what_holds_a_name_of_the_question_if_anything_does(question, seen):
    shelf = [
        passage(f"{name} runs so many copies, it is said: {name} replicas") for name in ("zelvan", "arvonik", "orion")
    ]
    shown = []
    Funnel(judge=lambda _, passages: shown.extend(passages) or ()).over(first_of(shelf))(question, 3, ADA)
    assert {each.chunk.text.split()[0] for each in shown} == set(seen)


def test_of_passages_without_the_name_that_is_asked_about_a_judge_is_shown_few():
    shelf = [passage(f"sheet {n} tells of replicas") for n in range(30)]
    shown = []
    funnel = Funnel(judge=lambda _, passages: shown.extend(passages) or ())
    funnel.over(first_of(shelf))("Which sheet tells of arvonik?", 1, ADA)
    assert len(shown) == STRANGE
    shown.clear()
    funnel.over(first_of(shelf))("Which sheet tells of replicas?", 1, ADA)
    assert len(shown) == funnel.short


def test_a_passage_that_is_far_away_is_judged_for_its_name_alone():
    shelf = [passage(f"sheet {n} of nothing much") for n in range(5)]
    shelf += [passage("zelvan runs 4 of them"), passage("sheet 9 of nothing at all")]
    shown = []
    funnel = Funnel(look=3, judge=lambda _, passages: shown.extend(passages) or passages)
    funnel.over(first_of(shelf))("What is on sheet 9?", 1, ADA)
    assert {each.chunk.text for each in shown} == {each.chunk.text for each in shelf[:3]}
    shown.clear()
    assert funnel.over(first_of(shelf))("What does zelvan run?", 1, ADA) == (shelf[5],)
    assert len(shown) == 1


def test_what_many_passages_hold_is_no_name(monkeypatch):
    monkeypatch.setattr("labkit.ranking.ALIKE", 0.0)
    shelf = [passage(f"how many replicas sheet {n} counts") for n in range(30)] + [passage("arvonik has replicas")]
    shown = []
    judge = Funnel(short=2, judge=lambda _, passages: shown.extend(passages) or ())
    judge.over(first_of(shelf))("How many replicas has arvonik?", 1, ADA)
    assert [each.chunk.text for each in shown] == ["arvonik has replicas"]


def test_a_name_is_no_part_of_another():
    shelf = [passage("zelvanora runs 4 replicas, and zelvan-02 runs more"), passage("zelvan runs 4 replicas")]
    shown = []
    Funnel(judge=lambda _, passages: shown.extend(passages) or ()).over(first_of(shelf))("Who runs zelvan?", 1, ADA)
    assert [each.chunk.text for each in shown] == ["zelvan runs 4 replicas"]


def test_a_search_that_follows_is_shown_what_the_first_passage_names():
    shelf = [
        passage("the pump of velmarik is serviced by orlantik"),
        passage("the work of orlantik is the pump, says orlantik"),
    ]
    question, asked = "Where does whoever services the pump of velmarik work?", []

    def judge(_question, passages):
        asked.append([each.chunk.text for each in passages])
        return passages

    Funnel(judge=judge, follow=True).over(first_of(shelf))(question, 3, ADA)
    assert len(asked[0]) == 1
    assert len(asked[1]) == 2


def test_what_the_first_passage_names_is_followed():
    shelf = [
        passage("the pump of velm is serviced by orlan from Bergen"),
        passage("krell bought one more pump for many gardens last year"),
        passage("whoever has velm does work"),
        passage("morn sells chairs"),
        passage("orlan has an office in Bergen"),
    ]
    question = "Where does whoever services the pump of velm work?"
    plain, following = (Funnel(follow=follow).over(first_of(shelf))(question, 3, ADA) for follow in (False, True))
    assert shelf[0] in plain
    assert shelf[4] not in plain
    assert {shelf[0], shelf[4]} < set(following)
    assert len(Funnel(follow=True).over(first_of(shelf))(question, 9, ADA)) == len(shelf)
    del shelf[2]
    two = Funnel(follow=True).over(first_of(shelf))(question, 2, ADA)
    assert shelf[3] not in two, "two passages are too few to follow one"
    assert len(two) == 2


def test_the_judge_of_a_search_that_follows_is_asked_the_question_itself():
    asked = []

    def judge(question, passages):
        asked.append(question)
        return passages

    shelf = [passage(SHEET.format(n)) for n in range(9)]
    found = Funnel(judge=judge, follow=True).over(first_of(shelf))(SHEET.format(7), 4, ADA)
    assert asked == [SHEET.format(7), SHEET.format(7)]
    assert len({each.chunk.id for each in found}) == 4
    assert Funnel(judge=lambda *_: (), follow=True).over(first_of(shelf))("page", 4, ADA) == ()


def test_what_the_judge_leaves_out_is_not_read():
    shelf = [passage(f"page {n}") for n in range(9)]
    one = Funnel(judge=lambda _, passages: [each for each in passages if each.chunk == shelf[3].chunk])
    assert one.over(first_of(shelf))("page", 4, ADA) == (shelf[3],)
    assert Funnel(judge=lambda *_: ()).over(first_of(shelf))("page", 4, ADA) == ()


def test_no_part_of_the_funnel_is_narrower_than_what_is_wanted():
    shelf = [passage(f"page {n}") for n in range(50)]
    assert len(Funnel(look=3, short=2).over(first_of(shelf))("page", 9, ADA)) == 9


def test_an_agent_reads_what_the_funnel_leaves():
    shelf = [passage("The cluster runs 8 replicas."), passage("zelvan runs 9 replicas.")]

    class Model:
        def read(self, question, passages):
            assert question
            return Reading(passages[0].chunk.text, tuple(passages))

    answer = Narrowed(SingleShot(1)).answer("replicas of zelvan?", ADA, first_of(shelf), Model())
    assert answer.text == "zelvan runs 9 replicas."


@pytest.mark.parametrize("changes", [{"look": 0}, {"short": 0}])
def test_a_funnel_lets_something_through(changes):
    with pytest.raises(BadArgument):
        Funnel(**changes)
