r"""Demographic parity: how far apart are the groups that are selected most and least?

A bank's model grants loans to 75 of 100 applicants from one part of town and to 25 of 100 from another. Before asking
why, you want one number for it that can be watched from week to week, like a loss.

Maths. yhat_n is 1 where person n is selected and 0 elsewhere, g_n is the group. The selection rate of a group is a
share among its members, and the difference is between the largest rate and the smallest:

$$d = \max_g P(\hat y = 1 \mid g) - \min_g P(\hat y = 1 \mid g)$$

d is 0 when all groups are selected equally often, which is called demographic parity, and at the most 1. The outcomes
y play no part: this is its strength, since outcomes may be unknown or unjust, and its weakness, since a coin has d = 0
as well.

By hand. yhat = [1, 1, 1, 0, 1, 0, 0, 0], the first four of group "A", the others of "B": the rates are 3/4 and 1/4, so
d = 0.5.

Source: Barocas, Hardt & Narayanan, Fairness and Machine Learning (2023), chapter 3, "Independence"; fairlearn,
`fairlearn.metrics.demographic_parity_difference`, whose name and keyword are used here.
"""

import numpy as np

from grader.authoring import alternative, case, drive, exercise, mistake


@exercise(
    points=3,
    difficulty=2,
    returns=["d", "'the arguments are as before'"],
    needs=["group_rates"],
    hints=[
        "Draw the selection rate of every group as a point on a line from 0 to 1. Which distance on this line is asked "
        "for, if there are three points?",
        "sensitive_features == name is True for the members of a group, and the mean of zeros and ones is a share. "
        "Collect one share for every name that np.unique finds.",
        "With all shares in one list, d is the largest of them less the smallest of them. y_true is in the signature "
        "because all metrics of the library are called in the same way; here you need not look at it.",
    ],
    why=(
        "Largest less smallest is the widest gap between any two groups, so one number watches over all of them, "
        "however many; and as it asks for no outcomes, it need not wait for them."
    ),
    lesson="Two numbers for one question",
)
def demographic_parity_difference(y_true, y_pred, *, sensitive_features):
    """Return the largest difference between the selection rates of two groups.

    Args:
        y_true: integer array, shape (N,). The outcomes, which play no part. They may be unknown yet, and then are -1.
        y_pred: integer array of any integer type, shape (N,). The predictions, 0 or 1; N is at least 1.
        sensitive_features: array of strings or of integers, shape (N,). The name of everybody's group; a number is a
            name as well. It is given by its keyword. There may be any number of groups, each with at least one member.

    Returns:
        d: float, between 0 and 1. With a single group it is 0. The arguments are left as they were.
    """
    names = np.unique(sensitive_features)
    rates = [np.mean(y_pred[sensitive_features == name]) for name in names]
    return float(max(rates) - min(rates))


@drive
def with_names_in_an_array(demographic_parity_difference, y_true, y_pred, sensitive_features):
    """Make an array of the names, call the function with its keyword, and look at the arguments where the names are
    given as {"watched": names}."""
    watched = isinstance(sensitive_features, dict)
    names = np.array(sensitive_features["watched"] if watched else sensitive_features)
    handed = [np.array(y_true), np.array(y_pred), names]
    before = [array.tobytes() for array in handed]
    d = demographic_parity_difference(handed[0], handed[1], sensitive_features=handed[2])
    return d, [array.tobytes() for array in handed] == before if watched else None


@case
def by_hand(rng):
    """The example of the statement."""
    return {
        "y_true": np.array([1, 0, 1, 0, 1, 1, 1, 0]),
        "y_pred": np.array([1, 1, 1, 0, 1, 0, 0, 0]),
        "sensitive_features": ["A", "A", "A", "A", "B", "B", "B", "B"],
    }


@case
def the_other_way_round(rng):
    """Now "B" is selected more often: 1 of 4 and 4 of 5."""
    return {
        "y_true": np.array([0, 1, 1, 0, 1, 0, 0, 1, 1]),
        "y_pred": np.array([0, 1, 0, 0, 1, 1, 1, 0, 1]),
        "sensitive_features": ["A", "A", "A", "A", "B", "B", "B", "B", "B"],
    }


