r"""One-hot: a label becomes a row of zeros and a one.

A classifier of handwritten digits answers with ten numbers for every picture, and the truth is a single one: "it is a
7". To subtract the two, the truth has to look like the answer: ten numbers, of which the one in place 7 is 1.

Maths. y has shape (N,) and holds class numbers from 0 to C - 1, where C is num_classes. The answer has shape (N, C):

$$Y_{nc} = 1[y_n = c]$$

1[...] is an indicator: 1 where the statement in the brackets is true, 0 where it is not. Every row has one 1, so it
adds up to 1, and it is also a probability distribution that is certain.

By hand. y = [2, 0] with num_classes = 3 gives [[0, 0, 1], [1, 0, 0]].

Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.2, where it is called the 1-of-K scheme;
VanderPlas, Python Data Science Handbook (2016), chapter 2, on broadcasting and fancy indexing.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=2,
    difficulty=1,
    returns="Y",
    hints=[
        "How many rows and columns does the answer have for five labels and three classes? Does that depend on which "
        "labels happen to be there?",
        "Put y upright, as a column, and compare it with the row 0, 1, ..., C - 1: NumPy compares every label with "
        "every class. Or begin with zeros and write a 1 into one place of each row.",
    ],
    why=(
        "A label is a name and no amount: class 7 is not more than class 3. As rows with a single 1, any two classes "
        "are equally far apart, and a row can be compared with probabilities entry by entry."
    ),
    lesson="Broadcasting: a column meets a row",
)
def one_hot(y, num_classes):
    """Return the indicator row of every label.

    Args:
        y: integer array of any integer type, shape (N,). Labels from 0 to num_classes - 1; N may be 0.
        num_classes: int, at least 1. The number of classes. Some may have no label in y.

    Returns:
        Y: float64 array, shape (N, num_classes). The argument is left as it was.
    """
    return (y[:, None] == np.arange(num_classes)).astype(float)


@case
def by_hand(rng):
    """The example of the statement."""
    return {"y": np.array([2, 0]), "num_classes": 3}


@case
def every_class(rng):
    """Six labels, in which every class occurs."""
    return {"y": rng.permutation(np.array([0, 1, 2, 3, 1, 2])), "num_classes": 4}


@case
def the_last_class_is_not_there(rng):
    """Nobody belongs to the last two of five classes."""
    return {"y": np.array([1, 0, 2, 1]), "num_classes": 5}


@case(hidden=True)
def other_labels(rng):
    return {"y": np.array([3, 3, 0, 2, 5, 1]), "num_classes": 7}


@case(edge=True)
def no_labels(rng):
    """An empty batch still has columns."""
    return {"y": np.zeros(0, dtype=int), "num_classes": 3}


@case(edge=True)
def labels_of_one_byte(rng):
    """Labels of type uint8, for which 0 - 1 is 255."""
    return {"y": np.array([2, 0, 1], dtype=np.uint8), "num_classes": 3}


@case(edge=True)
def one_class(rng):
    """There is only one class."""
    return {"y": np.array([0, 0]), "num_classes": 1}


@alternative
def writes_the_ones(y, num_classes):
    Y = np.zeros((len(y), num_classes))
    Y[np.arange(len(y)), y] = 1
    return Y


@alternative
def picks_rows_of_the_identity(y, num_classes):
    return np.eye(num_classes)[y]


@alternative
def goes_label_by_label(y, num_classes):
    return np.array([[float(label == c) for c in range(num_classes)] for label in y]).reshape(len(y), num_classes)


@mistake
def counts_the_classes_that_are_there(y, num_classes):
    """The number of columns was read off the labels. It is a fact about the problem and not about this batch: the next
    batch may have other labels, and a width of its own."""
    return np.eye(int(y.max()) + 1 if y.size else num_classes)[y]


@mistake
def counts_different_labels(y, num_classes):
    """The width is how many different labels there are. With the labels 2 and 0 that is 2, and no column is left for
    class 2. How many columns there are is a fact about the problem, and the caller hands it over."""
    return np.eye(len(np.unique(y)))[y]


@mistake
def counts_from_one(y, num_classes):
    """Every 1 stands a column too far to the left, and that of label 0 in the last one: an index of -1 counts from the
    end and raises no error. Classes are counted from 0."""
    return np.eye(num_classes)[(y.astype(int) - 1)]


@mistake
def answers_with_truth_values(y, num_classes):
    """The right pattern, as True and False. Later this array is subtracted from probabilities, and NumPy refuses to
    subtract truth values. Look at its dtype."""
    return y[:, None] == np.arange(num_classes)


@mistake
def answers_with_integers(y, num_classes):
    """The right pattern, in integers. Look at the dtype that the docstring asks for: whoever divides it in place, or
    stores a probability in it, would lose what comes after the point."""
    return (y[:, None] == np.arange(num_classes)).astype(int)


@mistake
def lays_it_on_its_side(y, num_classes):
    """Rows and columns are exchanged: there is a row for each class. The docstring asks for a row for each label."""
    return (y == np.arange(num_classes)[:, None]).astype(float)


@mistake
def marks_whole_columns(y, num_classes):
    """The ones were written into whole columns: in Y[:, y] the : stands for all rows. Each row should get a single 1,
    at its own label."""
    Y = np.zeros((len(y), num_classes))
    Y[:, y] = 1
    return Y


@mistake
def writes_the_label_instead_of_one(y, num_classes):
    """The place is right, and what stands there is the label itself. An indicator is 1 where its statement is true."""
    Y = np.zeros((len(y), num_classes))
    Y[np.arange(len(y)), y] = y
    return Y
