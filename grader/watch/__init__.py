"""`make watch`: whatever is saved is graded and shown at once, and a key away is what helps."""
