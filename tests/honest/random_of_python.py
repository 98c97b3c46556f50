import random


def f(x):
    rng = random.Random(4)
    deck = list(range(6))
    rng.shuffle(deck)
    return (
        deck,
        rng.gauss(0, 1),
        rng.choices("abc", k=3),
        rng.randint(1, 6),
        rng.uniform(0, 1),
        rng.triangular(),
        rng.betavariate(1, 2),
    )
