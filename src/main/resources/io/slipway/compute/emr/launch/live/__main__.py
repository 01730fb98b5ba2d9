"""Shows what a driver prints, how far it is and how it ended, while it runs: live <JSON: what to watch and where to put it>

The launcher starts it, or on the primary node the program that starts spark-submit. It is a process of its own, and so is the project:
the project feels nothing of it, no thread that a fork would warn of, no lock, no file descriptor, no share of Python's one lock; and it
is still there when the project ends by os._exit, or is killed. It writes through the Hadoop file system of the driver's JVM, which is the
job's own identity, over the gateway that Spark made for Python; on the primary node by the node's AWS CLI while there is no JVM.

The gateway's protocol is spoken here and not by py4j: each call has an end to its patience, and nothing is imported that the job could
have brought. Standard library only; the syntax is held to Python 3.7.
"""
import json
import os
import signal
import sys

from channel import Channel
from output import outputs
from program import Program


def gateway_of_spark():
    port = os.environ.get("PYSPARK_GATEWAY_PORT")
    return (int(port), os.environ.get("PYSPARK_GATEWAY_SECRET")) if port else None


def main(settings):
    # Those of a whole group of processes: this one ends with the process that has started it.
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    program = Program(settings["pid"], settings["told"], settings["done"])
    streams = outputs(program.pid, "primaryNode" in settings)
    for stream in streams:
        stream.find()  # as long as they are there
    channel = Channel(settings, program, streams, gateway_of_spark())
    try:
        channel.run()
    finally:
        channel.let_the_jvm_end()
        program.release()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
