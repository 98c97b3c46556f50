import copy
import pickle


def f(x):
    nested = {"a": [1, {"b": x}]}
    deep, flat = copy.deepcopy(nested), copy.copy(nested)
    deep["a"][1]["b"][0] = 0
    again = pickle.loads(pickle.dumps(nested))
    return nested["a"][1]["b"][0], flat["a"] is nested["a"], again["a"][1]["b"], len(pickle.dumps([1, 2]))
