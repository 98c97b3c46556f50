"""Code as it is usually written for Stanford's CS231n runs unchanged: its argument names, its caches, its habits."""

import pytest

from tests import courses

pytestmark = pytest.mark.slow

HEAD = "import numpy as np\n\n\n"
CODE = {
    "affine_forward": """
def affine_forward(x, w, b):
    out = None
    N = x.shape[0]
    out = x.reshape(N, -1).dot(w) + b
    cache = (x, w, b)
    return out, cache
""",
    "affine_backward": """
def affine_backward(dout, cache):
    x, w, b = cache
    dx, dw, db = None, None, None
    N = x.shape[0]
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(N, -1).T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db
""",
    "relu_forward": """
def relu_forward(x):
    out = None
    out = np.maximum(0, x)
    cache = x
    return out, cache
""",
    "relu_backward": """
def relu_backward(dout, cache):
    dx, x = None, cache
    dx = np.array(dout, copy=True)
    dx[x <= 0] = 0
    return dx
""",
    "dropout_forward": """
def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    out = None
    if mode == "train":
        mask = (np.random.rand(*x.shape) < p) / p
        out = x * mask
    elif mode == "test":
        out = x
    cache = (dropout_param, mask)
    out = out.astype(x.dtype, copy=False)
    return out, cache
""",
    "dropout_backward": """
def dropout_backward(dout, cache):
    dropout_param, mask = cache
    mode = dropout_param["mode"]
    dx = None
    if mode == "train":
        dx = dout * mask
    elif mode == "test":
        dx = dout
    return dx
""",
    "softmax_loss": """
def softmax_loss(x, y):
    loss, dx = None, None
    N = x.shape[0]
    scores = x - np.max(x, axis=1, keepdims=True)
    logprobs = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    loss = -np.sum(logprobs[np.arange(N), y]) / N
    dx = np.exp(logprobs)
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx
""",
    "batchnorm_forward": """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    out, cache = None, None
    if mode == "train":
        mu = x.mean(axis=0)
        var = x.var(axis=0)
        std = np.sqrt(var + eps)
        xhat = (x - mu) / std
        out = gamma * xhat + beta
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
        cache = {"x": x, "mean": mu, "var": var, "std": std, "xhat": xhat, "gamma": gamma, "eps": eps, "axis": 0}
    elif mode == "test":
        xhat = (x - running_mean) / np.sqrt(running_var + eps)
        out = gamma * xhat + beta
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache
""",
    "layernorm_forward": """
def layernorm_forward(x, gamma, beta, ln_param):
    out, cache = None, None
    eps = ln_param.get("eps", 1e-5)
    x = x.T
    mu = np.mean(x, axis=0)
    xmu = x - mu
    var = np.mean(xmu ** 2, axis=0)
    ivar = 1.0 / np.sqrt(var + eps)
    xhat = (xmu * ivar).T
    out = gamma * xhat + beta
    cache = (xhat, gamma, xmu, ivar, var, eps, lambda v: v)
    return out, cache
""",
    # What the backward passes of the two normalisations are handed is said in their docstrings: (x_hat, gamma, std).
    "batchnorm_backward": """
def batchnorm_backward(dout, cache):
    xhat, gamma, std = cache
    N = dout.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dx = (1.0 / N) * gamma / std * (N * dout - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta
""",
    "layernorm_backward": """
def layernorm_backward(dout, cache):
    xhat, gamma, std = cache
    D = dout.shape[1]
    dbeta = dout.sum(axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    dx = D * dxhat - np.sum(dxhat, axis=1, keepdims=True) - xhat * np.sum(dxhat * xhat, axis=1, keepdims=True)
    dx = dx / (D * std)
    return dx, dgamma, dbeta
""",
    "svm_loss": """
def svm_loss(x, y):
    N = x.shape[0]
    correct_class_scores = x[np.arange(N), y]
    margins = np.maximum(0, x - correct_class_scores[:, np.newaxis] + 1.0)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N
    num_pos = np.sum(margins > 0, axis=1)
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(N), y] -= num_pos
    dx /= N
    return loss, dx
""",
    "sgd_momentum": """
def sgd_momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    next_w = None
    v = config["momentum"] * v - config["learning_rate"] * dw
    next_w = w + v
    config["velocity"] = v
    return next_w, config
""",
    "adam": """
def adam(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 0)
    next_w = None
    config["t"] += 1
    config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * (dw ** 2)
    mb = config["m"] / (1 - config["beta1"] ** config["t"])
    vb = config["v"] / (1 - config["beta2"] ** config["t"])
    next_w = w - config["learning_rate"] * mb / (np.sqrt(vb) + config["epsilon"])
    return next_w, config
""",
    "eval_numerical_gradient": """
def eval_numerical_gradient(f, x, verbose=True, h=0.00001):
    fx = f(x)
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        oldval = x[ix]
        x[ix] = oldval + h
        fxph = f(x)
        x[ix] = oldval - h
        fxmh = f(x)
        x[ix] = oldval
        grad[ix] = (fxph - fxmh) / (2 * h)
        if verbose:
            print(ix, grad[ix])
        it.iternext()
    return grad
""",
    "rel_error": """
def rel_error(x, y):
    return np.max(np.abs(x - y) / (np.maximum(1e-8, np.abs(x) + np.abs(y))))
""",
    "conv_forward_naive": """
def conv_forward_naive(x, w, b, conv_param):
    out = None
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    H_new = 1 + (H + 2 * pad - HH) // stride
    W_new = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, H_new, W_new))
    for i in range(N):
        for f in range(F):
            for j in range(H_new):
                for k in range(W_new):
                    window = x_padded[i, :, j * stride:HH + j * stride, k * stride:WW + k * stride]
                    out[i, f, j, k] = np.sum(window * w[f]) + b[f]
    cache = (x, w, b, conv_param)
    return out, cache
""",
    "max_pool_backward_naive": """
def max_pool_backward_naive(dout, cache):
    dx = None
    x, pool_param = cache
    N, C, H, W = x.shape
    HH, WW, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    window = x[n, c, i * stride:i * stride + HH, j * stride:j * stride + WW]
                    m = np.max(window)
                    dx[n, c, i * stride:i * stride + HH, j * stride:j * stride + WW] += (window == m) * dout[n, c, i, j]
    return dx
""",
}
# All topics in which the course's names occur.
SOURCES = ("02_calculus", "04_backprop", "05_losses_optim", "11_blocks")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    files = [file for topic in SOURCES for file in sorted((courses.ROOT / "solutions" / topic).glob("*.py"))]
    course = courses.make(tmp_path_factory.mktemp("cs231n"), {f"{f.parent.name}/{f.stem}": f for f in files})
    for name, code in CODE.items():
        course.write(name, HEAD + code)
    return course.graded(*CODE)


@pytest.mark.parametrize("name", CODE)
def test_code_written_for_the_course_is_right(graded, name):
    core = {case["name"]: case["state"] for case in graded[name]["cases"] if case["kind"] == "core"}

    assert graded[name]["state"] in ("right", "robust"), graded[name]["findings"]
    assert core
    assert set(core.values()) == {"passed"}


def test_a_sign_error_in_such_code_is_wrong(whole_course, tmp_path):
    course = courses.copy(whole_course, tmp_path / "course")
    course.write("batchnorm_forward", HEAD + CODE["batchnorm_forward"].replace("(x - mu)", "(mu - x)"))

    assert course.graded("batchnorm_forward")["batchnorm_forward"]["state"] == "wrong"
