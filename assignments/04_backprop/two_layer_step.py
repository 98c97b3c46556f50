r"""A whole network: forwards, backwards, one step.

This is the network of every first lesson, two matrices with a ReLU between them, and one step of gradient descent in
plain NumPy. A library does it in one line; whoever has written it once knows what that line does, and where to look on
the day when the loss does not fall.

Maths. x has shape (N, D_in), w1 (D_in, H), w2 (H, D_out) and y (N, D_out). Forwards:

$$h = x w_1, \qquad a = \max(0, h), \qquad \hat y = a w_2, \qquad L = \sum_{n,k} (\hat y_{nk} - y_{nk})^2$$

Backwards, one step at a time, each multiplied by what came from upstream:

$$\frac{\partial L}{\partial \hat y} = 2(\hat y - y), \qquad
\frac{\partial L}{\partial w_2} = a^T \frac{\partial L}{\partial \hat y}, \qquad
\frac{\partial L}{\partial a} = \frac{\partial L}{\partial \hat y}\, w_2^T$$

$$\frac{\partial L}{\partial h} = \frac{\partial L}{\partial a} \cdot 1[h > 0], \qquad
\frac{\partial L}{\partial w_1} = x^T \frac{\partial L}{\partial h}$$

Then a step downhill, with the learning rate r, for both matrices at once:

$$w_1 \leftarrow w_1 - r\, \frac{\partial L}{\partial w_1}, \qquad
w_2 \leftarrow w_2 - r\, \frac{\partial L}{\partial w_2}$$

By hand. x = [[1], [-2], [3]], y = [[1], [3], [5]], w1 = [[1, -1]], w2 = [[2], [1]], r = 0.1.
Forwards, h = [[1, -1], [-2, 2], [3, -3]] and a = [[1, 0], [0, 2], [3, 0]], so y_hat = [[2], [2], [6]] and the loss is
1 + 1 + 1 = 3.
Backwards, dL/dy_hat = [[2], [-2], [2]] and dw2 = [[8], [-4]]; dL/da = [[4, 2], [-4, -2], [4, 2]],
dL/dh = [[4, 0], [0, -2], [4, 0]] and dw1 = [[16, 4]].
The step gives w1 = [[-0.6, -1.4]] and w2 = [[1.2], [1.4]].

Source: Learning PyTorch with Examples, Johnson (2017), the part that is written in NumPy.
"""

import numpy as np


def two_layer_step(x, y, w1, w2, learning_rate):
    """Return the loss of a two-layer ReLU network without biases, and its weights after one step of gradient descent.

    Args:
        x: float array, shape (N, D_in). The inputs.
        y: float array, shape (N, D_out). The wanted outputs.
        w1: float array, shape (D_in, H). The weights of the first layer.
        w2: float array, shape (H, D_out). The weights of the second layer.
        learning_rate: float, above 0. How far the step goes along the gradient.

    Returns:
        (loss, w1_new, w2_new): loss is a scalar, the sum of all squared errors, not their mean, before the step;
        w1_new and w2_new are float arrays with the shapes and dtypes of w1 and w2. Both gradients are those of the
        weights that came in. Where an entry of x @ w1 is exactly 0, any slope of ReLU between 0 and 1 will do. The
        arguments are left as they were.
    """
    raise NotImplementedError
