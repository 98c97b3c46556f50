r"""The numerical gradient: one nudge at a time.

Your network has a loss and thousands of weights, and you have derived by hand how the loss reacts to each of them. To
see whether that is right, nudge one weight, look at the loss, put the weight back, and go on to the next. It is slow,
and it is what every derivation is checked against.

Maths. x is an array of any shape, f(x) a single number. An index i is a tuple with a number for each axis of x: (0,) in
a list, (2, 1) in a table, () in an array of shape (). Let e_i be the array of the shape of x that is 1 at index i and 0
elsewhere; then x + h e_i is x with one entry nudged. The gradient has the shape of x, and its entry i is

$$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h\, e_i) - f(x - h\, e_i)}{2h}$$

the central difference along that entry alone, while all others rest. The sign with the round d's means this slope, and
the wavy sign means "about equal".

By hand. f(x) = x_0^2 + x_1^2 at x = [1, 2], with h = 0.5:

    entry 0: (f([1.5, 2]) - f([0.5, 2])) / 1 = (6.25 - 4.25) / 1 = 2
    entry 1: (f([1, 2.5]) - f([1, 1.5])) / 1 = (7.25 - 3.25) / 1 = 4

So the gradient is [2, 4], which is 2x.

Source: Stanford CS231n, `eval_numerical_gradient` in cs231n/gradient_check.py, and course notes, Optimization,
"Computing the gradient".
"""

import numpy as np

from grader.authoring import Named, alternative, case, drive, exercise, given, mistake


@given
def squares(x):
    """Return the sum of all x_i^2; its gradient is 2 x."""
    return np.sum(x**2)


@given
def waves(x):
    """Return the sum of all sin(2 x_i); its gradient is 2 cos(2 x)."""
    return np.sum(np.sin(2 * x))


@given
def tangle(x):
    """Return (sum of all x_i) times (sum of all x_i^2), in which every slope depends on all entries."""
    return np.sum(x) * np.sum(x**2)


@given
def by_place(x):
    """Return 1 * first entry^3 + 2 * second entry^3 + ..., row by row; no two places are alike."""
    return float(sum((n + 1) * value**3 for n, value in enumerate(np.ravel(x))))


@given
def ramps(x):
    """Return the sum of all max(x_i, 0), which has a kink wherever an entry is 0."""
    return np.sum(np.maximum(x, 0.0))


@given
def valley(x):
    """Return 2^20 x_0^2 + x_1^4: steep along the first entry, flat along the second."""
    return 2.0**20 * x[0] ** 2 + x[1] ** 4


@exercise(
    points=3,
    difficulty=2,
    returns=["grad", "'x is as before'", "'something was printed'"],
    needs=["numerical_derivative"],
    hints=[
        "For x = [1, 2], write down the four arrays at which f has to be asked. Which two of them belong to the first "
        "entry of the gradient?",
        "np.ndindex(x.shape) goes through all indices of an array of any shape, and x[index] reads or writes one of "
        "its entries. Either nudge a copy, or nudge x itself and put the old number back.",
        "For every index: remember the old number; write old + h there and ask f; write old - h and ask f; write the "
        "old number back. The difference over 2 * h is this entry of the gradient. Computing the old number back, by "
        "adding h again, can miss it by one digit.",
    ],
    why=(
        "Each entry of the gradient is the slope along one entry of x, and that is what you measure only while all "
        "others are exactly where they were: no nudge may outlive its turn."
    ),
    lesson="Many inputs: one nudge at a time",
)
def eval_numerical_gradient(f, x, verbose=False, h=1e-5):
    """Return the gradient of f at x, measured by central differences of step h, one entry after the other.

    Args:
        f: function of one array of the shape of x that returns a single number, a float. It leaves its argument alone.
        x: float64 array of any shape, also (), and in any layout: it may be a transpose, or every other column of
            another array. You may write into it.
        verbose: bool. If it is true, every index is printed with its slope, in any form; if not, nothing is printed.
        h: float, above 0. The step; use the one that is given.

    Returns:
        grad: float64 array, the shape of x. At a kink nothing special needs to be done: the formula gives the mean of
        the slopes on the two sides, and this is right. While f is asked, x may be nudged in place or a copy may be;
        after the call the caller's x holds the same numbers as before, to the last bit.
    """
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        high = f(x)
        x[index] = old - h
        low = f(x)
        x[index] = old
        grad[index] = (high - low) / (2 * h)
        if verbose:
            print(index, grad[index])
    return grad


