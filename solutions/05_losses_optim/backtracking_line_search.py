r"""Backtracking line search: how far, when you know the direction?

A learning rate that is too large makes the loss jump up, one that is too small wastes the day, and the right one
changes on the way. Instead of guessing, one can try a long step and halve it until it keeps what the slope promised.
Solvers of regression models and of engineering problems do this in every single step.

Maths. x is a point and d a direction, vectors of shape (D,); f gives a number for every point, and grad is its gradient
at x. Along d the height f changes at first at the rate

$$s = \text{grad} \cdot d = \sum_i \text{grad}_i\, d_i$$

per unit of alpha. If s is negative, d goes down. A step of length alpha should keep at least a share c of what this
slope promises, c between 0 and 1. This is the Armijo condition:

$$f(x + \alpha d) \le f(x) + c\,\alpha\, s$$

Try alpha_0, then rho alpha_0, rho^2 alpha_0 and so on, with rho between 0 and 1, and take the first alpha for which it
holds. The right side lies below f(x), so the step goes down by more than a token. For small enough alpha it holds for
every smooth f, since f then falls at the rate s itself, which is steeper than c s.

By hand. f(x) = x_1^2, x = [1], grad = [2], d = [-2], so s = -4. Let c = 0.25, alpha_0 = 0.8, rho = 0.5.

    alpha = 0.8: f(1 - 1.6) = 0.36, and 1 - 0.25 * 0.8 * 4 = 0.2: lower than f(x) = 1, but less than promised
    alpha = 0.4: f(1 - 0.8) = 0.04, and 1 - 0.25 * 0.4 * 4 = 0.6: the answer is 0.4

The rest is only for reading messages; what you get as f is always a function. In a message f is the name of one of the
functions below, or, where it is asked how often f was called or what is left in x and d, a dict with that name and the
question.

Source: Nocedal & Wright, Numerical Optimization (2006), section 3.1, algorithm 3.1; Armijo (1966).
"""

import numpy as np

from grader.authoring import Named, alternative, case, drive, exercise, given, mistake, picture


@given
def bowl(x):
    """Return the sum of the squares; its gradient is 2 x."""
    return float(np.sum(np.square(x)))


