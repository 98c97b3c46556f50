"""`make bench-peers`: one assignment, graded by us and by others, and what grading it must cost at the least.

The assignment is `relu_backward`, `softmax_loss` and `calibrate_threshold`. It is written for every peer as its own
manual shows; every figure is measured by the command, and what cannot be installed or run says so in its row.
"""
