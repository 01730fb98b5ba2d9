"""Builds one Python environment on the cluster's primary node: python3 <this archive> <URI of the order>

Runs in a step's folder, with `environment.py` beside it in the archive. Everything that it says goes below the order's folder `to`: the log
in pieces while it builds (`log-<offset>-<bytes>`), `environment.tar.gz`, and last of all `result.json`. Standard library only; the syntax is
held to Python 3.7.
"""
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

import environment

PIECE = 512 << 10
BUSY_EVERY = 60.0
TRIES = 3


def main(order_uri):
    folder = tempfile.mkdtemp(prefix="slipway-environment-", dir=os.getcwd())
    os.chdir(folder)
    os.umask(0o077)
    signal.signal(signal.SIGTERM, lambda number, frame: open("cancel", "w").close())
    try:
        run(["aws", "s3", "cp", "--only-show-errors", order_uri, "fetched.json"])
        with open("fetched.json", encoding="utf-8") as file:
            return build(json.load(file))
    finally:
        os.chdir(os.path.dirname(folder))
        shutil.rmtree(folder, ignore_errors=True)


def build(order):
    busy = Repeated(BUSY_EVERY, lambda: keep_awake(order["busyFile"]))
    log = Log(order["to"])
    telling = Repeated(order["tellEvery"], log.tell)
    try:
        environment.build([], lambda builder: prepared(order, builder))
        with open("result.json", encoding="utf-8") as file:
            result = json.load(file)
        if os.path.exists("cancel"):
            return 128 + signal.SIGTERM
        if not result.get("problem"):
            result = stored(order, result)
    finally:
        telling.stop()
        busy.stop()
    log.tell()
    with open("result.json", "w", encoding="utf-8") as file:
        json.dump(result, file)
    put("result.json", order["to"] + "result.json")
    if result.get("problem"):
        print(result["problem"]["message"], file=sys.stderr)
        return 1
    return 0


def stored(order, result):
    try:
        put("environment.tar.gz", order["to"] + "environment.tar.gz")
        return result
    except Failure as failure:
        return dict(result, problem={"kind": "machine", "message": "The environment could not be stored: %s" % failure, "lines": []})


class Failure(Exception):
    """Of a command, with its last words."""


def run(command, **more):
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    if ended.returncode != 0:
        words = ended.stderr.decode("utf-8", "replace").strip().split("\n")[-1][:500]
        raise Failure("%s %s ended with %d: %s" % (command[0], " ".join(command[1:3]), ended.returncode, words))
    return ended.stdout


def put(path, uri):
    for number in range(TRIES):
        try:
            return run(["aws", "s3", "cp", "--only-show-errors", path, uri])
        except Failure:
            if number + 1 == TRIES:
                raise
            time.sleep(2.0 ** number)


class Repeated:
    """Does something again and again in a thread of its own. Its failures are nobody's."""

    def __init__(self, seconds, work):
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.go, args=(seconds, work), daemon=True)
        self.thread.start()

    def go(self, seconds, work):
        while True:
            try:
                work()
            except Exception:
                pass
            if self.over.wait(seconds):
                return

    def stop(self):
        self.over.set()
        self.thread.join(60)


