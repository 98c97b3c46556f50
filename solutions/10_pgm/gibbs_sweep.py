r"""Gibbs sampling: let every spin ask its neighbours, and toss a coin.

Thirty people each say yes or no, and friends like to agree. How often does a given one say yes? There are 2^30 states,
too many to add up. Gibbs sampling draws instead: one person after the other forgets their answer and draws it anew,
given what all others say at that moment. Whoever watches for long enough sees every state as often as it should occur.

Maths. There are n spins s_i, each -1 or +1. h_i pulls spin i up (or down, if it is negative), and J_ij = J_ji pulls i
and j to the same side (or, if negative, to different sides); J_ii = 0. In the Ising model a state has the probability

$$p(s) \propto \exp\left( \frac{1}{2} \sum_{i,j} J_{ij} s_i s_j + \sum_i h_i s_i \right)$$

where the 1/2 lets each pair count once. Spin i stands in one part of the exponent, s_i a_i with the field
a_i = sum_j J_ij s_j + h_i. So the odds of +1 against -1, with all others held fast, are e^a_i : e^-a_i, and

$$P(s_i = +1 \mid \text{all others}) = \frac{e^{a_i}}{e^{a_i} + e^{-a_i}} = \frac{1}{1 + e^{-2 a_i}}$$

A sweep draws every spin once, i = 0, 1, ..., n - 1 in this order. Each spin looks at the others as they are at that
moment: at those before it as they have been drawn in this sweep, at those after it as they still are.

By hand. J = [[0, -0.9], [-0.9, 0]], h = [0.6, 0.2], s = [-1, 1]. Spin 0 has the field -0.9 + 0.6 = -0.3 and becomes
+1 with probability 1 / (1 + e^0.6) = 0.3543. If it does, spin 1 has the field -0.9 + 0.2 = -0.7 and is +1 with
probability 0.1978; if not, the field is 0.9 + 0.2 = 1.1 and the probability 0.9002. Over many such sweeps, all from
this s, spin 1 is +1 in a share of 0.3543 * 0.1978 + 0.6457 * 0.9002 = 0.6513, and the two spins are equal in a share of
0.3543 * 0.1978 + 0.6457 * 0.0998 = 0.1345.

Source: Geman & Geman, Stochastic relaxation, Gibbs distributions, and the Bayesian restoration of images (1984);
MacKay, Information Theory, Inference, and Learning Algorithms (2003), chapters 29 and 31; Bishop, Pattern Recognition
and Machine Learning (2006), section 11.3.
"""

import math
import operator

import numpy as np

from grader.authoring import Random, Repeatable, Seed, alternative, case, drive, exercise, mistake, picture


@exercise(
    points=5,
    difficulty=3,
    returns=["s_new", "share_up", "share_equal", "draws_from_rng", "draws_from_np_random", "s"],
    needs=["sigmoid"],
    hints=[
        "Write down the two exponents for s_i = -1 and s_i = +1, all others fixed. By how much do they differ?",
        "Make a copy of s first and work in the copy: then each spin that is drawn is there for the next one to see.",
        "A number that is uniform between 0 and 1 lies below p with probability p. For fields of a thousand, the "
        "sigmoid without overflow of topic 02 helps, or (1 + tanh(a)) / 2, which is the same number.",
    ],
    why=(
        "A draw of one spin given all others leaves p as it is, so a whole sweep of them does, too. Drawn at the same "
        "moment, two neighbours would answer to a state that is no longer there."
    ),
    lesson="Loops: ask the neighbours, and toss a coin",
)
def gibbs_sweep(J, h, s, rng):
    """Draw every spin once, in the order of their numbers, given all others as they are at that moment.

    Args:
        J: float array, shape (n, n), symmetric, with zeros on its diagonal. The couplings.
        h: float array, shape (n,). The fields from outside. J and h may lead to fields of a thousand and more.
        s: integer array, shape (n,), each entry -1 or +1. The state before the sweep; n is at least 1.
        rng: np.random.Generator. Every random number comes from it, and none from np.random or from a generator of
            your own: so whoever calls decides whether the same numbers are drawn again.

    Returns:
        s_new: array of whole numbers or floats, shape (n,), each entry -1 or +1. The state after the sweep. The same
        J, h and s and a generator in the same state give the same answer. In which way, and how many numbers, you draw
        from rng is your affair: the shares in many sweeps are compared. The arguments are left as they were, s among
        them.
    """
    s_new = s.copy()
    for i in range(len(s)):
        field = J[i] @ s_new + h[i]
        up = (1 + np.tanh(field)) / 2  # the sigmoid of 2 field, which cannot overflow in this form
        s_new[i] = 1 if rng.random() < up else -1
    return s_new


