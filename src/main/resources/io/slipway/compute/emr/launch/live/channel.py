import json
import os
import re
import signal
import socket
import sys
import time

from aws import Aws
from gateway import Gateway, JavaError, lasting
from hadoop import Hadoop
from output import Part
from results import Results

MOST_OF_A_STREAM = 64 << 20  # what is printed beyond it is shown by its end alone
MOST_OF_AN_OBJECT = 1 << 20
MOST_OBJECTS = 4000

TICK = 2.0
LOOK_FOR_WATCHERS = 10.0
TAIL_PACE = 15.0
SLOWEST = 60.0
QUICK_AT_FIRST = 300.0
WATCHED_FOR = 90.0

LONGEST_PAUSE = 60.0
MOST_HUNG_CALLS = 20  # each leaves a thread of the JVM waiting
AT_ONCE = 5.0  # for a backlog, before other things have their turn
MOST_TRIES_AT_END = 5


class Refused(Exception):
    """The job may not write there: it never will."""


class Channel:
    """What is put where, and when."""

    def __init__(self, settings, program, streams, gateway=None, clock=time.monotonic):
        self.folder = "%s/%02d" % (settings["folder"], attempt_of_application())
        self.work = settings["work"]
        self.marker = settings["folder"] + "/watched"
        self.end_uri = settings["end"]
        self.results = settings.get("results") and Results(settings["results"], self.work, clock)
        self.aws = Aws(dict(os.environ)) if settings.get("primaryNode") else None
        self.waited = settings.get("waited")
        self.gateway = gateway
        self.is_lasting = False
        self.program = program
        self.streams = streams
        self.clock = clock
        self.store = None
        self.began = clock()
        self.due = self.look_due = self.tail_due = self.began
        self.pace = TICK
        self.watched_until = self.began
        self.marked = None
        self.number = 0
        self.piece = None  # (name, parts) that is not there yet
        self.is_behind = False
        self.progress = None
        self.progress_at = None
        self.beats = 0
        self.hung = 0
        self.troubles = 0
        self.end = None
        self.is_over = False
        self.is_refused = False
        self.start_is_there = False
        self.story_is_there = False
        self.end_is_there = False
        self.tries_at_end = 0

    def run(self):
        self.show()
        self.tell_launcher()
        if self.results and (self.end_is_there or self.is_refused):
            while not self.is_over:
                self.hear(self.program.wait(TICK))
            self.results.put(self.connect_anew if self.aws is None else lambda: self.aws)
            if not self.is_refused:
                self.end_is_there = False  # whoever reads it may look at the run again
                self.attempt(self.clock())

    def show(self):
        """Until the end is shown, or there is no sense in going on."""
        if self.aws is not None:
            self.due = self.look_due = self.began + TICK  # a command for nothing is dear
        # At once: a program may fail on its first line, and the first call of all is the slowest.
        elif not self.attempt(self.clock()):
            return
        while True:
            self.hear(self.program.wait(self.patience()))
            now = self.clock()
            if now >= min(self.due, self.look_due) and not self.attempt(now):
                return
            if self.end is not None and self.is_done():
                return

    def patience(self):
        if self.end is not None:
            return 0.1
        return 0.0 if self.is_behind else TICK

    def is_done(self):
        if self.tries_at_end >= MOST_TRIES_AT_END or not self.has_place():
            return True
        return self.is_over and self.story_is_there and self.end_is_there

    def has_place(self):
        return self.gateway is not None or self.aws is not None

    def hear(self, told):
        for each in told:
            if "gateway" in each and self.gateway is None:
                self.gateway = each["gateway"]
                self.store = None
                self.due = self.look_due = self.clock()
            if "end" in each and self.end is None:
                self.ends(each["end"])
            if "status" in each:
                self.is_over = True
                self.ends_with(each["status"], each.get("signal"))
        if not self.is_over and not self.program.is_watched():
            self.is_over = True
            if self.end is None:
                self.ends({"exitCode": None})  # whoever waited for it was killed, and only their parent knows more

    def ends(self, end):
        self.end = dict({"python": "%d.%d.%d" % sys.version_info[:3]}, **end)
        self.end["endedAt"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.story_is_there = self.end_is_there = False
        self.due = self.clock()

    def ends_with(self, status, number):
        """The process's own status, which a program that ends by os._exit or a signal has not told."""
        self.due = self.clock()
        if self.end is None or self.end["exitCode"] != status:
            killed = {} if number is None else {"message": "The program was ended by %s." % name_of(number)}
            self.ends(dict(self.end or {}, exitCode=status, **killed))

    def attempt(self, now):
        """Whether there is any sense in going on."""
        if self.end is not None and self.is_over:
            self.tries_at_end += 1
        try:
            self.round(now)
            self.hung = self.troubles = 0
            return True
        except Refused:
            self.is_refused = True
            return False
        except (OSError, ValueError, TypeError, JavaError) as trouble:
            return self.back_off(trouble)

    def back_off(self, trouble):
        self.disconnect()
        if isinstance(trouble, socket.timeout):
            self.hung += 1
        self.troubles += 1
        pause = min(LONGEST_PAUSE, TICK * 2 ** min(self.troubles - 1, 6))
        self.due = self.look_due = self.clock() + (pause if self.end is None else 0.3)
        return self.hung < MOST_HUNG_CALLS

    def connect(self):
        if self.store is None and self.gateway is not None:
            try:
                self.store = Hadoop(self.connection(), self.work, reads_our_files=self.aws is None)
                self.first_access()
                self.put_what_waits()
            except OSError:
                if self.aws is None:
                    raise
                self.gateway = None  # spark-submit has ended
        if self.store is None:
            self.store = self.aws
        if self.store is None:
            raise ConnectionError("there is no gateway")
        return self.store

    def first_access(self):
        """As early as can be: the first one of a JVM takes as long as a short program does."""
        try:
            self.store.open(self.end_uri)
        except JavaError as error:
            self.fails(error)

    def connect_anew(self):
        self.disconnect()
        return self.connect()

    def connection(self):
        gateway = Gateway(*self.gateway)
        if self.aws is None and not self.is_lasting:  # spark-submit's JVM might wait for such a gateway to end
            self.gateway, waited_for = lasting(gateway)
            self.is_lasting = True
            gateway.close()
            if waited_for:
                self.program.need_not_wait()
            gateway = Gateway(*self.gateway)
        return gateway

    def let_the_jvm_end(self):
        self.disconnect()
        if self.is_lasting:
            try:
                Gateway(*self.gateway).shut_down()
            except (OSError, JavaError):
                pass  # it has ended

    def put_what_waits(self):
        """The command of the primary node has failed before there was a JVM."""
        for uri in list(self.aws.waiting) if self.aws else ():
            self.put(uri, [Part(self.aws.waiting[uri])])
            del self.aws.waiting[uri]

    def disconnect(self):
        if self.store is not None:
            self.store.close()
            self.store = None

    def round(self, now):
        if not self.has_place():
            self.due = self.look_due = now + TICK
            return
        self.connect()
        if self.end is not None or self.ends_now():
            self.last_round()
            return
        if now >= self.look_due:
            self.look_for_watchers(now)
        if now >= self.due:
            self.is_behind = not self.put_output(AT_ONCE)
            if self.end is not None:
                self.last_round()
                return
            self.put_tails(now)
            self.put_progress(now)
            self.put_start()
            self.flush()
            self.pace = self.pace_now(now)
            self.due = now if self.is_behind else now + self.pace

    def last_round(self):
        """The program's end waits 2 s at most: first what nobody can know otherwise."""
        self.put_story()
        self.put_output(0.5)
        self.put_end()
        self.put_output(LONGEST_PAUSE)  # as long as there is a JVM
        self.put_tails(None)
        self.flush()
        self.tell_launcher()
        self.due = self.clock() + LONGEST_PAUSE  # unless more is told

    def tell_launcher(self):
        """That it need not wait: nothing of the program's is left to be shown."""
        if self.waited:
            try:
                os.close(os.open(self.waited, os.O_CREAT | os.O_WRONLY, 0o600))
            except OSError:
                pass  # its folder is gone, and so is whoever waited
            self.waited = None

    def put(self, uri, parts):
        try:
            self.store.put(uri, parts)
        except JavaError as error:
            self.fails(error)

    def flush(self):
        try:
            self.store.flush()
        except JavaError as error:
            self.fails(error)

    def fails(self, error):
        if not is_refusal(str(error)):
            raise error
        try:
            self.store.say(
                "Slipway cannot show what this job prints while it runs: the job may not write to %s. Allow it s3:PutObject there"
                " (docs/operating.md), or set live: false. %s" % (self.folder, " ".join(str(error).split())[:300])
            )
        except (OSError, JavaError):
            pass
        raise Refused()

    def put_output(self, seconds):
        """Whether all that was printed is there now."""
        until = self.clock() + seconds
        while self.next_piece():
            if self.clock() >= until or self.store.is_full() or self.ends_now():
                return False
            name, parts = self.piece
            self.put("%s/%s" % (self.folder, name), parts)
            self.piece = None
            self.number += 1
            if self.end is None and sum(len(part.content) for part in parts) < MOST_OF_AN_OBJECT:
                return True  # what was printed meanwhile is for the next round: objects cost
        return True

    def ends_now(self):
        """The end goes before what is still to be shown."""
        if self.end is None:
            self.hear(self.program.wait(0.0))
            return self.end is not None
        return False

    def next_piece(self):
        """One object of what is new in all streams; it stays the same until it is there."""
        if self.piece is None and self.number < MOST_OBJECTS:
            name, parts, left = "%08d" % self.number, [], MOST_OF_AN_OBJECT
            for stream in self.streams:
                offset = stream.offset
                part = stream.take(min(MOST_OF_A_STREAM - offset, left))
                if part.content:
                    name += "-%s-%016d-%d" % (stream.name, offset, len(part.content))
                    parts.append(part)
                    left -= len(part.content)
            if parts:
                self.piece = name, parts
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
                self.put("%s/tail-%s" % (self.folder, stream.name), [Part(start + last)])
                stream.shown = stream.offset
                self.tail_due = self.clock() + TAIL_PACE

    def put_progress(self, now):
        try:
            told = self.store.progress() or {}
        except JavaError:
            told = {}  # of a context that is being stopped
        beat_is_due = self.progress_at is None or now >= self.progress_at + SLOWEST - TICK
        if told == self.progress and not beat_is_due:
            return
        self.beats += 1
        beat = {"beat": self.beats, "pace": int(self.pace), "python": "%d.%d.%d" % sys.version_info[:3]}
        self.put_json(self.folder + "/progress.json", dict(told, **beat))
        self.progress, self.progress_at = told, now

    def put_story(self):
        if not self.story_is_there:
            self.put_json(self.folder + "/ended.json", self.end)
            self.story_is_there = True

    def put_start(self):
        """Once: whoever was heard is heard of at its end, too."""
        if not self.start_is_there:
            self.put_json(self.end_uri + ".started", {"attempt": attempt_of_application()})
            self.start_is_there = True

    def put_end(self):
        if not self.end_is_there:
            self.put_json(self.end_uri, {"exitCode": self.end["exitCode"], "endedAt": self.end["endedAt"]})
            self.end_is_there = True

    def put_json(self, uri, told):
        self.put(uri, [Part(json.dumps(told).encode("utf-8"))])

    def look_for_watchers(self, now):
        self.look_due = now + LOOK_FOR_WATCHERS
        if now < self.began + QUICK_AT_FIRST - WATCHED_FOR:
            return
        try:
            marked = self.store.changed(self.marker)
        except JavaError:
            return  # it may write there and not read
        if marked is not None and marked != self.marked:
            self.watched_until = now + WATCHED_FOR
            self.due = min(self.due, now + TICK)
        self.marked = marked

    def pace_now(self, now):
        return max(self.wanted_pace(now), self.store.pace)

    def wanted_pace(self, now):
        if any(self.is_cut(stream) for stream in self.streams):
            return TAIL_PACE
        if self.number > MOST_OBJECTS * 3 // 4:
            return SLOWEST
        if self.number > MOST_OBJECTS // 2:
            return LOOK_FOR_WATCHERS
        if now < self.began + QUICK_AT_FIRST or now < self.watched_until:
            return TICK
        return min(SLOWEST, self.pace * 1.5)


def name_of(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal %d" % number


def is_refusal(error):
    return re.search(r"AccessDenied|Access Denied|AccessControlException|Forbidden|Status Code: 403|Permission denied", error) is not None


def attempt_of_application():
    """YARN may start a driver again, and then everything is printed once more."""
    container = re.match(r"container_(?:e\d+_)?\d+_\d+_(\d+)_\d+$", os.environ.get("CONTAINER_ID", ""))
    return int(container.group(1)) if container else 1
