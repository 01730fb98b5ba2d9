package io.slipway.compute.emr.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The worker's side of PySpark as far as our daemon meets it: on an executor the root of SparkFiles is ".", the worker puts that and what
 * was added on the path, unpickles functions and calls them. From Spark 4 on these parts lie in other modules.
 */
enum FakePySpark {
    V3,
    V4;

    private static final String FILES = """
            import os
            class SparkFiles(object):
                _root_directory = None
                _is_running_on_worker = False
                @classmethod
                def get(cls, filename):
                    return os.path.abspath(os.path.join(SparkFiles.getRootDirectory(), filename))
                @classmethod
                def getRootDirectory(cls):
                    assert cls._is_running_on_worker
                    return cls._root_directory
            """;

    private static final String SETUP = """
            import importlib, os, sys
            def add_path(path):
                if path not in sys.path:
                    sys.path.insert(1, path)
            def setup_spark_files():
                from %s import SparkFiles
                SparkFiles._root_directory = '.'
                SparkFiles._is_running_on_worker = True
                add_path('.')
                for name in os.environ.get('INCLUDES', '').split():
                    add_path(os.path.join('.', name))
                importlib.invalidate_caches()
            """;

    private static final String MAIN = """
            import base64, os, pickle
            def main():
                setup_spark_files()
                print([function() for function in pickle.loads(base64.b64decode(os.environ['WORK']))])
            """;

    /** @return what to put on the path */
    Path install(Path root) throws IOException {
        Path spark = root.resolve("spark-" + name().toLowerCase(Locale.ROOT));
        Path pyspark = Files.createDirectories(spark.resolve("pyspark/core")).getParent();
        Files.writeString(pyspark.resolve("__init__.py"), "");
        Files.writeString(pyspark.resolve("daemon.py"), """
                from pyspark.worker import main as manager
                if __name__ == '__main__':
                    manager()
                """);
        if (this == V3) {
            Files.writeString(pyspark.resolve("files.py"), FILES);
            Files.writeString(pyspark.resolve("worker.py"), SETUP.formatted("pyspark.files") + MAIN);
        } else {
            Files.writeString(pyspark.resolve("core/__init__.py"), "");
            Files.writeString(pyspark.resolve("core/files.py"), FILES);
            Files.writeString(pyspark.resolve("files.py"), "from pyspark.core.files import SparkFiles\n");
            Files.writeString(pyspark.resolve("worker_util.py"), SETUP.formatted("pyspark.core.files"));
            Files.writeString(
                    pyspark.resolve("worker.py"), "from pyspark.worker_util import setup_spark_files\n" + MAIN);
        }
        return spark;
    }
}
