import weakref


class Meta(type):
    def __new__(cls, name, bases, body):
        return super().__new__(cls, name, bases, {**body, "made": True})


class Vector(metaclass=Meta):
    __slots__ = ("__weakref__", "values")
    count = 0

    def __init__(self, *values):
        self.values = values
        type(self).count += 1

    def __add__(self, other):
        return Vector(*(a + b for a, b in zip(self.values, other.values, strict=True)))

    def __repr__(self):
        return f"Vector{self.values}"

    def __len__(self):
        return len(self.values)

    def __getitem__(self, place):
        return self.values[place]

    @property
    def norm(self):
        return sum(v * v for v in self) ** 0.5

    @classmethod
    def zero(cls):
        return cls(0, 0)

    @staticmethod
    def kind():
        return "vector"


class Named(Vector):
    __slots__ = ()

    def __repr__(self):
        return "named " + super().__repr__()


def f(x):
    total = Vector(1, 2) + Vector(3, 4)
    return (
        repr(total),
        total.norm,
        len(total),
        total[-1],
        repr(Named.zero()),
        Vector.kind(),
        Vector.made,
        weakref.ref(total)() is total,
        [c.__name__ for c in Named.__mro__],
    )
