"""Not Spark: as much of its Python interface as the projects in examples use, in one process, with SQLite for its SQL."""
from pyspark.conf import SparkConf
from pyspark.context import SparkContext
