package io.slipway.compute.emr.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The driver's side of PySpark as far as our launcher meets it, in a zip as on YARN: contexts of Python, and the gateway to a JVM, which
 * writes down what becomes of its contexts. Which of them is active outlives the Python that made it.
 */
final class FakeDriver {

    private static final String CONTEXT = """
            import os
            from pyspark import jvm
            class SparkContext(object):
                def __init__(self, master='yarn'):
                    if master == 'nowhere':
                        raise ValueError('no such master')
                    self.master = master
                    jvm.note('python %s' % master)
                    jvm.activate(master)
                def addFile(self, path, recursive=False):
                    if recursive and not path.startswith('s3:'):
                        raise ValueError('local directory ' + path)
                    jvm.note('addFile %s %s' % (path, recursive))
                def addArchive(self, path):
                    self.addFile(path)
                def addPyFile(self, path):
                    self.addFile(path)
                def stop(self):
                    jvm.activate(None)
            """;

    private static final String JVM = """
            import os
            HOME = os.environ['FAKE_DRIVER']
            ACTIVE = os.path.join(HOME, 'active')
            def note(line):
                with open(os.path.join(HOME, 'log'), 'a') as log:
                    log.write(line + '\\n')
            def activate(master):
                if master is not None:
                    with open(ACTIVE, 'w') as file:
                        file.write(master)
                elif os.path.exists(ACTIVE):
                    os.remove(ACTIVE)
            """;

    private static final String GATEWAY = """
            import os, sys
            from pyspark import jvm
            print('noise of a gateway')
            sys.stderr.write('noise of a gateway\\n')
            class Any(object):
                def __init__(self, **named):
                    self.__dict__.update(named)
                def __getattr__(self, name):
                    return Any()
                def __call__(self, *arguments):
                    return Any()
            class Conf(object):
                def __init__(self):
                    self.values = {'spark.master': 'yarn', 'spark.plugins': 'theirs'}
                def set(self, key, value):
                    self.values[key] = value
                def remove(self, key):
                    self.values.pop(key, None)
            class Context(object):
                def __init__(self, conf):
                    told = ' '.join('%s=%s' % pair for pair in sorted(conf.values.items()) if pair[0] != 'spark.master')
                    jvm.note('late %s %s' % (conf.values['spark.master'], told))
                    jvm.activate(conf.values['spark.master'])
                def stop(self):
                    jvm.activate(None)
            class Active(object):
                def isDefined(self):
                    return os.path.exists(jvm.ACTIVE)
                def get(self):
                    return self
                def isLocal(self):
                    with open(jvm.ACTIVE) as file:
                        return file.read().startswith('local')
                def stop(self):
                    jvm.note('stopped')
                    jvm.activate(None)
            def launch_gateway():
                assert os.environ['PYSPARK_GATEWAY_PORT'] == '1' and 'STAGE' not in os.environ
                module = Any()
                setattr(module, 'MODULE$', Any(getActive=Active))
                spark = Any(SparkConf=Conf, api=Any(java=Any(JavaSparkContext=Context)))
                setattr(spark, 'SparkContext$', module)
                return Any(jvm=Any(org=Any(apache=Any(spark=spark), slf4j=Any())))
            """;

    private final Path home;

    private FakeDriver(Path home) {
        this.home = home;
    }

    static FakeDriver install(Path home) throws IOException {
        Files.createDirectories(home);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(home.resolve("pyspark.zip")))) {
            module(zip, "__init__", "from pyspark.context import SparkContext\n");
            module(zip, "context", CONTEXT);
            module(zip, "java_gateway", GATEWAY);
            module(zip, "jvm", JVM);
        }
        return new FakeDriver(home);
    }

    private static void module(ZipOutputStream zip, String name, String source) throws IOException {
        zip.putNextEntry(new ZipEntry("pyspark/" + name + ".py"));
        zip.write(source.getBytes(UTF_8));
        zip.closeEntry();
    }

    /** What YARN's application master sets for its Python, beside the secret. */
    Map<String, String> environment() {
        return Map.of(
                "PYSPARK_GATEWAY_PORT", "1",
                "FAKE_DRIVER", home.toString(),
                "PYTHONPATH", home.resolve("pyspark.zip").toString());
    }

    /** What happened, in order. */
    List<String> log() throws IOException {
        Path log = home.resolve("log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }
}
