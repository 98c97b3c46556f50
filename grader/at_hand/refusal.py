"""What is said where a function at hand cannot be checked: a sentence, in a notebook without a traceback of ours."""

__all__ = ["NotAtHandError"]


class NotAtHandError(Exception):
    """A function cannot be checked as it is at hand; the message says why, and what to do."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in the place of a traceback."""
        return [str(self)]
