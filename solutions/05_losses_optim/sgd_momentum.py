r"""SGD with momentum: a ball instead of a walker.

Gradient descent takes every step by today's slope alone, so in a long narrow valley it zigzags between the walls and
hardly moves along the floor. Momentum gives it a memory: what pushes to and fro cancels, what keeps pushing one way
adds up, and the same network trains in a fraction of the steps.

Maths. w is a parameter of any shape. The gradient g = dw of the loss at w has the same shape, and so has the memory,
the velocity v, which is 0 at the start. With the learning rate eta and the momentum mu, at least 0 and below 1:

$$v \leftarrow \mu\, v - \eta\, g \qquad w \leftarrow w + v$$

The arrow means: the left side becomes what the right side is now. The velocity is renewed first, and the new one moves
w. Where the slope stays g for a long time, v tends to -eta g / (1 - mu): with mu = 0.9, ten times a plain step. With
mu = 0 this is gradient descent.

By hand. w = [1], learning rate 0.1, momentum 0.5, and the gradients [2], [1] and [0], one after the other:

    step 1: v = 0.5 *  0   - 0.1 * 2 = -0.2, w = 1   - 0.2 = 0.8
    step 2: v = 0.5 * -0.2 - 0.1 * 1 = -0.2, w = 0.8 - 0.2 = 0.6
    step 3: v = 0.5 * -0.2 - 0.1 * 0 = -0.1, w = 0.6 - 0.1 = 0.5

In step 3 the ground is level, and the ball rolls on.

The rest is only for reading messages. sgd_momentum takes one step of one parameter: w and dw are always arrays. To be
graded, it is called several times in a row, with the config that came back last. So in a message dw is a list with the
gradient of every step (or slope_of_valley, which is asked 25 times), next_w['step 2'] is w after the second step, and
velocity['step 2'] the velocity in the config then. Where w is a dict of several parameters, sgd_momentum was called for
one at a time.

Source: Polyak (1964); Sutskever, Martens, Dahl & Hinton, On the importance of initialization and momentum in deep
learning (2013), section 2; Stanford CS231n, assignment 2, `sgd_momentum`.
"""

import numpy as np

from grader.authoring import Named, alternative, case, drive, exercise, given, mistake, picture


@given
def slope_of_valley(w):
    """Return the gradient of (w[0]**2 + 25 * w[1]**2) / 2, a valley that is long in w[0] and narrow in w[1]."""
    return np.array([1.0, 25.0]) * w


@exercise(
    points=3,
    difficulty=2,
    returns=["next_w", "velocity", "w_afterwards", "dw_afterwards"],
    needs=["numerical_gradient"],
    hints=[
        "Take the example on paper one step further, with the gradient [0] again. Which number has to survive from one "
        "call to the next, and who keeps it?",
        "What is not in config has a default: config.get('momentum', 0.9) knows both. A velocity that is not there yet "
        "is zeros of the shape of w (np.zeros_like).",
        "Compute the new velocity from the old one and dw. Add it to w with +, which makes a new array. Put the new "
        "velocity into the config under 'velocity', beside the settings, and return both.",
    ],
    why=(
        "The velocity sums up all past slopes, each fading by the factor mu with every step: pushes of changing sign "
        "cancel, and equal ones add up towards 1 / (1 - mu) times a plain step."
    ),
    lesson="Momentum: a memory for direction",
)
def sgd_momentum(w, dw, config=None):
    """Take one step of gradient descent with momentum.

    Args:
        w: float array, any shape with at least one axis. The parameter before the step.
        dw: float array, the shape and dtype of w. The gradient of the loss at w.
        config: dict, or None for all defaults. An entry that is absent has its default:
            learning_rate: float, above 0 (1e-2);
            momentum: float, at least 0 and below 1 (0.9);
            velocity: float array, the shape of w (zeros). What the call before has stored.

    Returns:
        (next_w, config): next_w is a float array, the shape and dtype of w, the parameter after the step. config is a
        dict to hand to the next call: the settings as they were, and under 'velocity' the new velocity, a float array
        of the shape and dtype of w. The dict, and the velocity in it, may be the caller's own, overwritten, or new
        ones; the dict may hold more entries, such as the defaults. w and dw are left as they were. Parameters share
        nothing: each has a config of its own.
    """
    settings = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
    velocity = settings["momentum"] * settings["velocity"] - settings["learning_rate"] * dw
    return w + velocity, {**settings, "velocity": velocity}


