r"""ReLU and gate: two lines of a famous example.

In the article that this course follows, the whole of backpropagation is shown on two lines of NumPy: the activation
that cuts off what is negative, and the gradient that is let through only where something was let through before.
Formula and code say the same; here you translate the one into the other.

Maths. x and grad are arrays of the same shape, and so are both answers, entry by entry:

$$\text{relu} = \max(x, 0) \qquad\qquad \text{gated} = \text{grad} \cdot 1[x > 0]$$

1[x > 0] is an indicator: 1 where the statement in the brackets is true, 0 where it is not. In NumPy a comparison such
as x > 0 is an array of True and False, and in a product True counts as 1 and False as 0. At exactly x = 0 the
activation has a corner, and every share of grad from none to all of it is right there.

By hand. x = [-2, 0, 3] and grad = [5, 7, -1] give relu = [0, 0, 3] and gated = [0, 0, -1]; in the middle anything from
0 to 7 would be right.

Source: Chen, Learning Math for Machine Learning (2018), the example of ReLU; Nair & Hinton, Rectified linear units
improve restricted Boltzmann machines (2010), section 3.
"""

import numpy as np

from grader.authoring import Gradient, alternative, case, exercise, mistake, picture

SLOPE = Gradient("gated", wrt="x", loss="relu", upstream="grad")


@exercise(
    points=2,
    difficulty=1,
    returns=["relu", "gated"],
    hints=[
        "Print x > 0 for x = np.array([-2.0, 0.0, 3.0]). What do you get when you multiply it by another array?",
        "np.maximum compares entry by entry and keeps the larger number. The gate is a product: new arrays come out, "
        "and nothing is written into the old ones.",
    ],
    why=(
        "Where x is positive, max(x, 0) moves as x moves; where x is negative, it stays at 0. So the gate is nothing "
        "but the slope, 1 or 0, times what comes from upstream."
    ),
    lesson="Indicators: a question as a number",
)
def relu_and_gate(x, grad):
    """Return max(x, 0), and grad where x is positive.

    Args:
        x: float array, any shape. It may hold infinite numbers.
        grad: float array, the shape of x. How the loss reacts to each entry of relu.

    Returns:
        (relu, gated): float arrays, the shape and dtype of x. gated is 0 where x is negative; where x is exactly 0 any
        share of grad between none and all of it is right. The arguments are left as they were.
    """
    return np.maximum(x, 0), grad * (x > 0)


def clear_of_zero(rng, shape):
    """Numbers of both signs, none nearer to 0 than 0.2."""
    return rng.choice([-1.0, 1.0], shape) * np.round(rng.uniform(0.2, 2.0, shape), 2)


@case(checks=[SLOPE])
def by_hand(rng):
    """The example of the statement, without its corner."""
    return {"x": np.array([-2.0, 3.0]), "grad": np.array([5.0, -1.0])}


@case(checks=[SLOPE])
def both_signs(rng):
    """A table, in which x and grad have both signs."""
    return {"x": clear_of_zero(rng, (4, 3)), "grad": clear_of_zero(rng, (4, 3))}


@case(checks=[SLOPE])
def from_left_to_right(rng):
    """x goes from -2 to 2 in small steps, and grad is 1 everywhere but for a dent."""
    x = np.round(np.linspace(-1.95, 1.95, 40), 2)
    return {"x": x, "grad": np.where(np.abs(x - 1) < 0.3, -0.5, 1.0)}


@case(hidden=True, checks=[SLOPE])
def three_axes(rng):
    return {"x": clear_of_zero(rng, (2, 2, 3)), "grad": clear_of_zero(rng, (2, 2, 3))}


@case(edge=True, checks=[SLOPE])
def at_the_corner(rng):
    """Some entries of x are exactly 0."""
    return {"x": np.array([-2.0, 0.0, 3.0, 0.0]), "grad": np.array([5.0, 7.0, -1.0, -2.0])}


@case(edge=True)
def infinite(rng):
    """Minus infinity is cut off like any other negative number."""
    return {"x": np.array([-np.inf, 1.5, np.inf]), "grad": np.array([2.0, -3.0, 0.5])}


@case(edge=True)
def a_single_number(rng):
    """Arrays without any axis."""
    return {"x": np.array(-1.5), "grad": np.array(2.0)}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {n: clear_of_zero(rng, (2, 3)).astype(np.float32) for n in ("x", "grad")}


@case(edge=True)
def no_entries(rng):
    """Nothing goes in, nothing comes out."""
    return {"x": np.zeros((0, 3)), "grad": np.zeros((0, 3))}


@picture(case="from_left_to_right")
def the_two_curves(axes, arguments, answer):
    """The bent curve is the activation; the one with steps is the gradient that gets through: nothing left of 0, and
    all of it right of 0, the dent at 1 included."""
    axes.plot(arguments["x"], answer[0], label="relu")
    axes.step(arguments["x"], answer[1], where="mid", label="gated")
    axes.set(xlabel="x")
    axes.legend(frameon=False)


@alternative
def chooses(x, grad):
    return np.where(x > 0, x, np.zeros_like(x)), np.where(x > 0, grad, np.zeros_like(grad))


@alternative
def copies_and_cuts(x, grad):
    relu, gated = x.copy(), grad.copy()
    relu[x < 0] = 0
    gated[x < 0] = 0
    return relu, gated


@alternative
def clips_and_asks_for_the_sign(x, grad):
    return np.clip(x, 0, None), (grad * np.heaviside(x, x.dtype.type(0.5))).astype(x.dtype)


@mistake
def writes_into_the_callers_gradient(x, grad):
    """Right, but after the call the caller's grad has changed as well. Which array does the new name stand for?"""
    gated = grad
    gated[x < 0] = 0
    return np.maximum(x, 0), gated


@mistake
def asks_the_gradient(x, grad):
    """The gate was opened by the sign of grad. It asks a question about x, the input of the activation, and not about
    what travels back through it."""
    return np.maximum(x, 0), grad * (grad > 0)


@mistake
def multiplies_infinity_by_zero(x, grad):
    """Right for finite numbers. At minus infinity relu has become NaN: infinity times 0 is no number, and neither is
    infinity minus infinity. Which function compares, and does not calculate?"""
    return x * (x > 0), grad * (x > 0)


@mistake
def forgets_the_upstream_gradient(x, grad):
    """gated is the indicator alone. It has to be multiplied by grad, entry by entry."""
    return np.maximum(x, 0), (x > 0).astype(x.dtype)


@mistake
def gates_by_the_value(x, grad):
    """grad was multiplied by relu, and not by the indicator. How steep is max(x, 0) at x = 3, and how steep at x =
    30?"""
    return np.maximum(x, 0), grad * np.maximum(x, 0)


@mistake
def opens_the_wrong_side(x, grad):
    """The gate is open where x is negative."""
    return np.maximum(x, 0), grad * (x < 0)


@mistake
def keeps_one_number(x, grad):
    """relu has become a single number, the largest of all: np.max looks at a whole array, and there is another function
    that compares entry by entry."""
    return np.max(x, initial=0), grad * (x > 0)
