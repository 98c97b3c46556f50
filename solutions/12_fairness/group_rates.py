r"""One row for every group: who is selected, who is found, who is wronged?

A model that reads skin photographs is right in 92 of 100 cases, and the hospital is content. Split by skin tone, it is
right in 96 of 100 for most people and in 60 of 100 for the others. An average hides whoever is few, so the first step
of every question about fairness is to stop averaging.

Maths. Each of N people has an outcome y_n (1 or 0), a prediction yhat_n (1: selected, 0: not) and a group g_n. For
every group g that occurs, count within the group alone; P(A | B) is the share of A among those for whom B holds:

$$\text{selection rate} = P(\hat y = 1 \mid g) \qquad \text{accuracy} = P(\hat y = y \mid g)$$

$$\text{tpr} = P(\hat y = 1 \mid y = 1, g) \qquad \text{fpr} = P(\hat y = 1 \mid y = 0, g)$$

The true-positive rate tpr says how many were found of those who should have been, the false-positive rate fpr how many
were selected of those who should not have been. n is the size of the group.

By hand. y = [1, 1, 0, 0, 1, 0], yhat = [1, 0, 1, 0, 1, 0]; the first four are of group "A", the last two of "B".

    A: n = 4, selection rate 2/4, tpr 1/2, fpr 1/2, accuracy 2/4
    B: n = 2, selection rate 1/2, tpr 1/1, fpr 0/1, accuracy 2/2

Both groups are selected equally often, and for A the model is no better than a coin.

Source: Barocas, Hardt & Narayanan, Fairness and Machine Learning (2023), chapter 3; fairlearn, `MetricFrame`.
"""

import numpy as np

from grader.authoring import alternative, case, drive, exercise, mistake, picture

RATES = ("selection_rate", "tpr", "fpr", "accuracy")


@exercise(
    points=3,
    difficulty=2,
    returns=["rates", "'the arguments are as before'"],
    needs=["confusion_metrics"],
    hints=[
        "Take the example of the statement and cross out everybody who is not in group A. What is left are two short "
        "lists; all four rates of A are made from these.",
        "np.unique(groups) lists the names that occur, and groups == name is True for the members. A True/False array "
        "in brackets picks entries, and the mean of zeros and ones is a share.",
        "For every name: pick y_true and y_pred of its members. The selection rate is the mean of the picked y_pred; "
        "for tpr pick once more, those whose outcome is 1, for fpr those whose outcome is 0. Before taking a mean, ask "
        "whether anybody is left; if not, the rate is nan.",
    ],
    why=(
        "The accuracy of all is the mean of the groups' accuracies, each weighted by its size, so a small group can "
        "be served badly and hardly move it. And a rate over nobody is unknown, not 0."
    ),
    lesson="An average hides whoever is few",
)
def group_rates(y_true, y_pred, groups):
    """Return size, selection rate, tpr, fpr and accuracy of every group.

    Args:
        y_true: integer array of any integer type, shape (N,). The outcomes, 0 or 1.
        y_pred: integer array of any integer type, shape (N,). The predictions, 0 or 1.
        groups: array of strings or of integers, shape (N,). The name of everybody's group. A number is a name like any
            other: it may be negative or large, and numbers in between may be missing.

    Returns:
        rates: dict from the name of each group that occurs (a string or an integer) to a dict with the keys "n" (the
        number of its members, an integer), "selection_rate", "tpr", "fpr" and "accuracy" (floats, fractions between 0
        and 1). A group without outcomes of 1 has no tpr, and its tpr is nan; a group without outcomes of 0 has fpr
        nan. For N = 0 the dict is empty. The order of the groups plays no part. The arguments are left as they were.
    """
    rates = {}
    for name in np.unique(groups).tolist():
        member = groups == name
        outcome, selected = y_true[member], y_pred[member]
        rates[name] = {
            "n": len(outcome),
            "selection_rate": share(selected == 1),
            "tpr": share(selected[outcome == 1] == 1),
            "fpr": share(selected[outcome == 0] == 1),
            "accuracy": share(selected == outcome),
        }
    return rates


def share(answers):
    """Return which fraction of the answers is True; nan where nobody was asked."""
    return float(np.mean(answers)) if len(answers) else np.nan


