"""Runs one project and outlives the service that asked for it.

    python3 -I supervisor.py start <run folder> < order.json
    python3 -I supervisor.py bury <run folder>

`start` answers when the run is taken (exit status 0: by this process or by an earlier one) and leaves a process of its own session behind
that belongs to nobody. `bury` ends what a supervisor that was killed has left, and writes down that the run is lost.

The run folder: `lock` is held for the supervisor's life; `started` is made once, after the lock is held, so that whoever sees it can tell by
the lock whether its maker lives; `process.json` names the project's process; `cancel` is a wish of the service; `status.json` is the end.
"""

import ctypes
import fcntl
import glob
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime, timezone
from stat import S_ISREG

NOT_NOW = 75  # EX_TEMPFAIL: nothing was started, and another try may work
BROKEN = 70  # EX_SOFTWARE
LOOK_EVERY = 0.1  # seconds between two looks for a wish to cancel
LAST_RESORT = 5.0  # seconds until killed processes are expected to be gone
FOLDER_VARIABLE = "SLIPWAY_RUN_FOLDER"  # marks every process of the run

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LINUX = sys.platform.startswith("linux")
LIBC = ctypes.CDLL(None) if LINUX else None
UMASK = os.umask(0o077)  # the project gets back what the service had


def main(verb, folder):
    os.chdir(folder)
    if verb == "bury":
        return bury()
    return start(json.loads(sys.stdin.buffer.read().decode("utf-8")))


def start(order):
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.close(reader)
        os.setsid()
        if os.fork() == 0:
            become_supervisor(order, writer)
        os._exit(0)
    os.close(writer)
    os.wait()
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    if answer == "taken":
        return 0
    log(answer or "The supervisor ended before it took the run.")
    return NOT_NOW if answer else BROKEN


def become_supervisor(order, writer):
    status = 0
    try:
        try:
            mine = take()
        except OSError as problem:
            tell(writer, "The run could not be taken: %s" % problem)
            os._exit(0)
        tell(writer, "taken")
        devnull = os.open(os.devnull, os.O_RDONLY)
        os.dup2(devnull, 0)
        if mine:
            supervise(order)
        else:
            shutil.rmtree(order["unpacked"], ignore_errors=True)
    except BaseException as problem:  # nobody else would ever hear of it
        log("The supervisor failed: %r" % problem)
        status = BROKEN
    os._exit(status)


def tell(writer, answer):
    try:
        os.write(writer, answer.encode("utf-8"))
    except OSError:
        pass  # whoever asked is gone; the run goes on
    os.close(writer)


def take():
    """True when this process is the one that runs the project; it then holds the lock for the rest of its life."""
    patience = time.monotonic() + LAST_RESORT
    lock = os.open("lock", os.O_RDWR | os.O_CREAT, 0o600)
    while not os.path.exists("started"):
        if locked(lock):
            return mark_started()
        if time.monotonic() > patience:
            raise OSError("another process holds its lock and does not start it")
        time.sleep(0.02)
    return False


def locked(lock):
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False


