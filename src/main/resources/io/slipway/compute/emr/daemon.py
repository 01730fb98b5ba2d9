"""Spark's own daemon of Python workers, in the project's folder.

Spark starts `python -m <this file>` on each executor (`spark.python.daemon.module`) in the container's folder, beside the link to the
unpacked project. Functions that open files by a path relative to the project's root then find them, as on the driver.

Standard library and pyspark only; the syntax is held to Python 3.7.
"""
import os

PROJECT = "slipway-project"


def main():
    from pyspark import daemon

    # After the import: what Python was to find by relative paths, it has made absolute when it started.
    if os.path.isdir(PROJECT):
        os.chdir(PROJECT)
    daemon.manager()


if __name__ == "__main__":
    main()
