"""Turns exact points into the numbers of other systems: once, at the end, and here alone.

Points are fractions until they leave. `nearest` is for JSON and gives the double that is closest to the fraction;
`decimal` is for tables that people read and rounds like the gradebook, halves up: 2.345 is 2.35.
"""

from fractions import Fraction

from grader.points import rounded

__all__ = ["decimal", "nearest", "read"]


def nearest(value: Fraction) -> int | float:
    """Return the number in JSON that is closest to `value`, whole where it is whole."""
    return int(value) if value.denominator == 1 else value.numerator / value.denominator


def decimal(value: Fraction, places: int = 2, mark: str = ".") -> str:
    """Return `value`, which is not negative, with so many places after the decimal mark; whole where it is whole."""
    return str(value) if value.denominator == 1 else rounded(value, places).replace(".", mark)


def read(text: str) -> Fraction | None:
    """Return the number that a cell of a table holds, with `.` or `,` before its decimals; None where there is none.

    Where both stand in it, or one of them several times, the last one is the decimal mark.
    """
    *groups, last = text.strip().replace(",", ".").split(".")
    digits = "".join(groups) + last
    if not (digits.isascii() and digits.isdigit()):
        return None
    return Fraction(int(digits), 10 ** len(last) if groups else 1)