@drive
def measured(eval_numerical_gradient, f, x, verbose=False, h=None):
    """Lay x out in memory as a case asks, call the function, and look at what an answer does not show.

    x is the array, or a dict of it under one of these names: "before and after" compares its bits before and after the
    call; "listening" tells whether something is printed; "transpose of" hands its transpose over, "every other column
    of" a part of it, and both compare the bits, too.
    """
    import contextlib  # here, since imports at the top would stand in the stub
    import io

    words, plain = next(iter(x.items())) if isinstance(x, dict) else ("", x)
    around = np.array(plain)  # an array of our own, in which x lies
    given_x = around.T if words == "transpose of" else around[:, ::2] if words == "every other column of" else around
    before, printed = around.tobytes(), io.StringIO()
    step = () if h is None else (h,)
    if words == "listening":
        with contextlib.redirect_stdout(printed):
            grad = eval_numerical_gradient(f, given_x, verbose, *step)
        return grad, None, printed.getvalue() != ""
    grad = eval_numerical_gradient(f, given_x, verbose, *step)
    return grad, around.tobytes() == before if words else None, None


@case
def by_hand(rng):
    """The example of the statement, with the large step."""
    return {"f": Named("squares"), "x": np.array([1.0, 2.0]), "verbose": False, "h": 0.5}


@case
def the_usual_step(rng):
    """Four entries, with the step that is taken when none is given."""
    return {"f": Named("waves"), "x": np.array([0.31, -1.13, 2.24, 0.72])}


@case
def a_step_that_shows(rng):
    """The same entries with a step so large that chord and tangent differ: the answer is the slope of the chord."""
    return {"f": Named("waves"), "x": np.array([0.31, -1.13, 2.24, 0.72]), "verbose": False, "h": 0.125}


@case
def all_entries_together(rng):
    """The slope along one entry depends on all others, so these have to be at their places."""
    return {"f": Named("tangle"), "x": np.array([[1.25, 0.5], [-0.75, 2.0], [1.5, 1.75]]), "verbose": False, "h": 0.25}


@case
def no_two_places_alike(rng):
    """A table of shape (2, 3), in which every place has another weight."""
    return {"f": Named("by_place"), "x": np.round(rng.uniform(1, 2, (2, 3)), 2), "verbose": False, "h": 0.125}


@case
def three_axes(rng):
    """Shape (2, 2, 2)."""
    return {"f": Named("by_place"), "x": np.round(rng.uniform(1, 2, (2, 2, 2)), 2), "verbose": False, "h": 0.25}


@case(hidden=True)
def a_long_row(rng):
    return {"f": Named("tangle"), "x": np.round(rng.uniform(1, 2, (1, 7)), 2), "verbose": False, "h": 0.5}


@case(edge=True)
def at_kinks(rng):
    """The sum of max(x_i, 0), where some entries are 0 and one is nearer to 0 than the step."""
    return {
        "f": Named("ramps"),
        "x": np.array([[0.0, -1.5, 1.0], [2.0, 0.0, -0.125]]),
        "verbose": False,
        "h": 0.25,
    }


@case(edge=True)
def steep_and_flat(rng):
    """One slope is a hundred thousand times the other."""
    return {"f": Named("valley"), "x": np.array([0.75, 1.5]), "verbose": False, "h": 0.25}


@case(edge=True)
def a_single_number(rng):
    """An array of shape (), which has one entry and no axis."""
    return {"f": Named("squares"), "x": np.array(1.5), "verbose": False, "h": 0.25}


@case(edge=True)
def x_is_put_back(rng):
    """After the call x holds the same numbers, to the last bit. The step is 0.1, which no float is exactly."""
    x = np.array([[0.3, 1.1, 0.7], [2.2, 0.9, 0.17]])
    return {"f": Named("squares"), "x": {"before and after": x}, "verbose": False, "h": 0.1}


@case(edge=True)
def a_transpose(rng):
    """x is the transpose of another array: the same memory, read in another order."""
    x = np.array([[1.0, 2.0], [1.5, 0.75], [1.25, 0.5]])
    return {"f": Named("by_place"), "x": {"transpose of": x}, "verbose": False, "h": 0.25}


@case(edge=True)
def every_other_column(rng):
    """x is every other column of another array, whose other columns are nobody's business."""
    x = np.array([[1.0, 9.0, 2.0, 9.0, 0.5], [1.5, 9.0, 0.75, 9.0, 1.25]])
    return {"f": Named("by_place"), "x": {"every other column of": x}, "verbose": False, "h": 0.25}


