"""The grader: it knows all about grading, and nothing about any exercise."""
