r"""The lasso by coordinate descent: which columns matter at all?

A hundred measurements of every patient, and only a few of them have to do with the disease. Ridge gives each of the
hundred a weight; the lasso charges for the size of a weight instead of its square, and at this price most weights are
not small but exactly 0. What is left can be read, and need not be measured a hundred times.

Maths. X has shape (N, D), with column x_j for each feature; y has shape (N,), w has shape (D,), and there is no
intercept. What is asked for makes this as small as it can be:

$$F(w) = \frac{1}{2N} \sum_n (y_n - x_n \cdot w)^2 + lam \sum_j |w_j|$$

Let all weights but w_j rest. With r = y - X w, the misses, and

$$c = \frac{x_j \cdot x_j}{N} \qquad p = \frac{x_j \cdot r}{N} + c\, w_j$$

F is, as a function of w_j alone, c/2 w_j^2 - p w_j + lam |w_j| and a constant. For w_j > 0 its slope is
c w_j - p + lam; it is 0 at (p - lam) / c, which lies above 0 only if p > lam. For w_j < 0 it is 0 at (p + lam) / c,
which lies below 0 only if p < -lam. Otherwise the lowest point is the corner at 0. In one line, with the soft
threshold S:

$$w_j \leftarrow \frac{S(p, lam)}{c} \qquad S(p, lam) = \mathrm{sign}(p)\, \max(|p| - lam, 0)$$

Do this for one j after the other, each time with the r of the newest w, and go round until nothing moves.

By hand. X = [[2, 1], [2, -1]], y = [3, 1], lam = 1.5. The columns are at right angles, with c = 4 and c = 1. At w = 0
p is 4 for the first: w_1 = (4 - 1.5) / 4 = 0.625. For the second p is 1, below lam: w_2 = 0. A second round changes
nothing, so w = [0.625, 0]. From lam = 4 on both would be 0.

Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning (2009), section 3.8.6; Friedman, Hastie &
Tibshirani, Regularization paths for generalized linear models via coordinate descent (2010), section 2.1.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=8,
    difficulty=4,
    returns="w",
    needs=["ridge_fit"],
    hints=[
        "Draw 2 w^2 - 4 w + lam |w| for lam = 0, 1 and 5. Where is the lowest point each time, and when is it at the "
        "corner? This is the whole problem for one weight.",
        "Keep r = y - X w at hand. The p of column j asks what the column could explain if its own weight were taken "
        "away: x_j . r / N plus c w_j. As soon as w_j has changed, r has changed, before the next column is asked.",
        "At most n_iter times: for each j with c > 0, remember the old w[j], compute p and the new w[j], and take "
        "X[:, j] times the difference off r. If the largest difference of the whole round is at most tol, stop.",
    ],
    why=(
        "F is a smooth bowl plus a price with one term for each weight: so where no single weight can lower it, no "
        "joint move can either, and going round one by one cannot get stuck too high."
    ),
    lesson="The lasso: a price that reaches zero",
)
def lasso_cd(X, y, lam, n_iter=1000, tol=1e-10):
    """Return the weights of the lasso, found by going round the coordinates.

    Args:
        X: array of floats or integers, shape (N, D). It is used as it is: nothing is centred or scaled.
        y: array of floats or integers, shape (N,).
        lam: float, 0 or above. The price of the weights; the misses are averaged, and halved, as in the statement.
        n_iter: int. The largest number of rounds.
        tol: float. The walk ends after a round in which no weight has moved by more than tol.

    Returns:
        w: float array, shape (D,). A weight that is 0 in the best w is exactly 0. The weight of a column that holds
        only zeros is 0. The arguments are left as they were.

    Seven digits of w are compared. F is flat near its lowest point, and when F has stopped changing in its tenth digit,
    w is right to five: look at w and not at F. The order of the coordinates is yours, and other ways to the same w are
    right as well if they are as accurate: in all cases there is a single best w.
    """
    N, D = X.shape
    w, r = np.zeros(D), y.astype(float)
    for _ in range(n_iter):
        moved = 0.0
        for j in range(D):
            x = X[:, j]
            c = x @ x / N
            if c == 0:
                continue
            p = x @ r / N + c * w[j]
            new = np.sign(p) * max(abs(p) - lam, 0.0) / c
            r -= x * (new - w[j])
            moved = max(moved, abs(new - w[j]))
            w[j] = new
        if moved <= tol:
            break
    return w


def clear(draw, lam):
    """X, y and lam of the first draw() at which every order and every stopping rule gives the same digits.

    The best w is well apart from any corner: no weight is small but not 0, and no column is near its threshold. Ten
    times the tolerance, and the columns backwards, change nothing in the first eight digits.
    """
    for _ in range(2000):
        X, y = draw()
        w = lasso_cd(X, y, lam)
        slack = np.where(w == 0, lam - np.abs(X.T @ (y - X @ w)) / len(y), np.abs(w))
        coarse = [lasso_cd(X, y, lam, tol=1e-9), lasso_cd(X[:, ::-1], y, lam, tol=1e-9)[::-1]]
        if slack.min() > 0.02 and all(np.allclose(w, other, rtol=1e-8, atol=0) for other in coarse):
            return {"X": X, "y": y, "lam": lam}
    raise ValueError("2000 draws, and none of them is clear")


@case
def by_hand(rng):
    """The example of the statement: two columns at right angles, of different lengths."""
    return {"X": np.array([[2.0, 1.0], [2.0, -1.0]]), "y": np.array([3.0, 1.0]), "lam": 1.5}


@case
def a_negative_weight(rng):
    """One column. p is -2, so the weight is below 0 and lam makes it shorter, not longer."""
    return {"X": np.array([[1.0], [-1.0], [1.0], [-1.0]]), "y": np.array([-1.0, 2.0, -3.0, 2.0]), "lam": 0.5}


@case
def four_columns(rng):
    """Twelve examples and four columns, the last of which has nothing to do with y."""

    def draw():
        X = np.round(rng.normal(size=(12, 4)) - 0.5 * rng.normal(size=(12, 1)), 2)
        return X, np.round(X @ [2.0, -1.0, 1.5, 0.0] + 0.3 * rng.normal(size=12), 2)

    return clear(draw, 0.4)


@case
def columns_of_different_lengths(rng):
    """The third column is three times as long as the first: the same threshold, another curvature."""

    def draw():
        X = np.round(rng.normal(size=(12, 3)) * [1.0, 2.0, 3.0], 2)
        return X, np.round(X @ [1.5, -1.0, 0.5] + 0.3 * rng.normal(size=12), 2)

    return clear(draw, 0.3)


@case
def columns_that_resemble_each_other(rng):
    """Three columns with much in common: what one of them explains, the others need not explain any more."""

    def draw():
        alike = 0.0
        while alike < 2.4:  # beyond 2, moving all weights at once goes astray: Jacobi's method diverges
            X = np.round(rng.normal(size=(15, 1)) + 0.5 * rng.normal(size=(15, 3)), 2)
            alike = np.linalg.norm(X / np.linalg.norm(X, axis=0), 2) ** 2
        return X, np.round(X @ [1.5, 2.0, 1.0] + 0.2 * rng.normal(size=15), 2)

    return clear(draw, 0.1)


@case(hidden=True)
def five_columns(rng):
    def draw():
        X = np.round(rng.normal(size=(15, 5)), 2)
        return X, np.round(X @ [1.0, 0.0, 0.0, -2.0, 1.5] + 0.3 * rng.normal(size=15), 2)

    return clear(draw, 0.25)


@case(edge=True)
def no_price(rng):
    """lam = 0 is least squares."""

    def draw():
        X = np.round(rng.normal(size=(10, 3)), 2)
        return X, np.round(X @ [1.0, -1.0, 2.0] + 0.3 * rng.normal(size=10), 2)

    return clear(draw, 0.0)


@case(edge=True)
def too_expensive(rng):
    """lam is larger than every |x_j . y| / N: no weight is worth its price, and all are exactly 0."""
    X, y = np.round(rng.normal(size=(8, 3)), 2), np.round(rng.normal(size=8), 2)
    return {"X": X, "y": y, "lam": float(np.round(np.abs(X.T @ y).max() / 8, 2) + 0.25)}


@case(edge=True)
def just_cheap_enough(rng):
    """lam is nine tenths of the largest |x_j . y| / N: the first weight that is worth its price has just appeared."""
    X = np.array([[1.0, 0.5, -1.0], [2.0, -0.5, 1.0], [-1.0, 1.0, 1.0], [-2.0, -1.5, 0.0], [0.5, 2.0, -1.0]])
    return {"X": X, "y": np.array([2.0, 3.5, -2.0, -4.0, 1.5]), "lam": 3.6}


@case(edge=True)
def a_column_of_zeros(rng):
    """Nobody has this property, so its weight is 0, and nothing is divided by its length."""
    case = four_columns(rng)
    return {**case, "X": np.insert(case["X"], 1, 0.0, axis=1)}


@case(edge=True)
def more_columns_than_examples(rng):
    """Eight examples and twelve columns: at most eight weights differ from 0."""

    def draw():
        X = np.round(rng.normal(size=(8, 12)), 2)
        return X, np.round(X[:, :2] @ [3.0, -2.0] + 0.1 * rng.normal(size=8), 2)

    return clear(draw, 0.8)


@case(edge=True)
def whole_numbers(rng):
    """X and y hold integers; w does not."""
    X = np.array([[1, 0, 2], [0, 2, -1], [3, 1, 0], [1, -1, 1], [-2, 1, 1]])
    return {"X": X, "y": np.array([3, -1, 7, 3, -3]), "lam": 0.5}


@picture(case="more_columns_than_examples")
def the_weights_that_are_left(axes, arguments, answer):
    """A bar for each weight, and a circle where it is exactly 0. Most are circles; a low bar where the expected picture
    has a circle is a weight that is small but not 0."""
    w = np.reshape(answer, -1)
    places = np.arange(len(w))
    axes.bar(places, w, color="#0072B2")
    axes.plot(places[w == 0], w[w == 0], "o", color="#000000", markerfacecolor="none")
    axes.axhline(0, color="#000000", linewidth=0.8)
    axes.set(xlabel="j", ylabel="w[j]", title=f"{np.sum(w != 0)} weights are not 0")


@alternative
def goes_backwards_with_all_products_ready(X, y, lam, n_iter=1000, tol=1e-10):
    N, D = X.shape
    G, q, w = X.T @ X / N, X.T @ y / N, np.zeros(X.shape[1])
    for _ in range(n_iter):
        before = w.copy()
        for j in reversed(range(D)):
            p = q[j] - G[j] @ w + G[j, j] * w[j]
            if p > lam and G[j, j] > 0:
                w[j] = (p - lam) / G[j, j]
            elif p < -lam and G[j, j] > 0:
                w[j] = (p + lam) / G[j, j]
            else:
                w[j] = 0
        if np.abs(w - before).max() < tol:
            break
    return w


@alternative
def computes_the_residual_anew_each_time(X, y, lam, n_iter=1000, tol=1e-10):
    N = len(y)
    w = [0.0] * X.shape[1]
    for _ in range(n_iter):
        largest = 0.0
        for j in range(len(w)):
            others = sum(X[:, i] * w[i] for i in range(len(w)) if i != j)
            rho = float(np.dot(X[:, j], y - others))
            length = float(np.sum(X[:, j] ** 2))
            old, w[j] = w[j], 0.0
            if abs(rho) > N * lam and length > 0:
                w[j] = (rho - np.copysign(N * lam, rho)) / length
            largest = max(largest, abs(w[j] - old))
        if largest <= tol:
            break
    return np.array(w)


@alternative
def shrinks_all_at_once_after_a_short_step(X, y, lam, n_iter=1000, tol=1e-10):
    # FISTA, Beck & Teboulle (2009): a gradient step of all weights, then the threshold.
    N = len(y)
    step = 1 / np.linalg.norm(X.T @ X / N, 2)
    w = ahead = np.zeros(X.shape[1])
    t = 1.0
    for _ in range(3 * n_iter):
        moved = ahead - step * (X.T @ (X @ ahead - y)) / N
        new = np.sign(moved) * np.maximum(np.abs(moved) - step * lam, 0)
        if np.sum((ahead - new) * (new - w)) > 0:
            t = 1.0  # it has gone too far: begin anew
        t_next = (1 + np.sqrt(1 + 4 * t * t)) / 2
        ahead, w, t = new + (t - 1) / t_next * (new - w), new, t_next
    return w


def _threshold(p, lam):
    return np.sign(p) * np.maximum(np.abs(p) - lam, 0.0)


def _rounds(X, y, lam, n_iter, tol, update):
    """Coordinate descent with another update(p, lam, c), for mistakes to go wrong from."""
    N, D = X.shape
    w, r = np.zeros(D), y.astype(float)
    for _ in range(n_iter):
        before = w.copy()
        for j in range(D):
            c = X[:, j] @ X[:, j] / N
            new = update(X[:, j] @ r / N + c * w[j], lam, c) if c > 0 else 0.0
            r -= X[:, j] * (new - w[j])
            w[j] = new
        if np.abs(w - before).max() <= tol or not np.isfinite(w).all():
            break
    return w


@mistake
def thresholds_without_the_scale(X, y, lam, n_iter=1000, tol=1e-10):
    """S(p, lam) became the weight as it is, undivided. p is what a column would explain times how long the column is:
    divide by the curvature c of this coordinate."""
    return _rounds(X, y, lam, n_iter, tol, lambda p, lam, c: _threshold(p, lam))


@mistake
def divides_before_the_threshold(X, y, lam, n_iter=1000, tol=1e-10):
    """p was divided by c first, and lam was then subtracted from the weight itself. The slope of c/2 w^2 - p w + lam w
    is 0 at (p - lam) / c: does c divide lam as well?"""
    return _rounds(X, y, lam, n_iter, tol, lambda p, lam, c: _threshold(p / c, lam))


@mistake
def keeps_what_passes_the_threshold(X, y, lam, n_iter=1000, tol=1e-10):
    """Weights that pass the threshold were kept whole here. The price is paid by every weight that is not 0: lam is
    subtracted from those that stay, too."""
    return _rounds(X, y, lam, n_iter, tol, lambda p, lam, c: p / c if abs(p) > lam else 0.0)


@mistake
def knows_only_positive_weights(X, y, lam, n_iter=1000, tol=1e-10):
    """p - lam was cut off at 0, so no weight is ever negative. A p below -lam is as far from 0 as one above lam: what
    becomes of its sign?"""
    return _rounds(X, y, lam, n_iter, tol, lambda p, lam, c: max(p - lam, 0.0) / c)


@mistake
def loses_the_sign(X, y, lam, n_iter=1000, tol=1e-10):
    """The size of the weight is right and its sign is lost: |p| - lam has forgotten on which side of 0 p was."""
    return _rounds(X, y, lam, min(n_iter, 50), tol, lambda p, lam, c: max(abs(p) - lam, 0.0) / c)


@mistake
def forgets_n_at_the_misses(X, y, lam, n_iter=1000, tol=1e-10):
    """The misses were added up and not averaged, so lam weighs N times too little. At which lam should the first weight
    appear? At the largest |x_j . y| / N."""
    return _rounds(X, y, lam / len(y), n_iter, tol, lambda p, lam, c: _threshold(p, lam) / c)


@mistake
def forgets_the_half(X, y, lam, n_iter=1000, tol=1e-10):
    """lam was halved, as for a loss without the 1/2 in front of the squares. With the 1/2 the slope of the squares has
    no factor 2 that lam would have to be divided by."""
    return _rounds(X, y, lam / 2, n_iter, tol, lambda p, lam, c: _threshold(p, lam) / c)


@mistake
def charges_for_the_square(X, y, lam, n_iter=1000, tol=1e-10):
    """This is ridge: lam went to the curvature, and no weight is exactly 0. The price is lam |w|, whose slope is lam or
    -lam, however small w is."""
    return _rounds(X, y, lam, n_iter, tol, lambda p, lam, c: p / (c + lam))


@mistake
def forgets_the_weight_itself(X, y, lam, n_iter=1000, tol=1e-10):
    """p was taken from r alone. r has the column's own share taken off already: before the column can be judged anew, c
    times its old weight has to be put back."""
    N, D = X.shape
    w = np.zeros(D)
    for _ in range(20):
        for j in range(D):
            c = X[:, j] @ X[:, j] / N
            w[j] = _threshold(X[:, j] @ (y - X @ w) / N, lam) / c if c > 0 else 0.0
    return w


@mistake
def keeps_the_first_residual(X, y, lam, n_iter=1000, tol=1e-10):
    """Every column was judged by y itself, as if it were alone. What one column has explained, the others need not
    explain again: which w does your residual describe?"""
    N = len(y)
    c = (X**2).sum(axis=0) / N
    return np.where(c > 0, _threshold(X.T @ y / N, lam) / np.where(c > 0, c, 1.0), 0.0)


@mistake
def moves_all_at_once(X, y, lam, n_iter=1000, tol=1e-10):
    """All weights of a round were computed from one and the same residual. Where columns resemble each other, each of
    them then explains the same thing once more, and the round overshoots. r has to change before the next column is
    asked."""
    N = len(y)
    w, c = np.zeros(X.shape[1]), (X**2).sum(axis=0) / N
    for _ in range(n_iter):
        p = X.T @ (y - X @ w) / N + c * w
        before, w = w, np.where(c > 0, _threshold(p, lam) / np.where(c > 0, c, 1.0), 0.0)
        if np.abs(w - before).max() <= tol:
            break
    return w


@mistake
def walks_down_a_subgradient(X, y, lam, n_iter=1000, tol=1e-10):
    """These are steps against a slope with lam sign(w) in it. They come near, and jump to and fro across the corner:
    weights that should be 0 are only small. A lasso weight is 0 because a threshold has set it to 0."""
    N = len(y)
    w = np.zeros(X.shape[1])
    step = 1 / np.linalg.norm(X.T @ X / N, 2)
    for t in range(n_iter):
        w = w - step / np.sqrt(1 + t) * (X.T @ (X @ w - y) / N + lam * np.sign(w))
    return w


@mistake
def divides_by_a_length_of_zero(X, y, lam, n_iter=1000, tol=1e-10):
    """Right, unless a column holds only zeros: then 0 is divided by 0. Such a column explains nothing, whatever its
    weight is, and the price makes that weight 0."""
    N, D = X.shape
    w, r = np.zeros(D), y.astype(float)
    for _ in range(n_iter):
        before = w.copy()
        for j in range(D):
            c = X[:, j] @ X[:, j] / N
            new = _threshold(X[:, j] @ r / N + c * w[j], lam) / c
            r -= X[:, j] * (new - w[j])
            w[j] = new
        if np.abs(w - before).max() <= tol:
            break
    return w


@mistake
def stops_when_the_loss_stands_still(X, y, lam, n_iter=1000, tol=1e-10):
    """The walk ended when F had nearly stopped changing. F is flat at its lowest point: where it moves by 1e-10, w may
    still move by 1e-5. Ask w itself how far it has moved."""
    N, D = X.shape
    w, loss = np.zeros(D), np.inf
    for _ in range(n_iter):
        for j in range(D):
            c = X[:, j] @ X[:, j] / N
            w[j] = _threshold(X[:, j] @ (y - X @ w) / N + c * w[j], lam) / c if c > 0 else 0.0
        before, loss = loss, np.sum((y - X @ w) ** 2) / (2 * N) + lam * np.sum(np.abs(w))
        if before - loss <= tol:
            break
    return w


@mistake
def goes_round_once(X, y, lam, n_iter=1000, tol=1e-10):
    """This is w after the first round. The weights that came first were computed while the later ones were still 0: go
    round until nothing moves."""
    return _rounds(X, y, lam, 1, tol, lambda p, lam, c: _threshold(p, lam) / c)
