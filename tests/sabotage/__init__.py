"""Hand-made defects of the grader, each of which must turn the suite red.

`python -m tests.sabotage` plays them all, `python -m tests.sabotage NAME ...` some. A test that nothing can turn red
proves nothing; a sabotage that nobody notices is a test that is missing. `catalogue` holds the sabotages as data; the
working tree is never touched.
"""
