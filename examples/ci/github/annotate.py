#!/usr/bin/env python3
"""Runs `slipway run --json` and says it in GitHub's words: findings on file and line, the job in the summary, its output as it is."""

import json
import os
import secrets
import shlex
import subprocess
import sys


class Log:
    """What a job prints must not be taken for a command of the workflow: those are off but for our own."""

    def __init__(self):
        self.token = secrets.token_hex(16)
        self.off()

    def off(self):
        print("::stop-commands::" + self.token, flush=True)

    def command(self, text):
        print("::%s::\n%s" % (self.token, text))
        self.off()

    def annotation(self, finding):
        level = "warning" if finding["severity"] == "WARNING" else "notice"
        where = ""
        if finding.get("file"):
            where = "file=%s,line=%d," % (escaped(finding["file"], True), finding.get("line") or 1)
        text = "%s %s" % (finding["what"], finding["wayOut"])
        self.command("::%s %stitle=%s::%s" % (level, where, escaped(finding["code"], True), escaped(text)))


def escaped(text, is_property=False):
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if is_property else text


def summary(text):
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(text + "\n")


def take(event, log):
    kind = event.get("type")
    if kind == "finding":
        log.annotation(event)
    elif kind == "submitted":
        job = event["job"]
        summary("Slipway job [%s](%s/ui/jobs/%s)" % (job["id"], os.environ["SLIPWAY_URL"].rstrip("/"), job["id"]))
    elif kind == "state":
        print("slipway: " + event["state"], flush=True)
    elif kind == "output":
        sys.stdout.write(event["text"])
        sys.stdout.flush()
    elif kind == "end":
        summary("%s" % event["job"]["state"])


def main(client):
    words = [sys.executable, client, "run", os.environ.get("SLIPWAY_PROJECT", "."), "--json"]
    words += shlex.split(os.environ.get("SLIPWAY_OPTIONS", ""))
    log = Log()
    with subprocess.Popen(words, stdout=subprocess.PIPE, encoding="utf-8") as run:
        for line in run.stdout:
            take(json.loads(line), log)
    return run.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