@case(edge=True)
def silent(rng):
    """verbose is False, so nothing is printed."""
    return {"f": Named("squares"), "x": {"listening": np.array([1.0, 2.0, 3.0])}, "verbose": False, "h": 0.5}


@case(edge=True)
def on_request(rng):
    """verbose is True, so something is printed."""
    return {"f": Named("squares"), "x": {"listening": np.array([1.0, 2.0])}, "verbose": True, "h": 0.5}


@alternative
def nudges_a_copy(f, x, verbose=False, h=1e-5):
    grad = np.empty(x.shape)
    for index in np.ndindex(*x.shape):
        right, left = x.copy(), x.copy()
        right[index] += h
        left[index] -= h
        grad[index] = 0.5 * (f(right) - f(left)) / h
        if verbose:
            print(f"{index}: {grad[index]:.6f}")
    return grad


@alternative
def adds_whole_arrays(f, x, verbose=False, h=1e-5):
    slopes = []
    for direction in np.eye(x.size):
        step = h * direction.reshape(x.shape)
        slopes.append(f(x + step) / (2 * h) - f(x - step) / (2 * h))
        if verbose:
            print(slopes[-1])
    return np.array(slopes).reshape(x.shape)


@alternative
def walks_along_a_flat_copy(f, x, verbose=False, h=1e-5):
    flat = x.flatten()
    grad = np.zeros(x.size)
    for i in range(x.size):
        old = flat[i]
        flat[i] = old - h
        low, left = f(flat.reshape(x.shape)), flat[i]
        flat[i] = old + h
        grad[i] = (f(flat.reshape(x.shape)) - low) / (flat[i] - left)
        flat[i] = old
    if verbose:
        print(grad)
    return grad.reshape(x.shape)


@alternative
def iterates_as_in_the_course(f, x, verbose=True, h=0.00001):
    f(x)  # in the published code its value is never used
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        oldval = x[ix]
        x[ix] = oldval + h
        fxph = f(x)
        x[ix] = oldval - h
        fxmh = f(x)
        x[ix] = oldval
        grad[ix] = (fxph - fxmh) / (2 * h)
        if verbose:
            print(ix, grad[ix])
        it.iternext()
    return grad


def _measure(f, x, verbose, slope_at):
    """Fill the gradient entry by entry with slope_at(x, index), on a copy."""
    x = x.copy()
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        grad[index] = slope_at(x, index)
        x[index] = old
        if verbose:
            print(index, grad[index])
    return grad


def _at(f, x, index, value):
    x[index] = value
    return f(x)


@mistake
def takes_one_side(f, x, verbose=False, h=1e-5):
    """f was asked at x + h and at x itself, so the chord goes to one side. Compare the error with that of the chord
    from x - h to x + h, for several h."""
    return _measure(f, x, verbose, lambda x, i: (-f(x) + _at(f, x, i, x[i] + h)) / h)


@mistake
def divides_by_one_step(f, x, verbose=False, h=1e-5):
    """Twice the gradient. How far apart are the two points at which f was asked?"""
    return _measure(f, x, verbose, lambda x, i: (_at(f, x, i, x[i] + h) - _at(f, x, i, x[i] - 2 * h)) / h)


@mistake
def comes_back_half_way(f, x, verbose=False, h=1e-5):
    """f was asked at x + h and at x, and the difference was divided by 2 h. Was x to come back from x + h? From there
    it takes two steps to lie one step to the left of where it began. Print x[index] at both calls of f."""
    return _measure(f, x, verbose, lambda x, i: (_at(f, x, i, x[i] + h) - _at(f, x, i, x[i] - h)) / (2 * h))


@mistake
def does_not_put_it_back(f, x, verbose=False, h=1e-5):
    """An entry that has been visited stays nudged, and all later slopes are measured at another point. After visiting
    an entry, put it back exactly as it was."""
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        high = f(x)
        x[index] = old - h
        grad[index] = (high - f(x)) / (2 * h)
        if verbose:
            print(index, grad[index])
    return grad


@mistake
def computes_the_way_back(f, x, verbose=False, h=1e-5):
    """The gradient is right, but x came back by adding and subtracting h, which does not always return to the same
    float: some entries are off in the last digit. Remember the old number, and write it back."""
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        x[index] += h
        high = f(x)
        x[index] -= 2 * h
        low = f(x)
        x[index] += h
        grad[index] = (high - low) / (2 * h)
        if verbose:
            print(index, grad[index])
    return grad


