r"""Diagnose a curve: why does it not converge?

You come back in the morning, and the network has trained all night. Two curves tell most of what has happened: the loss
on the training data and the loss on data that it has not seen. An experienced eye reads them in a second. Here that eye
becomes a function, which can look at a hundred runs.

Maths. train_loss and val_loss have shape (T,), one number for each epoch. A single epoch can be bad by chance, so "the
end" of a curve is the median of its last five numbers (of all, if there are fewer), and "the lowest" of a curve is the
smallest median of any five in a row (of all, if there are fewer). "The first" is initial_loss where it is given, and
train_loss[0] otherwise. The first of these rules that applies gives the answer:

    "diverging"      a number of either curve is NaN or infinite, or the end of train is more than 2 times the first
    "not_learning"   the end of train is above 0.99 times the first
    "overfitting"    the lowest of val is below 0.9 times the end of val
    "underfitting"   the end of train is above 0.5 times the first
    "ok"             none of these

By hand. train_loss = [2, 1, 0.5, 0.25, 0.2, 0.15, 0.1] and val_loss = [2, 1.2, 1, 1, 1.1, 1.3, 1.6]. The end of train
is the median of [0.5, 0.25, 0.2, 0.15, 0.1], 0.2, far below 2. The end of val is the median of [1, 1, 1.1, 1.3, 1.6],
1.1; the three windows of val have the medians 1.1, 1.1 and 1.1. No window is below 0.99, so the answer is "ok": this is
how overfitting begins.

Source: Goodfellow, Bengio & Courville, Deep Learning (2016), sections 7.8 and 11.5; Karpathy, A recipe for training
neural networks (2019).
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=5,
    difficulty=3,
    returns="label",
    hints=[
        "Write two small helpers first, one for the end of a curve and one for its lowest. Then the rules are five "
        "lines.",
        "A comparison with NaN is False, whatever is compared: ask for numbers that are not finite before you compare.",
        "np.median(curve[-5:]) is the end. np.lib.stride_tricks.sliding_window_view(curve, 5), or a loop over the "
        "starts, gives the windows; a curve of fewer than five numbers has one window, itself.",
    ],
    why=(
        "A median of five stays among the usual numbers until three of them are unusual: so one bad or lucky epoch "
        "decides neither where a curve ends nor how low it was, unless its loss is not finite."
    ),
    lesson="Reading the curves",
)
def diagnose_curve(train_loss, val_loss, initial_loss=None):
    """Return what two loss curves say, in a word.

    Args:
        train_loss: float array, shape (T,), T at least 1. The loss on the training data after each epoch, above 0 where
            it is a number.
        val_loss: float array, shape (T,). The loss on data that were not trained on.
        initial_loss: float above 0, the loss before training; None where it is not known.

    Returns:
        label: str, "diverging", "not_learning", "overfitting", "underfitting" or "ok": the first rule of the statement
        that applies. The arguments are left as they were.
    """
    if not (np.isfinite(train_loss).all() and np.isfinite(val_loss).all()):
        return "diverging"
    first = train_loss[0] if initial_loss is None else initial_loss
    end = np.median(train_loss[-5:])
    lowest = min(np.median(val_loss[i : i + 5]) for i in range(max(1, len(val_loss) - 4)))
    if end > 2 * first:
        return "diverging"
    if end > 0.99 * first:
        return "not_learning"
    if lowest < 0.9 * np.median(val_loss[-5:]):
        return "overfitting"
    return "underfitting" if end > 0.5 * first else "ok"


def falling(start, end, epochs=12):
    """A curve that falls quickly at first, with two decimals."""
    return np.round(end + (start - end) * 0.6 ** np.arange(epochs), 2)


@case
def by_hand(rng):
    """The example of the statement."""
    train = np.array([2.0, 1.0, 0.5, 0.25, 0.2, 0.15, 0.1])
    return {"train_loss": train, "val_loss": np.array([2.0, 1.2, 1.0, 1.0, 1.1, 1.3, 1.6])}


@case
def it_learns(rng):
    """Both curves fall and stay low."""
    return {"train_loss": falling(2.3, 0.2), "val_loss": falling(2.35, 0.3)}


@case
def it_learns_by_heart(rng):
    """The training loss falls on, while the other one turns and rises."""
    val = np.array([2.3, 1.6, 1.1, 0.8, 0.7, 0.7, 0.75, 0.85, 0.95, 1.1, 1.2, 1.35])
    return {"train_loss": falling(2.3, 0.05), "val_loss": val}


@case
def too_weak(rng):
    """Both fall a little and stop high."""
    return {"train_loss": falling(2.3, 1.6), "val_loss": falling(2.3, 1.65)}


@case
def nothing_moves(rng):
    """The loss stays at log 10."""
    return {"train_loss": np.full(8, 2.3), "val_loss": np.full(8, 2.31)}


@case
def it_grows(rng):
    """Every epoch is worse than the one before."""
    return {
        "train_loss": np.array([2.3, 2.9, 4.0, 5.5, 7.5, 10.1]),
        "val_loss": np.array([2.3, 3.0, 4.1, 5.6, 7.7, 10.5]),
    }


@case(hidden=True)
def another_run(rng):
    val = np.array([1.5, 1.0, 0.6, 0.5, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 1.0])
    return {"train_loss": falling(1.5, 0.1, 11), "val_loss": val}


@case(edge=True)
def not_a_number(rng):
    """One epoch of the validation loss is NaN, in a run that looks well otherwise."""
    val = falling(2.3, 0.3)
    val[3] = np.nan
    return {"train_loss": falling(2.3, 0.2), "val_loss": val}


@case(edge=True)
def infinite(rng):
    """One epoch of the training loss is infinite."""
    train = falling(2.3, 0.2)
    train[5] = np.inf
    return {"train_loss": train, "val_loss": falling(2.3, 0.3)}


@case(edge=True)
def one_bad_epoch(rng):
    """The last epoch is bad by chance, in both curves."""
    train, val = falling(2.3, 0.2), falling(2.3, 0.3)
    train[-1], val[-1] = 5.0, 6.0
    return {"train_loss": train, "val_loss": val}


@case(edge=True)
def one_lucky_epoch(rng):
    """A single validation loss is far lower than its neighbours: that is no minimum to go back to."""
    val = falling(2.3, 0.5)
    val[6] = 0.1
    return {"train_loss": falling(2.3, 0.2), "val_loss": val}


@case(edge=True)
def worse_after_it_had_learned(rng):
    """It learns, then explodes: the most urgent diagnosis comes first."""
    train = np.array([2.0, 1.0, 0.5, 0.5, 5.0, 6.0, 7.0, 8.0, 9.0])
    return {"train_loss": train, "val_loss": train + 0.1}


@case(edge=True)
def the_loss_before_training(rng):
    """The first epoch has done most of the work; the loss before it is known."""
    return {"train_loss": falling(0.4, 0.3, 6), "val_loss": falling(0.45, 0.35, 6), "initial_loss": 2.3}


@case(edge=True)
def three_epochs(rng):
    """Fewer than five numbers."""
    return {"train_loss": np.array([2.0, 1.5, 1.4]), "val_loss": np.array([2.0, 1.6, 1.5])}


@case(edge=True)
def two_epochs(rng):
    """An even number of epochs, and fewer than five: the median of all is halfway between the two."""
    return {"train_loss": np.array([2.0, 0.9]), "val_loss": np.array([1.0, 2.0])}


@case(edge=True)
def lucky_at_both_ends(rng):
    """The first validation loss and the last one are low by chance. No five in a row are."""
    val = falling(2.3, 0.5)
    val[0], val[-1] = 0.1, 0.1
    return {"train_loss": falling(2.3, 0.2), "val_loss": val}


@case(edge=True)
def only_the_validation_loss_explodes(rng):
    """The training loss falls on: that is overfitting, however fast the other one grows."""
    return {"train_loss": falling(2.3, 0.2, 8), "val_loss": np.array([2.3, 2.0, 1.8, 4.0, 8.0, 16.0, 32.0, 64.0])}


@case(edge=True)
def exactly_twice(rng):
    """The end of train is 2 times the first, and not more."""
    return {"train_loss": np.array([1.0, 2.0, 2.0, 2.0, 2.0, 2.0]), "val_loss": np.full(6, 2.0)}


@case(edge=True)
def exactly_half(rng):
    """The end of train is 0.5 times the first, and not above it."""
    return {"train_loss": np.array([2.0, 1.0, 1.0, 1.0, 1.0, 1.0]), "val_loss": np.full(6, 1.0)}


@picture(case="it_learns_by_heart")
def both_curves(axes, arguments, answer):
    """Training loss (solid) and validation loss (dashed), with the diagnosis as the title: the training loss falls on,
    the other one turns."""
    axes.plot(arguments["train_loss"], label="train")
    axes.plot(arguments["val_loss"], label="validation")
    axes.set(title=str(answer)[:40], xlabel="epoch", ylabel="loss")
    axes.legend(frameon=False)


@alternative
def looks_at_all_windows_at_once(train_loss, val_loss, initial_loss=None):
    def windows(curve):
        return np.lib.stride_tricks.sliding_window_view(curve, min(5, curve.size))

    train, val = (np.median(windows(np.asarray(c, float)), axis=1) for c in (train_loss, val_loss))
    start = float(train_loss[0]) if initial_loss is None else initial_loss
    broken = not np.isfinite(np.concatenate([train_loss, val_loss])).all()
    rules = {
        "diverging": broken or train[-1] > 2 * start,
        "not_learning": train[-1] / start > 0.99,
        "overfitting": val.min() / val[-1] < 0.9,
        "underfitting": 2 * train[-1] > start,
        "ok": True,
    }
    return next(label for label, applies in rules.items() if applies)


@alternative
def sorts_by_itself(train_loss, val_loss, initial_loss=None):
    import math

    def middle(values):
        ordered, n = sorted(values), len(values)
        return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2

    both = [*train_loss.tolist(), *val_loss.tolist()]
    if any(math.isnan(v) or math.isinf(v) for v in both):
        return "diverging"
    share = middle(train_loss[-5:].tolist()) / (initial_loss or float(train_loss[0]))
    if share > 2:
        return "diverging"
    if share > 0.99:
        return "not_learning"
    val = val_loss.tolist()
    lows = [middle(val[end - 5 : end]) for end in range(5, len(val) + 1)] or [middle(val)]
    if min(lows) < 0.9 * middle(val[-5:]):
        return "overfitting"
    return "ok" if share <= 0.5 else "underfitting"


def _label(train, val, first, end=None, lowest=None, order=None):
    """The rules with another end, another lowest, or in another order; numbers are finite."""
    end = (lambda c: np.median(c[-5:])) if end is None else end
    low = min(np.median(val[i : i + 5]) for i in range(max(1, len(val) - 4))) if lowest is None else lowest
    rules = {
        "diverging": end(train) > 2 * first,
        "not_learning": end(train) > 0.99 * first,
        "overfitting": low < 0.9 * end(val),
        "underfitting": end(train) > 0.5 * first,
    }
    return next((label for label in order or rules if rules[label]), "ok")


def _finite(train_loss, val_loss):
    return np.isfinite(train_loss).all() and np.isfinite(val_loss).all()


@mistake
def lets_nan_through(train_loss, val_loss, initial_loss=None):
    """A run with a NaN or an infinity in the middle was judged by its other numbers. The first rule asks about every
    number of both curves; and every comparison with NaN is False, so NaN falls through all the rules to the last."""
    with np.errstate(all="ignore"):
        return _label(train_loss, val_loss, train_loss[0] if initial_loss is None else initial_loss)


@mistake
def believes_the_last_epoch(train_loss, val_loss, initial_loss=None):
    """The last number alone was taken for the end. One bad epoch is not a trend; the statement takes the median of
    five."""
    if not _finite(train_loss, val_loss):
        return "diverging"
    first = train_loss[0] if initial_loss is None else initial_loss
    return _label(train_loss, val_loss, first, end=lambda curve: curve[-1])


@mistake
def believes_a_lucky_epoch(train_loss, val_loss, initial_loss=None):
    """The smallest single number was taken for the lowest. One lucky epoch is no minimum; the statement takes medians
    of five in a row."""
    if not _finite(train_loss, val_loss):
        return "diverging"
    first = train_loss[0] if initial_loss is None else initial_loss
    return _label(train_loss, val_loss, first, lowest=val_loss.min())


@mistake
def asks_for_overfitting_first(train_loss, val_loss, initial_loss=None):
    """A run that explodes was called overfitting, since its validation loss had been lower before. The rules have an
    order: the most urgent comes first."""
    if not _finite(train_loss, val_loss):
        return "diverging"
    order = ("overfitting", "diverging", "not_learning", "underfitting")
    return _label(train_loss, val_loss, train_loss[0] if initial_loss is None else initial_loss, order=order)


@mistake
def forgets_the_loss_before_training(train_loss, val_loss, initial_loss=None):
    """The loss of the first epoch was taken for the first, although initial_loss was given. Much is often learned in
    the first epoch."""
    return _label(train_loss, val_loss, train_loss[0]) if _finite(train_loss, val_loss) else "diverging"


@mistake
def compares_the_two_curves(train_loss, val_loss, initial_loss=None):
    """Overfitting was read from the gap between the two curves. A gap is usual; the rule asks whether the validation
    loss has been lower before than it is now."""
    if not _finite(train_loss, val_loss):
        return "diverging"
    first = train_loss[0] if initial_loss is None else initial_loss
    return _label(train_loss, val_loss, first, lowest=np.median(train_loss[-5:]))


@mistake
def stops_at_half(train_loss, val_loss, initial_loss=None):
    """A run that has only come down a little was called ok: nobody has asked for underfitting."""
    found = _label(train_loss, val_loss, train_loss[0] if initial_loss is None else initial_loss)
    return "diverging" if not _finite(train_loss, val_loss) else "ok" if found == "underfitting" else found