@case
def three_groups(rng):
    """Three groups of different size; the two that are farthest apart are not the first and another one."""
    return {
        "y_true": np.array([1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1]),
        "y_pred": np.array([1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0]),
        "sensitive_features": ["a", "a", "b", "b", "b", "c", "c", "c", "c", "b", "c"],
    }


@case
def everybody_is_selected(rng):
    """One answer for all: nothing differs, whatever the outcomes are."""
    return {
        "y_true": np.array([1, 1, 1, 0, 0, 1]),
        "y_pred": np.ones(6, int),
        "sensitive_features": ["A", "A", "A", "B", "B", "B"],
    }


@case
def the_model_is_always_right(rng):
    """Every prediction is the outcome, and the groups differ in their outcomes: 3 of 4, and 1 of 3."""
    y = np.array([1, 1, 1, 0, 1, 0, 0])
    return {"y_true": y, "y_pred": y.copy(), "sensitive_features": [0, 0, 0, 0, 1, 1, 1]}


@case(hidden=True)
def sixty_people(rng):
    return {
        "y_true": rng.integers(0, 2, 60),
        "y_pred": rng.integers(0, 2, 60),
        "sensitive_features": [["east", "north", "south", "west"][int(g)] for g in rng.integers(0, 4, 60)],
    }


@case(edge=True)
def one_group(rng):
    """Everybody is of the same group."""
    return {"y_true": np.array([1, 0, 1]), "y_pred": np.array([1, 0, 0]), "sensitive_features": ["A", "A", "A"]}


@case(edge=True)
def outcomes_not_yet_known(rng):
    """Who pays back a loan is known in years: all outcomes are -1."""
    return {
        "y_true": np.full(5, -1),
        "y_pred": np.array([1, 0, 1, 1, 0]),
        "sensitive_features": ["A", "A", "B", "B", "B"],
    }


@case(edge=True)
def numbers_that_are_names(rng):
    """Groups -3, 7 and 99504, the last one with a single member."""
    return {
        "y_true": np.array([1, 0, 1, 0, 1, 0]),
        "y_pred": np.array([1, 0, 0, 0, 1, 1]),
        "sensitive_features": [7, 7, -3, -3, -3, 99504],
    }


@case(edge=True)
def of_one_byte(rng):
    """Predictions of type uint8; 300 of 300 are selected, more than a byte can count, and 75 of 300."""
    return {
        "y_true": np.zeros(600, np.uint8),
        "y_pred": np.tile(np.array([1, 1, 1, 1, 1, 0, 0, 0], np.uint8), 75),
        "sensitive_features": [0, 0, 0, 0, 1, 1, 1, 1] * 75,
    }


@case(edge=True)
def arguments_that_are_watched(rng):
    """A small example, after which the three arrays have to be as they were."""
    return {
        "y_true": np.array([1, 0, 1, 0]),
        "y_pred": np.array([1, 1, 1, 0]),
        "sensitive_features": {"watched": ["B", "A", "A", "B"]},
    }


@alternative
def counts_person_by_person(y_true, y_pred, *, sensitive_features):
    size, chosen = {}, {}
    for name, p in zip(sensitive_features.tolist(), y_pred.tolist(), strict=True):
        size[name] = size.get(name, 0) + 1
        chosen[name] = chosen.get(name, 0) + p
    rates = sorted(chosen[name] / size[name] for name in size)
    return rates[-1] - rates[0]


@alternative
def bins_the_members(y_true, y_pred, *, sensitive_features):
    _, place = np.unique(sensitive_features, return_inverse=True)
    return np.ptp(np.bincount(place, weights=y_pred) / np.bincount(place))


@alternative
def tries_all_pairs(y_true, y_pred, *, sensitive_features):
    names = np.unique(sensitive_features)
    member = (sensitive_features == names[:, None]).astype(float)
    rates = member @ y_pred.astype(float) / member.sum(axis=1)
    return np.abs(rates[:, None] - rates[None, :]).max()


