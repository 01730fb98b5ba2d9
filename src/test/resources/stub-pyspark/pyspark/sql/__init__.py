import sqlite3
from collections import namedtuple


class Builder:
    def __init__(self):
        self.settings = {}

    def appName(self, name):
        return self.config("spark.app.name", name)

    def master(self, master):
        return self.config("spark.master", master)

    def config(self, key, value):
        self.settings[key] = value
        return self

    def getOrCreate(self):
        return SparkSession(self.settings)


class SparkSession:
    builder = Builder()
    version = "stub"

    def __init__(self, settings):
        self.settings = settings
        self.tables = sqlite3.connect(":memory:")

    def createDataFrame(self, rows, schema):
        return DataFrame(self, [field.name for field in schema.fields], [tuple(row) for row in rows])

    def sql(self, query):
        answer = self.tables.execute(query)
        return DataFrame(self, [column[0] for column in answer.description], answer.fetchall())

    def stop(self):
        self.tables.close()


class DataFrame:
    def __init__(self, session, columns, rows):
        self.session, self.columns, self.rows = session, columns, rows

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