def mark_started():
    try:
        marker = os.open("started", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return False
    try:
        os.write(marker, str(os.getpid()).encode())
        os.fsync(marker)
        sync_folder()
    except OSError:
        os.unlink("started")  # nothing runs yet, and the lock is still ours
        raise
    finally:
        os.close(marker)
    return True


def supervise(order):
    watch = Watch(order["graceSeconds"])
    status = {"startedAt": now(), "exitStatus": None, "signal": None, "cancelled": False, "problem": None}
    if os.path.exists("cancel"):
        status["cancelled"] = True
    else:
        try:
            os.rename(os.path.join(order["unpacked"], "project"), "project")
            os.makedirs("home", exist_ok=True)
            watch.child = spawn(order)
        except (OSError, ValueError) as problem:
            status["problem"] = because("START_FAILED", "The project could not be started: %s" % problem)
        else:
            note_process(watch.child, status["startedAt"])
            watch.beside = spawn_beside(order.get("progress"), watch.child)
            watch.until_the_end(status)
    status["endedAt"] = now()
    write_status(status)
    if order.get("results"):
        keep_results(order["results"])
    clean_up()


def keep_results(wanted):
    """A failure here is a note, and none of the run's."""
    results = Results(wanted)
    try:
        results.collect()
    except (OSError, ValueError) as problem:
        results.note = "Not all results could be kept: %s" % problem
    try:
        write_json(os.path.join("results", "results.json"), results.told())
    except (OSError, ValueError) as problem:
        log("The list of results could not be written: %s" % problem)


class Results:
    """Files of the project's folder that are wanted by their paths, moved to a folder that stays. Links are not followed."""

    MOST_TOLD = 100

    def __init__(self, wanted):
        self.matches = re.compile("|".join(as_expression(pattern) for pattern in wanted["patterns"]), re.DOTALL).fullmatch
        self.most, self.bytes_left = wanted["files"], wanted["bytes"]
        self.until = time.monotonic() + wanted["seconds"]
        self.files, self.left_out, self.note = [], [], None

    def collect(self):
        if os.path.islink("results"):
            os.unlink("results")  # who runs may write here
        shutil.rmtree("results", ignore_errors=True)
        os.makedirs(os.path.join("results", "files"))
        for path in walk("project"):
            if time.monotonic() > self.until:
                self.note = "There was no time for more files."
                return
            if self.matches(path):
                self.keep(path)

    def keep(self, path):
        source = os.path.join("project", path)
        found = os.lstat(source)
        reason = None
        if not S_ISREG(found.st_mode):
            reason = "It is a link, or no file."
        elif not path.isprintable() or len(path) > 1024 or "\\" in path:
            reason = "Its name cannot be kept."
        elif len(self.files) >= self.most:
            reason = "There are more than %d files." % self.most
        elif found.st_size > self.bytes_left:
            reason = "With it they are too large together."
        if reason is not None:
            if len(self.left_out) < self.MOST_TOLD:
                self.left_out.append({"path": path.encode("utf-8", "replace").decode("utf-8"), "why": reason})
            else:
                self.note = "More files were left out than are named."
            return
        target = os.path.join("results", "files", path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.rename(source, target)
        self.bytes_left -= found.st_size
        self.files.append({"path": path, "size": found.st_size})

    def told(self):
        return {"files": self.files, "leftOut": self.left_out, "note": self.note}


def walk(top):
    """Paths below it of all that is no folder, in order; a folder that is a link is none to go into."""
    for folder, folders, names in os.walk(top):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in sorted(names + links):
            yield os.path.relpath(os.path.join(folder, name), top)


def as_expression(pattern):
    """Of a path: ** for any folders, * and ? within one name; a folder stands for all that is in it."""
    said = ""
    for part in re.split(r"(\*\*/|\*\*|\*|\?)", pattern.strip("/")):
        said += {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}.get(part, re.escape(part))
    return "(?:%s)(?:/.*)?" % said


def spawn(order):
    """The project as leader of a session and group of its own, which dies with this process where the system can do that."""
    supervisor = os.getpid()

    def in_child():
        os.umask(UMASK)
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
            if os.getppid() != supervisor:
                os._exit(1)

    environment = dict(order["environment"])
    environment[FOLDER_VARIABLE] = os.getcwd()
    with open("stdout", "ab", 0) as out, open("stderr", "ab", 0) as err:
        process = subprocess.Popen(
            order["command"],
            cwd="project",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
            preexec_fn=in_child,
        )
    process.returncode = 0  # it is reaped by Watch, not by subprocess
    log("Started the project as process %d." % process.pid)
    return process.pid


def spawn_beside(program, child):
    """What tells how far the project is; it dies with this process, and the run goes on without it."""
    if program is None or LIBC is None:
        return None
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", program, str(child)],
            env={FOLDER_VARIABLE: os.getcwd()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0),
        )
    except (OSError, ValueError) as problem:
        log("Nothing tells how far the project is: %s" % problem)
        return None
    process.returncode = 0  # it is reaped by Watch, too
    return process.pid


def note_process(pid, started_at):
    try:
        write_json("process.json", {"pid": pid, "birth": birth(pid), "startedAt": started_at})
    except OSError as problem:
        log("process.json could not be written: %s" % problem)


class Watch:
    """Waits for the project, ends it when asked to, and lets nothing of it stay behind."""

    def __init__(self, grace):
        self.grace = grace
        self.child = None
        self.beside = None
        self.ended = None
        self.told_to_stop = False
        if LIBC is not None:
            # Processes that the project orphans become ours instead of init's: they are found and reaped.
            LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.wake, wake_end = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(wake_end, False)
        signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)
        # Handlers, not SIG_IGN: what is ignored here would stay ignored in the project.
        for ignored in (signal.SIGCHLD, signal.SIGHUP, signal.SIGINT):
            signal.signal(ignored, lambda *_: None)
        signal.signal(signal.SIGTERM, self.stop)

    def stop(self, *_):
        self.told_to_stop = True

    def until_the_end(self, status):
        deadline = None
        while self.ended is None:
            if deadline is None and self.wished(status):
                self.send(signal.SIGTERM)
                deadline = time.monotonic() + self.grace
            elif deadline is not None and time.monotonic() > deadline:
                self.send(signal.SIGKILL)
            self.pause()
        if self.beside is not None:
            send(self.beside, signal.SIGKILL)
        if os.WIFSIGNALED(self.ended):
            status["signal"] = signal_name(os.WTERMSIG(self.ended))
        else:
            status["exitStatus"] = os.WEXITSTATUS(self.ended)
        self.sweep(deadline)

    def wished(self, status):
        if os.path.exists("cancel"):
            status["cancelled"] = True
        elif self.told_to_stop:
            status["problem"] = because("LOST", "Its supervisor was told to stop, as when the machine shuts down.")
        return status["cancelled"] or self.told_to_stop

    def sweep(self, deadline):
        """What the project left running: asked first, killed then."""
        if deadline is None and self.somebody_left():
            deadline = time.monotonic() + self.grace
            self.send(signal.SIGTERM)
        while self.somebody_left() and time.monotonic() < deadline:
            self.pause()
        last = time.monotonic() + LAST_RESORT
        while self.somebody_left() and time.monotonic() < last:
            self.send(signal.SIGKILL)
            self.pause()

    def pause(self):
        ready, _, _ = select.select([self.wake], [], [], LOOK_EVERY)
        if ready:
            os.read(self.wake, 4096)
        self.reap()

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self.child:
                self.ended = status
            elif pid == self.beside:
                self.beside = None

    def send(self, number):
        if self.ended is None or not LINUX:  # a group whose leader was reaped may be somebody else's
            send_to_group(self.child, number)
        for pid in descendants(os.getpid()):
            send(pid, number)

    def somebody_left(self):
        self.reap()
        if LINUX:
            return bool(descendants(os.getpid()))
        return send_to_group(self.child, 0)


