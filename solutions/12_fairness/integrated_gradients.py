r"""Integrated gradients: which input made the model say so?

A model gives your loan application a high risk. Is it your income, or your postcode? The gradient at your application
may be 0 for both, because the model is so sure that nothing small changes its mind. So walk to your application from
somebody neutral, and note on the way which input moved the model, and by how much.

Maths. f makes one number of x, an array of d inputs; x' is the baseline, the neutral starting point. On the straight
road from x' to x, the part alpha of which is behind us, the attribution of input i is

$$a_i = (x_i - x'_i) \int_0^1 \frac{\partial f}{\partial x_i}\bigl(x' + \alpha (x - x')\bigr)\, d\alpha$$

slope times way, added up along the road. The integral is a mean, taken here by the midpoint rule: cut the road into K
steps of the same length (`steps` in the code) and ask in the middle of each,

$$a_i = (x_i - x'_i) \cdot \frac{1}{K} \sum_{k=1}^{K}
\frac{\partial f}{\partial x_i}\Bigl(x' + \frac{k - 1/2}{K} (x - x')\Bigr)$$

The attributions add up to what has to be explained, f(x) - f(x'): exactly for the integral, nearly for the sum. This is
called completeness, and it is how you can check your answer.

By hand. f(x) = x_0 x_1, whose gradient is [x_1, x_0], at x = [2, 3] with the baseline [0, 0] and K = 2. The middles are
at alpha = 1/4 and 3/4:

    [0.5, 0.75]: gradient [0.75, 0.5]
    [1.5, 2.25]: gradient [2.25, 1.5]

The mean is [1.5, 1], times [2, 3] gives [3, 3]. The sum is 6 = f(x) - f(x'), and the two inputs share it equally.

Source: Sundararajan, Taly & Yan, Axiomatic Attribution for Deep Networks (2017), sections 3 and 5.
"""

import numpy as np

from grader.authoring import Named, alternative, case, exercise, given, mistake, picture


@given
def product_slope(x):
    """Return the gradient of f(x) = x_0 x_1, shape (2,)."""
    return np.array([x[1], x[0]])


@given
def bowl_slope(x):
    """Return the gradient of f(x) = x_0^2 + 3 x_0 x_1 - 2 x_2, shape (4,); f does not look at x_3."""
    return np.array([2 * x[0] + 3 * x[1], 3 * x[0], -2.0, 0.0])


@given
def cubes_slope(x):
    """Return the gradient of f(x) = 1 * x_0^3 + 2 * x_1^3 + 3 * x_2^3 + ..., the shape of x."""
    return 3 * np.arange(1, len(x) + 1) * x**2


@given
def neuron_slope(x):
    """Return the gradient of f(x) = s(2 x_0 + 2 x_1 - x_2), shape (3,), where s is the sigmoid, 1 / (1 + e^-z)."""
    s = 1 / (1 + np.exp(-(2 * x[0] + 2 * x[1] - x[2])))
    return s * (1 - s) * np.array([2.0, 2.0, -1.0])


@given
def full_slope(x):
    """Return the gradient of f(x) = min(x_0, 1), shape (1,): the slope is 1 up to 1 and 0 from there on."""
    return np.where(x < 1, 1.0, 0.0)


@exercise(
    points=5,
    difficulty=3,
    returns="attr",
    needs=["eval_numerical_gradient"],
    hints=[
        "Mark the middles of four equal steps on a line from 0 to 1. Which points of the road from baseline to x do "
        "these four numbers stand for?",
        "np.arange(steps) + 0.5, divided by steps, are all the middles. At each of them the model is asked for its "
        "gradient, and of these gradients you need the mean, input by input.",
        "A mean of slopes says how much f changes for each unit of input. The attribution is in units of f: what has "
        "the mean to be multiplied by? Check with the sum of the attributions, which should be f(x) - f(baseline).",
    ],
    why=(
        "At every point of the road the inputs' terms add up to the rate at which f changes there; so over all of it "
        "they add up to f(x) - f(x'), but for the error of the steps, even if f is flat at x."
    ),
    lesson="Which input made it say so?",
)
def integrated_gradients(grad_f, x, baseline, steps=50):
    """Return how much each input contributed to f(x) - f(baseline), along the straight road between the two.

    Args:
        grad_f: function of a float array of shape (d,) that returns the gradient of f there, a float array of shape
            (d,). It takes one point at a time and leaves it alone.
        x: float array, shape (d,). The point to be explained.
        baseline: float array, shape (d,). Where the road begins, any point; it may be x itself.
        steps: int, at least 1. Into how many steps of equal length the road is cut; grad_f is asked in the middle of
            each.

    Returns:
        attr: float array, shape (d,), in the unit of f. Of two rules that are equally good in theory the midpoint rule
        is asked for. The arguments are left as they were.
    """
    alphas = (np.arange(steps) + 0.5) / steps
    slopes = [grad_f(baseline + alpha * (x - baseline)) for alpha in alphas]
    return (x - baseline) * np.mean(slopes, axis=0)


