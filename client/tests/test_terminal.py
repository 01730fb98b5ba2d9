"""The client as a person sees it, on a pseudo-terminal."""

import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
import threading
import time
import unittest

from support import CLIENT, PROGRESS, Case


class Terminal:
    """The client with a terminal of its own."""

    def __init__(self, words, where, environment):
        self.seen = b""
        self.file, inner = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, CLIENT, *words], stdin=inner, stdout=inner, stderr=inner, cwd=where, env=environment, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that Ctrl-C reaches it
        )  # fmt: skip
        os.close(inner)

    def read(self, seconds):
        ready, _, _ = select.select([self.file], [], [], seconds)
        try:
            data = os.read(self.file, 65536) if ready else b""
        except OSError:  # Linux tells the end of a terminal so
            return False
        self.seen += data
        return bool(data) or (not ready and self.process.poll() is None)

    def expect(self, text, seconds=60):
        limit = time.monotonic() + seconds
        while text.encode("utf-8") not in self.seen:
            if time.monotonic() > limit or not self.read(0.2):
                raise AssertionError("it did not show %r but %s" % (text, self.seen.decode("utf-8", "replace")))

    def type(self, text):
        os.write(self.file, text.encode("utf-8"))

    def end(self):
        while self.read(0.2) or self.process.poll() is None:
            pass
        return self.process.wait()


class TerminalTest(Case):
    def setUp(self):
        super().setUp()
        self.service.hold = threading.Event()
        self.addCleanup(self.service.hold.set)

    def terminal(self, *words, **environment):
        terminal = Terminal(words, self.work, self.environment(TERM="xterm", **environment))
        self.addCleanup(os.close, terminal.file)
        self.addCleanup(terminal.process.wait)
        self.addCleanup(terminal.process.kill)
        return terminal

    def running(self):
        terminal = self.terminal("run", self.project())
        terminal.expect("hello")
        terminal.type("\x03")
        terminal.expect("Enter to watch on?")
        return terminal

    def assertEnds(self, terminal, status):
        self.assertEqual(terminal.end(), status, terminal.seen)
        self.assertNotIn(b"Traceback", terminal.seen)

    def cancelled(self):
        return self.service.jobs["%026d" % 1]["cancelled"]

    def test_ctrlCAndThenCCancels(self):
        terminal = self.running()
        terminal.type("c\n")
        terminal.expect("is being cancelled")
        self.assertEnds(terminal, 130)
        self.assertTrue(self.cancelled())

    def test_ctrlCAndThenDDetaches(self):
        terminal = self.running()
        terminal.type("d\n")
        terminal.expect("detached")
        self.assertEnds(terminal, 130)
        self.assertFalse(self.cancelled())

    def test_ctrlCTwiceDetaches(self):
        terminal = self.running()
        terminal.type("\x03")
        terminal.expect("detached")
        self.assertEnds(terminal, 130)
        self.assertFalse(self.cancelled())

    def test_ctrlCAndThenEnterWatchesOn(self):
        terminal = self.running()
        terminal.type("\n")
        self.service.hold.set()
        terminal.expect("SUCCEEDED")
        self.assertEnds(terminal, 0)

    def test_coloursAndBarsAreForTerminalsAlone(self):
        self.service.hold.set()
        self.write("project/big.bin", os.urandom(300000))
        terminal = self.terminal("run", self.project())
        terminal.expect("\x1b[32mSUCCEEDED")
        self.assertEnds(terminal, 0)
        self.assertIn(b"sending [", terminal.seen)
        plain = self.slipway("run", self.project())
        self.assertNotIn("\x1b", plain.out + plain.err)
        self.assertNotIn("sending", plain.err)
        bare = self.terminal("run", self.project(), NO_COLOR="1")
        bare.expect("SUCCEEDED")
        self.assertNotIn(b"\x1b[32m", bare.seen)

    def test_howFarSparkIsStandsOnTheLastLine(self):
        self.service.progress = PROGRESS
        terminal = self.terminal("run", self.project())
        terminal.expect("\rstage 7 [############        ]  60% of 200 tasks and 2 more stages, 4")
        self.service.hold.set()
        terminal.expect("SUCCEEDED")
        self.assertEnds(terminal, 0)
        self.assertNotIn("stage 7", self.slipway("run", self.project()).err)

    def test_aTokenIsAskedForAndNotShown(self):
        self.service.token = "typed-secret"
        terminal = self.terminal("login")
        terminal.expect("it is not shown")
        terminal.type("typed-secret\n")
        terminal.expect("is kept in")
        self.assertEnds(terminal, 0)
        self.assertNotIn(b"typed-secret", terminal.seen)

    def test_ctrlCWhileNothingWasSentYetEndsQuietly(self):
        self.service.answers = {("POST", "/plans"): [(503, {"title": "busy"}, {"Retry-After": "60"})]}
        terminal = self.terminal("run", self.project(), SLIPWAY_PATIENCE="100")
        terminal.expect("no answer yet")
        terminal.type("\x03")
        self.assertEnds(terminal, 130)
        self.assertFalse(self.service.jobs)


if __name__ == "__main__":
    unittest.main()