# A share of 800 sweeps varies by 0.012 to 0.017. Every mistake moves one of the three by twelve times that, and what is
# allowed is seven times; tests/test_witnesses_10a.py has the exact laws.
BY_CHANCE = Random(parts=["share_up[0]", "share_up[1]", "share_equal"], seed="rng")


@drive
def sweeps_from_one_state(gibbs_sweep, J, h, s, rng):
    """Call the function 800 times with the same s, and report shares; where rng is ["once", generator], only once.

    share_up tells in which share of the sweeps each spin was +1, share_equal in which all were equal. ["sources",
    generator] asks what was drawn from, and ["s", generator] what is left in the caller's s.
    """
    what, rng = rng if isinstance(rng, list) else ("", rng)
    s = s.copy()
    if what == "once":
        state = gibbs_sweep(J.copy(), h.copy(), s, rng)
        fits = np.shape(state) == s.shape and np.asarray(state).dtype.kind in "biuf"
        return np.asarray(state, dtype=int) if fits else state, None, None, None, None, None
    if what == "s":
        gibbs_sweep(J.copy(), h.copy(), s, rng)
        return None, None, None, None, None, s
    if what == "sources":
        source, numpys = rng.bit_generator, np.random.get_state(legacy=False)["state"]
        before = repr(source.state), source.seed_seq.n_children_spawned, numpys["pos"], numpys["key"].tobytes()
        gibbs_sweep(J.copy(), h.copy(), s, rng)
        numpys = np.random.get_state(legacy=False)["state"]
        after = repr(source.state), source.seed_seq.n_children_spawned, numpys["pos"], numpys["key"].tobytes()
        return None, None, None, before[:2] != after[:2], before[2:] != after[2:], None
    states = [gibbs_sweep(J, h, s.copy(), rng) for _ in range(800)]
    if any(np.shape(state) != s.shape for state in states):
        what = "None" if states[0] is None else f"something of shape {np.shape(states[0])}"
        raise ValueError(f"gibbs_sweep returned {what}, where an array of shape {s.shape} is expected")
    states = np.array(states)
    up = [float(share) for share in (states == 1).mean(axis=0)]
    return None, up, float((states == states[:, :1]).all(axis=1).mean()), None, None, None


@case(checks=[BY_CHANCE, Repeatable()])
def by_hand(rng):
    """The example of the statement, 800 sweeps from the same s."""
    J, h = np.array([[0.0, -0.9], [-0.9, 0.0]]), np.array([0.6, 0.2])
    return {"J": J, "h": h, "s": np.array([-1, 1]), "rng": Seed(31)}


# The fields in the cases with one sweep are 40 or more, so that the other value has a probability below e^-80: chance
# has no say, whatever is drawn in whichever order.
@case
def one_wakes_the_next(rng):
    """Five spins, all -1. The first is pulled up, and each pulls up the next one, but for the last, which is pushed
    down."""
    pulls = (200.0, 160.0, 120.0, -80.0)
    J = np.diag(pulls, 1) + np.diag(pulls, -1)
    h = np.array([240.0, 0.0, 0.0, 0.0, 0.0])
    return {"J": J, "h": h, "s": np.full(5, -1), "rng": ["once", Seed(32)]}


@case(edge=True)
def neighbours_differ(rng):
    """Four spins in a ring, each pulled away from its neighbours, and one from outside; the couplings are strong."""
    J = -100.0 * np.array([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]])
    h = np.array([-50.0, 50.0, -50.0, -250.0])
    return {"J": J, "h": h, "s": np.array([1, 1, -1, 1]), "rng": ["once", Seed(33)]}


@case(edge=True, hidden=True)
def eight_spins(rng):
    # Coupling in multiples of 80, fields from outside that are odd multiples of 40: no field is nearer to 0 than 40.
    J = 80.0 * np.triu(rng.integers(-1, 2, (8, 8)), 1)
    h = 40.0 * rng.choice([-1.0, 1.0], 8)
    return {"J": J + J.T, "h": h, "s": rng.choice([-1, 1], 8), "rng": ["once", Seed(34)]}


