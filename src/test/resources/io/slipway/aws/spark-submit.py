#!/usr/bin/env python3
"""Not Spark: what spark-submit and YARN do in cluster mode with archives, files and the Python of a job, for one container, the driver's.

The environment says where the stub of PySpark is (STUB_PYSPARK) and where the cluster's logs are kept (LOGS).
"""
import gzip
import os
import subprocess
import sys
import tarfile
import zipfile


def main(words):
    conf, options = {}, {}
    while words and words[0].startswith("--"):
        if words[0] == "--conf":
            key, _, value = words[1].partition("=")
            conf[key] = value
        else:
            options[words[0]] = words[1]
        words = words[2:]
    if options.get("--deploy-mode") != "cluster":
        sys.exit("only --deploy-mode cluster")
    application, base = new_application()
    container = application.replace("application", "container") + "_01_000001"
    work, logs = os.path.join(base, container), os.path.join(base, "logs")
    os.mkdir(work)
    os.mkdir(logs)
    for uri in filter(None, options.get("--archives", "").split(",")):
        localise(uri, work, base)
    for uri in filter(None, options.get("--files", "").split(",")):
        localise(uri, work)
    localise(words[0], work)

    prefix = "spark.yarn.appMasterEnv."
    environment = dict(os.environ, PYTHONPATH=os.environ["STUB_PYSPARK"], HADOOP_CONF_DIR=work, LOG_DIRS=logs)
    environment.update({key[len(prefix):]: value for key, value in conf.items() if key.startswith(prefix)})
    python = [conf.get("spark.pyspark.python", "python3"), os.path.join(work, words[0].rsplit("/", 1)[1])]
    stdout = os.path.join(logs, "stdout")
    with open(stdout, "wb") as out:
        # Spark joins Python's stderr into stdout.
        status = subprocess.call(python + words[1:], cwd=work, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    with open(stdout, "rb") as out:
        ship("containers/%s/%s/stdout" % (application, container), out.read(), base)
    started = b"26/01/05 12:00:12 INFO ApplicationMaster: Starting the user application in a separate Thread\n"
    ship("containers/%s/%s/stderr" % (application, container), started, base)
    submitted = "26/01/05 12:00:09 INFO YarnClientImpl: Submitted application %s\n" % application
    ship("steps/%s/stderr" % os.environ["STEP"], submitted.encode(), base)
    return status


def new_application():
    number = 1
    while True:
        application = "application_1767614400000_%05d" % number
        base = os.path.join(os.environ["NODE"], "yarn", application)
        try:
            os.makedirs(base)
            return application, base
        except FileExistsError:
            number += 1


def localise(uri, work, base=None):
    """base: where an archive is kept that is unpacked"""
    source, _, alias = uri.partition("#")
    name = source.rsplit("/", 1)[1]
    target = os.path.join(work, alias or name)
    if base is None:
        return copy(source, target)
    archive = os.path.join(base, name)
    copy(source, archive)
    with zipfile.ZipFile(archive) if name.endswith(".zip") else tarfile.open(archive) as opened:
        return opened.extractall(target)


def ship(name, content, base):
    packed = os.path.join(base, "shipped.gz")
    with gzip.open(packed, "wb") as file:
        file.write(content)
    copy(packed, "%s/%s/%s.gz" % (os.environ["LOGS"], os.environ["CLUSTER"], name))


def copy(source, target):
    subprocess.run(["aws", "s3", "cp", "--only-show-errors", source, target], check=True)


sys.exit(main(sys.argv[1:]))
