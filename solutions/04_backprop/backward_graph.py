r"""Backpropagation through any computation: who speaks when?

Libraries such as PyTorch remember how every number was made, and then find the slope of the result with respect to all
of them in one pass, for a price not much above that of computing the result. You can write the heart of such a library
in a dozen lines.

Maths. Every number is a node. A node knows its parents, the numbers that it was made from, and its local slopes: how
fast its own value changes when one of the parents does. For the last node L, the root, and any other node p, the chain
rule says

$$\frac{\partial L}{\partial p} = \sum_{c \text{ made from } p} \frac{\partial L}{\partial c}\cdot
\frac{\partial c}{\partial p}$$

Every node c passes its slope, times the local slope, on to each of its parents; a parent adds up what it is told. The
sum over c is complete only when every node that was made from p has spoken. So the order matters: a node speaks after
all those that were made from it. Such an order always exists, since nothing is made from itself.

By hand. L = a*b + a at a = 2, b = 3. The nodes are a, b, ab = 6 and L = 8.

    L  speaks first:  dL/dL  = 1, so it tells ab: 1*1 = 1 and a: 1*1 = 1
    ab speaks next:   dL/dab = 1, so it tells a: 1*3 = 3 and b: 1*2 = 2
    in the end:       dL/da  = 1 + 3 = 4, dL/db = 2

In messages a graph is a list of [name, value, parents, local_grads], and grad['a'] is what a.grad holds after the call.

Source: Griewank & Walther, Evaluating Derivatives (2008), chapter 3; Karpathy, micrograd (2020).
"""

from grader.authoring import alternative, case, drive, exercise, given, mistake


@given
class Node:
    """One number in a computation: its value, what it was made from, and the slope that backward_graph finds."""

    def __init__(self, value, parents=(), local_grads=()):
        """Make a node.

        Args:
            value: float.
            parents: the nodes that it was made from, in order. A node that is used twice stands there twice.
            local_grads: floats, one for each parent: how fast value changes when that parent does.
        """
        self.value = value
        self.parents = list(parents)
        self.local_grads = list(local_grads)
        self.grad = 0.0

    def __repr__(self):
        """Show value and grad."""
        return f"Node(value={self.value}, grad={self.grad})"


@exercise(
    points=8,
    difficulty=4,
    returns=["grad", "value", "local_grads"],
    needs=["numerical_derivative"],
    hints=[
        "On paper, draw L = a*b + a with an arrow from each number to what is made from it. Which node knows its slope "
        "before anybody has spoken? Which nodes can speak next, and why not all of them?",
        "Two passes are enough. The first one finds all ancestors of the root and prepares an order; the second one "
        "walks along this order and adds grad times local slope to each parent. For the order, it helps to know of "
        "every node how many messages it is still waiting for.",
        "First walk from the root and count, for every node, how often it stands among the parents of an ancestor. "
        "Then set root.grad to 1 and keep a list of nodes that are ready, at first the root alone. A node that speaks "
        "lowers the count of its parents by one each; a parent whose count reaches 0 is ready. Loops with lists of "
        "their own also get through long chains, where a function that calls itself does not.",
    ],
    why=(
        "A slope is complete once everything that was made from the node has spoken. Passed on only then, one message "
        "along each arrow is enough, even where there are millions of paths."
    ),
    lesson="Graphs: who speaks when",
)
def backward_graph(root):
    """Set .grad of the root and of all its ancestors to the slope of the root's value with respect to them.

    Args:
        root: Node, the result. Every value in the graph is a float, a scalar, and every .grad is 0.0 when the function
            is called. A graph may be thousands of nodes deep, and there may be far more paths through it than nodes.

    Returns:
        None. Afterwards root.grad is 1, the .grad of every ancestor is the derivative of root.value with respect to
        that node, and all other nodes are as before. Values, parents and local slopes are left as they were, and after
        setting all grads back to 0.0 a second call does the same again. A node need not be asked for its parents more
        than a few times; at a thousand it stops with a TimeoutError.
    """
    waiting = {root: 0}  # for every ancestor, how many messages it has still to receive
    found = [root]
    for node in found:  # grows while it is walked along
        for parent in node.parents:
            if parent not in waiting:
                waiting[parent] = 0
                found.append(parent)
            waiting[parent] += 1

    root.grad = 1.0
    ready = [root]
    for node in ready:
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            parent.grad += node.grad * slope
            waiting[parent] -= 1
            if waiting[parent] == 0:
                ready.append(parent)