@case(edge=True)
def a_single_spin(rng):
    """One spin without neighbours, in a strong field."""
    return {"J": np.zeros((1, 1)), "h": np.array([-60.0]), "s": np.array([1]), "rng": ["once", Seed(35)]}


@case(edge=True)
def fields_of_a_thousand(rng):
    """e^2000 is too large for a float; the answer is not."""
    J = np.array([[0.0, 1500.0, 0.0], [1500.0, 0.0, -2000.0], [0.0, -2000.0, 0.0]])
    h = np.array([100.0, 4000.0, 500.0])
    return {"J": J, "h": h, "s": np.array([1, -1, 1]), "rng": ["once", Seed(36)]}


@case(edge=True)
def draws_from_nothing_else(rng):
    """The generator rng is used, and that of np.random, which belongs to the whole program, is not."""
    J, h = np.array([[0.0, 0.5], [0.5, 0.0]]), np.array([0.2, -0.1])
    return {"J": J, "h": h, "s": np.array([1, -1]), "rng": ["sources", Seed(37)]}


@case(edge=True)
def leaves_s_alone(rng):
    """The caller's s holds after the sweep what it held before. Both spins are pulled to the other side."""
    J, h = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([-60.0, 60.0])
    return {"J": J, "h": h, "s": np.array([1, -1]), "rng": ["s", Seed(38)]}


@picture(case="by_hand")
def how_often_up(axes, arguments, answer):
    """In 800 sweeps from the same state: how often each spin was +1, and how often the two were equal."""
    shares = [*answer[1], answer[2]]
    axes.bar_label(axes.bar(["spin 0 is +1", "spin 1 is +1", "equal"], shares, color="#0072B2"), fmt="%.3f")
    axes.set(ylim=(0, 1), ylabel="share of the sweeps")


@alternative
def draws_all_numbers_first(J, h, s, rng):
    s_new, u = np.array(s), rng.uniform(size=len(s))
    for i in range(len(s)):
        a = sum(J[i, j] * s_new[j] for j in range(len(s)) if j != i) + h[i]
        # u > 1 / (1 + e^2a), solved for a
        s_new[i] = 1 if 2 * a > np.log1p(-u[i]) - np.log(u[i] + 1e-300) else -1
    return s_new


@alternative
def chooses_with_probabilities(J, h, s, rng):
    s_new = [int(spin) for spin in s]
    for i, row in enumerate(J):
        weight = np.exp(-2 * abs(float(np.dot(row, s_new) + h[i])))
        likely = 1 if np.dot(row, s_new) + h[i] >= 0 else -1
        s_new[i] = int(rng.choice([likely, -likely], p=[1 / (1 + weight), weight / (1 + weight)]))
    return np.array(s_new)


@alternative
def compares_the_energies_of_two_states(J, h, s, rng):
    state = s.copy()
    for i in reversed(range(-len(s), 0)):
        i = -1 - i
        exponents = []
        for spin in (-1, 1):
            state[i] = spin
            exponents.append(state @ J @ state / 2 + h @ state)
        with np.errstate(over="ignore"):
            p = 1 / (1 + np.exp(exponents[0] - exponents[1]))
        state[i] = 2 * rng.binomial(1, p) - 1
    return state


@alternative
def adds_logistic_noise(J, h, s, rng):
    # A logistic random number lies below x with probability sigmoid(x).
    noise, s_new = rng.logistic(size=s.shape), s + 0
    for i in range(s.size):
        s_new[i] = np.where(noise[i] < 2 * (J[:, i] @ s_new + h[i]), 1, -1)
    return s_new


def _sweep(J, h, s, draw):
    """Plain lists: for a few spins they are faster than arrays, and mistakes draw many times for a key."""
    spins, outside = s.tolist(), h.tolist()
    for i, row in enumerate(J.tolist()):
        spins[i] = draw(sum(map(operator.mul, row, spins)) + outside[i], spins[i])
    return np.array(spins)


def _up(field):
    return (1 + math.tanh(field)) / 2


def _spin(rng, p):
    return 1 if rng.random() < p else -1


def _drawn(J, h, s, rng):
    """The right answer."""
    return _sweep(J, h, s, lambda field, _: _spin(rng, _up(field)))


@mistake
def forgets_the_factor_2(J, h, s, rng):
    """The probability is the sigmoid of the field itself. The two states of a spin differ by more than that: compare
    the exponent for +1 with the one for -1, and not with zero."""
    return _sweep(J, h, s, lambda field, _: _spin(rng, _up(field / 2)))


