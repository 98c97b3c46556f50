"""Honest code as learners write it: every file has a function f(x) that answers with plain data.

Formatter and linter leave these files alone, for they stand for files that neither has seen.
"""
