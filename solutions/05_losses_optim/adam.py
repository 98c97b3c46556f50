r"""Adam: a step of sensible size for every parameter.

In one network some gradients are ten thousand times as large as others, and one learning rate has to serve them all:
too large here, too small there. Adam divides every gradient by the size that it usually has, so that every parameter
moves at about the same pace. It is where most people start today, and the learning rate 0.001 is a fair first guess.

Maths. w is a parameter of any shape; g = dw is its gradient, m the average of past gradients, v that of their squares
(so the root of v is the usual size of g), all of the shape of w, computed entry by entry. m and v are 0 at the start,
and t counts the steps, 0 before the first one. One step with the decay rates beta1 and beta2, each at least 0 and below
1, the learning rate eta and a tiny epsilon:

$$t \leftarrow t + 1 \qquad m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad
v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$$

$$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad
w \leftarrow w - \eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}$$

m and v begin at 0, so at first they are too small. Had g always been the same, each step would leave the share beta1 of
what m lacks: beta1^t g after t steps, so that m would be (1 - beta1^t) g. The division takes that back. m_hat and v_hat
are used in this step and then forgotten; what is stored is m and v.

By hand. w = [1], eta = 0.1, beta1 = 0.5, beta2 = 0.84, and the gradients [4] and [1]; epsilon is too small to matter.

    step 1: m = 2,   v = 2.56,   m_hat = 2 / 0.5 = 4,    v_hat = 2.56 / 0.16 = 16
            w = 1 - 0.1 * 4 / 4 = 0.9
    step 2: m = 1.5, v = 2.3104, m_hat = 1.5 / 0.75 = 2, v_hat = 2.3104 / 0.2944 = 7.848
            w = 0.9 - 0.1 * 2 / 2.801 = 0.8286

The first step has the size eta, whatever the size of the gradient.

The rest is only for reading messages. adam takes one step of one parameter: w and dw are always arrays. To be graded,
it is called several times in a row, with the config that came back last. So in a message dw is a list with the gradient
of every step (or slope_of_valley, which is asked 25 times), next_w['step 2'] is w after the second step, and m, v and
t['step 2'] are what the config holds then. Where w is a dict of several parameters, adam was called for one at a time.

Source: Kingma & Ba, Adam (2015), algorithm 1 and section 3; Stanford CS231n, assignment 2, `adam`.
"""

import numpy as np

from grader.authoring import Named, alternative, case, drive, exercise, given, mistake, picture


@given
def slope_of_valley(w):
    """Return the gradient of (w[0]**2 + 25 * w[1]**2) / 2, a valley that is long in w[0] and narrow in w[1]."""
    return np.array([1.0, 25.0]) * w


