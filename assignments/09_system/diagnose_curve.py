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
    raise NotImplementedError
