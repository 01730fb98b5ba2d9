"""Puts objects by the command of the primary node, where no JVM does: before spark-submit has one, and when it has ended."""
import os
import shutil
import subprocess
import tempfile

from gateway import JavaError

PATIENCE = 60.0
MOST_WAITING = 16 << 20


class CommandFailed(JavaError):
    """With the command's own words."""


class Aws:
    """What is put waits for the next `flush`, since a command costs a second of a core however much it takes along."""

    pace = 15.0

    def __init__(self, environment):
        self.environment = environment
        self.seconds = PATIENCE
        self.waiting = {}

    def put(self, uri, parts):
        self.waiting[uri] = b"".join(part.content for part in parts)

    def flush(self):
        if not self.waiting:
            return
        root = os.path.commonprefix([uri.rpartition("/")[0] + "/" for uri in self.waiting])
        root = root[: root.rindex("/")]
        folder = tempfile.mkdtemp(prefix="live-")
        try:
            for uri, content in self.waiting.items():
                path = os.path.join(folder, uri[len(root) + 1 :])
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(content)
            self.put_folder(folder, root)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        self.waiting = {}

    def put_folder(self, folder, uri):
        """All files below it, by one command."""
        command = ["aws", "s3", "cp", "--only-show-errors", "--recursive", folder, uri]
        if not uri.startswith("s3:"):
            command = ["hadoop", "fs", "-put", "-f"] + [os.path.join(folder, name) for name in os.listdir(folder)] + [uri]
        try:
            ended = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=self.environment,
                timeout=self.seconds,
            )
        except subprocess.TimeoutExpired:
            raise CommandFailed("%s took longer than %d s" % (command[0], self.seconds))
        if ended.returncode != 0:
            raise CommandFailed("%s ended with %d: %s" % (command[0], ended.returncode, ended.stderr[-1000:].decode("utf-8", "replace")))

    def is_full(self):
        return sum(map(len, self.waiting.values())) > MOST_WAITING

    def may_take(self, seconds):
        self.seconds = max(1.0, seconds)

    def changed(self, uri):
        return None

    def progress(self):
        return None

    def say(self, sentence):
        """There is no log but the output of the step, which is the project's."""

    def close(self):
        """There is no connection."""