@drive
def with_names_in_an_array(group_rates, y_true, y_pred, groups):
    """Make an array of the names, call the function, and look at its arguments where `groups` is {"watched": names}."""
    watched = isinstance(groups, dict)
    names = np.array(groups["watched"] if watched else groups)
    handed = [np.array(y_true), np.array(y_pred), names]
    before = [array.tobytes() for array in handed]
    rates = group_rates(*handed)
    return rates, [array.tobytes() for array in handed] == before if watched else None


@case
def by_hand(rng):
    """The example of the statement."""
    return {
        "y_true": np.array([1, 1, 0, 0, 1, 0]),
        "y_pred": np.array([1, 0, 1, 0, 1, 0]),
        "groups": ["A", "A", "A", "A", "B", "B"],
    }


@case
def three_regions(rng):
    """Three groups of different size, mixed; in the smallest one nobody is selected."""
    return {
        "y_true": np.array([1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0]),
        "y_pred": np.array([1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0]),
        "groups": ["city", "city", "coast", "north", "city", "north", "coast", "city", "city", "coast", "city", "city"],
    }


@case
def numbers_from_zero(rng):
    """Groups 0 and 1; the smaller one is served worse."""
    return {
        "y_true": np.array([1, 1, 0, 1, 0, 1, 1, 0, 0, 1]),
        "y_pred": np.array([1, 1, 0, 1, 1, 0, 0, 1, 0, 1]),
        "groups": [0, 0, 0, 0, 0, 1, 1, 1, 1, 0],
    }


@case(hidden=True)
def forty_people(rng):
    return {
        "y_true": rng.integers(0, 2, 40),
        "y_pred": rng.integers(0, 2, 40),
        "groups": [["young", "middle", "old"][int(g)] for g in rng.integers(0, 3, 40)],
    }


@case(edge=True)
def numbers_that_are_names(rng):
    """Groups -3, 7 and 99504, as they may stand in a column of codes."""
    return {
        "y_true": np.array([1, 0, 1, 0, 1, 0, 0]),
        "y_pred": np.array([1, 0, 0, 1, 1, 1, 0]),
        "groups": [7, 7, -3, -3, 99504, 99504, 99504],
    }


@case(edge=True)
def nobody_to_be_found(rng):
    """In the group "B" no outcome is 1: there is no tpr."""
    return {
        "y_true": np.array([1, 0, 1, 0, 0, 0]),
        "y_pred": np.array([1, 0, 0, 1, 0, 0]),
        "groups": ["A", "A", "A", "B", "B", "B"],
    }


@case(edge=True)
def nobody_to_be_wronged(rng):
    """In the group "B" no outcome is 0, and in the group "C" there is one person."""
    return {
        "y_true": np.array([1, 0, 1, 1, 1, 0]),
        "y_pred": np.array([1, 1, 0, 1, 0, 1]),
        "groups": ["A", "A", "B", "B", "B", "C"],
    }


@case(edge=True)
def nobody_at_all(rng):
    """N = 0: no people, no groups."""
    return {"y_true": np.array([], int), "y_pred": np.array([], int), "groups": []}


@case(edge=True)
def of_one_byte(rng):
    """Outcomes and predictions of type uint8, in which 0 - 1 is 255."""
    return {
        "y_true": np.array([1, 0, 1, 0, 1, 0], np.uint8),
        "y_pred": np.array([0, 0, 1, 1, 1, 1], np.uint8),
        "groups": ["A", "A", "B", "B", "A", "B"],
    }


@case(edge=True)
def arguments_that_are_watched(rng):
    """A small example, after which the three arrays have to be as they were."""
    return {
        "y_true": np.array([1, 0, 1, 0]),
        "y_pred": np.array([1, 1, 1, 0]),
        "groups": {"watched": ["B", "A", "A", "B"]},
    }


