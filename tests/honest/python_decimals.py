from decimal import ROUND_HALF_UP, Decimal, getcontext, localcontext
from fractions import Fraction


def f(x):
    with localcontext() as context:
        context.prec = 30
        third = str(Decimal(1) / Decimal(3))
    return (
        third,
        str(Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_UP)),
        getcontext().prec,
        str(Fraction(3, 4) + Fraction("1/6")),
        Fraction(0.75).limit_denominator(10).denominator,
        float(Fraction(1, 3)),
    )