@given
def banana(x):
    """Return Rosenbrock's function of two numbers, a bent valley whose lowest point is [1, 1]."""
    return float((1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2)


@given
def barrier(x):
    """Return the sum of x - log x. Where an entry is 0 that is infinite, and where one is negative it is NaN."""
    lowest = np.min(x)
    if not lowest > 0:
        return float("inf") if lowest == 0 else float("nan")
    return float(np.sum(x - np.log(x)))


@given
def waves(x):
    """Return the sum of sin x; its gradient is cos x."""
    return float(np.sum(np.sin(x)))


@exercise(
    points=5,
    difficulty=3,
    returns=["alpha", "calls_of_f_too_many", "x_afterwards", "d_afterwards"],
    needs=["quadratic_form_grad"],
    hints=[
        "Sketch f along the direction as a curve over alpha, starting at f(x), and the straight line of the right "
        "side. Which of the two is lower for tiny alpha, and which for large alpha? What if s is positive?",
        "f(x) and s stay the same in all trials: compute them once. A comparison with NaN is always False, so ask "
        "whether the condition holds, and not whether it fails.",
        "If s is not below 0, return 0.0. Otherwise repeat max_iter times: if the condition holds for x + alpha * d, "
        "return alpha; if not, multiply alpha by rho. Behind the loop, return 0.0.",
    ],
    why=(
        "Along a d that descends, a smooth f begins to fall at the full rate s, so every short enough step keeps a "
        "share c < 1 of it: a trial must succeed in the end, and what it gains is not just a token."
    ),
    lesson="How far? The Armijo condition",
)
def backtracking_line_search(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Return the first of alpha0, rho * alpha0, rho**2 * alpha0, ... that fulfils the Armijo condition.

    Args:
        f: function of a float array, shape (D,), that returns a float. It may be NaN or +inf away from x; there the
            step is too long. f(x) itself is finite.
        grad: float array, shape (D,). The gradient of f at x.
        x: float array, shape (D,). The point to start from; every trial starts here.
        d: float array, shape (D,). The direction. It need not be -grad.
        alpha0: float, above 0. The first trial.
        c: float, between 0 and 1. The share of the promised descent that is asked for.
        rho: float, between 0 and 1. The factor from one trial to the next.
        max_iter: int, at least 1. How many alphas are tried at most, alpha0 among them.

    Returns:
        alpha: float. It is 0.0, which means stay where you are, if d does not go down (grad . d is 0 or above), and if
        none of the max_iter alphas fulfils the condition. Equality fulfils it. f is called max_iter + 1 times at most.
        x and d are left as they were.
    """
    slope = np.dot(grad, d)
    if slope >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter):
        if f(x + alpha * d) <= start + c * alpha * slope:
            return alpha
        alpha = rho * alpha
    return 0.0


@drive
def along_the_line(backtracking_line_search, f, grad, x, d, *settings):
    """Call the function and return alpha; f may be a dict with a question besides.

    {"f": f, "ask": "calls of f"} also asks by how many the calls of f exceed max_iter + 1, and
    {"f": f, "ask": "x and d"} what the arrays x and d hold after the call. After a thousand calls more f refuses.
    """
    ask = f["ask"] if isinstance(f, dict) else None
    height = f["f"] if isinstance(f, dict) else f
    max_iter = settings[3] if len(settings) > 3 else 50
    calls = 0

    def counted(point):
        nonlocal calls
        calls += 1
        if calls > max_iter + 1001:
            raise TimeoutError(f"f was called {calls} times, where max_iter is {max_iter}: does the loop end?")
        return height(point)

    grad, x, d = grad.copy(), x.copy(), d.copy()
    alpha = backtracking_line_search(counted, grad, x, d, *settings)
    alpha = float(alpha) if type(alpha) is int else alpha  # 0 is as good as 0.0
    if ask == "calls of f":
        return alpha, max(0, calls - max_iter - 1)
    if ask == "x and d":
        return alpha, 0, x, d
    return (alpha,)


@picture(case="out_of_the_bend")
def armijo(axes, arguments, answer):
    """The curve is f along the direction d, the dashed line what the Armijo condition allows. The crosses are alpha0,
    rho * alpha0 and so on, the dot is the answer: is it the first cross, from the right, on or below the line?"""
    f, x, d, c, rho = banana, arguments["x"], arguments["d"], arguments["c"], arguments["rho"]
    slope = float(arguments["grad"] @ d)
    alphas = np.linspace(0, 1.05 * arguments["alpha0"], 211)
    axes.plot(alphas, [f(x + alpha * d) for alpha in alphas])
    axes.plot(alphas, f(x) + c * alphas * slope)
    trials = arguments["alpha0"] * rho ** np.arange(8)
    axes.plot(trials, [f(x + alpha * d) for alpha in trials], "x", color="0.4", markersize=6)
    axes.plot(answer[0], f(x + answer[0] * d), "ko", markersize=8)
    axes.set(xlabel="alpha", ylabel="f(x + alpha d)", title=f"alpha = {answer[0]:.6g}")


def line(f, x, grad, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50, ask=None):
    """The arguments of a case, in their order."""
    f = Named(f) if ask is None else {"f": Named(f), "ask": ask}
    point = {"f": f, "grad": np.array(grad), "x": np.array(x), "d": np.array(d)}
    return {**point, "alpha0": alpha0, "c": c, "rho": rho, "max_iter": max_iter}


@case
def by_hand(rng):
    """The example of the statement: 0.8 goes down, but by less than promised."""
    return line("bowl", [1.0], [2.0], [-2.0], alpha0=0.8, c=0.25)


@case
def the_first_try_is_good(rng):
    """Nothing has to be shortened where alpha0 fulfils the condition already."""
    return line("bowl", [1.0, -2.0], [2.0, -4.0], [-2.0, 4.0], alpha0=0.375, c=0.1)


@case
def all_defaults(rng):
    """From [1, -2] a step of -grad lands just as high on the other side, half of it at the lowest point."""
    x, grad = np.array([1.0, -2.0]), np.array([2.0, -4.0])
    return {"f": Named("bowl"), "grad": grad, "x": x, "d": -grad}


@case
def another_direction(rng):
    """d is not -grad: it goes down less steeply."""
    return line("bowl", [2.0, 1.0], [4.0, 2.0], [-3.0, 2.0], alpha0=0.8, c=0.3, rho=0.8)


@case
def out_of_the_bend(rng):
    """From the wall of Rosenbrock's valley down, where the other wall is near."""
    return line("banana", [-1.2, 1.0], [-215.6, -88.0], [2.156, 0.88], alpha0=0.2, c=0.4, rho=0.75)


@case
def a_longer_way(rng):
    """Rosenbrock's function from [0, 0], where many trials are too long."""
    return line("banana", [0.0, 0.0], [-2.0, 0.0], [2.0, 0.0], alpha0=8.0, c=0.2, rho=0.6)


@case(edge=True)
def not_a_number_far_away(rng):
    """At the first trials f is NaN, the logarithm of a negative number: that is too far."""
    return line("barrier", [0.5, 2.0], [-1.0, 0.5], [4.0, -2.0], alpha0=3.0)


@case(edge=True)
def infinite_far_away(rng):
    """At the first trial f is infinite."""
    return line("barrier", [2.0], [0.5], [-2.0], c=0.1, rho=0.75)


@case(edge=True)
def uphill(rng):
    """d goes up at first, although a long step would land lower: the answer is 0.0."""
    return line("waves", [0.0], [1.0], [5.0])


@case(edge=True)
def straight_up(rng):
    """d = grad, and no step is of any use."""
    return line("bowl", [1.0, -2.0], [2.0, -4.0], [2.0, -4.0], max_iter=100)


@case(edge=True)
def level_ground(rng):
    """grad . d is 0, so d does not go down; what it climbs in one number it loses in the other."""
    return line("waves", [0.0, 0.0], [1.0, 1.0], [4.0, -4.0])


@case(edge=True)
def at_the_last_try(rng):
    """The third of three trials fulfils the condition."""
    return line("bowl", [1.0], [2.0], [-2.0], alpha0=3.0, c=0.1, max_iter=3)


@case(edge=True)
def no_try_left(rng):
    """The third trial would fulfil the condition, but only two are allowed: the answer is 0.0."""
    return line("bowl", [1.0], [2.0], [-2.0], alpha0=3.0, c=0.1, max_iter=2)


@case(edge=True)
def far_from_a_good_step(rng):
    """None of the two trials that are allowed fulfils the condition, nor would the next: the answer is 0.0."""
    return line("bowl", [1.0], [2.0], [-2.0], alpha0=6.0, c=0.1, max_iter=2)


@case(edge=True)
def exactly_on_the_line(rng):
    """Both sides of the condition are equal, and that is enough: f(0.5) = 0.25, and 1 - 0.75 * 0.25 * 4 = 0.25."""
    return line("bowl", [1.0], [2.0], [-2.0], alpha0=0.25, c=0.75)


@case(edge=True)
def how_often_f_is_called(rng):
    """f may be slow: it is called once for each trial, and once at x."""
    return line("bowl", [1.0], [2.0], [-2.0], alpha0=6.0, c=0.1, max_iter=4, ask="calls of f")


@case(edge=True)
def arguments_are_left_alone(rng):
    """What x and d hold after the call is what they held before."""
    return line("bowl", [1.0, 0.5], [2.0, 1.0], [-2.0, -1.0], alpha0=3.0, c=0.1, ask="x and d")


@case(hidden=True)
def three_numbers(rng):
    return line("barrier", [0.5, 4.0, 2.0], [-1.0, 0.75, 0.5], [1.0, -2.0, 0.5], alpha0=1.75, c=0.5, rho=0.7)


@alternative
def shortens_while_it_is_too_long(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    slope = sum(float(a) * float(b) for a, b in zip(grad, d, strict=True))
    if not slope < 0:
        return 0.0
    fx, tried = f(x), 1
    step = np.asarray(alpha0) * d
    while not fx - f(x + step) >= -c * np.dot(grad, step):
        if tried == max_iter:
            return 0.0
        step = step * rho
        tried += 1
    return float(alpha0 * rho ** (tried - 1))


@alternative
def asks_for_the_average_slope(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    slope, here = (grad * d).sum(), f(x)
    for power in range(max_iter if slope < 0 else 0):
        alpha = alpha0 * rho**power
        average = (f(x + alpha * d) - here) / alpha
        if average <= c * slope:
            return np.float64(alpha)
    return 0.0


@alternative
def calls_itself_with_a_shorter_step(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    slope, here = np.einsum("i,i->", grad, d), f(np.copy(x))

    def shorter(alpha, left):
        if slope >= 0 or left == 0:
            return 0.0
        there = f(np.add(x, np.multiply(alpha, d)))
        good = np.isfinite(there) and there <= here + c * (alpha * slope)
        return alpha if good else shorter(alpha * rho, left - 1)

    return shorter(alpha0, max_iter)


@mistake
def accepts_any_descent(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """A step is accepted as soon as it lands lower than x, by however little; c plays no part. How much descent did the
    slope promise for a step of this length, and which share of it is asked for?"""
    if grad @ d >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter):
        if f(x + alpha * d) < start:
            return alpha
        alpha = rho * alpha
    return 0.0


@mistake
def allows_a_climb(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """The right side lies above f(x), so steps that climb a little are accepted. For a direction that goes down
    grad . d is negative: which sign must it have so that the line falls?"""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter):
        if f(x + alpha * d) <= start - c * alpha * slope:
            return alpha
        alpha = rho * alpha
    return 0.0


@mistake
def walks_on_from_each_trial(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """The point moves on with every trial that was rejected. Each trial starts from the same x; what was rejected is
    forgotten."""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    start, alpha, point = f(x), alpha0, x
    for _ in range(max_iter):
        point = point + alpha * d
        if f(point) <= start + c * alpha * slope:
            return alpha
        alpha = rho * alpha
    return 0.0


@mistake
def asks_the_same_of_every_step(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """The right side is f(x) + c * s, without alpha: a short step is asked for as much descent as a long one. What does
    the slope promise for a step of length alpha?"""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter):
        if f(x + alpha * d) <= start + c * slope:
            return alpha
        alpha = rho * alpha
    return 0.0


@mistake
def takes_d_for_the_steepest_way(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """The slope along d was taken to be minus the squared length of grad. That is so for d = -grad; another direction
    goes down less steeply, and its slope is grad . d."""
    if grad @ d >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter):
        if f(x + alpha * d) <= start - c * alpha * (grad @ grad):
            return alpha
        alpha = rho * alpha
    return 0.0


@mistake
def shortens_once_too_often(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """What comes back is one rho smaller than the alpha that was accepted. In which order do you test, shorten and
    return?"""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter):
        accepted = f(x + alpha * d) <= start + c * alpha * slope
        alpha = rho * alpha
        if accepted:
            return alpha
    return 0.0


@mistake
def never_tries_alpha0(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """alpha is shortened before the first trial, so alpha0 itself is never tried. It may be good enough."""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter):
        alpha = rho * alpha
        if f(x + alpha * d) <= start + c * alpha * slope:
            return alpha
    return 0.0


@mistake
def lets_nan_pass(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Right, except where f is NaN. Every comparison with NaN is False, so a loop that goes on while f is too large
    stops there, content. Turn the question round."""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter):
        if not f(x + alpha * d) > start + c * alpha * slope:
            return alpha
        alpha = rho * alpha
    return 0.0


@mistake
def does_not_ask_whether_d_descends(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Right, as long as d goes down. If it goes up, or stays level, the condition asks for no descent at all, and a
    step may pass by luck. Ask for the sign of grad . d first."""
    slope = grad @ d
    start, alpha = f(x), alpha0
    for _ in range(max_iter):
        if f(x + alpha * d) <= start + c * alpha * slope:
            return alpha
        alpha = rho * alpha
    return 0.0


@mistake
def takes_level_for_descending(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Right, except where grad . d is exactly 0. Then d does not go down, and there is no descent to keep a share of.
    On which side of your question is 0?"""
    slope = grad @ d
    if slope > 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter):
        if f(x + alpha * d) <= start + c * alpha * slope:
            return alpha
        alpha = rho * alpha
    return 0.0


@mistake
def ignores_max_iter(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Right, where a step is found within max_iter trials. If not, this goes on. A loop that may find nothing needs
    somebody who counts."""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    while not f(x + alpha * d) <= start + c * alpha * slope:
        alpha = rho * alpha
    return alpha


@mistake
def asks_neither_for_d_nor_for_max_iter(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Right, where there is a step to be found. For a direction that goes up, and where max_iter trials are not enough,
    the loop goes on until alpha is lost in rounding. Two things have to be asked: does d go down, and how many trials
    are left?"""
    slope, start, alpha = grad @ d, f(x), alpha0
    while not f(x + alpha * d) <= start + c * alpha * slope:
        alpha = rho * alpha
    return alpha


@mistake
def trusts_in_friendly_arguments(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Right, where d goes down, a step is soon found, and f is a number everywhere. On other days three things go
    wrong: NaN is not greater than anything, a direction may go up, and somebody has to count the trials."""
    slope, start, alpha = grad @ d, f(x), alpha0
    while f(x + alpha * d) > start + c * alpha * slope:
        alpha = rho * alpha
    return alpha


@mistake
def returns_the_last_trial(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Right, where a step is found. If none of the max_iter trials fulfils the condition, this returns an alpha all the
    same, and the caller takes a step that nobody has approved. What does the text say for that?"""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter):
        if f(x + alpha * d) <= start + c * alpha * slope:
            return alpha
        alpha = rho * alpha
    return alpha


@mistake
def tries_once_too_often(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Right, but there are max_iter + 1 trials. alpha0 is a trial, too: how many times may it be shortened?"""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter + 1):
        if f(x + alpha * d) <= start + c * alpha * slope:
            return alpha
        alpha = rho * alpha
    return 0.0


@mistake
def tries_once_too_little(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Right, but the last of the max_iter trials is never made. alpha0 is the first trial; which is the last?"""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter - 1):
        if f(x + alpha * d) <= start + c * alpha * slope:
            return alpha
        alpha = rho * alpha
    return 0.0


@mistake
def refuses_equality(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Right, except where the two sides are equal. The condition says less or equal, so the step is good enough."""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter):
        if f(x + alpha * d) < start + c * alpha * slope:
            return alpha
        alpha = rho * alpha
    return 0.0


@mistake
def computes_f_at_x_in_every_trial(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Right, but f(x) is computed anew in every trial, although x never changes. Where f is a pass through all the
    data, this takes twice the time."""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    alpha = alpha0
    for _ in range(max_iter):
        if f(x + alpha * d) <= f(x) + c * alpha * slope:
            return alpha
        alpha = rho * alpha
    return 0.0


@mistake
def takes_the_step_as_well(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Right, but the caller's x has moved: the step was taken and not only measured. x += something writes into the
    array that was handed over."""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    for _ in range(max_iter):
        if f(x + alpha * d) <= start + c * alpha * slope:
            x += alpha * d
            return alpha
        alpha = rho * alpha
    return 0.0


@mistake
def shortens_the_callers_direction(f, grad, x, d, alpha0=1.0, c=1e-4, rho=0.5, max_iter=50):
    """Right, but d itself was shortened with every trial, and the caller's direction is no longer what it was. d *= rho
    writes into the array that was handed over."""
    slope = grad @ d
    if slope >= 0:
        return 0.0
    start, alpha = f(x), alpha0
    d *= alpha0
    for _ in range(max_iter):
        if f(x + d) <= start + c * alpha * slope:
            return alpha
        alpha = rho * alpha
        d *= rho
    return 0.0
