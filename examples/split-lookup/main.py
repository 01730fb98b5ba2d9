"""Looks country codes up: the driver reads the table by its relative path, Spark puts the names to the codes."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql.functions import udf
from pyspark.sql.types import StringType, StructField, StructType

from lookup.countries import names


def main(codes):
    spark = SparkSession.builder.appName("split-lookup").getOrCreate()
    table = names()
    name = udf(lambda code: table[code], StringType())
    schema = StructType([StructField("code", StringType(), False)])
    countries = spark.createDataFrame([(code,) for code in codes], schema).withColumn("name", name("code"))
    for country in countries.collect():
        print(country.code, country.name)
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1:] or ["DE"])
