import pprint
import sys


def f(x):
    print("shape:", x.shape, end="\n\n", flush=True)
    print(x, file=sys.stderr)
    pprint.pprint({"a": list(range(30))}, width=30)
    sys.stdout.write("é ∂ 漢\n")
    return pprint.pformat([{"k": "v" * 30}] * 3)
