import abc
from abc import ABC, abstractmethod


class Layer(ABC):
    @abstractmethod
    def forward(self, x): ...

    def __call__(self, x):
        return self.forward(x)


class Double(Layer):
    def forward(self, x):
        return 2 * x


def f(x):
    try:
        Layer()
    except TypeError as fault:
        return Double()(x), "abstract" in str(fault), issubclass(Double, Layer), isinstance(Layer, abc.ABCMeta)
