r"""Update ratio: are your weights reasonable?

The loss does not move. Are the steps too small, or so large that every one destroys what the one before has learned?
Put the length of a layer's update beside the length of its weights, and you see it at once: about a thousandth is
healthy, a millionth means that nothing happens, a tenth that everything is thrown over at every step.

Maths. params and updates hold an array for each name, of the same shapes. For each name

$$r = \frac{\|\Delta w\|}{\max(\|w\|,\ 10^{-12})} \qquad \|w\| = \sqrt{\sum_i w_i^2}$$

The sum runs over all entries, whatever the shape. The 1e-12 keeps a bias that is still 0 from dividing by 0.

By hand. params = {"w": [3, 4]}, updates = {"w": [0.003, -0.004]}: lengths 5 and 0.005, so the ratio is 0.001.

Source: Stanford CS231n, course notes, Neural Networks Part 3, "Ratio of weights:updates".
"""

import numpy as np


def update_ratio(params, updates):
    """Return, for every parameter, the length of its update relative to its own.

    Args:
        params: dict of float arrays of any shapes, by name. The weights before the step.
        updates: dict with the same names and shapes. What the step adds to them.

    Returns:
        ratios: dict with the same names, of floats, 0 or more. The arguments are left as they were.
    """
    raise NotImplementedError