@drive
def on_a_graph(backward_graph, graph):
    """Build the nodes, call the function on the root, and return what the nodes hold then.

    graph["nodes"] has a row [name, value, parents, local_grads] for each node. graph["negations"] puts so many nodes
    behind the last one, each the negative of the one before; the last of them goes by its name. graph["root"] names
    the root (otherwise it is the last node), graph["calls"] says how often to call (grads are set to 0.0 in between),
    and graph["rest"] asks for the values and local slopes as well.
    """

    class Watched(Node):
        """A Node that counts how often it is asked for its parents, so that no computer's speed plays a part."""

        @property
        def parents(self):
            self.asked += 1
            if self.asked > 1000:
                raise TimeoutError(f"a node was asked for its parents 1000 times, in a graph of {len(nodes)} nodes")
            return self.made_from

        @parents.setter
        def parents(self, parents):
            self.asked, self.made_from = 0, parents

    nodes = {}
    for name, value, parents, local_grads in graph["nodes"]:
        nodes[name] = Watched(value, [nodes[parent] for parent in parents], local_grads)
    for _ in range(graph.get("negations", 0)):
        nodes[name] = Watched(-nodes[name].value, [nodes[name]], [-1.0])
    for _ in range(graph.get("calls", 1)):
        for node in nodes.values():
            node.grad = 0.0
        backward_graph(nodes[graph.get("root", name)])
    grads = {name: float(node.grad) for name, node in nodes.items()}
    if not graph.get("rest"):
        return (grads,)
    values = {name: node.value for name, node in nodes.items()}
    return grads, values, {name: list(node.local_grads) for name, node in nodes.items()}


def graph(inputs, *steps, **more):
    """A case out of inputs by name and steps such as ("ab", "a", "*", "b"), the root last."""
    values = dict(inputs)
    rows = [[name, value, [], []] for name, value in inputs.items()]
    for name, one, sign, other in steps:
        a, b = values[one], values[other]
        values[name] = a * b if sign == "*" else a + b
        rows.append([name, values[name], [one, other], [b, a] if sign == "*" else [1.0, 1.0]])
    return {"root": {"nodes": rows, **more}}


def random_graph(rng, inputs, steps):
    """Each step joins the number before it with any earlier one, on either side."""
    names = [f"x{n}" for n in range(inputs)]
    drawn = []
    for n in range(steps):
        one, other = rng.permutation([names[-1], rng.choice(names)])
        drawn.append((f"s{n}", str(one), str(rng.choice(["*", "+"])), str(other)))
        names.append(f"s{n}")
    values = rng.permutation([1.5, -0.75, 1.25, -0.5])
    return graph({f"x{n}": float(values[n]) for n in range(inputs)}, *drawn)


def diamonds(count):
    """From x on, each diamond splits a number into 1.5 times and -0.5 times itself and adds the two up again."""
    rows, top = [["x", 1.0, [], []]], "x"
    for n in range(count):
        rows += [[f"left{n}", 1.5, [top], [1.5]], [f"right{n}", -0.5, [top], [-0.5]]]
        rows.append([f"sum{n}", 1.0, [f"left{n}", f"right{n}"], [1.0, 1.0]])
        top = f"sum{n}"
    return {"root": {"nodes": rows}}


