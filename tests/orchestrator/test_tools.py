"""A tool that raises, hangs or returns junk is a stated failure; a refused principal is not a failure but the end."""

import time
from dataclasses import replace

import pytest

from labkit.documents import Access, Chunk, Passage, Principal
from labkit.errors import AccessRefused, BadArgument, EngineFailure, UnknownTenant
from labkit.orchestrator import Form, Tool, Toolbox

ADA = Principal("ada", "acme")


class Asked(Form):
    text: str


class Said(Form):
    length: int


def tool(run, **limits) -> Tool[Asked, Said]:
    return Tool("measure", "counts characters", Asked, Said, run, **limits)


def counting(outcomes):
    """A function that goes through outcomes call by call, raising those that are errors."""
    left = iter(outcomes)

    def run(_):
        found = next(left)
        if isinstance(found, BaseException):
            raise found
        return found

    return run


def test_a_checked_reply():
    result = tool(lambda asked: Said(length=len(asked.text)))(text="orion")
    assert (result.reply, result.failure, result.tries) == (Said(length=5), "", 1)


@pytest.mark.parametrize("given", [{}, {"text": 5}, {"text": "a", "principal": "bolt"}])
def test_a_wrong_request_never_reaches_the_tool(given):
    result = tool(counting([]))(**given)
    assert result.reply is None
    assert result.tries == 0
    assert result.failure.startswith("measure was asked wrongly")


@pytest.mark.parametrize(
    "junk", [None, 5, "five", {"length": "5"}, {"length": 5, "more": 1}, Said.model_construct(length="secret-42")]
)
def test_junk_is_named_and_not_quoted(junk):
    result = tool(counting([junk, junk]))(text="a")
    assert result.reply is None
    assert "returned junk" in result.failure
    assert "secret-42" not in result.failure


def test_an_error_is_retried_then_stated_by_its_kind():
    assert tool(counting([OSError("tenant B"), Said(length=1)]))(text="a").tries == 2
    result = tool(counting([OSError("tenant B")] * 3), tries=3)(text="a")
    assert (result.reply, result.failure) == (None, "measure raised OSError, 3 times")
    engine = tool(counting([EngineFailure("Ray is gone", remedy="x")] * 2))(text="a")
    assert engine.failure == "measure raised EngineFailure, 2 times"


def test_a_refusal_of_the_request_is_not_retried():
    result = tool(counting([BadArgument("text is 'a'", remedy="write more")]))(text="a")
    assert (result.failure, result.tries) == ("measure refused: text is 'a'", 1)


def test_a_hung_tool_does_not_hang_its_caller():
    begin = time.perf_counter()
    result = tool(lambda _: time.sleep(60), seconds=0.05)(text="a")
    assert result.failure == "measure did not return within 0.05 s, 2 times"
    assert time.perf_counter() - begin < 10


@pytest.mark.parametrize("refusal", [AccessRefused("no", remedy="x"), UnknownTenant("no", remedy="x")])
def test_a_refused_principal_is_no_failure_of_the_tool(refusal):
    with pytest.raises(type(refusal)):
        tool(counting([refusal]))(text="a")


def test_limits_are_checked():
    with pytest.raises(BadArgument, match="tries is 0"):
        tool(counting([]), tries=0)
    with pytest.raises(BadArgument, match="seconds is 0"):
        tool(counting([]), seconds=0)


def test_the_search_is_bound_to_its_principal():
    calls, own = [], Passage(Chunk("a#0", "a", "orion", 0, 5, "a", Access("acme")), 1.0)
    box = Toolbox.of(lambda *asked: calls.append(asked) or [own], ADA)
    assert box.search(query="orion", k=1).reply.passages == (own,)
    assert calls == [("orion", 1, ADA)]
    assert "asked wrongly" in box.search(query="orion", principal="bolt").failure
    assert "asked wrongly" in box.search(query="").failure
    foreign = replace(own, chunk=replace(own.chunk, access=Access("bolt")))
    with pytest.raises(AccessRefused, match="may not read"):
        Toolbox.of(lambda *_: [foreign], ADA).search(query="orion")


def test_the_calculator_as_a_tool():
    box = Toolbox.of(lambda *_: [], ADA)
    assert str(box.calculate(expression="8 * 2.40").reply.value) == "19.20"
    assert box.calculate(expression="orion").failure == "calculate refused: 'orion' is no arithmetic"
