from collections import namedtuple


class DoubleType:
    pass


class StringType:
    pass


StructField = namedtuple("StructField", "name type nullable")
StructType = namedtuple("StructType", "fields")