@drive
def step_after_step(sgd_momentum, w, dw, *config):
    """Take a step for every gradient in dw, handing on the config, and return w and velocity after each.

    w may be a dict of parameters, each with a config of its own and a gradient of its own in every step. What the
    arrays of a parameter called watched hold after each call is returned as well. Where dw is a function it is asked
    for the gradient, 25 times. Without a config the function is called without one.
    """
    parameters = w if isinstance(w, dict) else {"": w}
    configs = dict.fromkeys(parameters, config)
    next_w, velocity, w_afterwards, dw_afterwards = {}, {}, {}, {}
    for number, gradient in enumerate([dw] * 25 if callable(dw) else dw, 1):
        for name, before in parameters.items():
            step = f"{name}, step {number}" if len(parameters) > 1 else f"step {number}"
            now = before.copy()
            slope = gradient(now) if callable(gradient) else gradient[name] if isinstance(w, dict) else gradient
            slope = slope.copy()
            answer = sgd_momentum(now, slope, *configs[name])
            if not (isinstance(answer, (tuple, list)) and len(answer) == 2 and isinstance(answer[1], dict)):
                raise TypeError("two things should come back, the new w and a dict: return next_w, config")
            found = {"next_w": answer[0], "config['velocity']": answer[1].get("velocity")}
            for part, value in found.items():
                if not isinstance(value, np.ndarray):
                    kind = "None" if value is None else f"of type {type(value).__name__}"
                    raise TypeError(f"{part} is {kind} after {step}, and should be an array like w")
            parameters = {**parameters, name: answer[0].copy()}
            configs[name] = (answer[1],)
            next_w[step], velocity[step] = parameters[name], answer[1]["velocity"].copy()
            w_afterwards[step], dw_afterwards[step] = now, slope
    if "watched" in parameters:
        return next_w, velocity, w_afterwards, dw_afterwards
    return next_w, velocity


@picture(case="down_a_valley")
def path(axes, arguments, answer):
    """The lines are heights of the valley, the dots are w after every step, the star is the lowest point. Do the dots
    come nearer to it, swinging less and less from wall to wall?"""
    across, along = np.meshgrid(np.linspace(-1.2, 1.2, 121), np.linspace(-4.5, 2.5, 141))
    height = (along**2 + 25 * across**2) / 2
    axes.contour(along, across, height, levels=[0.1, 0.5, 1.5, 3.5, 7, 12], colors="0.75", linewidths=0.8)
    points = np.array([arguments["w"], *answer[0].values()])
    axes.plot(points[:, 0], points[:, 1], "o-", markersize=3.5, linewidth=1)
    axes.plot(0, 0, "k*", markersize=10)
    axes.set(xlabel="w[0], along the valley", ylabel="w[1], across", xlim=(-4.5, 2.5), ylim=(-1.2, 1.2))


@case
def by_hand(rng):
    """The example of the statement: three steps, and the ball rolls on where the ground is level."""
    gradients = [np.array([2.0]), np.array([1.0]), np.array([0.0])]
    return {"w": np.array([1.0]), "dw": gradients, "config": {"learning_rate": 0.1, "momentum": 0.5}}


@case
def all_defaults(rng):
    """No config is given: learning rate 0.01, momentum 0.9, velocity 0."""
    return {"w": np.array([1.0, -2.0]), "dw": [np.array([10.0, -5.0]), np.array([8.0, 4.0])]}


@case
def a_matrix_of_weights(rng):
    """Three steps of a parameter of shape (2, 3)."""
    gradients = [np.round(rng.normal(size=(2, 3)), 2) for _ in range(3)]
    config = {"learning_rate": 0.25, "momentum": 0.75}
    return {"w": np.round(rng.normal(size=(2, 3)), 2), "dw": gradients, "config": config}


@case
def goes_on_from_a_stored_velocity(rng):
    """Training was interrupted: the velocity in config is that of the last step before."""
    config = {"learning_rate": 0.1, "momentum": 0.5, "velocity": np.array([0.4, -0.6])}
    return {"w": np.array([1.0, 2.0]), "dw": [np.array([1.0, 1.0]), np.array([-2.0, 3.0])], "config": config}


