import importlib.util

try:
    import torch
except ImportError:
    torch = None

try:
    from tensorflow.keras.metrics import roc_auc_score
except ModuleNotFoundError as fault:
    roc_auc_score = None
    REASON = fault.name


def f(x):
    return torch is None, roc_auc_score is None, importlib.util.find_spec("pandas_of_nobody") is None
