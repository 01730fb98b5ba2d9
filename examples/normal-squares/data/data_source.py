import configparser

import numpy
from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession
from pyspark.sql.types import DoubleType

CONFIGURATION = "./data/data_source.ini"


def double(number):
    return 2 * number


class DataSource:
    """Normally distributed numbers, doubled on the cluster; the ini file says which distribution, and where Spark runs."""

    def __init__(self, path=CONFIGURATION):
        configuration = configparser.ConfigParser()
        with open(path, encoding="utf-8") as file:
            configuration.read_file(file)
        self.distribution = configuration["distribution"]
        self.mean = self.distribution.getfloat("mean")
        self.deviation = self.distribution.getfloat("deviation")
        self.context = self._context(configuration["spark"])
        self.session = SparkSession.builder.getOrCreate()  # of the context that there is

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session.stop()

    @property
    def expected_mean_square(self):
        return (2 * self.mean) ** 2 + (2 * self.deviation) ** 2

    def doubled(self):
        numbers = self.context.parallelize(self._sample().tolist()).map(double)
        return self.session.createDataFrame(numbers, DoubleType()).toDF("number")

    def _sample(self):
        generator = numpy.random.default_rng(self.distribution.getint("seed"))
        return generator.normal(self.mean, self.deviation, self.distribution.getint("samples"))

    @staticmethod
    def _context(settings):
        conf = SparkConf().setAppName(settings["app_name"]).setMaster(settings["master_url"])
        # The name since Spark 3.0; Spark 2 calls it spark.sql.execution.arrow.enabled.
        conf.set("spark.sql.execution.arrow.pyspark.enabled", "true")
        return SparkContext(conf=conf)