@picture(case="three_regions")
def bars_of_every_group(axes, arguments, answer):
    """A cluster of bars for each group: are they equally high from group to group? In the north nobody is
    selected, so that it has one bar alone; on the coast half of those are selected who should not be."""
    rates, _ = answer
    names = sorted(rates, key=str)
    for k, rate in enumerate(("selection_rate", "tpr", "fpr", "accuracy")):
        heights = [float(rates[name][rate]) for name in names]
        places = [n + 0.2 * (k - 1.5) for n in range(len(names))]
        axes.bar(places, heights, width=0.18, label=rate, hatch=["", "//", "..", "xx"][k], edgecolor="white")
    axes.set(xticks=range(len(names)), ylim=(0, 1.45), ylabel="rate")
    axes.set_xticklabels([f"{name} ({rates[name]['n']})" for name in names])
    axes.legend(frameon=False, ncols=2, loc="upper center")


def _rates(y_true, y_pred, groups, change):
    """The rates of every group, after `change(name, counts, row)` has spoilt the row of each."""
    rates = {}
    for name in np.unique(groups).tolist():
        y, p = y_true[groups == name] == 1, y_pred[groups == name] == 1
        counts = {"n": y.size, "tp": np.sum(y & p), "fp": np.sum(~y & p), "fn": np.sum(y & ~p), "tn": np.sum(~y & ~p)}
        row = {
            "n": y.size,
            "selection_rate": _quotient(np.sum(p), y.size),
            "tpr": _quotient(counts["tp"], np.sum(y)),
            "fpr": _quotient(counts["fp"], np.sum(~y)),
            "accuracy": _quotient(np.sum(y == p), y.size),
        }
        rates[name] = {**row, **change(counts)}
    return rates


def _quotient(top, bottom):
    return float(top) / float(bottom) if bottom else np.nan


@alternative
def counts_person_by_person(y_true, y_pred, groups):
    counts = {}
    for y, p, name in zip(y_true, y_pred, groups, strict=True):
        counts.setdefault(name, {(0, 0): 0, (0, 1): 0, (1, 0): 0, (1, 1): 0})[int(y), int(p)] += 1
    rates = {}
    for name, c in counts.items():
        n, positive = sum(c.values()), c[1, 0] + c[1, 1]
        rates[name] = {
            "n": n,
            "selection_rate": (c[0, 1] + c[1, 1]) / n,
            "tpr": c[1, 1] / positive if positive else float("nan"),
            "fpr": c[0, 1] / (n - positive) if n > positive else float("nan"),
            "accuracy": 1 - (c[0, 1] + c[1, 0]) / n,
        }
    return rates


@alternative
def multiplies_a_table_of_members(y_true, y_pred, groups):
    names = np.unique(groups)
    member = (groups == names[:, None]).astype(float)  # (G, N)
    y, p = y_true.astype(float), y_pred.astype(float)
    n, positive, selected, found = member.sum(axis=1), member @ y, member @ p, member @ (y * p)
    with np.errstate(invalid="ignore"):
        table = np.stack(
            [
                selected / n,
                found / positive,
                (selected - found) / (n - positive),
                (n - positive - selected + 2 * found) / n,
            ]
        )
    keys = ("selection_rate", "tpr", "fpr", "accuracy")
    return {name: {"n": int(n[g]), **dict(zip(keys, table[:, g], strict=True))} for g, name in enumerate(names)}


@alternative
def bins_the_four_kinds(y_true, y_pred, groups):
    names, place = np.unique(groups, return_inverse=True)
    kinds = np.bincount(4 * place + 2 * y_true.astype(int) + y_pred, minlength=4 * len(names)).reshape(-1, 2, 2)
    rates = {}
    for name, ((tn, fp), (fn, tp)) in zip(names, kinds, strict=True):
        n = tn + fp + fn + tp
        rates[name] = {
            "n": n,
            "selection_rate": (tp + fp) / n,
            "tpr": np.float64(tp) / (tp + fn) if tp + fn else np.nan,
            "fpr": np.float64(fp) / (fp + tn) if fp + tn else np.nan,
            "accuracy": (tp + tn) / n,
        }
    return rates


@mistake
def divides_by_everybody(y_true, y_pred, groups):
    """The counts of a group were divided by the number of all people. A small group would look as if it were never
    selected and never served rightly. Among whom is a rate of this group a share?"""
    everybody = len(y_true)
    return _rates(
        y_true,
        y_pred,
        groups,
        lambda c: {"selection_rate": (c["tp"] + c["fp"]) / everybody, "accuracy": (c["tp"] + c["tn"]) / everybody},
    )


