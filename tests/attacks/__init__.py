"""Hostile answers, and what becomes of them: `python -m tests.attacks` plays all of them at every level of isolation.

`catalogue` lists them by subject, as data; `scene` lays out what they are after; `played` plays one and looks from
outside for what it has done; `worlds` are the places to play in, a container with Docker's default profile among them.
"""
