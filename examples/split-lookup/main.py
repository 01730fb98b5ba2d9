"""Looks country codes up in a table that the driver reads by its relative path, and lets Spark put the names to orders."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql.functions import udf
from pyspark.sql.types import StringType

from lookup.countries import names

ORDERS = [("DE", 3), ("FR", 2), ("DE", 4)]


def main(codes):
    spark = SparkSession.builder.appName("split-lookup").getOrCreate()
    table = names()
    name = udf(lambda code: table[code], StringType())
    orders = spark.createDataFrame(ORDERS, "code string, pieces int").where("code in ('%s')" % "', '".join(codes))
    for row in orders.groupBy("code").sum("pieces").withColumn("name", name("code")).orderBy("code").collect():
        print(row["code"], row["name"], row["sum(pieces)"])
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1:] or ["DE"])
