"""A class: finds what was handed in, grades all of it, and writes what teacher and students get."""