@mistake
def nudges_one_array_under_two_names(f, x, verbose=False, h=1e-5):
    """All slopes are 0, as they are if f is asked twice at the same point. Print x at both calls of f. A mere
    "right = x" makes no second array, only a second name for x: what is added under one name is taken away under the
    other."""
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        right = left = x
        right[index] += h
        left[index] -= h
        grad[index] = (f(right) - f(left)) / (2 * h)
        if verbose:
            print(index, grad[index])
    return grad


@mistake
def takes_half_the_step(f, x, verbose=False, h=1e-5):
    """The two points lie h apart in all, half of it to either side. The formula goes a whole h to each side, so that
    they are 2 h apart."""
    return nudges_a_copy(f, x, verbose, h / 2)


@mistake
def nudges_all_entries_at_once(f, x, verbose=False, h=1e-5):
    """Here x + h moves all entries together, and every entry of the answer is the sum of all slopes. One entry at a
    time, while the others rest."""
    slope = (f(x + h) - f(x - h)) / (2 * h)
    if verbose:
        print(slope)
    return np.full(x.shape, slope)


@mistake
def nudges_whole_rows(f, x, verbose=False, h=1e-5):
    """With one index, x[i] is one number only if x has one axis; of a table it is a whole row, which was nudged
    together. An index of a table has two numbers."""
    if x.ndim < 2:
        return nudges_a_copy(f, x, verbose, h)
    grad = np.zeros_like(x)
    for i in range(len(x)):
        right, left = x.copy(), x.copy()
        right[i] += h
        left[i] -= h
        grad[i] = (f(right) - f(left)) / (2 * h)
    if verbose:
        print(grad)
    return grad


@mistake
def nudges_something_else(f, x, verbose=False, h=1e-5):
    """Right for most arrays. But reshape and ravel hand out a view only where x lies in memory in one piece, and
    otherwise a copy: then the copy was nudged while f looked at x. Ask np.shares_memory(x, x.reshape(-1))."""
    flat, grad = x.reshape(-1), np.zeros(x.size)
    for i in range(flat.size):
        old = flat[i]
        flat[i] = old + h
        high = f(x)
        flat[i] = old - h
        low = f(x)
        flat[i] = old
        grad[i] = (high - low) / (2 * h)
        if verbose:
            print(i, grad[i])
    return grad.reshape(x.shape)


@mistake
def copies_the_layout_as_well(f, x, verbose=False, h=1e-5):
    """Right, unless x is a transpose. np.array and np.copy keep the order in which x lies in memory, so that flattening
    the copy copied once more: one array was nudged while f looked at the other. x.copy() lays out row by row, and an
    index with a number for each axis needs no order at all."""
    mine = np.array(x)
    return nudges_something_else(f, mine, verbose, h)


@mistake
def forgets_the_shape(f, x, verbose=False, h=1e-5):
    """The slopes are there, one after the other in a row. A gradient has the shape of what was nudged."""
    return nudges_a_copy(f, x, verbose, h).ravel()


@mistake
def keeps_whole_numbers_only(f, x, verbose=False, h=1e-5):
    """The slopes were written into an array of whole numbers, which has no room for what comes after the point. The
    same happens to x + h if x itself holds whole numbers: what is 3 + 1e-5 there?"""
    grad = np.zeros(x.shape, dtype=int)
    for index in np.ndindex(x.shape):
        right, left = x.copy(), x.copy()
        right[index] += h
        left[index] -= h
        grad[index] = (f(right) - f(left)) / (2 * h)
        if verbose:
            print(index, grad[index])
    return grad


@mistake
def takes_the_usual_step_always(f, x, verbose=False, h=1e-5):
    """The step is 1e-5 whatever h is. The caller knows at which scale f varies, and says so by h."""
    return nudges_a_copy(f, x, verbose)


@mistake
def prints_without_being_asked(f, x, verbose=False, h=1e-5):
    """The gradient is right, but something is printed although verbose is False. Of a million weights that would be a
    million lines."""
    # Only where the drive listens: elsewhere it would be printed while the answer key is computed.
    return nudges_a_copy(f, x, verbose or x.shape == (3,), h)


@mistake
def never_prints(f, x, verbose=False, h=1e-5):
    """The gradient is right, and nothing is printed, even where verbose is True."""
    return nudges_a_copy(f, x, False, h)
