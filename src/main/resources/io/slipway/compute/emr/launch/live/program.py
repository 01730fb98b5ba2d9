import json
import os
import select
import time


class Program:
    """The program of the run, as the process knows it that has started this one and waits for it."""

    def __init__(self, pid, told, done):
        self.pid = pid
        self.began = self.status()[1]
        self.told = told
        self.done = done
        self.text = b""

    def wait(self, seconds):
        """What was told by now, in order."""
        if self.told is None:
            time.sleep(seconds)
            return []
        if not select.select([self.told], [], [], seconds)[0]:
            return []
        more = os.read(self.told, 1 << 16)
        if not more:  # all who could tell have closed it, or are gone
            os.close(self.told)
            self.told = None
            return []
        *lines, self.text = (self.text + more).split(b"\n")
        return [told for told in map(told_by, lines) if isinstance(told, dict)]

    def is_watched(self):
        """Whether the process is there that waits for the program."""
        state, began = self.status()
        return state not in ("", "Z", "X") and began == self.began

    def status(self):
        return status_of(self.pid, 0), status_of(self.pid, 19)

    def need_not_wait(self):
        """The program may end at once, unless it waits for results: the JVM stays until all is shown."""
        if self.done is not None:
            try:
                os.write(self.done, b".")
            except OSError:
                pass  # nobody waits any more

    def release(self):
        """Nothing more is to come that were worth waiting for."""
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


def told_by(line):
    try:
        return json.loads(line.decode("utf-8", "replace"))
    except ValueError:
        return None  # of somebody else, who writes where we listen
