"""Writes how far Spark is with a run of this machine, for as long as it runs: progress <process id of the project>

The supervisor starts it in the run's folder, beside the project, and ends it. It is a process of its own, so that the project and the
supervisor feel nothing of it, whatever hangs. Spark's gateway for Python is found by the environment of the project's processes, to which
spark-submit gives its address.
"""
import json
import os
import sys
import time

from gateway import Gateway, JavaError
from spark import progress

NAME = "progress.json"
TICK = 2.0
SEARCH = 10.0  # seconds between two looks for a gateway, when there was none in the first minute
QUICK = 60.0
SIGN_OF_LIFE = 60.0
PATIENCE = 20.0  # seconds that one call may take


class Progress:
    def __init__(self, pid):
        self.pid = pid
        self.project = os.path.join(os.getcwd(), "project")
        self.began = time.monotonic()
        self.jvm = None
        self.told = None
        self.told_at = None

    def run(self):
        while True:
            try:
                self.look()
            except (OSError, ValueError, TypeError, JavaError):
                self.disconnect()
            time.sleep(TICK if self.jvm is not None or time.monotonic() < self.began + QUICK else SEARCH)

    def look(self):
        if self.jvm is None:
            address = gateway_below(self.pid)
            if address is None:
                return
            self.jvm = Gateway(*address)
            self.jvm.may_take(PATIENCE)
        told = progress(self.jvm, self.project) or {}
        now = time.monotonic()
        if told != self.told or now >= self.told_at + SIGN_OF_LIFE:
            write(told)
            self.told, self.told_at = told, now

    def disconnect(self):
        if self.jvm is not None:
            self.jvm.close()
            self.jvm = None


def write(told):
    """Whole or not at all; nothing is lost by a crash that is of any use after it."""
    with open(NAME + ".tmp", "w") as file:
        json.dump(told, file)
    os.rename(NAME + ".tmp", NAME)


def gateway_below(pid):
    """Port and secret, as one of the processes has them in its environment."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            children.setdefault(parent_of(name), []).append(name)
    heirs = [str(pid)]
    while heirs:
        one = heirs.pop()
        heirs += children.get(one, [])
        known = environment_of(one)
        if b"PYSPARK_GATEWAY_PORT" in known:
            secret = known.get(b"PYSPARK_GATEWAY_SECRET", b"").decode("utf-8", "replace")
            return int(known[b"PYSPARK_GATEWAY_PORT"]), secret
    return None


def parent_of(pid):
    try:
        with open("/proc/%s/stat" % pid, "rb") as file:
            return file.read().rpartition(b")")[2].split()[1].decode("ascii")
    except (OSError, IndexError):
        return ""


def environment_of(pid):
    try:
        with open("/proc/%s/environ" % pid, "rb") as file:
            return dict(each.split(b"=", 1) for each in file.read().split(b"\0") if b"=" in each)
    except OSError:
        return {}


if __name__ == "__main__":
    Progress(int(sys.argv[1])).run()