@case
def by_hand(rng):
    """The example of the statement, in two steps."""
    return {"grad_f": Named("product_slope"), "x": np.array([2.0, 3.0]), "baseline": np.zeros(2), "steps": 2}


@case
def an_input_without_use(rng):
    """The usual number of steps. f does not look at the last input, so that it gets 0."""
    return {"grad_f": Named("bowl_slope"), "x": np.array([1.5, -0.5, 2.0, 7.0]), "baseline": np.zeros(4)}


@case
def a_road_from_elsewhere(rng):
    """A baseline that is not zero: the road begins there."""
    return {
        "grad_f": Named("bowl_slope"),
        "x": np.array([1.25, -0.75, 2.5, 3.0]),
        "baseline": np.array([0.5, 1.0, -1.5, 2.0]),
        "steps": 10,
    }


@case
def a_neuron_that_is_sure(rng):
    """At x the neuron says 0.99998 and its slope is next to nothing. The first two inputs are alike."""
    return {"grad_f": Named("neuron_slope"), "x": np.array([3.0, 3.0, 1.0]), "baseline": np.zeros(3), "steps": 5}


@case
def four_steps_of_a_cube(rng):
    """So few steps that the rule shows: the sum is not yet f(x) - f(baseline)."""
    return {
        "grad_f": Named("cubes_slope"),
        "x": np.array([2.0, -1.0, 1.5]),
        "baseline": np.array([0.0, 1.0, 0.5]),
        "steps": 4,
    }


@case(hidden=True)
def seven_inputs(rng):
    return {
        "grad_f": Named("cubes_slope"),
        "x": np.round(rng.normal(size=7), 2),
        "baseline": np.round(rng.normal(size=7), 2),
        "steps": 9,
    }


@case(edge=True)
def a_single_step(rng):
    """steps = 1: one question, in the middle of the road."""
    return {
        "grad_f": Named("cubes_slope"),
        "x": np.array([2.0, 1.0]),
        "baseline": np.array([1.0, -0.5]),
        "steps": 1,
    }


@case(edge=True)
def no_road_at_all(rng):
    """x is the baseline: there is nothing to explain, and all attributions are 0."""
    return {
        "grad_f": Named("cubes_slope"),
        "x": np.array([2.0, 1.0]),
        "baseline": np.array([2.0, 1.0]),
        "steps": 5,
    }


@case(edge=True)
def one_input(rng):
    """min(x, 1) at x = 4: the slope is 0 there, and the attribution is 1."""
    return {"grad_f": Named("full_slope"), "x": np.array([4.0]), "baseline": np.array([0.0]), "steps": 8}


@picture(case="a_neuron_that_is_sure")
def bars_that_add_up(axes, arguments, answer):
    """Each bar is what one input contributed. The first two inputs are alike and get equal bars, the third one pulls
    the other way. The neuron goes from f(baseline) = 0.5 to f(x) = 0.99998; five steps come near to that way."""
    heights = np.ravel(np.asarray(answer, float))
    axes.bar(range(len(heights)), heights, hatch="//", edgecolor="white")
    axes.axhline(0.0, color="black", linewidth=0.8)
    axes.set(title=f"sum = {heights.sum():.4f}", xlabel="input", ylabel="attribution", xticks=range(len(heights)))


@alternative
def adds_step_by_step(grad_f, x, baseline, steps=50):
    attr = np.zeros(len(x))
    step = (x - baseline) / steps
    here = baseline + step / 2
    for _ in range(steps):
        attr = attr + step * grad_f(here)
        here = here + step
    return attr


@alternative
def walks_back_from_x(grad_f, x, baseline, steps=50):
    total = 0.0
    for alpha in np.linspace(1 / (2 * steps), 1 - 1 / (2 * steps), steps):
        total = total + grad_f((1 - alpha) * x + alpha * baseline)
    return np.multiply(x - baseline, total) / steps


@alternative
def multiplies_a_table_of_slopes(grad_f, x, baseline, steps=50):
    alpha = np.arange(1, 2 * steps, 2)[:, None] / (2 * steps)
    road = (1 - alpha) * baseline + alpha * x
    slopes = np.apply_along_axis(grad_f, 1, road)
    return np.einsum("kd,d->d", slopes, x - baseline) / steps


def _slopes(grad_f, x, baseline, alphas):
    return np.array([grad_f(baseline + alpha * (x - baseline)) for alpha in alphas])


def _middles(steps):
    return (np.arange(steps) + 0.5) / steps


@mistake
def leaves_out_the_way(grad_f, x, baseline, steps=50):
    """This is the mean slope along the road. Slope is f for each unit of input; to be in the unit of f, and to add
    up to f(x) - f(baseline), it has to be multiplied by something. By what?"""
    return _slopes(grad_f, x, baseline, _middles(steps)).mean(axis=0)