@mistake
def is_a_share_of_the_selected(y_true, y_pred, groups):
    """tpr is the share of right ones among those selected, which is called precision. The bar in P(yhat = 1 | y = 1)
    says among whom to count: what stands behind it?"""
    return _rates(y_true, y_pred, groups, lambda c: {"tpr": _quotient(c["tp"], c["tp"] + c["fp"])})


@mistake
def is_a_share_of_the_group(y_true, y_pred, groups):
    """tpr and fpr were divided by the size of the group. They are shares of those with outcome 1, and of those with
    outcome 0: of the two numbers of people, which belongs below which?"""
    return _rates(
        y_true, y_pred, groups, lambda c: {"tpr": _quotient(c["tp"], c["n"]), "fpr": _quotient(c["fp"], c["n"])}
    )


@mistake
def counts_false_alarms_among_the_selected(y_true, y_pred, groups):
    """fpr is the share of wrong ones among those selected, the false discovery rate. It should be a share of those
    whose outcome is 0: of the people who could be wronged, how many were?"""
    return _rates(y_true, y_pred, groups, lambda c: {"fpr": _quotient(c["fp"], c["tp"] + c["fp"])})


@mistake
def takes_the_missed_for_the_wronged(y_true, y_pred, groups):
    """Where fpr should be stands 1 - tpr, the share of those missed. Both are mistakes of the model, made on different
    people: fpr looks at those with outcome 0."""
    return _rates(y_true, y_pred, groups, lambda c: {"fpr": _quotient(c["fn"], c["tp"] + c["fn"])})


@mistake
def takes_the_outcomes_for_the_selection(y_true, y_pred, groups):
    """The selection rate is the share of outcomes of 1, the base rate of the group. It should say how often the model
    selects: which of the two arrays does the model make?"""
    return _rates(y_true, y_pred, groups, lambda c: {"selection_rate": _quotient(c["tp"] + c["fn"], c["n"])})


@mistake
def numbers_the_groups(y_true, y_pred, groups):
    """The keys are 0, 1, 2, ... in place of the names. Whoever asks for the rates of "A" finds nothing: the keys of the
    dict are the entries of groups as they are."""
    _, places = np.unique(groups, return_inverse=True)
    return _rates(y_true, y_pred, places, lambda c: {})


@mistake
def calls_an_unknown_rate_zero(y_true, y_pred, groups):
    """Right, but where a group has nobody with outcome 1, tpr is 0, as if all of them had been missed (and fpr in the
    same way). Of nobody there is no share; the docstring says what stands for it."""
    return _rates(
        y_true,
        y_pred,
        groups,
        lambda c: {
            "tpr": c["tp"] / max(c["tp"] + c["fn"], 1),
            "fpr": c["fp"] / max(c["fp"] + c["tn"], 1),
        },
    )


@mistake
def subtracts_bytes(y_true, y_pred, groups):
    """Right, unless the labels are of an unsigned type: there 0 - 1 is 255. Comparing two labels with == needs no
    subtraction."""
    rates = _rates(y_true, y_pred, groups, lambda c: {})
    for name in rates:
        off = np.abs(y_true[groups == name] - y_pred[groups == name])
        rates[name]["accuracy"] = float(1 - off.mean())
    return rates


@mistake
def turns_the_callers_labels_around(y_true, y_pred, groups):
    """Right, but y_true is no longer what it was: it was changed in place on the way to fpr. Work with a new array, or
    with a comparison, which makes one."""
    rates = _rates(y_true, y_pred, groups, lambda c: {})
    y_true *= -1
    y_true += 1
    return rates


@mistake
def picks_by_number(y_true, y_pred, groups):
    """member & y_true is an array of the numbers 0 and 1, and such an array in brackets picks the entries number 0 and
    number 1, again and again. To choose people, every part of the condition has to be True or False: y_true == 1."""
    rates = _rates(y_true, y_pred, groups, lambda c: {})
    for name in rates:
        member = groups == name
        rates[name]["tpr"] = float(y_pred[member & y_true].mean())
        rates[name]["fpr"] = float(y_pred[member & (1 - y_true)].mean())
    return rates
