r"""Undo broadcasting: many copies, one gradient.

When NumPy adds a bias of shape (3,) to a table of shape (2, 3), it uses the bias twice without being asked: this is
broadcasting. On the way back the gradient arrives in the large shape, one entry for each copy, and the bias wants one
answer for all of them.

Maths. Broadcasting copies: entry j of x appears in the large array at several places i, and the loss hears of x_j
through all of them. By the chain rule their messages add up:

$$g_j = \sum_{i \text{ copied from } j} \mathrm{grad}_i$$

NumPy writes the two shapes flush right. Copies come about in two ways: along axes that x does not have, which are
added in front, and along axes where x has size 1, which are stretched.

    grad   (4, 2, 3)
    x         (2, 1)      the 4 is added in front, the 1 is stretched to 3

By hand. grad = [[1, 1, 1], [1, 1, 1]] comes back to shape (3,) as [2, 2, 2], and to shape (2, 1) as [[3], [3]].

Source: ARENA, chapter 0, "Backpropagation" (the exercise `unbroadcast`); NumPy's manual, "Broadcasting".
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=5,
    difficulty=3,
    returns="g",
    needs=["affine_backward"],
    hints=[
        "Write the two shapes below each other, flush right. Along which axes were the numbers of x copied?",
        "There are two kinds of such axes: those that stand left of x's first axis, and those where x has size 1. "
        "Copies are added up along both; only the first kind disappears.",
        "grad.ndim - len(shape) axes were added in front: sum them away. Then sum over the axes where shape says 1, "
        "with keepdims=True so that they stay. sum takes a tuple of axes, and an empty tuple sums nothing.",
    ],
    why=(
        "The two shapes alone tell which numbers are copies of one: those along axes that x lacks, or has with length "
        "1. Added up over just these, what is left has the shape of x, as a gradient must."
    ),
    lesson="Broadcasting: copies add up",
)
def unbroadcast(grad, shape):
    """Return the gradient of an array of the given shape that was broadcast to the shape of grad.

    Args:
        grad: float array. The upstream gradient, in the shape after broadcasting.
        shape: tuple of int. The shape before broadcasting; () stands for a single number. It broadcasts to grad.shape.

    Returns:
        g: float array of exactly this shape and of the dtype of grad (for () a single number). Where nothing was
        broadcast, g equals grad. The arguments are left as they were.
    """
    added = grad.ndim - len(shape)
    g = grad.sum(axis=tuple(range(added)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return g.sum(axis=stretched, keepdims=True)


def upstream(rng, *shape):
    """Quarters of both signs, so that all sums are exact."""
    return rng.choice([-0.25, 0.25], shape) * rng.integers(1, 13, shape)


@case
def by_hand(rng):
    """The first example of the statement: a bias that was added to two rows."""
    return {"grad": np.ones((2, 3)), "shape": (3,)}


@case
def one_number_for_each_row(rng):
    """The second example of the statement: a column, stretched sideways."""
    return {"grad": np.ones((2, 3)), "shape": (2, 1)}


@case
def a_square(rng):
    """A bias of three numbers was added to three rows, so that both axes have the same size."""
    return {"grad": upstream(rng, 3, 3), "shape": (3,)}


@case
def two_axes_added(rng):
    """Two axes were added in front."""
    return {"grad": upstream(rng, 2, 2, 3), "shape": (3,)}


@case
def added_and_stretched(rng):
    """One axis was added in front, and one of size 1 was stretched."""
    return {"grad": upstream(rng, 2, 3, 2), "shape": (3, 1)}


@case(hidden=True)
def several_at_once(rng):
    return {"grad": upstream(rng, 2, 3, 2, 2, 2), "shape": (3, 1, 2, 1)}


@case(edge=True)
def a_single_number(rng):
    """Shape (): one number was added to every entry of a table."""
    return {"grad": upstream(rng, 2, 3), "shape": ()}


@case(edge=True)
def ones_in_the_middle(rng):
    """Two axes of size 1 in the middle; only the first of them was stretched."""
    return {"grad": upstream(rng, 2, 3, 1, 2), "shape": (2, 1, 1, 2)}


@case(edge=True)
def nothing_was_broadcast(rng):
    """The two shapes are equal."""
    return {"grad": upstream(rng, 2, 1, 3), "shape": (2, 1, 3)}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {"grad": upstream(rng, 2, 3).astype(np.float32), "shape": (1, 3)}


@alternative
def pads_the_shape_with_ones(grad, shape):
    g = grad
    for axis, size in enumerate((1,) * (grad.ndim - len(shape)) + shape):
        if size == 1:
            g = g.sum(axis=axis, keepdims=True)
    return g.reshape(shape)


@alternative
def asks_every_copy_where_it_came_from(grad, shape):
    size = int(np.prod(shape))
    came_from = np.broadcast_to(np.arange(size).reshape(shape), grad.shape)
    return np.bincount(came_from.ravel(), weights=grad.ravel(), minlength=size).astype(grad.dtype).reshape(shape)


@alternative
def drops_leading_indices_entry_by_entry(grad, shape):
    g = np.zeros(shape, dtype=grad.dtype)
    for index in np.ndindex(grad.shape):
        kept = index[grad.ndim - len(shape) :]
        g[tuple(0 if size == 1 else i for i, size in zip(kept, shape, strict=True))] += grad[index]
    return g


@mistake
def sums_only_the_axes_in_front(grad, shape):
    """The axes that were added in front are summed, those of size 1 are not. An axis of size 1 was stretched, too: its
    one number was used several times."""
    g = grad
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    return g


@mistake
def loses_the_axes_of_size_one(grad, shape):
    """The sums are right, but the axes of size 1 are gone. The answer has to fit on the original axis by axis: (2, 1)
    and (2,) are different shapes. sum can be asked to keep an axis."""
    padded = (1,) * (grad.ndim - len(shape)) + shape
    return grad.sum(axis=tuple(axis for axis, size in enumerate(padded) if size == 1))


@mistake
def reshapes(grad, shape):
    """reshape moves numbers to other places, it never adds them. There are more numbers in grad than in the answer."""
    return grad.reshape(shape)


@mistake
def leaves_a_single_number_out(grad, shape):
    """Right, except for shape (). A single number is broadcast to everything, so that it hears from every entry of
    grad: what is left when there is no axis to keep?"""
    if not shape:
        return grad
    return grad.sum(axis=tuple(range(grad.ndim - len(shape)))).sum(
        axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True
    )


@mistake
def compares_the_shapes_from_the_left(grad, shape):
    """The shapes were laid side by side from the left. NumPy lays them flush right: against grad of shape (3, 3), the
    axis of a shape (3,) is the last one, and the first one was added."""
    ones = tuple(axis for axis, size in enumerate(shape) if size == 1)
    added = tuple(range(len(shape), grad.ndim))
    return grad.sum(axis=ones, keepdims=True).sum(axis=added)


@mistake
def averages_the_copies(grad, shape):
    """This is the mean over the copies. Each copy moves the loss by itself; nudging the one number behind them moves
    them all, and the changes add up."""
    g = grad.mean(axis=tuple(range(grad.ndim - len(shape))))
    return g.mean(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


@mistake
def sums_one_axis_in_front(grad, shape):
    """One axis in front is summed over, whether one was added or several. How many axes more does grad have than the
    shape?"""
    g = grad.sum(axis=0) if grad.ndim > len(shape) else grad
    return g.sum(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)
