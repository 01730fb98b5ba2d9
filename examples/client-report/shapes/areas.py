import math


def areas():
    return [("circle", math.pi), ("square", 4.0)]
