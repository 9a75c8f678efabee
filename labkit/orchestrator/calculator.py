"""The calculator: arithmetic read as a syntax tree of which a few kinds of node are known, and worked out exactly.

Text is parsed, never evaluated: there is no ``eval``, and a name, a call or an attribute is not among the nodes that
this file knows, so there is nothing for it to reach. What could run away is bounded: the length of the text, the
depth of the tree, the exponent, and the size of every number on the way.
"""

import ast
import operator
import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from labkit.errors import LabkitError

LONGEST = 200
"""Characters of an expression."""

DEEPEST = 24
"""Levels of the syntax tree."""

LARGEST_EXPONENT = 64
MOST_BITS = 512
"""Bits of a numerator or denominator on the way; about 150 digits."""

PLACES = 12
"""Significant digits of a quotient that no decimal number equals, and most zeros that are kept at an end."""

_CHARACTERS = re.compile(r"[\d\s.,+*/()-]*")
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?![\d,])")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")


class NotArithmetic(LabkitError, ValueError):
    """A text that is no arithmetic, has no result, or is beyond the bounds."""


class _Exact(NamedTuple):
    """A value and how many decimal places it is written with, so that money keeps its cents."""

    value: Fraction
    places: int


def calculate(expression: str) -> Decimal:
    """The value of numbers joined by ``+ - * / **`` and brackets.

    Sums and products are exact and keep the places of their numbers, as money wants it; a quotient is exact where
    a decimal number equals it and has 12 significant digits where none does.

    >>> print(calculate("8 * 2.40 * 24"), calculate("(8 - 3) / 4"), calculate("1,200 + 2 ** 3"), calculate("1 / 3"))
    460.80 1.25 1208 0.333333333333

    Args:
        expression: At most 200 characters.

    Raises:
        NotArithmetic: It holds anything else, divides by zero, or is beyond the bounds.
    """
    if len(expression) > LONGEST:
        raise NotArithmetic(f"the expression has {len(expression):,} characters", remedy=f"write at most {LONGEST}")
    plain = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), expression.strip())
    if "," in plain or not plain.isascii() or not _CHARACTERS.fullmatch(plain):
        raise NotArithmetic(f"{expression!r} is no arithmetic", remedy="join numbers by + - * / ** and brackets")
    try:
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotArithmetic(f"{expression!r} cannot be parsed", remedy="join numbers by + - * / **") from error
    return _written(_value(tree.body, plain, DEEPEST))


def _value(node: ast.expr, text: str, levels: int) -> _Exact:
    if not levels:
        raise NotArithmetic(f"the expression is deeper than {DEEPEST} levels", remedy="write it in parts")
    match node:
        case ast.Constant():
            return _number(text[node.col_offset : node.end_col_offset])
        case ast.UnaryOp(op=ast.USub()):
            inner = _value(node.operand, text, levels - 1)
            return _Exact(-inner.value, inner.places)
        case ast.UnaryOp(op=ast.UAdd()):
            return _value(node.operand, text, levels - 1)
        case ast.BinOp() if type(node.op) in _OPERATIONS:
            left, right = (_value(side, text, levels - 1) for side in (node.left, node.right))
            return _bounded(_OPERATIONS[type(node.op)](left, right))
    raise NotArithmetic(f"{type(node).__name__} is no arithmetic", remedy="join numbers by + - * / ** and brackets")


def _number(text: str) -> _Exact:
    """A literal by its own characters, since Python would make 2.40 a binary fraction near it."""
    if not _NUMBER.fullmatch(text):
        raise NotArithmetic(f"{text!r} is no decimal number", remedy="write digits, and at most one point")
    return _bounded(_Exact(Fraction(text), len(text.partition(".")[2])))


def _sum(operation: Callable[[Fraction, Fraction], Fraction]) -> Callable[[_Exact, _Exact], _Exact]:
    return lambda left, right: _Exact(operation(left.value, right.value), max(left.places, right.places))


def _product(left: _Exact, right: _Exact) -> _Exact:
    return _Exact(left.value * right.value, left.places + right.places)


def _quotient(left: _Exact, right: _Exact) -> _Exact:
    if not right.value:
        raise NotArithmetic("the expression divides by zero", remedy="divide by something else")
    return _Exact(left.value / right.value, 0)


def _power(base: _Exact, exponent: _Exact) -> _Exact:
    power = exponent.value
    if power.denominator != 1 or abs(power) > LARGEST_EXPONENT:
        raise NotArithmetic(f"the exponent is {power}", remedy=f"use a whole number up to {LARGEST_EXPONENT}")
    if not base.value and power < 0:
        raise NotArithmetic("the expression divides by zero", remedy="divide by something else")
    if _bits(base.value) * abs(power.numerator) > MOST_BITS + LARGEST_EXPONENT:
        raise _too_large()
    return _Exact(base.value**power.numerator, max(0, base.places * power.numerator))


_OPERATIONS: dict[type[ast.operator], Callable[[_Exact, _Exact], _Exact]] = {
    ast.Add: _sum(operator.add),
    ast.Sub: _sum(operator.sub),
    ast.Mult: _product,
    ast.Div: _quotient,
    ast.Pow: _power,
}


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _bounded(found: _Exact) -> _Exact:
    if _bits(found.value) > MOST_BITS:
        raise _too_large()
    return found


def _too_large() -> NotArithmetic:
    return NotArithmetic(f"a number on the way has more than {MOST_BITS} bits", remedy="use smaller numbers")


def _written(found: _Exact) -> Decimal:
    rest, places = found.value.denominator, 0
    # 10 ** places is a multiple of 2 ** a * 5 ** b for places = max(a, b): so many places write the value exactly.
    for prime in (2, 5):
        times = 0
        while rest % prime == 0:
            rest, times = rest // prime, times + 1
        places = max(places, times)
    with localcontext() as context:
        context.prec = PLACES if rest > 1 else 4 * MOST_BITS
        exact = Decimal(found.value.numerator) / Decimal(found.value.denominator)
        return exact if rest > 1 else exact.quantize(Decimal(1).scaleb(-max(places, min(found.places, PLACES))))
