"""A class: finds what was handed in, grades all of it, and writes what teacher and students get."""

__all__ = ["ClassError"]


class ClassError(Exception):
    """What a teacher gave cannot be used; the message says what, where, and what to do."""
