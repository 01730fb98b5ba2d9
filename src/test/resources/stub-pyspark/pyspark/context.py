import os

from pyspark.conf import SparkConf


class SparkContext:
    _active = None

    def __init__(self, conf=None):
        self.conf = conf or SparkConf()
        self.master = self.conf.get("spark.master", "local[*]")
        # As Spark does, in its words.
        if self.master == "yarn" and not {"HADOOP_CONF_DIR", "YARN_CONF_DIR"} & set(os.environ):
            raise RuntimeError(
                "When running with master 'yarn' either HADOOP_CONF_DIR or YARN_CONF_DIR must be set in the environment."
            )
        if self.master != "yarn" and not self.master.startswith("local"):
            raise RuntimeError("Could not parse Master URL: '%s'" % self.master)
        if SparkContext._active is not None:
            raise ValueError("Cannot run multiple SparkContexts at once")
        SparkContext._active = self

    @classmethod
    def getOrCreate(cls, conf=None):
        return cls._active or cls(conf)

    def parallelize(self, values):
        return RDD(values)

    def stop(self):
        SparkContext._active = None


class RDD:
    def __init__(self, values):
        self.values = values

    def map(self, function):
        return RDD(function(value) for value in self.values)

    def collect(self):
        return list(self.values)
