"""Shows what a driver prints, how far it is and how it ended, while it runs: live.py <JSON: what to watch and where to put it>

The launcher starts it beside the project, as a process of its own, so that the project feels nothing of it: no thread that a fork
would warn of, no lock, no file descriptor, no share of Python's one lock; and it is still there when the project ends by os._exit, or
is killed. It writes through the Hadoop file system of the driver's JVM, which is the job's own identity, over the gateway that Spark
made for Python.

The gateway's protocol is spoken here and not by py4j: each call has an end to its patience, and nothing is imported that the job could
have brought. Standard library only; the syntax is held to Python 3.7.
"""
import sys

sys.path[:1] = []  # the container's folder, where files of the job lie

import base64
import json
import os
import re
import select
import signal
import socket
import stat
import time

STREAMS = ("stdout", "stderr")

MOST_OF_A_STREAM = 64 << 20  # what is printed beyond it is shown by its end alone
TAIL = 64 << 10
MOST_OF_AN_OBJECT = 1 << 20
MOST_OBJECTS = 4000

TICK = 2.0
LOOK_FOR_WATCHERS = 10.0
TAIL_PACE = 15.0
SLOWEST = 60.0
QUICK_AT_FIRST = 300.0
WATCHED_FOR = 90.0

PATIENCE_WITH_A_CALL = 30.0
LONGEST_PAUSE = 60.0
MOST_HUNG_CALLS = 20  # each leaves a thread of the JVM waiting
AT_ONCE = 5.0  # for a backlog, before other things have their turn
MOST_TRIES_AT_END = 5

MOST_STAGES = 10


class Refused(Exception):
    """The job may not write there: it never will."""


class JavaError(Exception):
    """What a call in the JVM has thrown."""


class Reference(str):
    """An object of the JVM."""


class Gateway:
    """One connection to the JVM. A call that fails in another way than by an exception of Java leaves it unusable."""

    def __init__(self, port, secret):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_WITH_A_CALL)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answers = self.socket.makefile("rb")
        self.made = []
        if secret:
            self.answer(b"A\n%s\n" % secret.encode("utf-8"))

    def close(self):
        for each in (self.answers, self.socket):
            try:
                each.close()
            except OSError:
                pass

    def new(self, name, *arguments):
        return self.ask("i\n%s\n" % name, arguments)

    def static(self, name, method, *arguments):
        return self.call("z:" + name, method, *arguments)

    def field(self, name, field):
        return self.ask("r\nm\n%s\n%s\n" % (name, field), ())

    def call(self, target, method, *arguments):
        return self.ask("c\n%s\n%s\n" % (target, method), arguments)

    def forget(self):
        """The JVM keeps each object that it has named here until it is told so."""
        made, self.made = self.made, []
        for reference in made:
            self.ask("m\nd\n%s\n" % reference, ())

    def ask(self, command, arguments):
        return self.answer(command.encode("utf-8") + b"".join(map(word, arguments)) + b"e\n")

    def answer(self, command):
        self.socket.sendall(command)
        line = self.answers.readline()
        if not line.endswith(b"\n"):
            raise ConnectionError("the JVM has closed the connection")
        answer = line[:-1].decode("utf-8", "replace")
        if answer.startswith("!"):
            answer = answer[1:]
        if answer[:1] == "y":
            return self.value(answer[1:2], answer[2:])
        thrown = self.value(answer[1:2], answer[2:])
        raise JavaError(self.story(thrown) if isinstance(thrown, Reference) else str(thrown))

    def value(self, kind, text):
        if kind in ("i", "L"):
            return int(text)
        if kind in ("d", "D"):
            return float(text)
        if kind == "b":
            return text == "true"
        if kind == "s":
            return re.sub(r"\\(.)", lambda match: {"n": "\n", "r": "\r"}.get(match.group(1), match.group(1)), text)
        if kind in ("", "n", "v"):
            return None
        reference = Reference(text)
        self.made.append(reference)
        return reference

    def story(self, thrown):
        told = []
        while thrown is not None and len(told) < 5:
            told.append(str(self.call(thrown, "toString")))
            thrown = self.call(thrown, "getCause")
        return " / ".join(told)