def keep_awake(path):
    """EMR ends an idle cluster, and knows of no work but YARN's and what this file says."""
    if not os.path.isdir(os.path.dirname(path)):
        return
    try:
        with open(path, "a"):
            os.utime(path)
    except OSError:
        subprocess.call(["sudo", "-n", "touch", path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Log:
    """Each piece says by its name where it begins; one that was not stored is told again with what has come meanwhile."""

    def __init__(self, to):
        self.to = to
        self.told = 0
        self.lock = threading.Lock()

    def tell(self):
        with self.lock:
            while True:
                try:
                    with open("build.log", "rb") as file:
                        file.seek(self.told)
                        piece = file.read(PIECE)
                except OSError:
                    return
                if not piece:
                    return
                with open("piece", "wb") as file:
                    file.write(piece)
                try:
                    run(["aws", "s3", "cp", "--only-show-errors", "piece", "%slog-%010d-%d" % (self.to, self.told, len(piece))])
                except Failure:
                    return
                self.told += len(piece)


# --- what the build needs of this node

def prepared(order, builder):
    found = environment.probe({"version": order.get("version"), "python": cluster_python(order)})
    if found.get("problem"):
        raise environment.Failed("python", found["problem"].replace("this machine", "the cluster's primary node"))
    wheels(order)
    builder.logins = logins(order.get("credentials"), order.get("hosts", []))
    return dict(order, python=found["python"], version=found["version"], spark=spark_home(found["spark"]))


def spark_home(found):
    """What is called spark-submit on the PATH of a node is a script that does not lie beside Spark."""
    for home in (os.environ.get("SPARK_HOME"), "/usr/lib/spark"):
        if home and os.path.isfile(os.path.join(home, "bin", "spark-submit")):
            return home
    return found


def cluster_python(order):
    """The one that the cluster's jobs run with: by their settings, else by Spark's own configuration."""
    if order.get("clusterPython"):
        return order["clusterPython"]
    folder = os.environ.get("SPARK_CONF_DIR") or "/etc/spark/conf"
    return (
        last(os.path.join(folder, "spark-defaults.conf"), r"^\s*(?:spark\.pyspark\.python|spark\.yarn\.appMasterEnv\.PYSPARK_PYTHON)[\s=]+(\S+)")
        or last(os.path.join(folder, "spark-env.sh"), r"^\s*(?:export\s+)?PYSPARK_PYTHON=[\"']?([^\"'\s]+)")
        or "python3"
    )


def last(path, pattern):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            found = re.findall(pattern, file.read(1 << 20), re.MULTILINE)
        return found[-1] if found else None
    except OSError:
        return None


def wheels(order):
    """The wheels that the project brings, laid out as the requirements name them."""
    if not order.get("wheels"):
        return
    fetched("project.zip", order["project"])
    with zipfile.ZipFile("project.zip") as project:
        for path, sha256 in order["wheels"].items():
            folder = os.path.join("wheels", sha256)
            os.makedirs(folder, exist_ok=True)
            digest = hashlib.sha256()
            with project.open(path) as source, open(os.path.join(folder, path.rpartition("/")[2]), "wb") as wheel:
                for piece in iter(lambda: source.read(1 << 20), b""):
                    digest.update(piece)
                    wheel.write(piece)
            if digest.hexdigest() != sha256:
                raise environment.Failed("requirements", "%s in the project is not what was sent." % path)
    os.unlink("project.zip")


def fetched(path, uri):
    try:
        run(["aws", "s3", "cp", "--only-show-errors", uri, path])
    except Failure as failure:
        raise environment.Failed("machine", "%s could not be fetched: %s" % (uri, failure))


CODE_ARTIFACT = re.compile(r"arn:(aws[a-z-]*):codeartifact:([a-z0-9-]+):(\d{12}):(?:domain|repository)/([^/]+)(?:/.*)?$")
SECRET = re.compile(r"arn:aws[a-z-]*:secretsmanager:([a-z0-9-]+):\d{12}:secret:.+$")


def logins(arn, hosts):
    """The login of the index, asked for here and kept in memory until pip needs it."""
    if not arn:
        return []
    user, password = login(arn)
    return [{"host": host, "user": user, "password": password} for host in hosts]


def login(arn):
    domain = CODE_ARTIFACT.match(arn)
    secret = SECRET.match(arn)
    try:
        if domain:
            token = run(["aws", "codeartifact", "get-authorization-token", "--region", domain.group(2), "--domain", domain.group(4),
                         "--domain-owner", domain.group(3), "--query", "authorizationToken", "--output", "text"])
            return "aws", checked(token.decode("utf-8").strip())
        if secret:
            text = run(["aws", "secretsmanager", "get-secret-value", "--region", secret.group(1), "--secret-id", arn,
                        "--query", "SecretString", "--output", "text"]).decode("utf-8").strip()
            return parsed(text)
    except Failure as failure:
        raise environment.Failed("login", "The login of the package index could not be read (slipway.environments.emr.credentials): %s" % failure)
    raise environment.Failed("login", "slipway.environments.emr.credentials is neither a secret of Secrets Manager nor a domain of CodeArtifact.")


def parsed(text):
    """{"username": …, "password": …}, or user:password"""
    try:
        found = json.loads(text)
        user, password = found.get("username") or found.get("user"), found.get("password")
    except (ValueError, AttributeError):
        user, _, password = text.partition(":")
    if not user or not password:
        raise environment.Failed("login", "The secret of the package index has no username and password in it.")
    return checked(user), checked(password)


def checked(word):
    """A netrc has no way to write these."""
    if not word or re.search(r"\s", word):
        raise environment.Failed("login", "The login of the package index is empty or has blanks in it.")
    return word


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except Failure as failure:
        sys.exit(str(failure))
