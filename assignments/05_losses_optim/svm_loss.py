r"""Hinge loss: right is not enough, be right by a margin.

An airport scanner that gives "harmless" a score of 2.01 and "weapon" one of 2.00 has answered rightly and nobody would
want to rely on it. The hinge loss of support vector machines asks that the right class be ahead of every other by at
least 1, and counts how much is missing. Beyond that it is content, where the softmax loss never is.

Maths. x has shape (N, C), a row of scores for each of N examples; y_n is the number of the right class. The margin that
class j violates is

$$m_{nj} = \max(0,\; x_{nj} - x_{n,y_n} + 1) \quad (j \ne y_n) \qquad\qquad
L = \frac{1}{N} \sum_n \sum_{j \ne y_n} m_{nj}$$

For the slope, look at one example. A wrong class with m > 0 raises L by 1/N for each unit of its score. The right class
takes part in every violated margin, and a higher score makes all of these smaller at once:

$$\frac{\partial L}{\partial x_{nj}} = \frac{1[m_{nj} > 0]}{N} \quad (j \ne y_n) \qquad
\frac{\partial L}{\partial x_{n,y_n}} = -\frac{1}{N} \sum_{j \ne y_n} 1[m_{nj} > 0]$$

Where a margin is met exactly, the loss has a kink, and any share between none and all of that slope is right.

By hand. x = [[3, 1, 2.5]], y = [0]: class 1 is behind by 2 and violates nothing, class 2 is behind by 0.5 and violates
0.5. So loss = 0.5 and dx = [[-1, 0, 1]]. When all scores are equal, the loss is C - 1.

Source: Weston & Watkins, Support vector machines for multi-class pattern recognition (1999), section 3; Stanford
CS231n, course notes, Linear Classification.
"""

import numpy as np


def svm_loss(x, y):
    """Return the mean multiclass hinge loss, and its gradient with respect to the scores.

    Args:
        x: float array, shape (N, C). The scores; N and C are at least 1.
        y: integer array of any integer type, shape (N,). The right classes, from 0 to C - 1.

    Returns:
        (loss, dx): loss is a float, the mean over the N examples; dx is a float array of the shape and dtype of x,
        dloss/dx. Where a margin is met exactly (a wrong score is 1 below the right one), any share of its slope is
        right, as long as the right class gets the same with the other sign, so that every row adds up to 0. The
        arguments are left as they were.
    """
    raise NotImplementedError
