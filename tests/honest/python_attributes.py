class Positive:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner=None):
        return getattr(instance, self.name)

    def __set__(self, instance, value):
        if value <= 0:
            raise ValueError(f"{self.name[1:]} must be positive")
        setattr(instance, self.name, value)


class Rate:
    eta = Positive()

    def __init__(self, eta):
        self.eta = eta

    def __getattr__(self, name):
        return f"no {name}"

    def __init_subclass__(cls, **options):
        cls.options = options


class Slow(Rate, factor=2):
    pass


def f(x):
    try:
        Rate(-1)
    except ValueError as fault:
        return str(fault), Rate(0.1).eta, Rate(1).other, Slow.options
