"""What the tests share: the client as a module and as a process, and a service that stands in for the real one."""

import hashlib
import http.server
import importlib.machinery
import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zipfile

CLIENT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "slipway")
ROOT = os.path.dirname(os.path.dirname(CLIENT))


def load():
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader("slipway", CLIENT)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("slipway", loader))
    loader.exec_module(module)
    return module


slipway = load()


class Case(unittest.TestCase):
    """A folder of its own, a stand-in, and the client's processes, of which none may ever show a traceback."""

    def setUp(self):
        self.work = os.path.realpath(tempfile.mkdtemp(prefix="slipway-test-"))
        self.addCleanup(shutil.rmtree, self.work, True)
        self.service = StandIn()
        self.addCleanup(self.service.close)

    def path(self, *names):
        return os.path.join(self.work, *names)

    def write(self, name, text="x"):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path

    def project(self, text="print(1)\n"):
        return os.path.dirname(self.write("project/main.py", text))

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "SYSTEMROOT", "LC_ALL")}
        kept.update(HOME=self.work, SLIPWAY_URL=self.service.url, SLIPWAY_PATIENCE="20", PYTHONDONTWRITEBYTECODE="1")
        kept.update(more)
        return {name: value for name, value in kept.items() if value is not None}

    def start(self, *words, client=CLIENT, **environment):
        return subprocess.Popen(
            [sys.executable, client, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.work,
            env=self.environment(**environment), start_new_session=True,
        )  # fmt: skip

    def end(self, process):
        out, err = process.communicate(timeout=60)
        self.assertNotIn(b"Traceback", out + err)
        return Ended(process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    def slipway(self, *words, **environment):
        return self.end(self.start(*words, **environment))

    def assertEnds(self, ended, status):
        self.assertEqual(ended.status, status, ended.err)
        return ended


PROGRESS = {
    "applicationId": "application_1_1", "executors": 4, "activeJobs": 1, "activeStages": 3, "tasksPerSecond": None, "at": "2026-11-22T09:30:40Z",
    "stages": [{"id": 7, "name": "count at app.py:10", "tasks": 200, "active": 8, "completed": 120, "failed": 0, "percent": 60}],
}  # fmt: skip

# What a source of the stand-in holds.
COMMIT = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0"
with io.BytesIO() as _file:
    with zipfile.ZipFile(_file, "w") as _archive:
        _archive.writestr("p/main.py", "print(1)\n")
    ARCHIVE = _file.getvalue()


class Ended:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err


def until(condition, seconds=30):
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            raise AssertionError("it did not come to pass")
        time.sleep(0.01)


class StandIn:
    """A service that keeps its word in memory. A test sets what it wants to happen."""

    def __init__(self, port=0):
        self.jobs, self.keys, self.projects, self.hashes = {}, {}, {}, {}
        self.requests = []  # (method, path, headers)
        self.received = []  # bytes of each body
        self.forms = []
        self.outcome = ("SUCCEEDED", 0)
        self.hold = None  # an Event: jobs run until it is set
        self.stdout, self.stderr = b"hello\n", b""
        self.findings, self.problems = [], []
        self.token = None
        self.pace = 0  # seconds for each 64 KB of a body, in either direction
        self.cuts = 0  # how often a followed log is broken off after its first 64 KB
        self.closed = False
        self.waiting = self.progress = None
        self.launch = {}  # more of how jobs are started
        self.shown_progress = False
        self.answers = {}  # (method, path) -> list of (status, headers, body), taken one by one before anything else
        self.server = Server(("127.0.0.1", port), type("Handler", (Handler,), {"service": self}))
        self.port = self.server.server_address[1]
        self.url = "http://127.0.0.1:%d" % self.port
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.closed = True
        self.server.shutdown()
        self.server.server_close()

    def paths(self, method="GET"):
        return [path for each, path, _ in self.requests if each == method]

    def submit(self, key, form):
        if key in self.keys:
            return 200, self.view(self.keys[key])
        number = "%026d" % (len(self.jobs) + 1)
        spec = json.loads(form.get("spec", ["{}"])[0])
        self.jobs[number] = {"id": number, "spec": spec, "began": time.monotonic(), "project": form["project"][0], "cancelled": False}
        self.keys[key] = number
        return 202, self.view(number)

    def state(self, job):
        if job["cancelled"]:
            return "CANCELLED"
        going = not self.hold.is_set() if self.hold else time.monotonic() - job["began"] < 0.05
        return ("QUEUED" if self.waiting else "RUNNING") if going else self.outcome[0]

    def view(self, number):
        job = self.jobs[number]
        state = self.state(job)
        status = self.outcome[1] if state == self.outcome[0] else None
        self.shown_progress |= self.progress is not None
        return {
            "id": number, "name": job["spec"].get("name", "project"), "state": state, "reason": None, "owner": "local", "cluster": "local",
            "attempt": 1, "stopping": False, "waitingFor": self.waiting, "progress": self.progress, "createdAt": "2026-11-22T09:30:00Z", "startedAt": "2026-11-22T09:30:00Z", "endedAt": None,
            "labels": {"team": "pricing"}, "runs": [{"attempt": 1, "exitStatus": status}],
            "spec": {"project": "sha256:" + "0" * 64, "entryPoint": "main.py", "arguments": ["--a"], "sparkConf": {}, "environment": ["PASSWORD"],
                     "timeout": None, "maxAttempts": 2, "priority": 0, "launch": dict({"layout": "unchanged", "mode": "cluster", "image": None}, **self.launch)},
            "links": {"self": "%s/jobs/%s" % (self.url, number)},
        }  # fmt: skip

    def plan(self, form):
        project, source = form["project"][0], None
        if isinstance(project, bytes):
            project = self.store(project)
        elif project.startswith(("s3://", "git+")):
            source = {"uri": project, "version": COMMIT}
            project = self.store(ARCHIVE)
        elif project not in self.projects and not project.startswith("job:"):
            return 422, {"type": "urn:slipway:problem:unknown-project", "title": "There is no such stored project"}
        spec = json.loads(form.get("spec", ["{}"])[0])
        return 200, {
            "project": project, "baseProject": project, "source": source, "name": spec.get("name", "project"), "cluster": "local", "entryPoint": "main.py",
            "launch": {"pythonEnvironment": None}, "files": [], "commandLine": "python3 main.py", "problems": self.problems, "findings": self.findings,
        }  # fmt: skip

    def change(self, base, form):
        """The id of the manifest, when the base and the changes have each of its contents."""
        manifest = form["manifest"][0]
        there = set(self.hashes[base])
        for data in form.get("changes", []):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                there |= {hashlib.sha256(archive.read(each)).hexdigest() for each in archive.infolist()}
        lines = [line.split(" ", 3) for line in manifest.decode("utf-8").splitlines()[1:]]
        if not {line[2] for line in lines if line[0] != "d"} <= there:
            return None
        found = "sha256:" + hashlib.sha256(manifest).hexdigest()
        self.projects[found] = ["p/" + line[3] for line in lines]
        self.hashes[found] = [line[2] for line in lines]
        return found

    def store(self, data):
        """The service's own way to a project's id, apart from how the client does it."""
        lines, hashes = {}, []
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                path = entry.filename.split("/", 1)[1].rstrip("/")
                content = archive.read(entry)
                mode = "x" if entry.external_attr >> 16 & 0o100 else "-"
                sha256 = hashlib.sha256(content).hexdigest()
                hashes.append(sha256)
                lines[path.encode("utf-8")] = "d 0 - %s\n" % path if entry.is_dir() else "%s %d %s %s\n" % (mode, len(content), sha256, path)
            names = [entry.filename for entry in archive.infolist()]
        manifest = "slipway-project/1\n" + "".join(lines[path] for path in sorted(lines))
        found = "sha256:" + hashlib.sha256(manifest.encode("utf-8")).hexdigest()
        self.projects[found], self.hashes[found] = names, hashes
        return found


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        pass  # clients that go away are what some tests are about


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.serve("GET")

    def do_POST(self):
        self.serve("POST")

    def do_HEAD(self):
        self.serve("HEAD")

    def serve(self, method):
        service = self.service
        path = re.sub(r"^http://[^/]+", "", self.path)
        service.requests.append((method, self.path, dict(self.headers)))
        prepared = service.answers.get((method, path.split("?")[0]))
        if prepared:
            return self.prepared(prepared.pop(0))
        body = self.body(int(self.headers.get("Content-Length") or 0))
        service.received.append(len(body))
        if service.token and self.headers.get("Authorization") != "Bearer " + service.token:
            return self.answer(401, {"type": "urn:slipway:problem:unauthorized", "title": "No valid token"})
        return self.route(method, path, body)

    def body(self, size):
        blocks = []
        while size:
            blocks.append(self.rfile.read(min(size, 65536)))
            size -= len(blocks[-1])
            time.sleep(self.service.pace)
        return b"".join(blocks)

    def prepared(self, answer):
        if answer == "cut":
            self.close_connection = True
            return None
        if answer[0] != 413:  # an upload that is too large is not read to its end
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return self.answer(*answer)

    def route(self, method, path, body):
        service, plain = self.service, path.split("?")[0]
        if method == "POST" and plain in ("/plans", "/jobs"):
            form = self.form(body)
            service.forms.append((plain, form))
            return self.answer(*(service.plan(form) if plain == "/plans" else service.submit(self.headers.get("Idempotency-Key"), form)))
        if plain.startswith("/projects/"):
            return self.of_project(plain, body)
        if plain == "/jobs":
            return self.answer(200, {"items": [service.view(each) for each in service.jobs], "next": None})
        if plain == "/clusters":
            item = {"name": "local", "kind": "LOCAL", "state": "READY", "slots": 2, "jobs": {"RUNNING": 1}, "default": True}
            return self.answer(200, {"items": [item]})
        found = re.fullmatch(r"/jobs/(\w{26})(/.*)?", plain)
        if not found or found.group(1) not in service.jobs:
            return self.answer(404, {"type": "urn:slipway:problem:job-not-found", "title": "There is no such job"})
        return self.of_job(found.group(1), found.group(2) or "", path)

    def of_project(self, path, body):
        """What is there, or made of a base and changes."""
        project, changes = re.fullmatch(r"/projects/([0-9a-f]{64})(/changes)?", path).groups()
        if "sha256:" + project not in self.service.projects:
            return self.answer(404, {"type": "urn:slipway:problem:project-not-found", "title": "There is no such project"})
        if not changes:
            return self.answer(200, b"")
        found = self.service.change("sha256:" + project, self.form(body))
        if found is None:
            return self.answer(422, {"type": "urn:slipway:problem:wrong-manifest", "title": "The manifest does not fit"})
        return self.answer(200, {"project": found, "files": 1, "expiresAt": "2026-11-23T09:30:00Z"})

    def of_job(self, number, rest, path):
        service = self.service
        if rest == "/cancel":
            service.jobs[number]["cancelled"] = True
        if rest == "/events":
            return self.events(number)
        if rest in ("/logs/stdout", "/logs/stderr"):
            offset = int((re.findall(r"offset=(\d+)", path) or ["0"])[0])
            data = service.stdout if rest.endswith("stdout") else service.stderr
            if "follow=true" in path:
                return self.follow(number, data, offset)
            return self.answer(200, data[offset:], {"Content-Type": "text/plain"})
        if rest not in ("", "/cancel"):
            return self.answer(404, {"type": "urn:slipway:problem:not-found", "title": "There is nothing here"})
        return self.answer(200, service.view(number), {"ETag": '"1"'})

    def follow(self, number, data, offset):
        """In chunks to the end of the run; a connection that is to be cut has no last chunk."""
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(offset, len(data), 65536):
            if self.service.cuts and at > offset:
                self.service.cuts -= 1
                self.close_connection = True
                return
            block = data[at : at + 65536]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block))
        while self.service.state(self.service.jobs[number]) in ("QUEUED", "RUNNING"):
            time.sleep(0.02)
            if self.service.closed:
                self.close_connection = True
                return
        self.wfile.write(b"0\r\n\r\n")

    def events(self, number):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        told = None
        while self.service.state(self.service.jobs[number]) in ("QUEUED", "RUNNING"):
            aside = (self.service.waiting, self.service.progress)
            self.wfile.write(b":\n\n" if aside == told else b"event: waiting\ndata: {}\n\n")
            told = aside
            time.sleep(0.02)
        self.wfile.write(b"id: 7\ndata: {}\n\nevent: end\ndata: {}\n\n")

    def answer(self, status, value, headers=None):
        body = value if isinstance(value, bytes) else json.dumps(value).encode("utf-8")
        self.send_response(status)
        for name, text in dict({"Content-Type": "application/json"}, **(headers or {})).items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        for at in range(0, len(body), 65536):
            self.wfile.write(body[at : at + 65536])
            time.sleep(self.service.pace)

    def form(self, body):
        """Files as bytes, fields as text, in lists."""
        boundary = re.search(r"boundary=(\S+)", self.headers["Content-Type"]).group(1).encode("ascii")
        form = {}
        for part in body.split(b"--" + boundary)[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            name = re.search(rb' name="([^"]*)"', head).group(1).decode("utf-8")
            value = content[:-2] if b"filename=" in head else content[:-2].decode("utf-8")
            form.setdefault(name, []).append(value)
        return form
