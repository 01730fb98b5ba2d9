import sqlite3
import warnings
from collections import namedtuple

from pyspark.conf import SparkConf
from pyspark.context import RDD, SparkContext

ARROW = "spark.sql.execution.arrow.pyspark.enabled"


class Builder:
    def __init__(self):
        self.conf = SparkConf()

    def appName(self, name):
        return self.config("spark.app.name", name)

    def master(self, master):
        return self.config("spark.master", master)

    def config(self, key, value):
        self.conf.set(key, value)
        return self

    def getOrCreate(self):
        return SparkSession(SparkContext.getOrCreate(self.conf))


class SparkSession:
    builder = Builder()
    version = "stub"

    def __init__(self, context):
        self.context = context
        self.tables = sqlite3.connect(":memory:")
        self.udf = Functions(self.tables)

    def createDataFrame(self, rows, schema):
        if isinstance(rows, RDD):
            rows = rows.collect()
        if not hasattr(schema, "fields"):
            return DataFrame(self, ["value"], [(row,) for row in rows])
        return DataFrame(self, [field.name for field in schema.fields], [tuple(row) for row in rows])

    def sql(self, query):
        answer = self.tables.execute(query)
        return DataFrame(self, [column[0] for column in answer.description], answer.fetchall())

    def stop(self):
        self.tables.close()
        self.context.stop()


class Functions:
    def __init__(self, tables):
        self.tables = tables

    def register(self, name, function, return_type):
        self.tables.create_function(name, function.__code__.co_argcount, function)


class DataFrame:
    def __init__(self, session, columns, rows):
        self.session, self.columns, self.rows = session, columns, rows

    def toDF(self, *names):
        return DataFrame(self.session, list(names), self.rows)

    def withColumn(self, name, column):
        function, argument = column
        at = self.columns.index(argument)
        return DataFrame(self.session, self.columns + [name], [row + (function(row[at]),) for row in self.rows])

    def createOrReplaceTempView(self, name):
        self.session.tables.execute("CREATE TABLE %s (%s)" % (name, ", ".join(self.columns)))
        places = ", ".join("?" * len(self.columns))
        self.session.tables.executemany("INSERT INTO %s VALUES (%s)" % (name, places), self.rows)

    def first(self):
        return self.collect()[0]

    def collect(self):
        return [namedtuple("Row", self.columns)(*row) for row in self.rows]

    def toPandas(self):
        import pandas

        if self.session.context.conf.get(ARROW) == "true":
            try:
                import pyarrow
            except ImportError:
                warnings.warn("toPandas attempted Arrow optimization because '%s' is set to true, but PyArrow is missing" % ARROW)
        return pandas.DataFrame(self.rows, columns=self.columns)