@mistake
def adds_in_place_of_the_mean(grad_f, x, baseline, steps=50):
    """The attributions grow with the number of steps: the slopes were added and not averaged. With steps of half the
    length there are twice as many."""
    return (x - baseline) * _slopes(grad_f, x, baseline, _middles(steps)).sum(axis=0)


@mistake
def divides_by_the_steps_twice(grad_f, x, baseline, steps=50):
    """The attributions shrink with the number of steps: what was a mean already has been divided by steps once more.
    Compare their sum with f(x) - f(baseline)."""
    return (x - baseline) * _slopes(grad_f, x, baseline, _middles(steps)).mean(axis=0) / steps


@mistake
def starts_at_zero(grad_f, x, baseline, steps=50):
    """The road begins at zero, whatever the baseline is. Put alpha = 0 into your formula for the point on the road:
    where are you?"""
    return (x - baseline) * _slopes(grad_f, x, np.zeros_like(x), _middles(steps)).mean(axis=0)


@mistake
def multiplies_by_x(grad_f, x, baseline, steps=50):
    """The mean slope was multiplied by x. That is the way only if the road begins at zero: how far has each input come
    from the baseline?"""
    return x * _slopes(grad_f, x, baseline, _middles(steps)).mean(axis=0)


@mistake
def looks_at_the_end_of_the_road(grad_f, x, baseline, steps=50):
    """The gradient at x alone was taken. Where the model is sure, its slope is flat at the end of the road, although it
    was steep on the way; ask along the whole road."""
    return (x - baseline) * grad_f(x)


@mistake
def looks_at_the_beginning_of_the_road(grad_f, x, baseline, steps=50):
    """The gradient at the baseline alone was taken. It says how the model reacts to somebody neutral; on the way to x
    this changes, so ask along the whole road."""
    return (x - baseline) * grad_f(baseline)


@mistake
def asks_at_the_beginning_of_each_step(grad_f, x, baseline, steps=50):
    """grad_f was asked where each step begins, at alpha = 0, 1/K, 2/K, ... In the middle of the step the error is far
    smaller; the docstring asks for the midpoint rule."""
    return (x - baseline) * _slopes(grad_f, x, baseline, np.arange(steps) / steps).mean(axis=0)


@mistake
def asks_at_the_end_of_each_step(grad_f, x, baseline, steps=50):
    """grad_f was asked where each step ends, at alpha = 1/K, 2/K, ..., 1. In the middle of the step the error is far
    smaller; the docstring asks for the midpoint rule."""
    return (x - baseline) * _slopes(grad_f, x, baseline, np.arange(1, steps + 1) / steps).mean(axis=0)


@mistake
def asks_at_both_ends(grad_f, x, baseline, steps=50):
    """grad_f was asked at evenly spaced points from alpha = 0 to alpha = 1, both ends included. These are not the
    middles of the steps: the first middle is half a step from the beginning."""
    return (x - baseline) * _slopes(grad_f, x, baseline, np.linspace(0, 1, steps)).mean(axis=0)


@mistake
def walks_the_wrong_way(grad_f, x, baseline, steps=50):
    """All signs are turned around: the way was taken as baseline - x. Walking from the baseline to x, an input that
    grows has come a positive way."""
    return (baseline - x) * _slopes(grad_f, x, baseline, _middles(steps)).mean(axis=0)


@mistake
def shows_no_sign(grad_f, x, baseline, steps=50):
    """The attributions lost their signs. An input can speak against the answer; without signs they no longer add up to
    f(x) - f(baseline)."""
    return np.abs((x - baseline) * _slopes(grad_f, x, baseline, _middles(steps)).mean(axis=0))


@mistake
def moves_the_callers_x(grad_f, x, baseline, steps=50):
    """Right, but the caller's x is no longer what it was: x -= baseline writes into the array that was handed over."""
    np.subtract(x, baseline, out=x)
    slopes = [grad_f(baseline + alpha * x) for alpha in _middles(steps)]
    return x * np.mean(slopes, axis=0)


@mistake
def averages_both_ends_of_each_step(grad_f, x, baseline, steps=50):
    """The trapezoid rule: the slopes at both ends of every step were averaged. It is about as good as the midpoint
    rule, and asks once more; the docstring asks for the middles, so that all answers can be compared."""
    slopes = _slopes(grad_f, x, baseline, np.linspace(0, 1, steps + 1))
    return (x - baseline) * ((slopes[:-1] + slopes[1:]) / 2).mean(axis=0)


@mistake
def integrates_to_the_last_digit(grad_f, x, baseline, steps=50):
    """This is the integral itself, which the sum comes near to. The docstring asks for the mean over the middles of
    `steps` steps, which also says how often the model is asked."""
    from scipy.integrate import quad

    def along(i):
        return quad(lambda alpha: grad_f(baseline + alpha * (x - baseline))[i], 0, 1)[0]

    return (x - baseline) * np.array([along(i) for i in range(len(x))])
