import configparser
import random

from pyspark.sql import SparkSession
from pyspark.sql.functions import udf
from pyspark.sql.types import DoubleType, StructField, StructType

try:
    import numpy
except ImportError:
    numpy = None

CONFIGURATION = "./data/data_source.ini"


def square(number):
    return number * number


class DataSource:
    """A normal distribution as a Spark DataFrame; the ini file says which one."""

    def __init__(self, path=CONFIGURATION):
        configuration = configparser.ConfigParser()
        with open(path, encoding="utf-8") as file:
            configuration.read_file(file)
        self.distribution = configuration["distribution"]
        self.mean = self.distribution.getfloat("mean")
        self.deviation = self.distribution.getfloat("deviation")
        self.spark = self._session(configuration["spark"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.spark.stop()

    @property
    def expected_mean_square(self):
        return self.mean ** 2 + self.deviation ** 2

    def squares(self):
        schema = StructType([StructField("number", DoubleType(), False)])
        numbers = self.spark.createDataFrame([(number,) for number in self._sample()], schema)
        squared = numbers.withColumn("squared", udf(square, DoubleType())("number"))
        squared.createOrReplaceTempView("squares")
        return self.spark.sql(
            """
            SELECT COUNT(*)     AS samples,
                   AVG(number)  AS mean,
                   AVG(squared) AS mean_square,
                   MAX(squared) AS largest
              FROM squares
            """
        ).first()

    def _sample(self):
        size = self.distribution.getint("samples")
        seed = self.distribution.getint("seed")
        if numpy is not None:
            return numpy.random.default_rng(seed).normal(self.mean, self.deviation, size).tolist()
        generator = random.Random(seed)
        return [generator.gauss(self.mean, self.deviation) for _ in range(size)]

    @staticmethod
    def _session(settings):
        builder = SparkSession.builder.appName(settings["app_name"])
        # On a cluster, spark-submit says where the master is.
        if "master" in settings:
            builder = builder.master(settings["master"])
        return builder.getOrCreate()
