r"""Squash: a length that says how sure.

A capsule answers with a vector instead of a number. Its direction says how the thing was seen: tilted, large, to the
left. Its length says how sure the capsule is that the thing is there at all, and so has to lie between 0 and 1. Squash
shortens any vector to such a length and leaves its direction alone.

Maths. s is an array of vectors along one of its axes, and every vector is a matter of its own. With n = ||s||, its
Euclidean length:

$$v = \frac{n^2}{1 + n^2}\,\frac{s}{n} = \frac{n}{1 + n^2}\, s \qquad \|v\| = \frac{n^2}{1 + n^2} < 1$$

Short vectors become very short (length 0.1 becomes 0.0099), long ones nearly 1. A vector of length 0 has no direction;
its v is 0, which is also what v tends to.

By hand. s = [3, 4] has length 5, and 25 / 26 = 0.9615 is the new one: v = 5 / 26 * [3, 4] = [0.5769, 0.7692].

Source: Sabour, Frosst & Hinton, Dynamic routing between capsules (2017), equation 1.
"""

import numpy as np


def squash(s, axis=-1):
    """Return every vector of s with its length n shortened to n**2 / (1 + n**2).

    Args:
        s: float array, any shape with at least one axis. The vectors; their lengths are 0, or from 1e-100 to 1e100.
        axis: int. Along which axis of s a vector lies; the last one by default.

    Returns:
        v: float array, the shape and dtype of s. A vector of zeros stays as it is. The argument is left as it was.
    """
    raise NotImplementedError