def _shares(values, names):
    """The mean of the values in each group, in the order of the sorted names."""
    return np.array([np.mean(values[names == name]) for name in np.unique(names)])


@mistake
def compares_the_first_two_groups(y_true, y_pred, *, sensitive_features):
    """Right for two groups. Where there are more, which two of them are farthest apart?"""
    rates = _shares(y_pred, sensitive_features)
    return float(abs(rates[0] - rates[1])) if len(rates) > 1 else 0.0


@mistake
def keeps_the_sign(y_true, y_pred, *, sensitive_features):
    """The first group's rate less the last one's: the result depends on how the groups are called. In which direction
    the model leans is another question; d is never negative."""
    rates = _shares(y_pred, sensitive_features)
    return float(rates[0] - rates[-1])


@mistake
def looks_at_outcomes_of_one_alone(y_true, y_pred, *, sensitive_features):
    """The rates were taken among people with outcome 1. This is another idea of fairness, called equal opportunity;
    here everybody counts, and y_true is not looked at."""
    positive = y_true == 1
    with np.errstate(invalid="ignore"):
        rates = np.array(
            [
                np.sum(y_pred[(sensitive_features == name) & positive])
                / np.float64(np.sum((sensitive_features == name) & positive))
                for name in np.unique(sensitive_features)
            ]
        )
    return float(rates.max() - rates.min())


@mistake
def compares_the_outcomes(y_true, y_pred, *, sensitive_features):
    """This is how far the outcomes of the groups differ, their base rates. The question is what the model does: it
    speaks in y_pred."""
    return float(np.ptp(_shares(y_true, sensitive_features)))


@mistake
def compares_accuracies(y_true, y_pred, *, sensitive_features):
    """The rates that were compared say how often the model is right. Being selected is something else: a model can be
    equally right about two groups and select one of them far more often."""
    return float(np.ptp(_shares(y_true == y_pred, sensitive_features)))


@mistake
def counts_in_place_of_shares(y_true, y_pred, *, sensitive_features):
    """The numbers of selected people were compared, or their shares of everybody. A large group has many of them even
    if it is rarely selected: divide by the size of the group."""
    names = np.unique(sensitive_features)
    return float(np.ptp([np.sum(y_pred[sensitive_features == name]) / len(y_pred) for name in names]))


@mistake
def compares_with_everybody(y_true, y_pred, *, sensitive_features):
    """The largest distance between a group and the average of all. Two groups on either side of the average are farther
    from each other than from it."""
    return float(np.abs(_shares(y_pred, sensitive_features) - np.mean(y_pred)).max())


@mistake
def takes_the_ratio(y_true, y_pred, *, sensitive_features):
    """1 - smallest / largest tells by which factor the rates differ; it is a measure in its own right, the one behind
    the four-fifths rule. Here the difference is asked for."""
    rates = _shares(y_pred, sensitive_features)
    return float(1 - rates.min() / rates.max()) if rates.max() > 0 else 0.0


@mistake
def counts_in_bytes(y_true, y_pred, *, sensitive_features):
    """Right, until more than 255 people are counted in a byte, where 255 + 1 is 0. Python's sum adds in the type of the
    entries; np.sum and np.mean take a wider type by themselves."""
    names = np.unique(sensitive_features)
    with np.errstate(over="ignore"):
        chosen = [sum(y_pred[sensitive_features == name]) for name in names]
    rates = [count / np.sum(sensitive_features == name) for count, name in zip(chosen, names, strict=True)]
    return float(max(rates) - min(rates))


@mistake
def sorts_the_callers_predictions(y_true, y_pred, *, sensitive_features):
    """Right, but the arrays that were handed over are in another order now. array.sort() sorts in place, np.sort and
    indexing with an order make a new array."""
    d = float(np.ptp(_shares(y_pred, sensitive_features)))
    y_pred.sort()
    return d


@mistake
def takes_the_spread(y_true, y_pred, *, sensitive_features):
    """The standard deviation of the rates. It says how far they are from their mean on the whole; asked for is the
    distance between the two that are farthest apart."""
    return float(np.std(_shares(y_pred, sensitive_features)))
