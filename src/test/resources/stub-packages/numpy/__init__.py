"""Not NumPy: as much of it as examples/normal-squares uses, where the tests find no real one."""
import random as python

__version__ = "1.0"


class Array(list):
    def tolist(self):
        return list(self)


class Generator:
    def __init__(self, seed):
        self.generator = python.Random(seed)

    def normal(self, mean, deviation, size):
        return Array(self.generator.gauss(mean, deviation) for _ in range(size))


class random:
    default_rng = Generator