@exercise(
    points=5,
    difficulty=3,
    returns=["next_w", "m", "v", "t", "w_afterwards", "dw_afterwards"],
    needs=["sgd_momentum"],
    hints=[
        "Do the first step of the example with the gradient [4000] in place of [4]. Which of the numbers change, and "
        "does w?",
        "Three things have to survive from one call to the next: m, v and t. Where config does not have them, they are "
        "zeros like w (np.zeros_like), twice, and 0. Raise t first: the first step divides by 1 - beta1**1.",
        "Compute t, m and v anew and keep them in the config. Under other names, divide m by 1 - beta1**t and v by "
        "1 - beta2**t. The step is learning_rate times the one, over the square root of the other plus epsilon; "
        "subtract it from w with -, which makes a new array.",
    ],
    why=(
        "The weights with which m and v sum up the past add up to only 1 - beta^t. Divided by that, both are true "
        "averages from the first step on, and zeros that nobody has measured do not count."
    ),
    lesson="Adam: a pace of its own for every parameter",
)
def adam(w, dw, config=None):
    """Take one step of Adam.

    Args:
        w: float array, any shape with at least one axis. The parameter before the step.
        dw: float array, the shape and dtype of w. The gradient of the loss at w; entries may be 0.
        config: dict, or None for all defaults. An entry that is absent has its default:
            learning_rate: float, above 0 (1e-3);
            beta1, beta2: floats, at least 0 and below 1 (0.9 and 0.999), the decay rates of m and v;
            epsilon: float, above 0 (1e-8), added to the square root of v_hat, not under it;
            m, v: float arrays, the shape of w (zeros). What the call before has stored;
            t: int, how many steps were taken before this one (0).

    Returns:
        (next_w, config): next_w is a float array, the shape and dtype of w, the parameter after the step. config is a
        dict to hand to the next call: the settings as they were, and the new m and v, without the correction, float
        arrays of the shape and dtype of w, and t, which is 1 more than before. The dict, and m and v in it, may be the
        caller's own, overwritten, or new ones; the dict may hold more entries, such as the defaults. w and dw are left
        as they were. Parameters share nothing: each has a config of its own, with m, v and t of its own.
    """
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    settings = {**defaults, "m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0, **(config or {})}
    beta1, beta2 = settings["beta1"], settings["beta2"]

    t = settings["t"] + 1
    m = beta1 * settings["m"] + (1 - beta1) * dw
    v = beta2 * settings["v"] + (1 - beta2) * dw**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    next_w = w - settings["learning_rate"] * m_hat / (np.sqrt(v_hat) + settings["epsilon"])
    return next_w, {**settings, "m": m, "v": v, "t": t}


@drive
def step_after_step(adam, w, dw, *config):
    """Take a step for every gradient in dw, handing on the config, and return w, m, v and t after each.

    w may be a dict of parameters, each with a config of its own and a gradient of its own in every step. What the
    arrays of a parameter called watched hold after each call is returned as well. Where dw is a function it is asked
    for the gradient, 25 times. Without a config the function is called without one.
    """
    parameters = w if isinstance(w, dict) else {"": w}
    configs = dict.fromkeys(parameters, config)
    next_w, m, v, t, w_afterwards, dw_afterwards = {}, {}, {}, {}, {}, {}
    for number, gradient in enumerate([dw] * 25 if callable(dw) else dw, 1):
        for name, before in parameters.items():
            step = f"{name}, step {number}" if len(parameters) > 1 else f"step {number}"
            now = before.copy()
            slope = gradient(now) if callable(gradient) else gradient[name] if isinstance(w, dict) else gradient
            slope = slope.copy()
            answer = adam(now, slope, *configs[name])
            if not (isinstance(answer, (tuple, list)) and len(answer) == 2 and isinstance(answer[1], dict)):
                raise TypeError("two things should come back, the new w and a dict: return next_w, config")
            found = {"next_w": answer[0], "config['m']": answer[1].get("m"), "config['v']": answer[1].get("v")}
            for part, value in found.items():
                if not isinstance(value, np.ndarray):
                    kind = "None" if value is None else f"of type {type(value).__name__}"
                    raise TypeError(f"{part} is {kind} after {step}, and should be an array like w")
            if answer[1].get("t") is None:
                raise TypeError(f"config['t'] is None after {step}, and should be the number of steps")
            parameters = {**parameters, name: answer[0].copy()}
            configs[name] = (answer[1],)
            next_w[step], m[step], v[step] = parameters[name], answer[1]["m"].copy(), answer[1]["v"].copy()
            t[step] = int(answer[1]["t"]) if answer[1]["t"] == int(answer[1]["t"]) else answer[1]["t"]
            w_afterwards[step], dw_afterwards[step] = now, slope
    if "watched" in parameters:
        return next_w, m, v, t, w_afterwards, dw_afterwards
    return next_w, m, v, t


@picture(case="down_a_valley")
def path(axes, arguments, answer):
    """The lines are heights of the valley, the dots are w after every step, the star is the lowest point. Do the first
    dots move at the same pace in both directions, although one slope is so much steeper?"""
    across, along = np.meshgrid(np.linspace(-2.5, 2.5, 101), np.linspace(-4.5, 2.5, 141))
    height = (along**2 + 25 * across**2) / 2
    axes.contour(along, across, height, levels=[1, 5, 12, 25, 45, 70], colors="0.75", linewidths=0.8)
    points = np.array([arguments["w"], *answer[0].values()])
    axes.plot(points[:, 0], points[:, 1], "o-", markersize=3.5, linewidth=1)
    axes.plot(0, 0, "k*", markersize=10)
    axes.set(xlabel="w[0], along the valley", ylabel="w[1], across", xlim=(-4.5, 2.5), ylim=(-2.5, 2.5))


@case
def by_hand(rng):
    """The example of the statement: two steps."""
    config = {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.84}
    return {"w": np.array([1.0]), "dw": [np.array([4.0]), np.array([1.0])], "config": config}


@case
def all_defaults(rng):
    """No config is given, and the gradients differ in size: the first step is 0.001 for each entry."""
    gradients = [np.array([1000.0, -2.0, 0.05]), np.array([-500.0, -3.0, 0.01]), np.array([200.0, 1.0, 0.02])]
    return {"w": np.array([1.0, -2.0, 0.5]), "dw": gradients}


@case
def a_matrix_of_weights(rng):
    """Four steps of a parameter of shape (2, 3)."""
    gradients = [np.round(rng.normal(size=(2, 3)), 2) for _ in range(4)]
    w = np.round(rng.choice([-1, 1], (2, 3)) * rng.uniform(1.0, 2.0, (2, 3)), 2)
    return {"w": w, "dw": gradients, "config": {"learning_rate": 0.05, "beta1": 0.8, "beta2": 0.95}}


@case
def goes_on_after_five_steps(rng):
    """Training was interrupted: config holds m, v and t = 5."""
    config = {"learning_rate": 0.01, "m": np.array([0.3, -0.5]), "v": np.array([0.04, 0.09]), "t": 5}
    return {"w": np.array([1.0, 2.0]), "dw": [np.array([1.0, -2.0]), np.array([-0.5, 3.0])], "config": config}


@case
def two_parameters(rng):
    """Two parameters take turns, each with a config of its own: m, v and t of one are nothing to the other."""
    w = {"a": np.array([1.0, 2.0]), "b": np.array([3.0, -1.0])}
    first = {"a": np.array([20.0, 10.0]), "b": np.array([-1.0, 3.0])}
    second = {"a": np.array([5.0, -5.0]), "b": np.array([2.0, 1.0])}
    return {"w": w, "dw": [first, second]}


@case
def down_a_valley(rng):
    """25 steps in the valley of slope_of_valley, from [-4, -2]."""
    config = {"learning_rate": 0.4, "beta2": 0.99, "epsilon": 1e-12}
    return {"w": np.array([-4.0, -2.0]), "dw": Named("slope_of_valley"), "config": config}


@case(edge=True)
def none_as_config(rng):
    """The config of the first step is None."""
    return {"w": np.array([1.0, -2.0]), "dw": [np.array([10.0, -5.0]), np.array([8.0, 4.0])], "config": None}


@case(edge=True)
def no_slope(rng):
    """A gradient of exactly 0 moves nothing: 0 / (0 + epsilon) is 0."""
    return {"w": np.array([1.0, -2.0]), "dw": [np.array([0.0, 3.0]), np.array([0.0, 0.0])]}


@case(edge=True)
def beta1_of_zero(rng):
    """Without a memory for the gradient, m is the gradient of this step alone."""
    gradients = [np.array([100.0, -200.0]), np.array([50.0, 300.0])]
    return {"w": np.array([0.5, 1.5]), "dw": gradients, "config": {"learning_rate": 0.1, "beta1": 0.0}}


@case(edge=True)
def tiny_gradients(rng):
    """Gradients about as small as epsilon, where it matters that epsilon is added to the root of v_hat."""
    gradients = [np.array([1e-8, -4e-8, 2e-5]), np.array([3e-8, -1e-8, 3e-5])]
    return {"w": np.array([0.5, -0.5, 1.0]), "dw": gradients, "config": {"learning_rate": 0.1}}


@case(edge=True)
def arguments_are_left_alone(rng):
    """What the arrays w and dw hold after each call is what they held before."""
    w = {"watched": np.array([1.0, -2.0])}
    return {"w": w, "dw": [{"watched": np.array([10.0, -5.0])}, {"watched": np.array([8.0, 4.0])}]}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so w, m and v stay float32."""
    gradients = [np.round(rng.uniform(0.5, 2.0, 3), 2).astype(np.float32) for _ in range(2)]
    w = np.round(rng.uniform(0.5, 2.0, 3), 2).astype(np.float32)
    return {"w": w, "dw": gradients, "config": {"learning_rate": 0.1}}


@case(hidden=True)
def six_steps(rng):
    gradients = [np.round(rng.normal(size=(3, 2)), 2) for _ in range(6)]
    w = np.round(rng.choice([-1, 1], (3, 2)) * rng.uniform(1.0, 2.0, (3, 2)), 2)
    return {"w": w, "dw": gradients, "config": {"learning_rate": 0.02, "beta1": 0.95, "beta2": 0.99}}


@alternative
def writes_into_the_config(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 0)
    config["t"] += 1
    config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * (dw**2)
    mt = config["m"] / (1 - config["beta1"] ** config["t"])
    vt = config["v"] / (1 - config["beta2"] ** config["t"])
    return w - config["learning_rate"] * mt / (np.sqrt(vt) + config["epsilon"]), config


@alternative
def moves_the_averages_towards_the_gradient(w, dw, config=None):
    # A moving average takes a share of the way to the new number; one factor holds both corrections.
    config = {} if config is None else config
    m = config.setdefault("m", np.zeros(w.shape, w.dtype))
    v = config.setdefault("v", np.zeros(w.shape, w.dtype))
    config["t"] = t = config.get("t", 0) + 1
    beta1, beta2 = config.get("beta1", 0.9), config.get("beta2", 0.999)
    m += (1 - beta1) * (dw - m)
    v += (1 - beta2) * (np.square(dw) - v)
    root = float(np.sqrt(1 - beta2**t))
    rate = config.get("learning_rate", 0.001) * root / (1 - beta1**t)
    return w - rate * m / (np.sqrt(v) + root * config.get("epsilon", 1e-8)), config


@alternative
def goes_entry_by_entry(w, dw, config=None):
    config = dict(config or {})
    beta1, beta2 = config.get("beta1", 0.9), config.get("beta2", 0.999)
    steps = config.get("t", 0) + 1
    m, v, next_w = np.empty_like(w), np.empty_like(w), np.empty_like(w)
    shrunk1, shrunk2 = 1.0, 1.0
    for _ in range(int(steps)):
        shrunk1, shrunk2 = shrunk1 * beta1, shrunk2 * beta2
    for index in np.ndindex(w.shape):
        g = float(dw[index])
        m[index] = beta1 * (config["m"][index] if "m" in config else 0.0) + g - beta1 * g
        v[index] = beta2 * (config["v"][index] if "v" in config else 0.0) + g * g * (1 - beta2)
        size = (v[index] / (1 - shrunk2)) ** 0.5 + config.get("epsilon", 1e-8)
        next_w[index] = w[index] - config.get("learning_rate", 1e-3) / size * m[index] / (1 - shrunk1)
    return next_w, {**config, "m": m, "v": v, "t": float(steps)}


def _averages(w, dw, config):
    """The settings with t, m and v of this step."""
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    new = {**defaults, "m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0, **(config or {})}
    new["t"] = new["t"] + 1
    new["m"] = new["beta1"] * new["m"] + (1 - new["beta1"]) * dw
    new["v"] = new["beta2"] * new["v"] + (1 - new["beta2"]) * dw**2
    return new


def _corrected(new):
    return new["m"] / (1 - new["beta1"] ** new["t"]), new["v"] / (1 - new["beta2"] ** new["t"])


def _moved(w, new, m_hat, v_hat):
    return w - new["learning_rate"] * m_hat / (np.sqrt(v_hat) + new["epsilon"])


@mistake
def forgets_the_correction(w, dw, config=None):
    """m and v are used as they are. In the first step m is only the share 1 - beta1 of the gradient, and v the share
    1 - beta2 of its square: measure that step, is its size the learning rate?"""
    new = _averages(w, dw, config)
    return _moved(w, new, new["m"], new["v"]), new


@mistake
def does_not_count(w, dw, config=None):
    """m and v are used as they are, and t is never raised. How far from 0, where they began, can m and v have come
    after t steps? The statement divides by that."""
    new = _averages(w, dw, config)
    return _moved(w, new, new["m"], new["v"]), {**new, "t": new["t"] - 1}


@mistake
def corrects_m_alone(w, dw, config=None):
    """m was corrected and v was not. Both began at 0, and v, the slower one, is too small for longer."""
    new = _averages(w, dw, config)
    m_hat, _ = _corrected(new)
    return _moved(w, new, m_hat, new["v"]), new


@mistake
def counts_too_late(w, dw, config=None):
    """t is raised after it was used, so the first step divides by 1 - beta1**0, which is 0. Which power does the very
    first step need?"""
    new = _averages(w, dw, config)
    m_hat, v_hat = _corrected({**new, "t": new["t"] - 1})
    return _moved(w, new, m_hat, v_hat), new


@mistake
def starts_counting_at_one(w, dw, config=None):
    """t is 1 where config has none, and is raised before it is used: the first step is taken for the second. Before the
    first step no step has been taken."""
    config = {"t": 1, **(config or {})}
    new = _averages(w, dw, config)
    return _moved(w, new, *_corrected(new)), new


@mistake
def forgets_to_store_the_count(w, dw, config=None):
    """m and v are handed on, but t goes back as it came, so every step is corrected as if it were the same one. What
    does the next call have to know?"""
    new = _averages(w, dw, config)
    return _moved(w, new, *_corrected(new)), {**new, "t": new["t"] - 1}


@mistake
def stores_what_is_corrected(w, dw, config=None):
    """m_hat and v_hat went into the config. The next call takes them for m and v and corrects them once more. The
    correction is for the step alone; the averages go on without it."""
    new = _averages(w, dw, config)
    m_hat, v_hat = _corrected(new)
    return _moved(w, new, m_hat, v_hat), {**new, "m": m_hat, "v": v_hat}


@mistake
def exchanges_the_betas(w, dw, config=None):
    """beta1 decays the average of the squares and beta2 that of the gradients. Which of the two averages is meant to be
    the slow one, and which letter goes with it?"""
    config = {"beta1": 0.9, "beta2": 0.999, **(config or {})}
    new = _averages(w, dw, {**config, "beta1": config["beta2"], "beta2": config["beta1"]})
    next_w = _moved(w, new, *_corrected(new))
    return next_w, {**new, "beta1": config["beta1"], "beta2": config["beta2"]}


@mistake
def forgets_the_root(w, dw, config=None):
    """m_hat was divided by v_hat itself. If the gradient is in metres, so is m_hat, and v_hat is in square metres: what
    has to be taken so that the quotient has no unit?"""
    new = _averages(w, dw, config)
    m_hat, v_hat = _corrected(new)
    return w - new["learning_rate"] * m_hat / (v_hat + new["epsilon"]), new


@mistake
def steps_by_the_gradient_alone(w, dw, config=None):
    """The step is today's gradient over the root of v_hat; m is computed and not used. What stands above the line in
    the formula?"""
    new = _averages(w, dw, config)
    return _moved(w, new, dw, _corrected(new)[1]), new


@mistake
def adds_without_decay_weights(w, dw, config=None):
    """The gradient, and its square, were added in full to what was left of m and v. An average needs weights that sum
    to 1: beta for the old, and for the new?"""
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    new = {**defaults, "m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0, **(config or {})}
    new = {**new, "t": new["t"] + 1, "m": new["beta1"] * new["m"] + dw, "v": new["beta2"] * new["v"] + dw**2}
    return _moved(w, new, *_corrected(new)), new


@mistake
def multiplies_by_t(w, dw, config=None):
    """The corrections are 1 - beta * t. At t = 1 that is the same, later it is not: after t steps beta was multiplied
    with itself t times."""
    new = _averages(w, dw, config)
    m_hat, v_hat = new["m"] / (1 - new["beta1"] * new["t"]), new["v"] / (1 - new["beta2"] * new["t"])
    return _moved(w, new, m_hat, v_hat), new


@mistake
def forgets_the_settings(w, dw, config=None):
    """The config that comes back holds m, v and t and no settings, so from the second step on they are the defaults.
    Hand on what was handed in."""
    new = _averages(w, dw, config)
    return _moved(w, new, *_corrected(new)), {"m": new["m"], "v": new["v"], "t": new["t"]}


@mistake
def adds_epsilon_under_the_root(w, dw, config=None):
    """Right for gradients of usual size. epsilon was added to v_hat before the root was taken, and the root of 1e-8 is
    1e-4: a gradient of 1e-5 hardly moves anything. Where does the formula have it?"""
    new = _averages(w, dw, config)
    m_hat, v_hat = _corrected(new)
    return w - new["learning_rate"] * m_hat / np.sqrt(v_hat + new["epsilon"]), new


@mistake
def adds_epsilon_before_the_correction(w, dw, config=None):
    """Right for gradients of usual size. epsilon was added to the root of v and then corrected together with it, which
    makes it about thirty times as large in the first step. The paper has this form, too, as a faster one; here epsilon
    is added to the root of v_hat."""
    new = _averages(w, dw, config)
    rate = new["learning_rate"] * np.sqrt(1 - new["beta2"] ** new["t"]) / (1 - new["beta1"] ** new["t"])
    return w - rate * new["m"] / (np.sqrt(new["v"]) + new["epsilon"]), new  # rate is a float64, as usually written


@mistake
def forgets_epsilon(w, dw, config=None):
    """Right, unless a gradient has been 0 from the start: then the step is 0 / 0, which is not a number, and w is lost
    for good. Which term of the formula is there for that?"""
    new = _averages(w, dw, config)
    m_hat, v_hat = _corrected(new)
    return w - new["learning_rate"] * m_hat / np.sqrt(v_hat), new


@mistake
def moves_the_callers_w(w, dw, config=None):
    """Right, but the caller's own w has moved as well: w -= something writes into the array that was handed over. The
    caller may want to compare before and after, or to take the step back."""
    new = _averages(w, dw, config)
    w -= _moved(np.zeros_like(w), new, *_corrected(new)) * -1
    return w, new


@mistake
def takes_zero_for_absent(w, dw, config=None):
    """Right, except where beta1 is 0 and the default was taken in its place. `get(...) or 0.9` and `if beta1` take
    0 for false, like None. Ask whether the entry is there, not whether it is true."""
    config = {**(config or {})}
    config["beta1"] = config.get("beta1") or 0.9
    new = _averages(w, dw, config)
    return _moved(w, new, *_corrected(new)), new
