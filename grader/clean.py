"""Makes text that learners wrote harmless for a terminal: what it prints is seen, and what it commands is not done."""

import unicodedata

__all__ = ["clean"]


def clean(text: str) -> str:
    """Return `text` with every control and direction-changing character made visible, line ends and tabs apart."""
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in "\n\t":
        return "\n" if character == "\n" else "    "
    # Cc: escape sequences begin with one; Cf: overrides of the writing direction; Cs: half characters; Zl, Zp: the
    # other line ends.
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return _escaped(ord(character))
    return character


def _escaped(code: int) -> str:
    if code < 256:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"
