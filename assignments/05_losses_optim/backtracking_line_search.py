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


def bowl(x):
    """Return the sum of the squares; its gradient is 2 x."""
    return float(np.sum(np.square(x)))


def banana(x):
    """Return Rosenbrock's function of two numbers, a bent valley whose lowest point is [1, 1]."""
    return float((1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2)


def barrier(x):
    """Return the sum of x - log x. Where an entry is 0 that is infinite, and where one is negative it is NaN."""
    lowest = np.min(x)
    if not lowest > 0:
        return float("inf") if lowest == 0 else float("nan")
    return float(np.sum(x - np.log(x)))


def waves(x):
    """Return the sum of sin x; its gradient is cos x."""
    return float(np.sum(np.sin(x)))


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
    raise NotImplementedError
