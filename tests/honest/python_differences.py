import difflib
import fnmatch
import graphlib
import html
import shlex
import urllib.parse
from string import punctuation


def f(x):
    order = list(graphlib.TopologicalSorter({"loss": {"logits"}, "logits": {"weights"}}).static_order())
    return (
        difflib.get_close_matches("aple", ["apple", "pear"]),
        list(difflib.ndiff(["a"], ["b"])),
        fnmatch.filter(["a.py", "b.txt"], "*.py"),
        order,
        html.escape("<b>"),
        shlex.split("a 'b c'"),
        urllib.parse.urlencode({"q": "a b"}),
        punctuation[:3],
        difflib.SequenceMatcher(None, "abcd", "bcde").ratio(),
    )