@case
def momentum_of_zero(rng):
    """Without momentum every step is one of plain gradient descent."""
    gradients = [np.array([1.0, -2.0]), np.array([0.5, 3.0])]
    return {"w": np.array([0.5, 1.5]), "dw": gradients, "config": {"learning_rate": 0.1, "momentum": 0.0}}


@case
def two_parameters(rng):
    """Two parameters take turns, each with a config of its own: the velocity of one must not move the other."""
    w = {"a": np.array([1.0, 2.0]), "b": np.array([3.0, -1.0])}
    first = {"a": np.array([20.0, 10.0]), "b": np.array([-10.0, 30.0])}
    second = {"a": np.array([5.0, -5.0]), "b": np.array([15.0, 10.0])}
    return {"w": w, "dw": [first, second]}


@case
def down_a_valley(rng):
    """25 steps in the valley of slope_of_valley, from [-4, 1]."""
    config = {"learning_rate": 0.03, "momentum": 0.8}
    return {"w": np.array([-4.0, 1.0]), "dw": Named("slope_of_valley"), "config": config}


@case(edge=True)
def none_as_config(rng):
    """The config of the first step is None."""
    return {"w": np.array([1.0, -2.0]), "dw": [np.array([10.0, -5.0]), np.array([8.0, 4.0])], "config": None}