def word(value):
    """An argument as the JVM reads it."""
    if isinstance(value, bytes):
        return b"j%s\n" % base64.b64encode(value)
    if isinstance(value, Reference):
        text = "r" + value
    elif isinstance(value, bool):
        text = "b" + str(value).lower()
    elif isinstance(value, int):
        text = "i%d" % value
    else:
        text = "s" + value.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n")
    return text.encode("utf-8") + b"\n"


class Hadoop:
    """A folder in a file system that the driver's JVM reaches."""

    def __init__(self, jvm):
        self.jvm = jvm
        self.conf = jvm.call(jvm.static("org.apache.spark.deploy.SparkHadoopUtil", "get"), "conf")
        jvm.made.remove(self.conf)

    def open(self, uri):
        path = self.jvm.new("org.apache.hadoop.fs.Path", uri)
        # Each time anew: whoever closes Hadoop's shared file systems closes them for all.
        return self.jvm.call(path, "getFileSystem", self.conf), path

    def put(self, uri, content):
        files, path = self.open(uri)
        out = self.jvm.call(files, "create", path, True)
        self.jvm.call(out, "write", content)
        self.jvm.call(out, "close")
        self.jvm.forget()

    def changed(self, uri):
        """When it was written; None when it is not there."""
        files, path = self.open(uri)
        found = self.jvm.call(files, "exists", path)
        at = self.jvm.call(self.jvm.call(files, "getFileStatus", path), "getModificationTime") if found else None
        self.jvm.forget()
        return at

    def say(self, sentence):
        """In the log of the JVM: nothing of ours stands in the project's own output."""
        self.jvm.call(self.jvm.static("org.slf4j.LoggerFactory", "getLogger", "io.slipway.live"), "warn", sentence)
        self.jvm.forget()

    def progress(self):
        """How far Spark is; None while there is no SparkContext."""
        try:
            active = self.jvm.call(self.jvm.field("org.apache.spark.SparkContext$", "MODULE$"), "getActive")
            if not self.jvm.call(active, "isDefined"):
                return None
            return self.of_context(self.jvm.call(active, "get"))
        finally:
            self.jvm.forget()

    def of_context(self, context):
        jvm = self.jvm
        java = jvm.static("org.apache.spark.api.java.JavaSparkContext", "fromSparkContext", context)
        tracker = jvm.call(java, "statusTracker")
        stages = sorted(self.numbers(jvm.call(tracker, "getActiveStageIds")))
        return {
            "applicationId": jvm.call(context, "applicationId"),
            "executors": max(0, jvm.call(jvm.call(context, "getExecutorMemoryStatus"), "size") - 1),
            "activeJobs": len(self.numbers(jvm.call(tracker, "getActiveJobIds"))),
            "activeStages": len(stages),
            "stages": [each for each in (self.stage(tracker, number) for number in stages[:MOST_STAGES]) if each],
        }

    def numbers(self, array):
        return [int(number) for number in re.findall(r"\d+", self.jvm.static("java.util.Arrays", "toString", array))]

    def stage(self, tracker, number):
        info = self.jvm.call(tracker, "getStageInfo", number)
        if info is None:
            return None
        told = {"id": number, "name": self.jvm.call(info, "name")[:200]}
        for name, method in (("tasks", ""), ("active", "Active"), ("completed", "Completed"), ("failed", "Failed")):
            told[name] = self.jvm.call(info, "num%sTasks" % method)
        return told


