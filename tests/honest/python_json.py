import json
from json import JSONDecodeError


def f(x):
    text = json.dumps({"b": x.tolist(), "a": None, "é": "ü"}, indent=1, sort_keys=True, ensure_ascii=False)
    try:
        json.loads("{")
    except JSONDecodeError as fault:
        return text, json.loads(text)["a"], str(fault), json.loads("[1e400, NaN]")
