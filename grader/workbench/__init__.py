"""The workbench: a page on the learner's own machine that shows the course and grades whatever is saved.

serve   one server on the loopback address, until somebody presses Ctrl-C
guard   who may ask: this machine, this browser, this person
app     what may be asked for, each by its name
bench   grades in the background, and tells
lane    one thing after the other, in a thread of its own
feed    what is new, to every page that is open
"""
