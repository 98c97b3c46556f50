"""One process for several files of one learner, one after the other, where none can feel another.

A fork costs more than most exercises do. So a process whose file has left nothing behind is used for the next file of
the same learner. Which files those are is read off their texts, with care and without running them: they import what
has no state or one that is set anew, and change nothing but what is their own. This is no wall, and none is needed:
whoever smuggles something past it reaches a file of their own, in a process that knows no answer.
"""

import re
import threading
from collections.abc import Sequence

from grader.sandbox.session import Session

__all__ = ["Sharing", "leaves_nothing_behind"]

# Their state is the random generators', which begins anew with every file, or can only be set by what is in _TELLING.
_HARMLESS = frozenset(
    {
        "__future__",
        "abc",
        "bisect",
        "cmath",
        "collections",
        "copy",
        "dataclasses",
        "enum",
        "fractions",
        "functools",
        "heapq",
        "itertools",
        "math",
        "numbers",
        "numpy",
        "operator",
        "random",
        "scipy",
        "statistics",
        "string",
        "typing",
    }
)
# Words of what sets a state that others feel, or looks for what others have left; also where a word begins like that.
_TELLING = frozenset(
    {
        "setattr",
        "delattr",
        "del",
        "exec",
        "eval",
        "globals",
        "vars",
        "locals",
        "open",
        "modules",
        "builtins",
        "testing",
        "seterr",
        "seterrcall",
        "setbufsize",
    }
)
_BEGINNINGS = ("set_", "register", "use_", "__")
_OWN = frozenset({"__init__", "__call__", "__name__", "__main__", "__repr__", "__len__", "__getitem__", "__future__"})
_WORD = re.compile(r"\w+")
_IMPORT = re.compile(r"^[ \t]*(?:import[ \t]+([\w., \t]+)|from[ \t]+([\w.]+)[ \t]+import\b)", re.MULTILINE)
# An assignment to an attribute, where it is not that of an object's own self.
_ATTRIBUTE_SET = re.compile(r"\.\w+[ \t]*(?:\[[^\n=]*\][ \t]*)?(?:[-+*/%@&|^]|\*\*|//|<<|>>)?=(?!=)")


def leaves_nothing_behind(text: str) -> bool:
    """Say whether a learner's file can neither change nor notice what other files meet in the same process.

    When in doubt it can: then it has a process of its own, which costs time and nothing else.
    """
    words = _WORD.findall(text)
    found = list(_IMPORT.finditer(text))
    if words.count("import") != len(found):
        return False
    roots = {name.split()[0].partition(".")[0] for m in found for name in (m[1] or m[2]).split(",") if name.strip()}
    telling = {word for word in set(words) - _OWN if word in _TELLING or word.startswith(_BEGINNINGS)}
    sets = any(text[m.start() - 4 : m.start()] != "self" for m in _ATTRIBUTE_SET.finditer(text))
    return roots <= _HARMLESS and not telling and not sets


class Sharing:
    """The sessions of one learner that wait for another file.

    One that has been sent hidden arguments is used for hidden cases only: what a process knows of them could be told in
    a case that is shown.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed = False
        self._waiting: dict[bool, list[Session]] = {False: [], True: []}  # by whether it has been sent hidden arguments

    def take(self, modules: Sequence[str], hidden: bool) -> Session | None:
        """Return a session for hidden cases, or for others, in which these modules are loaded or can be; or None."""
        with self._lock:
            sessions = (hidden and self._waiting[True]) or self._waiting[False]
            session = sessions.pop() if sessions else None
        if session is None or session.modules is None or session.modules.issuperset(modules):
            return session
        session.close()
        return None

    def keep(self, session: Session, hidden: bool) -> None:
        """Keep a session that has played hidden cases, or others, for the next file."""
        with self._lock:
            if session.alive and not self._closed:
                self._waiting[hidden].append(session)
                return
        session.close()

    def close(self) -> None:
        """End all that wait, and whatever is kept from now on."""
        with self._lock:
            self._closed = True
        for session in (*self._waiting[False], *self._waiting[True]):  # nothing is added any more
            session.close()
