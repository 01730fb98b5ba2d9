import os

from gateway import JavaError, Long
from spark import progress

SMALL = 32 << 10  # travels by itself; py4j reads a megabyte in a tenth of a second
CHUNK = 1 << 20


class Hadoop:
    """A folder in a file system that the driver's JVM reaches."""

    pace = 2.0

    def __init__(self, jvm, project, reads_our_files):
        """@param project: its folder in the driver"""
        self.jvm = jvm
        self.project = project
        self.reads_our_files = reads_our_files
        self.conf = jvm.call(jvm.static("org.apache.spark.deploy.SparkHadoopUtil", "get"), "conf")
        jvm.made.remove(self.conf)

    def open(self, uri):
        path = self.jvm.new("org.apache.hadoop.fs.Path", uri)
        # Each time anew: whoever closes Hadoop's shared file systems closes them for all.
        return self.jvm.call(path, "getFileSystem", self.conf), path

    def put(self, uri, parts):
        """One object of parts (`output.Part`)."""
        files, path = self.open(uri)
        out = self.jvm.call(files, "create", path, True)
        for part in parts:
            self.write(out, part)
        self.jvm.call(out, "close")
        self.jvm.forget()

    def write(self, out, part):
        content = part.content
        if len(content) > SMALL and part.is_there():
            content = content[self.copy(out, part.file, part.position, len(content)) :]
        if content:
            self.jvm.call(out, "write", content)

    def put_file(self, uri, file, size):
        """@param file: open in this process"""
        files, path = self.open(uri)
        out = self.jvm.call(files, "create", path, True)
        position = self.copy(out, file, 0, size)
        while position < size:
            content = os.pread(file, min(CHUNK, size - position), position)
            if not content:
                break
            self.jvm.call(out, "write", content)
            position += len(content)
        self.jvm.call(out, "close")
        self.jvm.forget()
        return position

    def copy(self, out, file, position, size):
        """Has the JVM read what this process has open, if it may; returns how much it has read."""
        if not self.reads_our_files:
            return 0
        try:
            read = self.jvm.new("java.io.FileInputStream", "/proc/%d/fd/%d" % (os.getpid(), file))
        except JavaError:
            self.reads_our_files = False  # in a container of its own, or another user's
            return 0
        before = self.jvm.call(out, "getPos")
        try:
            if position:
                self.jvm.call(read, "skip", Long(position))
            self.jvm.static("org.apache.hadoop.io.IOUtils", "copyBytes", read, out, Long(size), False)
        finally:
            self.jvm.call(read, "close")
        return self.jvm.call(out, "getPos") - before

    def flush(self):
        """All that was put is there already."""

    def is_full(self):
        return False

    def changed(self, uri):
        """When it was written; None when it is not there."""
        files, path = self.open(uri)
        found = self.jvm.call(files, "exists", path)
        at = self.jvm.call(self.jvm.call(files, "getFileStatus", path), "getModificationTime") if found else None
        self.jvm.forget()
        return at

    def close(self):
        self.jvm.close()

    def may_take(self, seconds):
        self.jvm.may_take(seconds)

    def say(self, sentence):
        """In the log of the JVM: nothing of ours stands in the project's own output."""
        self.jvm.call(self.jvm.static("org.slf4j.LoggerFactory", "getLogger", "io.slipway.live"), "warn", sentence)
        self.jvm.forget()

    def progress(self):
        return progress(self.jvm, self.project)
