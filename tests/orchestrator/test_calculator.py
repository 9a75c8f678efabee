"""The calculator is exact, bounded, and cannot be talked into anything but arithmetic."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.orchestrator import NoNumber, NotArithmetic, calculate, number_of, with_numbers
from labkit.orchestrator.calculator import DEEPEST, LONGEST, PLACES
from labkit.tasks.arithmetic import expression, result
from labkit.tasks.questions import Sum

NUMBERS = st.integers(0, 9_999).map(str) | st.decimals(0, 999, places=2).map(str)
EXPRESSIONS = st.recursive(
    NUMBERS,
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})")
        | inner.map(lambda one: f"-{one}")
    ),
    max_leaves=8,
).filter(lambda text: len(text) <= LONGEST)


class Exact:
    """Python's own fractions behind Python's own parser: the reference."""

    @staticmethod
    def of(text: str) -> Fraction:
        # Only ever called on what the strategy above wrote.
        return eval(re.sub(r"\d+(?:\.\d+)?", r"Fraction('\g<0>')", text), {"Fraction": Fraction})  # noqa: S307


@given(EXPRESSIONS)
def test_agrees_with_exact_fractions(text):
    try:
        expected = Exact.of(text)
    except ZeroDivisionError:
        with pytest.raises(NotArithmetic, match="divides by zero"):
            calculate(text)
        return
    found = Fraction(calculate(text))
    assert found == expected or abs(found - expected) <= abs(expected) * Fraction(1, 10 ** (PLACES - 1))
    assert found == expected or "/" in text


@given(st.text(max_size=LONGEST + 20) | st.text("0123456789.,+-*/() eE_xj#'\"[]=:\n", max_size=LONGEST))
def test_any_text_is_a_number_or_refused(text):
    try:
        found = calculate(text)
    except NotArithmetic:
        return
    assert isinstance(found, Decimal)
    assert found.is_finite()


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')", "open('/etc/passwd').read()", "().__class__.__bases__[0]", "abs(-1)",
        "lambda: 1", "x", "True", "[1, 2]", "1 if 1 else 2", "1 < 2", "1 and 2", "~1", "7 // 2", "7 % 2", "1j", "1e9",
        "0x10", "1_000", "f'{1}'", "1 (2)", "(1)(2)", "1.5.real", "(1, 2)", "1; 2", "1\n2", "", " ", "1 +", "orion * 2",
        "1,20 * 3", "\u0661 + 1", "1" * (LONGEST + 1), "(" * 150, "#1 * 2",
    ],
)  # fmt: skip
def test_anything_but_arithmetic_is_refused(text):
    with pytest.raises(NotArithmetic):
        calculate(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("9 ** 9 ** 9", "exponent"),
        ("2 ** 65", "exponent"),
        ("2 ** 0.5", "exponent is 1/2"),
        ("9999999999 ** 60", "more than 512 bits"),
        ("9" * 180, "more than 512 bits"),
        ("-" * (DEEPEST + 1) + "1", "deeper than"),
        ("0 ** -1", "divides by zero"),
    ],
)
def test_what_could_run_away_is_bounded(text, problem):
    with pytest.raises(NotArithmetic, match=problem):
        calculate(text)


@pytest.mark.parametrize("arithmetic", Sum)
def test_results_are_written_as_the_tasks_write_them(arithmetic):
    operands = ["12", "2.40"] if arithmetic in {Sum.HOURLY_COST, Sum.DAILY_COST} else ["12", "9"]
    assert f"{calculate(expression(arithmetic, operands)):f}" == result(arithmetic, operands)


@pytest.mark.parametrize("answer", ["orion", "", "8 of 12", "8 replicas and 2 spares", "v2.1.3"])
def test_an_answer_without_one_number_gives_none(answer):
    with pytest.raises(NoNumber, match="ask for one number"):
        number_of(answer)


def test_answers_in_words_become_numbers():
    assert with_numbers("#1 * #2 * 24", ["twenty-four replicas", "2.40 dollars"]) == "24 * 2.40 * 24"
    assert with_numbers("#1 - #1", ["1,200 requests per minute"]) == "1200 - 1200"
