r"""ReLU, backwards: which inputs may learn?

ReLU hands a positive input on unchanged and answers 0 to every other. While a network learns, its backward pass is
told how the loss reacts to ReLU's output, and owes its caller how the loss reacts to ReLU's input. An input that was
cut off cannot have changed anything.

Maths. With y = max(0, x), the chain rule multiplies the slope of the bend by what comes from upstream, entry by
entry:

$$\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y}\cdot 1[x > 0]$$

Here 1[x > 0] is 1 where x is positive and 0 elsewhere. At exactly x = 0 the curve has a corner: every slope between 0
and 1 touches it there, and any of them is right.

By hand. x = [-1, 2, 3] and dout = [5, -6, 7] give dx = [0, -6, 7].

Source: Nair & Hinton, Rectified linear units improve restricted Boltzmann machines (2010), section 3.
"""

import numpy as np

from grader.authoring import Backward, alternative, case, exercise, mistake, picture, reference

relu_forward = reference("relu_forward")


@exercise(
    points=3,
    difficulty=2,
    returns="dx",
    needs=["relu_forward"],
    checks=[Backward(of=relu_forward, wrt=["x"])],
    hints=[
        "Draw ReLU. How steep is it left of zero, and how steep right of zero?",
        "The steepness is 0 or 1, and the cache tells which. What does the chain rule do with it and dout?",
        "A comparison such as cache > 0 is an array of True and False, and NumPy multiplies True as 1 and False as 0.",
    ],
    why=(
        "A nudge of x moves the loss only where ReLU let x through, and there it arrives unchanged: so away from the "
        "corner each entry of dout is kept or dropped, never scaled."
    ),
    lesson="ReLU: two curves",
)
def relu_backward(dout, cache):
    """Return dloss/dx, given dloss/drelu(x).

    Args:
        dout: float array, any shape. The upstream gradient dloss/drelu(x).
        cache: float array, the shape of dout. The x that relu_forward was given.

    Returns:
        dx: float array, the shape and dtype of x. Where x is exactly 0 any share of dout between 0 and 1 is a valid
        subgradient. The arguments are left as they were.
    """
    x = cache
    return dout * (x > 0)


def clear_of_zero(rng, shape):
    """Numbers of both signs, none nearer to 0 than 0.2."""
    return rng.choice([-1.0, 1.0], shape) * np.round(rng.uniform(0.2, 2.0, shape), 2)


@case
def by_hand(rng):
    """The example of the statement."""
    return {"x": np.array([-1.0, 2.0, 3.0]), "dout": np.array([5.0, -6.0, 7.0])}


@case
def both_signs(rng):
    """Inputs and upstream gradients of both signs."""
    return {"x": clear_of_zero(rng, (4, 3))}


@case(hidden=True)
def four_axes(rng):
    return {"x": clear_of_zero(rng, (2, 3, 2, 2))}


@case(edge=True)
def exactly_zero(rng):
    """Some inputs are exactly 0, at the corner of the curve."""
    x = clear_of_zero(rng, (3, 4))
    x[0, 1] = x[2, 2] = 0.0
    return {"x": x}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {"x": clear_of_zero(rng, (2, 3)).astype(np.float32)}


@case(edge=True)
def no_examples(rng):
    """An empty batch."""
    return {"x": np.zeros((0, 3))}


@picture(case="both_signs")
def what_gets_through(axes, arguments, answer):
    """The rings are dout, the squares are dx, each above or below its x. Left of 0 every square lies on the line of
    height 0; right of 0 every square sits in its ring, whether that is high or low."""
    x = arguments["cache"].ravel()
    axes.plot(x, arguments["dout"].ravel(), "o", markersize=10, fillstyle="none", label="dout")
    axes.plot(x, answer.ravel(), "s", markersize=4, label="dx")
    axes.axhline(0, color="0.6", linewidth=0.8, linestyle="-")
    axes.axvline(0, color="0.6", linewidth=0.8, linestyle="-")
    axes.set(xlabel="x")
    axes.legend(frameon=False)


@alternative
def chooses_instead_of_multiplying(dout, cache):
    return np.where(cache > 0, dout, np.zeros_like(dout))


@alternative
def lets_zero_pass(dout, cache):
    dx = dout.copy()
    dx[cache < 0] = 0
    return dx


@alternative
def shares_the_corner(dout, cache):
    return (dout * (np.sign(cache) + 1) / 2).astype(dout.dtype)


@mistake
def asks_the_gradient_not_the_input(dout, cache):
    """The mask follows the sign of dout. ReLU opens and closes by the sign of x, its input in the forward pass."""
    return dout * (dout > 0)


@mistake
def writes_into_dout(dout, cache):
    """dx is another name for dout, so the caller's dout was changed as well. Print dout before and after the call."""
    dx = dout
    dx[cache < 0] = 0
    return dx


@mistake
def multiplies_by_the_output(dout, cache):
    """dout was multiplied by ReLU's value. The chain rule asks for its slope, which is 1 where ReLU is open, however
    large x is."""
    return dout * np.maximum(cache, 0)


@mistake
def lets_everything_pass(dout, cache):
    """Nothing is held back. A mask that asks for >= 0 after the bend asks for nothing: no output is negative."""
    return dout * (np.maximum(cache, 0) >= 0)


@mistake
def forgets_the_upstream_gradient(dout, cache):
    """This is the slope of ReLU alone. The chain rule multiplies it by what comes from upstream."""
    return (cache > 0).astype(dout.dtype)


@mistake
def opens_the_wrong_side(dout, cache):
    """The gate is open where x is negative, the wrong way round."""
    return dout * (cache < 0)