class Output:
    """A file that grows, as a stream of bytes that goes on when the file is cut or becomes another."""

    def __init__(self, name, places):
        self.name = name
        self.places = places
        self.file = None
        self.position = 0  # in the file
        self.offset = 0  # in the stream: what was taken so far
        self.last = b""
        self.shown = 0  # how far those see who see its end alone

    def take(self, most):
        """The next bytes, which count as taken."""
        left = self.left()
        if left == 0 and self.is_another():
            os.close(self.file)
            self.file = None
            left = self.left()
        if left <= 0 or most <= 0:
            return b""
        content = os.pread(self.file, min(most, left), self.position)
        self.position += len(content)
        self.offset += len(content)
        return content

    def left(self):
        if self.file is None and not self.find():
            return 0
        size = os.fstat(self.file).st_size
        if size < self.position:
            self.position = 0
        return size - self.position

    def find(self):
        for place in self.places:
            try:
                file = os.open(place, os.O_RDONLY | os.O_NONBLOCK)
            except OSError:
                continue
            if stat.S_ISREG(os.fstat(file).st_mode):
                self.file, self.position, self.places = file, 0, [place]
                return True
            os.close(file)
        return False

    def is_another(self):
        if self.file is None:
            return False
        try:
            there, here = os.stat(self.places[0]), os.fstat(self.file)
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
        for _ in range(8):  # a file, and what came in its place; who prints faster than this is read has more next time
            content = self.take(TAIL)
            if not content:
                break
            self.last = (self.last + content)[-TAIL:]
        return self.last


class Launcher:
    """The process that started this one: it tells how the program ended, or is gone."""

    def __init__(self, pid, told, done):
        self.pid = pid
        self.began = self.status()[1]
        self.told = told
        self.done = done
        self.text = b""

    def wait(self, seconds):
        """What it has told by now; None for nothing."""
        if self.told is None:
            time.sleep(seconds)
            return None
        if not select.select([self.told], [], [], seconds)[0]:
            return None
        more = os.read(self.told, 1 << 16)
        if not more:  # the project has closed it, or it is gone
            os.close(self.told)
            self.told = None
            return None
        *lines, self.text = (self.text + more).split(b"\n")
        told = {}
        for line in lines:
            told.update(json.loads(line.decode("utf-8")))
        return told or None

    def is_there(self):
        state, began = self.status()
        return state not in ("", "Z", "X") and began == self.began

    def status(self):
        return status_of(self.pid, 0), status_of(self.pid, 19)

    def release(self):
        """It waits for this at its end."""
        if self.done is not None:
            os.close(self.done)
            self.done = None


def status_of(pid, field):
    """Of those behind the process's name, which may hold anything."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            return file.read().rpartition(b")")[2].split()[field].decode("ascii")
    except (OSError, IndexError):
        return ""


def outputs(pid):
    """What the driver's JVM has open for its own output, wherever that is; else the files that YARN names."""
    jvm = jvm_above(pid)
    folders = [folder for folder in os.environ.get("LOG_DIRS", "").split(",") if folder]
    places = {name: [os.path.join(folder, name) for folder in folders] for name in STREAMS}
    if jvm is not None:
        for number, name in enumerate(STREAMS, 1):
            places[name].insert(0, "/proc/%d/fd/%d" % (jvm, number))
    return [Output(name, places[name]) for name in STREAMS]


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


