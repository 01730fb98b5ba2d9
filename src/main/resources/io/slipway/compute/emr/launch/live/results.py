"""What a program has written under the paths that its job names as results, put beside what it has printed."""
import json
import os
import re
import shutil
import stat
import tempfile
import time

from aws import Aws
from gateway import JavaError
from output import Part

MOST_LEFT_OUT = 100  # are named
MOST_LOOKED_AT = 200000
LONGEST_KEY = 900
FOR_THE_LIST = 10.0


class Results:
    def __init__(self, settings, folder, clock=time.monotonic):
        self.patterns = [pattern_of(each) for each in settings["patterns"]]
        self.to = settings["to"]
        self.most_files = settings["files"]
        self.most_bytes = settings["bytes"]
        self.seconds = settings["seconds"]
        self.folder = folder
        self.clock = clock
        self.until = None
        self.files = []
        self.left_out = []
        self.unnamed = 0
        self.note = None
        self.taken = 0
        self.total = 0

    def put(self, connect):
        """Never fails: what goes wrong is said in the list, if that can be put at all.

        @param connect: by a connection of its own, since a call without an answer leaves one unusable
        """
        self.until = self.clock() + self.seconds - min(FOR_THE_LIST, self.seconds / 4)
        try:
            store = connect()
            self.put_files(store)
        except Exception as trouble:
            self.note = "Not all could be stored: " + sentence(trouble)
        try:
            store = connect()
            store.may_take(FOR_THE_LIST)
            store.put(self.to + "/results.json", [Part(self.list())])
            store.flush()
        except Exception:
            pass  # nobody is there to be told

    def list(self):
        note = self.note
        if self.unnamed:
            more = "%d more were left out." % self.unnamed
            note = more if note is None else note + " " + more
        if note is None and not self.files and not self.left_out:
            note = "No file matched."
        return json.dumps({"files": self.files, "leftOut": self.left_out, "note": note}).encode("utf-8")

    def put_files(self, store):
        try:
            root = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            self.note = "The program had not started."
            return
        try:
            paths = self.chosen(root)
            if isinstance(store, Aws):
                self.put_together(store, root, paths)
            else:
                self.put_each(store, root, paths)
        finally:
            os.close(root)

    def put_each(self, store, root, paths):
        for path in paths:
            file, size = self.open(root, path)
            if file is None:
                continue
            try:
                store.may_take(self.until - self.clock())
                self.stored(path, store.put_file("%s/files/%s" % (self.to, path), file, size))
            except JavaError as error:
                self.leave_out(path, sentence(error))
            finally:
                os.close(file)

    def put_together(self, store, root, paths):
        """One command for each file would take a second for each."""
        folder = tempfile.mkdtemp(prefix="results-")
        try:
            copied = []
            for path in paths:
                file, size = self.open(root, path)
                if file is not None:
                    copy(file, size, os.path.join(folder, path))
                    copied.append((path, size))
            if copied:
                store.may_take(self.until - self.clock())
                store.put_folder(folder, self.to + "/files")
            for path, size in copied:
                self.stored(path, size)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def stored(self, path, size):
        self.files.append({"path": path, "size": size})

    def leave_out(self, path, why):
        if len(self.left_out) < MOST_LEFT_OUT:
            self.left_out.append({"path": path.encode("utf-8", "replace").decode("utf-8")[:LONGEST_KEY], "why": why})
        else:
            self.unnamed += 1

    def chosen(self, root):
        """Paths of regular files that match, sorted; links are not followed."""
        found, seen = [], 0
        for folder, folders, names, opened in os.fwalk(".", dir_fd=root, follow_symlinks=False):
            for name in names + folders:
                seen += 1
                path = os.path.normpath(os.path.join(folder, name))
                if any(pattern.fullmatch(path) for pattern in self.patterns) and self.is_file(path, name, opened):
                    found.append(path)
            if seen > MOST_LOOKED_AT:
                self.note = "The folder has more than %d files; not all were looked at." % MOST_LOOKED_AT
                break
        return sorted(found)

    def is_file(self, path, name, folder):
        try:
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        except OSError as error:
            self.leave_out(path, error.strerror)
            return False
        if stat.S_ISDIR(mode):
            return False
        if not stat.S_ISREG(mode):
            self.leave_out(path, "It is a link." if stat.S_ISLNK(mode) else "It is no regular file.")
            return False
        return True

    def open(self, root, path):
        """The open file and its size; None for what is left out."""
        why = self.objection(path)
        file = None
        if why is None:
            try:
                file = open_below(root, path)
                size = os.fstat(file).st_size
                why = self.too_much(os.fstat(file))
            except OSError as error:
                why = error.strerror
        if why is None:
            self.taken += 1
            self.total += size
            return file, size
        self.leave_out(path, why)
        if file is not None:
            os.close(file)
        return None, 0

    def objection(self, path):
        if self.clock() >= self.until:
            return "The time for results was over."
        try:
            length = len(path.encode("utf-8"))
        except UnicodeEncodeError:
            return "Its name is not UTF-8."
        if length > LONGEST_KEY:
            return "Its path is too long."
        if re.search(r"[\x00-\x1f\x7f]", path):
            return "Its name has a control character."
        return None

    def too_much(self, found):
        if not stat.S_ISREG(found.st_mode):
            return "It is no regular file."
        if self.taken >= self.most_files:
            return "There are more than %d files." % self.most_files
        if self.total + found.st_size > self.most_bytes:
            return "The results would be larger than %d bytes." % self.most_bytes
        return None


def open_below(root, path):
    """Each folder on the way is opened by itself, so that no link leads elsewhere."""
    *folders, name = path.split("/")
    folder = os.dup(root)
    try:
        for each in folders:
            inner = os.open(each, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    finally:
        os.close(folder)


def copy(file, size, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as out, os.fdopen(file, "rb") as source:
        while size > 0:
            content = source.read(min(1 << 20, size))
            if not content:
                break
            out.write(content)
            size -= len(content)


def pattern_of(glob):
    """`*` and `?` stay in a folder, `**` leads through folders; what names a folder means all that is below it."""
    text, rest = "", glob.strip("/")
    while rest:
        for mark, meaning in (("**/", "(?:.*/)?"), ("**", ".*"), ("*", "[^/]*"), ("?", "[^/]")):
            if rest.startswith(mark):
                text, rest = text + meaning, rest[len(mark) :]
                break
        else:
            text, rest = text + re.escape(rest[0]), rest[1:]
    return re.compile(text + "(?:/.*)?", re.DOTALL)


def sentence(trouble):
    return (" ".join(str(trouble).split()) or type(trouble).__name__)[:300]
