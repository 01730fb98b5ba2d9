import os
import stat

from program import status_of

STREAMS = ("stdout", "stderr")

TAIL = 64 << 10


class Part:
    """Bytes, and the file in which they stand, if there is one."""

    def __init__(self, content, file=None, position=0):
        self.content = content
        self.file = file
        self.position = position
        self.identity = identity(file)

    def is_there(self):
        """The number of a file that was closed may be another file's by now."""
        return self.file is not None and self.identity == identity(self.file)


def identity(file):
    try:
        found = os.fstat(file)
    except (OSError, TypeError):
        return None
    return found.st_dev, found.st_ino


class Output:
    """A file that grows, as a stream of bytes that goes on when the file is cut or becomes another."""

    def __init__(self, name, paths):
        self.name = name
        self.paths = paths
        self.file = None
        self.position = 0  # in the file
        self.offset = 0  # in the stream: what was taken so far
        self.last = b""
        self.shown = 0  # how far those see who see its end alone

    def take(self, most):
        """The next bytes, as a part; they count as taken."""
        left = self.left()
        if left == 0 and self.is_another():
            os.close(self.file)
            self.file = None
            left = self.left()
        if left <= 0 or most <= 0:
            return Part(b"")
        part = Part(os.pread(self.file, min(most, left), self.position), self.file, self.position)
        self.position += len(part.content)
        self.offset += len(part.content)
        return part

    def left(self):
        if self.file is None and not self.find():
            return 0
        size = os.fstat(self.file).st_size
        if size < self.position:
            self.position = 0
        return size - self.position

    def find(self):
        for path in self.paths:
            try:
                file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            except OSError:
                continue
            if stat.S_ISREG(os.fstat(file).st_mode):
                self.file, self.position, self.paths = file, 0, [path]
                return True
            os.close(file)
        return False

    def is_another(self):
        if self.file is None:
            return False
        try:
            there, here = os.stat(self.paths[0]), os.fstat(self.file)
        except OSError:
            return False
        return (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino)

    def tail(self):
        """Its last bytes; all of it counts as taken then."""
        skipped = self.left() - TAIL
        if skipped > 0:
            self.position += skipped
            self.offset += skipped
            self.last = b""
        for _ in range(8):  # a file, and what replaced it; who prints faster than this is read has more next time
            content = self.take(TAIL).content
            if not content:
                break
            self.last = (self.last + content)[-TAIL:]
        return self.last


def outputs(pid, is_step):
    """The files in which the output of a process ends: of a step its own, or what the JVM above has open; else those that YARN names."""
    folders = [folder for folder in os.environ.get("LOG_DIRS", "").split(",") if folder]
    processes = [each for each in (pid if is_step else None, jvm_above(pid)) if each is not None]
    return [
        Output(name, ["/proc/%d/fd/%d" % (each, number) for each in processes] + [os.path.join(folder, name) for folder in folders])
        for number, name in enumerate(STREAMS, 1)
    ]


def jvm_above(pid):
    for _ in range(4):  # the job's Python may be started by a script
        pid = int(status_of(pid, 1) or 0)
        if pid <= 1:
            return None
        try:
            with open("/proc/%d/comm" % pid) as file:
                if file.read().strip() == "java":
                    return pid
        except OSError:
            return None
    return None