@case
def by_hand(rng):
    """The example of the statement, L = a*b + a."""
    return graph({"a": 2.0, "b": 3.0}, ("ab", "a", "*", "b"), ("L", "ab", "+", "a"))


@case
def the_same_parent_twice(rng):
    """q = x*x and L = q + q at x = 3."""
    return graph({"x": 3.0}, ("q", "x", "*", "x"), ("L", "q", "+", "q"))


@case
def a_diamond(rng):
    """x = u*v is used by two nodes, and both are used by L."""
    return graph(
        {"u": 2.0, "v": 1.5}, ("x", "u", "*", "v"), ("p", "x", "*", "u"), ("q", "x", "+", "v"), ("L", "p", "*", "q")
    )


@case
def a_short_cut(rng):
    """L = x + y, where y is made from x as well: one way from L to x is shorter than the other."""
    return graph({"u": 3.0, "v": 2.0}, ("x", "u", "*", "u"), ("y", "x", "*", "v"), ("L", "x", "+", "y"))


@case
def three_diamonds(rng):
    """Three diamonds, one on top of the other: eight paths from the root to x."""
    return diamonds(3)


@case
def three_parents(rng):
    """L = u*v*v*w in one step: a node has as many parents as it needs, and v is one of them twice."""
    rows = [["u", 2.0, [], []], ["v", 3.0, [], []], ["w", 0.5, [], []]]
    return {"root": {"nodes": [*rows, ["L", 9.0, ["u", "v", "v", "w"], [4.5, 3.0, 3.0, 18.0]]]}}


@case
def a_random_graph(rng):
    """Three inputs and seven steps."""
    return random_graph(rng, 3, 7)


@case
def not_all_are_ancestors(rng):
    """The root q was made from x alone; z and what was made from q later hear nothing."""
    return graph({"x": 3.0, "z": 2.0}, ("q", "x", "*", "x"), ("later", "q", "*", "z"), root="q")


@case(hidden=True)
def another_random_graph(rng):
    return random_graph(rng, 4, 12)


@case(edge=True)
def a_node_alone(rng):
    """The root was made from nothing."""
    return {"root": {"nodes": [["x", 4.0, [], []]]}}


@case(edge=True)
def called_again(rng):
    """All grads are set back to 0.0, and the function is called on the same graph once more."""
    return graph({"a": 2.0, "b": 3.0}, ("ab", "a", "*", "b"), ("L", "ab", "+", "a"), calls=2)


@case(edge=True)
def the_rest_is_left_alone(rng):
    """Values and local slopes are the same after the call."""
    return graph({"a": 2.0, "b": 3.0}, ("ab", "a", "*", "b"), ("L", "ab", "+", "a"), rest=True)


@case(edge=True)
def five_thousand_in_a_row(rng):
    """y = x + x, and then 4999 nodes, each the negative of the one before: a graph that is 5000 nodes deep."""
    return graph({"x": 2.0}, ("y", "x", "+", "x"), negations=4999)


@case(edge=True)
def twenty_diamonds(rng):
    """61 nodes, and a million paths from the root to x: every diamond doubles them."""
    return diamonds(20)


def _up_to(root, nodes, seen):
    """Add the ancestors of the root to nodes, parents first, by recursion; the root comes last."""
    if root not in seen:
        seen.add(root)
        for parent in root.parents:
            _up_to(parent, nodes, seen)
        nodes.append(root)
    return nodes


@alternative
def sorts_with_a_stack(root):
    order, seen, stack = [], {root}, [(root, iter(root.parents))]
    while stack:
        node, remaining = stack[-1]
        parent = next(remaining, None)
        if parent is None:
            order.append(node)
            stack.pop()
        elif parent not in seen:
            seen.add(parent)
            stack.append((parent, iter(parent.parents)))
    root.grad = 1.0
    for node in reversed(order):
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            parent.grad += slope * node.grad