class Channel:
    """What is put where, and when."""

    def __init__(self, settings, launcher, streams, clock=time.monotonic):
        self.folder = "%s/%02d" % (settings["folder"], attempt_of_application())
        self.marker = settings["folder"] + "/watched"
        self.end_uri = settings["end"]
        self.gateway = gateway_of_spark()
        self.launcher = launcher
        self.streams = streams
        self.clock = clock
        self.hadoop = None
        self.began = clock()
        self.due = self.look_due = self.tail_due = self.began
        self.pace = TICK
        self.watched_until = self.began
        self.marked = None
        self.number = 0
        self.piece = None  # (name, content) that is not there yet
        self.progress = None
        self.progress_at = None
        self.beats = 0
        self.hung = 0
        self.troubles = 0
        self.end = None
        self.story_is_there = False
        self.end_is_there = False
        self.tries_at_end = 0

    def run(self):
        # At once: a program may fail on its first line, and the first call of all is the slowest.
        if not self.attempt(self.clock()):
            return
        while True:
            self.hear(self.launcher.wait(TICK if self.end is None else 0.1))
            now = self.clock()
            if now >= min(self.due, self.look_due) and not self.attempt(now):
                return
            if self.end is not None and self.is_done():
                return

    def is_done(self):
        return self.end_is_there or self.gateway is None or self.tries_at_end >= MOST_TRIES_AT_END

    def hear(self, told):
        if told is not None and self.gateway is None:
            self.gateway = told.get("gateway")
        if self.end is not None:
            return
        if told is not None and "end" in told:
            self.end = told["end"]
        elif not self.launcher.is_there():
            self.end = {"exitCode": None}  # killed, or by os._exit: only its parent knows more
        if self.end is not None:
            self.end["endedAt"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            self.due = self.clock()

    def attempt(self, now):
        """Whether there is any sense in going on."""
        if self.end is not None:
            self.tries_at_end += 1
        try:
            self.round(now)
            self.hung = self.troubles = 0
            return True
        except Refused:
            return False
        except (OSError, ValueError, TypeError, JavaError) as trouble:
            return self.back_off(trouble)

    def back_off(self, trouble):
        if self.hadoop is not None:
            self.hadoop.jvm.close()
            self.hadoop = None
        if isinstance(trouble, socket.timeout):
            self.hung += 1
        self.troubles += 1
        pause = min(LONGEST_PAUSE, TICK * 2 ** min(self.troubles - 1, 6))
        self.due = self.look_due = self.clock() + (pause if self.end is None else 0.3)
        return self.hung < MOST_HUNG_CALLS

    def round(self, now):
        if self.gateway is None:
            self.due = self.look_due = now + TICK
            return
        if self.hadoop is None:
            self.hadoop = Hadoop(Gateway(*self.gateway))
        if self.end is not None:
            self.last_round()
            return
        if now >= self.look_due:
            self.look_for_watchers(now)
        if now >= self.due:
            all_is_there = self.put_output(AT_ONCE)
            self.put_tails(now)
            self.put_progress(now)
            self.pace = self.pace_now(now)
            self.due = now + self.pace if all_is_there else now

    def last_round(self):
        """The launcher waits 2 s at most: first what nobody can know otherwise."""
        if self.end["exitCode"] is None:
            self.put_end()  # the JVM goes with its Python
        self.put_story()
        self.put_output(0.5)
        self.put_end()
        self.put_output(LONGEST_PAUSE)  # as long as there is a JVM
        self.put_tails(None)

    def put(self, uri, content):
        try:
            self.hadoop.put(uri, content)
        except JavaError as error:
            if not is_refusal(str(error)):
                raise
            self.refused(str(error))

    def refused(self, error):
        try:
            self.hadoop.say(
                "Slipway cannot show what this job prints while it runs: the job may not write to %s. Allow it s3:PutObject there"
                " (docs/operating.md), or set live: false. %s" % (self.folder, " ".join(error.split())[:300])
            )
        except (OSError, JavaError):
            pass
        raise Refused()

    def put_output(self, seconds):
        """Whether all that was printed is there now."""
        until = self.clock() + seconds
        while self.next_piece():
            if self.clock() >= until:
                return False
            name, content = self.piece
            self.put("%s/%s" % (self.folder, name), content)
            self.piece = None
            self.number += 1
        return True

    def next_piece(self):
        """One object of what is new in all streams; it stays the same until it is there."""
        if self.piece is None and self.number < MOST_OBJECTS:
            name, content = "%08d" % self.number, b""
            for stream in self.streams:
                offset = stream.offset
                new = stream.take(min(MOST_OF_A_STREAM - offset, MOST_OF_AN_OBJECT - len(content)))
                if new:
                    name += "-%s-%016d-%d" % (stream.name, offset, len(new))
                    content += new
            if content:
                self.piece = name, content
        return self.piece is not None

    def is_cut(self, stream):
        return stream.offset >= MOST_OF_A_STREAM or self.number >= MOST_OBJECTS

    def put_tails(self, now):
        if now is not None and now < self.tail_due:
            return
        for stream in self.streams:
            if not self.is_cut(stream):
                continue
            last = stream.tail()
            if stream.offset > stream.shown and last:
                start = b"%016d\n" % (stream.offset - len(last))
                self.put("%s/tail-%s" % (self.folder, stream.name), start + last)
                stream.shown = stream.offset
                self.tail_due = self.clock() + TAIL_PACE

    def put_progress(self, now):
        try:
            told = self.hadoop.progress() or {}
        except JavaError:
            told = {}  # of a context that is being stopped
        beat_is_due = self.progress_at is None or now >= self.progress_at + SLOWEST - TICK
        if told == self.progress and not beat_is_due:
            return
        self.beats += 1
        beat = {"beat": self.beats, "pace": int(self.pace), "python": "%d.%d.%d" % sys.version_info[:3]}
        self.put(self.folder + "/progress.json", as_json(dict(told, **beat)))
        self.progress, self.progress_at = told, now

    def put_story(self):
        if not self.story_is_there:
            self.put(self.folder + "/ended.json", as_json(self.end))
            self.story_is_there = True

    def put_end(self):
        if self.end_is_there:
            return
        self.put(self.end_uri, as_json({"exitCode": self.end["exitCode"], "endedAt": self.end["endedAt"]}))
        self.end_is_there = True

    def look_for_watchers(self, now):
        self.look_due = now + LOOK_FOR_WATCHERS
        if now < self.began + QUICK_AT_FIRST - WATCHED_FOR:
            return
        try:
            marked = self.hadoop.changed(self.marker)
        except JavaError:
            return  # it may write there and not read
        if marked is not None and marked != self.marked:
            self.watched_until = now + WATCHED_FOR
            self.due = min(self.due, now + TICK)
        self.marked = marked

    def pace_now(self, now):
        if any(self.is_cut(stream) for stream in self.streams):
            return TAIL_PACE
        if self.number > MOST_OBJECTS * 3 // 4:
            return SLOWEST
        if self.number > MOST_OBJECTS // 2:
            return LOOK_FOR_WATCHERS
        if now < self.began + QUICK_AT_FIRST or now < self.watched_until:
            return TICK
        return min(SLOWEST, self.pace * 1.5)


def is_refusal(error):
    return re.search(r"AccessDenied|Access Denied|AccessControlException|Forbidden|Status Code: 403|Permission denied", error) is not None


def as_json(told):
    return json.dumps(told).encode("utf-8")


def gateway_of_spark():
    port = os.environ.get("PYSPARK_GATEWAY_PORT")
    return (int(port), os.environ.get("PYSPARK_GATEWAY_SECRET")) if port else None


def attempt_of_application():
    """YARN may start a driver again, and then everything is printed once more."""
    container = re.match(r"container_(?:e\d+_)?\d+_\d+_(\d+)_\d+$", os.environ.get("CONTAINER_ID", ""))
    return int(container.group(1)) if container else 1


def main(settings):
    launcher = Launcher(settings["pid"], settings["told"], settings["done"])
    streams = outputs(launcher.pid)
    for stream in streams:
        stream.find()  # the launcher still waits: however soon it ends, its files are open here
    if os.fork() != 0:  # so that it is no child of the project, which may wait for its children
        os._exit(0)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    try:
        Channel(settings, launcher, streams).run()
    finally:
        launcher.release()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
