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
    raise NotImplementedError