@alternative
def listens_instead_of_speaking(root):
    children, found = {root: []}, [root]
    for node in found:
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            if parent not in children:
                children[parent] = []
                found.append(parent)
            children[parent].append((node, slope))
    slopes = {root: 1.0}
    undone = found[1:]
    stack = undone[:]
    while stack:
        node = stack[-1]
        unknown = [child for child, _ in children[node] if child not in slopes]
        if node in slopes or not unknown:
            stack.pop()
            slopes.setdefault(node, sum(slopes[child] * slope for child, slope in children[node] if child in slopes))
        else:
            stack += unknown
    for node, slope in slopes.items():
        node.grad = slope


@mistake
def overwrites(root):
    """Each message replaces the one before. A node that is used twice receives two messages, and its slope is their
    sum."""
    root.grad = 1.0
    for node in reversed(_up_to(root, [], set())):
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            parent.grad = node.grad * slope


@mistake
def speaks_in_the_order_of_the_computation(root):
    """The nodes speak in the order in which they were computed, parents first. On the way back it is the other way
    round: the root knows its slope first, and a parent knows its own only after all that was made from it."""
    order = _up_to(root, [], set())
    root.grad = 1.0
    for node in order:
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            parent.grad += node.grad * slope


@mistake
def goes_depth_first_without_an_order(root):
    """A node speaks as soon as it is reached. If it is reached by several ways, it has heard of one of them only, and
    what arrives later never gets on to its parents. A node must not speak before all that were made from it have."""
    root.grad = 1.0
    seen = set()

    def speak(node):
        if node in seen:
            return
        seen.add(node)
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            parent.grad += node.grad * slope
            speak(parent)

    speak(root)


@mistake
def goes_by_the_distance_from_the_root(root):
    """The nodes speak in the order in which a queue reaches them: the nearest to the root first. Where there is a short
    cut, a node is near the root by one way and far from it by another, and it has to wait for the longest."""
    root.grad = 1.0
    queue, seen = [root], {root}
    for node in queue:
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            parent.grad += node.grad * slope
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)


@mistake
def visits_shared_nodes_again(root):
    """A node that can be reached by several ways speaks several times, and each time it repeats what it has said
    before. Keep track of who has been dealt with. (In a stack of diamonds the visits double at every one of them.)"""
    order = []

    def visit(node):
        for parent in node.parents:
            visit(parent)
        order.append(node)

    visit(root)
    root.grad = 1.0
    for node in reversed(order):
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            parent.grad += node.grad * slope


@mistake
def walks_every_path(root):
    """The slopes are right: this adds up the products along every single path from the root, which is what the chain
    rule says when it is written out. But the number of paths can double with every few nodes. If a node waits until it
    has heard everything, it needs to speak only once, for all paths together."""

    def walk(node, message):
        node.grad += message
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            walk(parent, message * slope)

    walk(root, 1.0)


@mistake
def forgets_the_first_slope(root):
    """All slopes are 0: everybody passes on a multiple of 0. What is the derivative of the root with respect to
    itself?"""
    for node in reversed(_up_to(root, [], set())):
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            parent.grad += node.grad * slope


@mistake
def marks_the_nodes_for_good(root):
    """Right at the first call. The marks of who has been visited stay on the nodes, so that a second call on the same
    graph finds everybody visited already. Keep such notes in something that ends with the call."""
    order = []

    def visit(node):
        if not getattr(node, "visited", False):
            node.visited = True
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(root)
    root.grad = 1.0
    for node in reversed(order):
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            parent.grad += node.grad * slope


@mistake
def calls_itself_for_every_node(root):
    """Right, as long as the graph is not deep. Each call inside a call takes up room, and Python stops at about a
    thousand of them. A list of your own that you append to and pop from can take their place."""
    root.grad = 1.0
    for node in reversed(_up_to(root, [], set())):
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            parent.grad += node.grad * slope
