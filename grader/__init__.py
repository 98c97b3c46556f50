"""The grader: it knows all about grading, and nothing about any exercise.

In a notebook or a script: `from grader import check`, then `check` of the function at hand; likewise `hint`, `plot`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.at_hand import check as check
    from grader.at_hand import hint as hint
    from grader.at_hand import plot as plot

__all__ = ["check", "hint", "plot"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from grader import at_hand  # late: with it come numpy, and all of the grader

    return getattr(at_hand, name)