def bury():
    lock = os.open("lock", os.O_RDWR | os.O_CREAT, 0o600)
    if not locked(lock) or os.path.exists("status.json"):
        return 0
    known = read_json("process.json")
    patience = time.monotonic() + LAST_RESORT
    while kill_remains(known):
        if time.monotonic() > patience:
            log("Processes of the run are still there after they were killed.")
            return NOT_NOW
        time.sleep(0.02)
    lost = because("LOST", "Its supervisor ended without leaving an exit status: it was killed, or the machine was restarted.")
    status = {"startedAt": known.get("startedAt"), "exitStatus": None, "signal": None, "cancelled": False, "problem": lost}
    write_status(dict(status, endedAt=now()))
    clean_up()
    return 0


def kill_remains(known):
    """Kills what is certainly of this run: a process id alone proves nothing, it may have been given to somebody else."""
    found = False
    pid = known.get("pid")
    if pid and known.get("birth") and birth(pid) == known["birth"]:
        found = send_to_group(pid, signal.SIGKILL)
    mark = os.fsencode("%s=%s" % (FOLDER_VARIABLE, os.getcwd()))
    for pid, fields in processes().items():
        if fields[0] != "Z" and mark in environment_of(pid):
            send(pid, signal.SIGKILL)
            found = True
    return found


def environment_of(pid):
    try:
        with open("/proc/%d/environ" % pid, "rb") as file:
            return file.read().split(b"\0")
    except OSError:
        return []


def processes():
    """Process id to the fields of its stat line after the name (state, parent, group, ...); empty where there is no /proc."""
    found = {}
    for name in os.listdir("/proc") if LINUX else []:
        if name.isdigit():
            fields = stat(int(name))
            if fields:
                found[int(name)] = fields
    return found


def stat(pid):
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            return file.read().decode("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def descendants(ancestor):
    children = {}
    for pid, fields in processes().items():
        if fields[0] != "Z":
            children.setdefault(int(fields[1]), []).append(pid)
    found, heirs = [], [ancestor]
    while heirs:
        born = children.get(heirs.pop(), [])
        found += born
        heirs += born
    return found


def birth(pid):
    """What tells this process from another one that is given the same id later."""
    if LINUX:
        fields = stat(pid)
        if not fields or fields[0] == "Z":
            return None
        with open("/proc/sys/kernel/random/boot_id") as boot:
            return "%s %s" % (boot.read().strip(), fields[19])
    try:
        shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], stdout=subprocess.PIPE, universal_newlines=True)
    except OSError:
        return None
    return shown.stdout.strip() or None


def send(pid, number):
    try:
        os.kill(pid, number)
        return True
    except OSError:
        return False


def send_to_group(group, number):
    try:
        os.killpg(group, number)
        return True
    except OSError:
        return False


def because(code, message):
    return {"code": code, "message": message}


def signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal %d" % number


def write_status(status):
    """Tries until it is written: on a full disk, the project's own files make room."""
    folder = os.getcwd()
    while os.path.isdir(folder):
        try:
            return write_json("status.json", status)
        except OSError as problem:
            log("status.json could not be written: %s" % problem)
            clean_up()
            time.sleep(1)


def write_json(name, content):
    temporary = name + ".tmp"
    with open(temporary, "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    os.rename(temporary, name)
    sync_folder()


def read_json(name):
    try:
        with open(name) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def sync_folder():
    folder = os.open(".", os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def clean_up():
    """What it printed and how it ended stay; its files go."""
    for name in ["project", "home"] + glob.glob("unpacked-*"):
        shutil.rmtree(name, ignore_errors=True)
    for name in glob.glob("order-*"):
        os.unlink(name)  # a service that was killed while it gave the order could not do it


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def log(line):
    try:
        os.write(2, ("%s %s\n" % (now(), line)).encode("utf-8", "replace"))
    except OSError:
        pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
