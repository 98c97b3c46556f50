"""The proof of the gradient checker: a battery, properties, sabotage and a table."""
