from collections import namedtuple


class DoubleType:
    pass


StructField = namedtuple("StructField", "name type nullable")
StructType = namedtuple("StructType", "fields")
