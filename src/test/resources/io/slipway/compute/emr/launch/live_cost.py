"""An hour of the live channel by its own clock, for a driver that prints each second and whose progress changes all the time: live_cost.py <the channel's archive>"""
import sys

sys.path.insert(0, sys.argv[1])
import channel as live
from output import Part

A_PUT_TAKES = 0.2


class Time:
    now = 0.0


class Program:
    def wait(self, seconds):
        Time.now += seconds
        return []

    def is_watched(self):
        return True


class Output:
    name = "stdout"
    offset = 0
    shown = 0

    def take(self, most):
        size = int(Time.now) * 80 - self.offset
        self.offset += size
        return Part(b"x" * size)

    def tail(self):
        return b""


class Store:
    pace = 2.0
    puts = looks = told = 0

    def put(self, uri, parts):
        self.puts += 1
        Time.now += A_PUT_TAKES

    def changed(self, uri):
        self.looks += 1

    def progress(self):
        self.told += 1
        return {"told": self.told}

    def flush(self):
        pass

    def is_full(self):
        return False

    def close(self):
        pass


store = Store()
channel = live.Channel({"folder": "f", "end": "e"}, Program(), [Output()], None, lambda: Time.now)
channel.store, channel.gateway = store, (1, "")
for hour in range(1, 4):
    puts, looks = store.puts, store.looks
    while Time.now < 3600 * hour:
        channel.hear(channel.program.wait(channel.patience()))
        if Time.now >= min(channel.due, channel.look_due):
            channel.attempt(Time.now)
    print(store.puts - puts, store.looks - looks)
