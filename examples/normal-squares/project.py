"""Squares of doubled, normally distributed numbers, computed with Spark."""

from pyspark.sql.types import DoubleType

from data.data_source import DataSource


def square(number):
    return number * number


def main():
    with DataSource() as source:
        source.doubled().createOrReplaceTempView("numbers")
        source.session.udf.register("square", square, DoubleType())
        table = source.session.sql("SELECT number, square(number) AS squared FROM numbers").toPandas()
        print("Spark %s" % source.session.version)
    print("samples:       %d" % len(table))
    print("mean:          %.4f" % table["number"].mean())
    print("mean square:   %.4f (expected: about %.4f)" % (table["squared"].mean(), source.expected_mean_square))
    print("largest:       %.4f" % table["squared"].max())


if __name__ == "__main__":
    main()