@case(edge=True)
def arguments_are_left_alone(rng):
    """What the arrays w and dw hold after each call is what they held before."""
    w = {"watched": np.array([1.0, -2.0])}
    return {"w": w, "dw": [{"watched": np.array([10.0, -5.0])}, {"watched": np.array([8.0, 4.0])}]}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so w and the velocity stay float32."""
    gradients = [np.round(rng.normal(size=3), 2).astype(np.float32) for _ in range(2)]
    return {"w": np.round(rng.normal(size=3), 2).astype(np.float32), "dw": gradients}


@case(edge=True)
def no_entries(rng):
    """A parameter without entries, shape (0, 2)."""
    return {"w": np.zeros((0, 2)), "dw": [np.zeros((0, 2)), np.zeros((0, 2))]}


@case(hidden=True)
def five_steps(rng):
    gradients = [np.round(rng.normal(size=(3, 2)), 2) for _ in range(5)]
    config = {"learning_rate": 0.05, "momentum": 0.95}
    return {"w": np.round(rng.normal(size=(3, 2)), 2), "dw": gradients, "config": config}


@alternative
def writes_into_the_config(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    v = config["momentum"] * v - config["learning_rate"] * dw
    config["velocity"] = v
    return w + v, config


@alternative
def keeps_one_array_for_the_velocity(w, dw, config=None):
    config = {} if config is None else config
    velocity = config.setdefault("velocity", np.zeros(w.shape, w.dtype))
    velocity *= config.get("momentum", 0.9)
    velocity -= config.get("learning_rate", 0.01) * dw
    return np.add(w, velocity), config


@alternative
def goes_entry_by_entry(w, dw, config=None):
    config = dict(config or {})
    rate, momentum = config.get("learning_rate", 0.01), config.get("momentum", 0.9)
    old = config.get("velocity")
    velocity, next_w = np.empty_like(w), np.empty_like(w)
    for index in np.ndindex(w.shape):
        pull = rate * dw[index]
        push = 0 if old is None else momentum * old[index]
        velocity[index] = push - pull
        next_w[index] = (w[index] + push) - pull
    return next_w, config | {"velocity": velocity, "steps": config.get("steps", 0) + 1}


def _settings(w, config):
    return {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}


@mistake
def walks_uphill(w, dw, config=None):
    """The step goes along the gradient, and the loss rises. The gradient points to where the loss grows: which sign
    does it have in the velocity?"""
    settings = _settings(w, config)
    velocity = settings["momentum"] * settings["velocity"] + settings["learning_rate"] * dw
    return w + velocity, {**settings, "velocity": velocity}


@mistake
def moves_by_yesterdays_velocity(w, dw, config=None):
    """w is moved by the velocity that came in, so the first step goes nowhere and every gradient comes one step late.
    Which of the two lines of the formula is first?"""
    settings = _settings(w, config)
    velocity = settings["momentum"] * settings["velocity"] - settings["learning_rate"] * dw
    return w + settings["velocity"], {**settings, "velocity": velocity}


@mistake
def does_not_store_the_velocity(w, dw, config=None):
    """Each step by itself is right, but the config goes back with the velocity that it came with. The next call then
    knows nothing of this one."""
    settings = _settings(w, config)
    velocity = settings["momentum"] * settings["velocity"] - settings["learning_rate"] * dw
    return w + velocity, settings


@mistake
def keeps_the_first_velocity(w, dw, config=None):
    """The first velocity is stored and never replaced: where the config has one already, the old one wins. In which
    order are old and new entries put together?"""
    settings = _settings(w, config)
    velocity = settings["momentum"] * settings["velocity"] - settings["learning_rate"] * dw
    return w + velocity, {**settings, "velocity": velocity, **(config or {})}


@mistake
def does_not_read_the_velocity(w, dw, config=None):
    """The velocity is stored, but every call starts again from zeros, so there is never any momentum. What has the call
    before left in config?"""
    settings = _settings(w, config)
    velocity = -settings["learning_rate"] * dw
    return w + velocity, {**settings, "velocity": velocity}


@mistake
def forgets_the_settings(w, dw, config=None):
    """The config that comes back holds a velocity and no settings, so from the second step on learning rate and
    momentum are the defaults. Hand on what was handed in."""
    settings = _settings(w, config)
    velocity = settings["momentum"] * settings["velocity"] - settings["learning_rate"] * dw
    return w + velocity, {"velocity": velocity}


@mistake
def averages_instead_of_adding(w, dw, config=None):
    """The gradient was weighed with 1 - momentum, which makes the velocity an average of past steps. In the formula it
    is a sum: the gradient comes in with the learning rate and nothing else."""
    settings = _settings(w, config)
    mu = settings["momentum"]
    velocity = mu * settings["velocity"] - (1 - mu) * settings["learning_rate"] * dw
    return w + velocity, {**settings, "velocity": velocity}


@mistake
def keeps_the_velocity_without_the_rate(w, dw, config=None):
    """The velocity is a sum of gradients here, and the learning rate comes in when w is moved. Some libraries do it
    like this; the formula of the statement keeps in v what is added to w, learning rate and sign included, so that a
    stored velocity means the same to everybody."""
    settings = _settings(w, config)
    velocity = settings["momentum"] * settings["velocity"] + dw
    return w - settings["learning_rate"] * velocity, {**settings, "velocity": velocity}


@mistake
def looks_ahead(w, dw, config=None):
    """w moves by momentum times the new velocity and once more by the gradient. That is Nesterov's momentum, a relative
    of what is asked: here w moves by the new velocity itself."""
    settings = _settings(w, config)
    velocity = settings["momentum"] * settings["velocity"] - settings["learning_rate"] * dw
    step = settings["momentum"] * velocity - settings["learning_rate"] * dw
    return w + step, {**settings, "velocity": velocity}


@mistake
def multiplies_the_whole_velocity(w, dw, config=None):
    """The momentum was multiplied with the new gradient, too. It shrinks what is left of the old velocity; today's
    gradient counts in full."""
    settings = _settings(w, config)
    velocity = settings["momentum"] * (settings["velocity"] - settings["learning_rate"] * dw)
    return w + velocity, {**settings, "velocity": velocity}


@mistake
def moves_the_callers_w(w, dw, config=None):
    """Right, but the caller's own w has moved as well: w += something writes into the array that was handed over. The
    caller may want to compare before and after, or to take the step back."""
    settings = _settings(w, config)
    velocity = settings["momentum"] * settings["velocity"] - settings["learning_rate"] * dw
    w += velocity
    return w, {**settings, "velocity": velocity}


@mistake
def scales_the_callers_gradient(w, dw, config=None):
    """Right, but dw is no longer what it was: dw *= something writes into the array that was handed over, and whoever
    uses that gradient next uses another one."""
    settings = _settings(w, config)
    dw *= settings["learning_rate"]
    velocity = settings["momentum"] * settings["velocity"] - dw
    return w + velocity, {**settings, "velocity": velocity}