@mistake
def counts_every_pair_twice(J, h, s, rng):
    """The couplings pull twice as strongly as they should. The sum over i and j meets every pair two times, and the 1/2
    in front of it takes that back."""
    return _drawn(2 * J, h, s, rng)


@mistake
def looks_at_the_state_before_the_sweep(J, h, s, rng):
    """All spins were drawn given the old state. Your neighbour may already have moved: each spin looks at the others as
    they are at its own moment."""
    return np.array([_spin(rng, _up(float(J[i] @ s + h[i]))) for i in range(len(s))])


@mistake
def begins_at_the_last_spin(J, h, s, rng):
    """The spins were drawn in the order of their numbers, but from the last one to the first. That is a right way to
    sample, and not the one that was asked for."""
    back = slice(None, None, -1)
    return _drawn(J[back, back], h[back], s[back], rng)[back]


@mistake
def takes_the_more_probable_value(J, h, s, rng):
    """Every spin took the value that is more probable. Sampling is not optimising: the less probable value has to come
    up as well, in its share of the cases."""
    rng.random()
    return _sweep(J, h, s, lambda field, _: 1 if field > 0 else -1)


@mistake
def accepts_like_metropolis(J, h, s, rng):
    """A flip was proposed and accepted by the Metropolis rule. In the long run that has the same distribution, but one
    step of it has not: there the new value depends on the old one. Which conditional distribution does Gibbs draw
    from?"""

    def flips(field, spin):
        return -spin if rng.random() < math.exp(min(0.0, -2.0 * spin * field)) else spin

    return _sweep(J, h, s, flips)


@mistake
def exchanges_up_and_down(J, h, s, rng):
    """Up and down are exchanged: a spin that is pulled up comes out as -1 with the probability that +1 should have. How
    often does a uniform number lie below p, and how often above?"""
    return _sweep(J, h, s, lambda field, _: _spin(rng, _up(-field)))


@mistake
def forgets_the_field_from_outside(J, h, s, rng):
    """The spins listen to each other and not to h. Which terms of the exponent contain s_i?"""
    return _drawn(J, 0 * h, s, rng)


@mistake
def uses_one_number_for_all_spins(J, h, s, rng):
    """One random number was drawn for the whole sweep, and every spin was compared with it. So they move together even
    where nothing couples them. Each spin tosses a coin of its own."""
    u = rng.random()
    return _sweep(J, h, s, lambda field, _: 1 if u < _up(field) else -1)


@mistake
def answers_with_0_and_1(J, h, s, rng):
    """The spins came out as 0 and 1. Here they are -1 and +1: two values x of the first kind become 2x - 1."""
    return (_drawn(J, h, s, rng) + 1) // 2


@mistake
def draws_a_single_spin(J, h, s, rng):
    """One spin was drawn anew, at a random place. That is a step; a sweep goes over all of them, in order."""
    i, s_new = rng.integers(len(s)), s.copy()
    s_new[i] = _spin(rng, _up(float(J[i] @ s + h[i])))
    return s_new


@mistake
def draws_from_the_whole_programs_generator(J, h, s, rng):
    """The random numbers came from np.random, so that the caller's rng has no say in them, and other parts of the
    program that draw from there get other numbers than before. You were handed a source of randomness."""
    return _sweep(J, h, s, lambda field, _: 1 if np.random.rand() < _up(field) else -1)


@mistake
def brings_a_seed_of_its_own(J, h, s, rng):
    """800 sweeps gave the same spins 800 times, and nothing was drawn from rng. A generator with a seed of its own
    draws the same numbers in every sweep, and who always takes the more probable value draws none. Draw from rng."""
    return _drawn(J, h, s, np.random.default_rng(0))


@mistake
def works_in_the_callers_s(J, h, s, rng):
    """Right, but the spins were changed in the array that was handed over, and the caller's s is another state now.
    Work in a copy."""
    for i in range(len(s)):
        s[i] = _spin(rng, _up(float(J[i] @ s + h[i])))
    return s


@mistake
def overflows_in_a_strong_field(J, h, s, rng):
    """Right for small fields. math.exp raises OverflowError from about 710 on. The sigmoid can be written so that it
    needs no power of e above 1."""
    return _sweep(J, h, s, lambda field, _: _spin(rng, 1 / (1 + math.exp(-2 * field))))
