"""Squares of normally distributed numbers, computed with Spark."""

from data.data_source import DataSource


def main():
    with DataSource() as source:
        result = source.squares()
        print("Spark %s" % source.spark.version)
    print("samples:       %d" % result.samples)
    print("mean:          %.4f" % result.mean)
    print("mean square:   %.4f (expected: about %.4f)" % (result.mean_square, source.expected_mean_square))
    print("largest:       %.4f" % result.largest)


if __name__ == "__main__":
    main()
