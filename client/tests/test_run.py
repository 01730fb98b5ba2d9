"""What the commands do, against a stand-in of the service."""

import glob
import json
import os
import re
import shutil
import signal
import ssl
import stat
import subprocess
import threading
import unittest

from support import CLIENT, COMMIT, PROGRESS, ROOT, Case, StandIn, until


class RunTest(Case):
    def test_printsWhatTheJobPrintsAndExitsAsItDoes(self):
        for outcome, status in ((("SUCCEEDED", 0), 0), (("FAILED", 7), 7), (("FAILED", None), 1), (("FAILED", -9), 137), (("CANCELLED", None), 130)):
            self.service.outcome, self.service.stdout, self.service.stderr = outcome, "hällo\n".encode("utf-8"), b"oops\n"
            ended = self.assertEnds(self.slipway("run", self.project()), status)
            self.assertEqual(ended.out, "hällo\n")
            self.assertIn("oops\n", ended.err)
            self.assertIn(outcome[0], ended.err)

    def test_sendsASpecInTheApisWords(self):
        self.write("prod.ini", "x")
        self.assertEnds(
            self.slipway(
                "submit", self.project(), "--sparkConf", "a=b=c", "--label", "team=x", "--env", "PASSWORD", "--env", "STAGE=test", "--maxAttempts=2",
                "--config", "prod.ini:data/d.ini", "--config", "prod.ini", "--", "--samples", "1 0", "--", "x", PASSWORD="geheim",
            ), 0)  # fmt: skip
        form = self.service.forms[-1][1]
        self.assertEqual(
            json.loads(form["spec"][0]),
            {"sparkConf": {"a": "b=c"}, "labels": {"team": "x"}, "environment": {"PASSWORD": "geheim", "STAGE": "test"}, "maxAttempts": 2,
             "arguments": ["--samples", "1 0", "--", "x"], "name": "project"},
        )  # fmt: skip
        self.assertEqual((form["configPath"], form["config"]), (["data/d.ini", "prod.ini"], [b"x", b"x"]))

    def test_whatSparkSubmitTakesIsSentByTheNamesOfTheApi(self):
        self.assertEnds(
            self.slipway(
                "submit", self.project(), "--jars", "a.jar,b.jar", "--jars=c.jar", "--files", "x.ini#y.ini", "--pyFiles", "lib.zip", "--py-files", "m.py",
                "--archives", "env.tgz#env", "--packages", "org.x:y:1, org.x:z:2", "--repositories", "https://repo.example/m2", "--pythonPath", "libs",
            ), 0)  # fmt: skip
        self.assertEqual(
            json.loads(self.service.forms[-1][1]["spec"][0]),
            {"jars": ["a.jar", "b.jar", "c.jar"], "files": ["x.ini#y.ini"], "pyFiles": ["lib.zip", "m.py"], "archives": ["env.tgz#env"],
             "packages": ["org.x:y:1", "org.x:z:2"], "repositories": ["https://repo.example/m2"], "pythonPath": ["libs"], "name": "project"},
        )  # fmt: skip

    def test_thereIsAnOptionForEachFieldOfTheApi(self):
        with open(os.path.join(ROOT, "docs", "openapi.json"), encoding="utf-8") as file:
            fields = set(json.load(file)["components"]["schemas"]["JobSpec"]["properties"]) - {"arguments", "python"}
        shown = self.slipway("run", "--help").out
        options = {re.sub(r"-(.)", lambda found: found.group(1).upper(), option) for option in re.findall(r"--([a-z-]+)", shown)}
        self.assertEqual(fields - options, set())
        self.assertLessEqual({"requirements", "requirementsFile", "pythonVersion"}, options)

    def test_whatIsToBeInstalledIsNamedOrSent(self):
        self.write("locks/uv.lock", "version = 1")
        self.assertEnds(self.slipway("submit", self.project(), "--requirements", "requirements.txt", "--pythonVersion=3.11", "--results", "out/**,a.csv",
                                     "--live", "false"), 0)  # fmt: skip
        self.assertEqual(
            json.loads(self.service.forms[-1][1]["spec"][0]),
            {"python": {"requirements": "requirements.txt", "version": "3.11"}, "results": ["out/**", "a.csv"], "live": "false", "name": "project"},
        )
        self.assertEnds(self.slipway("submit", self.project(), "--requirementsFile", "locks/uv.lock"), 0)
        for _, form in self.service.forms[-2:]:
            self.assertEqual(form["requirementsFile"], [b"version = 1"])
        self.assertEqual(self.slipway("submit", self.project(), "--requirements-file", "none.txt").status, 64)

    def test_whatAJobWaitsForAndHowFarItIsAreShown(self):
        self.service.hold = threading.Event()
        self.service.waiting = {"kind": "cluster", "state": "STARTING", "since": "2026-11-22T09:30:00Z", "message": "Cluster j-1 is starting."}
        process = self.start("run", self.project(), "--json")
        until(lambda: self.service.jobs)
        until(lambda: len(self.service.paths()) > 3)
        self.service.waiting, self.service.progress = None, PROGRESS
        until(lambda: self.service.shown_progress)
        self.service.hold.set()
        lines = [json.loads(line) for line in self.assertEnds(self.end(process), 0).out.splitlines()]
        self.assertIn("Cluster j-1 is starting.", [(line.get("waitingFor") or {}).get("message") for line in lines if line["type"] == "state"])
        self.assertEqual([line["progress"] for line in lines if line["type"] == "progress"], [PROGRESS])

    def test_ofARepositoryTheFolderOfTheProjectIsPlannedAndThenNamedByItsId(self):
        self.assertEnds(self.slipway("submit", self.project(), "--projectFolder", "jobs/one"), 0)
        (first, planned), (last, submitted) = self.service.forms[0], self.service.forms[-1]
        self.assertEqual((first, last), ("/plans", "/jobs"))
        self.assertEqual(json.loads(planned["spec"][0])["projectFolder"], "jobs/one")
        self.assertNotIn("projectFolder", json.loads(submitted["spec"][0]))

    def test_ofAGitSourceTheCommitThatWasPlannedIsRun(self):
        uri = "git+https://git.example.org/team/jobs@release/1.2#subdirectory=nightly"
        self.assertEnds(self.slipway("run", uri), 0)
        (_, plan), (_, job) = self.service.forms
        self.assertEqual(plan["project"], [uri])
        self.assertEqual(job["project"], ["git+https://git.example.org/team/jobs@%s#subdirectory=nightly" % COMMIT])
        self.assertEnds(self.slipway("run", "git+https://git.example.org/team/jobs@main"), 0)
        self.assertEqual(self.service.forms[-1][1]["project"], ["git+https://git.example.org/team/jobs@" + COMMIT])

    def test_ofAnS3SourceTheVersionThatWasPlannedIsRun(self):
        uri = "s3://bucket/team/project.zip"
        self.assertEnds(self.slipway("run", uri, "--projectFolder", "jobs", "--", "--day", "1"), 0)
        (_, plan), (_, job) = self.service.forms
        self.assertEqual((plan["project"], plan.get("sourceVersion")), ([uri], None))
        self.assertEqual((job["project"], job["sourceVersion"]), ([uri], [COMMIT]))
        self.assertEqual(json.loads(job["spec"][0])["projectFolder"], "jobs")

    def test_ofAnS3SourceThatChangedSinceItsPlanTheNextPlanIsShown(self):
        changed = {"type": "urn:slipway:problem:source-changed", "title": "The source has changed"}
        self.service.answers[("POST", "/jobs")] = [(409, changed)]
        self.assertEnds(self.slipway("run", "s3://bucket/team/project.zip"), 0)
        self.assertEqual([path for path, _ in self.service.forms], ["/plans", "/plans", "/jobs"])

    def test_aSourceThatMayNotBeReadIsASentence(self):
        detail = "You may not have https://git.example.org/x read. An operator can add an entry."
        problem = {"type": "urn:slipway:problem:source-not-allowed", "title": "The source may not be read", "detail": detail}
        self.service.answers[("POST", "/plans")] = [(403, problem)]
        ended = self.slipway("run", "git+https://git.example.org/x@main")
        self.assertNotEqual(ended.status, 0)
        self.assertIn(detail, ended.err)
        self.assertEqual(self.service.jobs, {})

    def test_aTokenThatIsRefusedIsASentence(self):
        self.service.token = "right"
        for token in ("wrong", None):
            ended = self.slipway("run", self.project(), SLIPWAY_TOKEN=token)
            self.assertNotEqual(ended.status, 0)
            self.assertIn("token", ended.err.lower())
            self.assertNotIn("wrong", ended.out + ended.err)
        self.assertEqual(self.service.jobs, {})

    def test_aProjectThatTheServiceHasIsNotSentAgain(self):
        self.write("project/big.bin", os.urandom(100000))
        self.assertEnds(self.slipway("run", self.project()), 0)
        self.assertGreater(sum(self.service.received), 100000)
        self.service.received.clear()
        self.assertEnds(self.slipway("run", self.project()), 0)
        self.assertLess(sum(self.service.received), 4000)
        self.assertEqual(len(self.service.jobs), 2)

    def test_onlyWhatChangedIsSent(self):
        self.write("project/data/big.bin", os.urandom(500000))
        self.write("project/old.txt", "y" * 1000)
        self.assertEnds(self.slipway("run", self.project()), 0)
        self.service.received.clear()
        self.write("project/new name.txt", "z")
        os.rename(self.path("project/data"), self.path("project/moved"))
        os.unlink(self.path("project/old.txt"))
        self.assertEnds(self.slipway("run", self.project("print(2)\n")), 0)
        self.assertLess(sum(self.service.received), 10000)
        names = self.service.projects[self.service.forms[-1][1]["project"][0]]
        self.assertEqual(names, ["p/main.py", "p/moved/big.bin", "p/new name.txt"])

    def test_aServiceThatCannotUseTheChangesGetsTheWhole(self):
        self.write("project/big.bin", os.urandom(500000))
        self.assertEnds(self.slipway("run", self.project()), 0)
        for forgotten in (self.service.projects.clear, lambda: self.service.hashes.update({each: [] for each in self.service.hashes})):
            forgotten()
            self.service.received.clear()
            self.assertEnds(self.slipway("run", self.project("print(%d)\n" % len(self.service.jobs))), 0)
            self.assertGreater(sum(self.service.received), 500000)

    def test_findingsArePrintedAsACompilerPrintsThem(self):
        self.service.findings = [{"code": "local-master", "severity": "WARNING", "file": "main.py", "line": 3, "what": "Bad \x1b[31m.", "wayOut": "Mend it."}]
        ended = self.assertEnds(self.slipway("run", self.project()), 0)
        self.assertIn("%s:3: warning: Bad \\x1b[31m. [local-master]\n    Mend it.\n" % self.path("project/main.py"), ended.err)

    def test_whatTheClusterRefusesIsNotSubmitted(self):
        self.service.problems = [{"at": "mode", "message": "Mode client is off."}]
        ended = self.assertEnds(self.slipway("run", self.project()), 65)
        self.assertIn("mode: Mode client is off.", ended.err)
        self.assertFalse(self.service.jobs)

    def test_secretsStopItUnlessAllowed(self):
        self.write("project/.env", "PASSWORD=x")
        for command in ("run", "submit", "plan"):
            ended = self.assertEnds(self.slipway(command, self.project()), 65)
            self.assertIn("SECRET_FILE", ended.err)
        self.assertFalse(self.service.requests)
        self.assertIn("SECRET_FILE", self.slipway("run", self.project(), "--dry-run").err)
        self.assertEnds(self.slipway("run", self.project(), "--allow-secrets"), 0)

    def test_dryRunListsWhatTravelsAndSendsNothing(self):
        os.makedirs(self.path("project/out"))
        ended = self.assertEnds(self.slipway("run", self.project(), "--dry-run"), 0)
        self.assertRegex(ended.out, r"(?m)^ +9  main.py$")
        self.assertRegex(ended.out, r"(?m)^ +-  out/$")
        self.assertFalse(self.service.requests)

    def test_jsonIsOneObjectALine(self):
        lines = [json.loads(line) for line in self.assertEnds(self.slipway("run", self.project(), "--json"), 0).out.splitlines()]
        self.assertEqual(lines[0]["type"], "submitted")
        self.assertEqual((lines[-1]["type"], lines[-1]["exit"]), ("end", 0))
        self.assertIn({"type": "output", "stream": "stdout", "text": "hello\n"}, lines)

    def test_aKeyOfCiIsTheSameForTheSameWork(self):
        ci = {"GITHUB_RUN_ID": "17", "GITHUB_JOB": "report"}
        for _ in range(2):
            self.assertEnds(self.slipway("run", self.project(), **ci), 0)
        self.assertEqual(len(self.service.jobs), 1)
        self.assertEnds(self.slipway("run", self.project(), "--", "other", **ci), 0)
        self.assertEnds(self.slipway("run", self.project(), GITHUB_RUN_ID="18", GITHUB_JOB="report"), 0)
        self.assertEqual(len(self.service.jobs), 3)
        self.assertFalse(glob.glob(self.path(".local/state/slipway/runs/*")))

    def test_killedAndStartedAgainItJoinsItsJob(self):
        self.service.hold = threading.Event()
        first = self.start("run", self.project())
        until(lambda: "/jobs/%026d/events" % 1 in self.service.paths())
        first.kill()
        self.end(first)
        second = self.start("run", self.project())
        until(lambda: self.service.paths().count("/jobs/%026d/events" % 1) > 1)
        self.service.hold.set()
        self.assertIn("was submitted before", self.assertEnds(self.end(second), 0).err)
        self.assertEqual(len(self.service.jobs), 1)
        self.assertEnds(self.slipway("run", self.project()), 0)
        self.assertEqual(len(self.service.jobs), 2, "tomorrow's run is a new job")

    def test_ctrlCWithoutATerminalDetaches(self):
        self.service.hold = threading.Event()
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            run = self.start("run", self.project())
            seen = self.service.paths().count("/jobs/%026d/events" % 1)
            until(lambda: self.service.paths().count("/jobs/%026d/events" % 1) > seen)
            run.send_signal(number)
            ended = self.assertEnds(self.end(run), status)
            self.assertIn("goes on", ended.err)
        self.assertFalse(self.service.jobs["%026d" % 1]["cancelled"])
        self.service.hold.set()

    def test_aServiceThatGoesAwayIsWaitedFor(self):
        self.service.hold = threading.Event()
        run = self.start("run", self.project())
        until(lambda: "/jobs/%026d/events" % 1 in self.service.paths())
        before = self.service
        before.close()
        self.service = StandIn(before.port)
        self.service.jobs, self.service.stdout = before.jobs, b"hello\nworld\n"
        before.hold.set()
        self.addCleanup(self.service.close)
        self.assertEqual(self.assertEnds(self.end(run), 0).out, "hello\nworld\n")

    def test_triesAgainWhatFailsInBetween(self):
        self.service.answers = {
            ("POST", "/jobs"): ["cut", (503, {"title": "busy"}, {"Retry-After": "0"}), (429, {"title": "slow down"}, {"Retry-After": "0"})],
            ("GET", "/jobs/%026d/events" % 1): [(429, {"title": "too many streams"}), "cut"],
        }
        ended = self.assertEnds(self.slipway("run", self.project()), 0)
        self.assertIn("busy", ended.err)
        self.assertEqual(len(self.service.jobs), 1)

    def test_aLogThatIsBrokenOffGoesOnWhereItStopped(self):
        self.service.stdout = b"".join(b"line %d\n" % number for number in range(30000))
        self.service.cuts = 2
        ended = self.assertEnds(self.slipway("run", self.project()), 0)
        self.assertEqual(ended.out.encode(), self.service.stdout)
        followed = [path for path in self.service.paths() if "/logs/stdout?follow=true" in path]
        self.assertEqual([path.rpartition("offset=")[2] for path in followed], ["0", "65536", "131072"])

    def test_givesUpWithAStatusOfItsOwn(self):
        self.service.close()
        self.assertEnds(self.slipway("run", self.project(), "--patience", "0"), 69)
        self.assertEnds(self.slipway("list"), 69)

    def test_oneWhoReadsNoFurtherEndsItQuietly(self):
        self.service.stdout = b"x" * 5000000
        run = self.start("run", self.project())
        run.stdout.read(10)
        run.stdout.close()
        self.assertEqual((run.wait(60), b"Traceback" in run.stderr.read()), (141, False))
        run.stderr.close()

    def test_aRefusalIsNotRepeated(self):
        self.service.answers = {("POST", "/plans"): [(422, {"title": "no", "detail": "The entry point is not clear", "errors": [{"at": "x", "message": "y"}]})]}
        ended = self.assertEnds(self.slipway("run", self.project()), 65)
        self.assertIn("refused (422): The entry point is not clear\n    x: y", ended.err)

    def test_anUploadThatIsRefusedWhileItIsSentTellsWhy(self):
        self.write("project/big.bin", os.urandom(20000000))
        self.service.answers = {("POST", "/plans"): [(413, {"title": "The upload is too large"}, {"Connection": "close"})]}
        ended = self.assertEnds(self.slipway("run", self.project()), 65)
        self.assertIn("too large", ended.err)


    def test_twentyThousandFilesAreSent(self):
        for folder in range(20):
            os.makedirs(self.path("project/f%d" % folder))
            for number in range(1000):
                os.close(os.open(self.path("project/f%d/%d.csv" % (folder, number)), os.O_CREAT | os.O_WRONLY))
        self.assertEnds(self.slipway("run", self.project()), 0)
        self.assertEqual(len(list(self.service.projects.values())[0]), 20001)

    def test_aSlowLinkOnlyTakesLonger(self):
        self.write("project/big.bin", os.urandom(2000000))
        self.service.pace, self.service.stdout = 0.02, b"x" * 300000
        ended = self.assertEnds(self.slipway("run", self.project()), 0)
        self.assertEqual(len(ended.out), 300000)
        self.assertNotIn("no answer", ended.err)

    def test_namesWithBlanksAndUmlautsTravel(self):
        folder = os.path.dirname(self.write("mein projekt ü/main.py"))
        self.write("mein projekt ü/data/größe 1.csv", "1")
        ascii_locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LANG": None}
        self.assertEnds(self.slipway("run", folder, "--", "größe", **ascii_locale), 0)
        self.assertIn(["p/data/größe 1.csv", "p/main.py"], list(self.service.projects.values()))
        self.assertEqual(json.loads(self.service.forms[-1][1]["spec"][0]), {"name": "mein projekt ü", "arguments": ["größe"]})


class CommandsTest(Case):
    def setUp(self):
        super().setUp()
        self.slipway("submit", self.project())
        self.job = "%026d" % 1

    def test_eachCommandAnswersPeopleAndPrograms(self):
        for words, text in (
            (["list"], "RUNNING|SUCCEEDED"), (["status", self.job], "state +"), (["clusters"], "local +LOCAL"), (["logs", self.job], "hello"),
            (["cancel", self.job], "CANCELLED"), (["plan", self.path("project")], "python3 main.py"), (["version"], "sha256 [0-9a-f]{64}"),
            (["open", self.job], "/ui/jobs/" + self.job),
        ):  # fmt: skip
            with self.subTest(words):
                self.assertRegex(self.assertEnds(self.slipway(*words), 0).out, text)
                for line in self.assertEnds(self.slipway(*words, "--json"), 0).out.splitlines():
                    json.loads(line)

    def test_againAsksForTheSameAndKeepsSecrets(self):
        self.assertEnds(self.slipway("again", self.job, "--priority", "3", SLIPWAY_CLUSTER="other"), 0)
        form = self.service.forms[-1][1]
        self.assertEqual(form["project"], ["job:" + self.job])
        spec = json.loads(form["spec"][0])
        self.assertEqual((spec["environment"], spec["priority"], spec["cluster"], spec["arguments"]), ({"PASSWORD": None}, 3, "local", ["--a"]))

    def test_againNamesNoRequirementsThatNobodyNamed(self):
        for found, python in ((False, {"requirements": "requirements.txt", "version": "3.11"}), (True, {"version": "3.11"})):
            self.service.launch = {"requirements": "requirements.txt", "requirementsFound": found, "pythonVersion": "3.11"}
            self.assertEnds(self.slipway("again", self.job), 0)
            self.assertEqual(json.loads(self.service.forms[-1][1]["spec"][0])["python"], python)

    def test_logsFollowExitAsTheJob(self):
        self.service.outcome = ("FAILED", 3)
        self.assertEqual(self.assertEnds(self.slipway("logs", "-f", self.job), 3).out, "hello\n")
        self.assertEqual(self.assertEnds(self.slipway("logs", "--stream", "stderr", self.job), 0).out, "")

    def test_whatIsNotThereIsASentence(self):
        for words, text in (
            (["status", "0" * 25 + "9"], "no such job"), (["status", "x"], "not the id of a job"), (["results", self.job], "keeps no results"),
            (["run", self.path("none")], "neither a folder"), (["run", "--config", "none"], "no file"), (["run", "--env", "NONE"], "no variable"),
            (["run", "--nonsense"], "--nonsense"), (["list", "--", "x"], "takes no arguments"), ([], "command"), (["run", "--url", "ftp://x"], "http"),
            (["run", "--patience", "x"], "number"), (["submit", "--key", "a\nb", self.path("project")], "printable"), (["list", "--url", "http://ü"], "http"), (["run", "--profile", "none"], "no profile"), (["logs", "-f", "--tail", "1", self.job], "exclude"),
        ):  # fmt: skip
            with self.subTest(words):
                ended = self.slipway(*words)
                self.assertIn(ended.status, (64, 65))
                self.assertIn(text, ended.err)
        (error,) = self.slipway("status", "x", "--json").out.splitlines()
        self.assertEqual((json.loads(error)["type"], json.loads(error)["exit"]), ("error", 64))

    def test_whatIsNotSlipwayIsSaid(self):
        self.service.answers = {("GET", "/jobs"): [(200, b"<html>")]}
        self.assertIn("not Slipway", self.assertEnds(self.slipway("list"), 65).err)

    def test_aFaultOfTheClientIsASentenceToo(self):
        self.service.answers = {("GET", "/jobs"): [(200, {"items": 7})]}
        ended = self.assertEnds(self.slipway("list"), 70)
        self.assertIn("a fault of this client", ended.err)
        with open(self.path(".local/state/slipway/fault.txt")) as file:
            self.assertIn("Traceback", file.read())

    def test_completionsNameCommandsAndOptions(self):
        for shell in ("bash", "zsh", "fish"):
            out = self.assertEnds(self.slipway("completion", shell), 0).out
            self.assertRegex(out, r"(?s)run.*allow-secrets")

    def test_helpShowsExamples(self):
        self.assertIn("slipway run . -- --samples 1000", self.assertEnds(self.slipway("run", "--help"), 0).out)


class SafetyTest(Case):
    TOKEN = "a-token-that-nobody-may-see"

    def test_theTokenComesFromAFileTheEnvironmentOrTheProfile(self):
        self.service.token = self.TOKEN
        file = self.write("token", self.TOKEN + "\n")
        self.assertEnds(self.slipway("list"), 65)
        self.assertEnds(self.slipway("list", "--token-file", file), 0)
        self.assertEnds(self.slipway("list", SLIPWAY_TOKEN=self.TOKEN), 0)
        ended = self.assertEnds(self.slipway("login", "--token-file", file), 0)
        self.assertNotIn(self.TOKEN, ended.out + ended.err)
        kept = self.path(".config/slipway/config.ini")
        self.assertEqual(stat.S_IMODE(os.stat(kept).st_mode), 0o600)
        self.assertEnds(self.slipway("list", SLIPWAY_URL=None), 0)
        os.chmod(kept, 0o644)
        self.assertIn("chmod 600", self.assertEnds(self.slipway("list", SLIPWAY_URL=None), 64).err)

    def test_aTokenThatIsRefusedIsNotKept(self):
        self.service.token = self.TOKEN
        self.assertEnds(self.slipway("login", "--token-file", self.write("token", "wrong")), 65)
        self.assertFalse(os.path.exists(self.path(".config/slipway/config.ini")))

    def test_theTokenOfAProfileGoesToItsServiceAlone(self):
        other = StandIn()
        self.addCleanup(other.close)
        os.chmod(self.write(".config/slipway/config.ini", "[default]\nurl = %s\ntoken = %s\n" % (self.service.url, self.TOKEN)), 0o600)
        self.assertEnds(self.slipway("list", "--url", other.url), 0)
        self.assertNotIn("Authorization", other.requests[0][2])

    def test_noRedirectLeadsToAnotherHost(self):
        other = StandIn()
        self.addCleanup(other.close)
        self.service.answers = {("GET", "/jobs"): [(302, {}, {"Location": other.url + "/jobs"})]}
        ended = self.assertEnds(self.slipway("list", SLIPWAY_TOKEN=self.TOKEN), 65)
        self.assertIn("another host", ended.err)
        self.assertFalse(other.requests)

    def test_redirectsWithinTheServiceAreFollowed(self):
        self.service.answers = {("GET", "/jobs"): [(308, {}, {"Location": "/jobs?elsewhere"})]}
        self.assertEnds(self.slipway("list"), 0)
        self.assertIn("/jobs?elsewhere", self.service.paths())

    def test_aProxyIsAskedUnlessTheServiceIsOnThisMachine(self):
        proxy = StandIn()
        self.addCleanup(proxy.close)
        address = proxy.url.replace("http://", "http://me:pass@")
        self.assertEnds(self.slipway("list", SLIPWAY_URL="http://slipway.example:80", http_proxy=address), 0)
        method, target, headers = proxy.requests[0]
        self.assertTrue(target.startswith("http://slipway.example:80/jobs"))
        self.assertEqual(headers["Proxy-Authorization"], "Basic bWU6cGFzcw==")
        self.assertEnds(self.slipway("list", http_proxy=address), 0)
        self.assertEqual(len(proxy.requests), 1)

    @unittest.skipUnless(shutil.which("openssl"), "openssl makes the certificate")
    def test_onlyATrustedCertificateIsTaken(self):
        names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", self.path("key"), "-out", self.path("cert"), *names]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path("cert"), self.path("key"))
        secure = StandIn()
        self.addCleanup(secure.close)
        secure.server.socket = context.wrap_socket(secure.server.socket, server_side=True)
        url = "https://localhost:%d" % secure.port
        self.assertIn("not trusted", self.assertEnds(self.slipway("list", "--url", url), 69).err)
        self.assertEnds(self.slipway("list", "--url", url, SSL_CERT_FILE=self.path("cert")), 0)

    def test_modulesBesideTheClientAreNotImported(self):
        for name in ("json", "argparse", "os", "signal", "queue", "ssl"):
            self.write("beside/%s.py" % name, "raise SystemExit('shadowed')")
        with open(CLIENT, "rb") as file:
            client = self.write("beside/slipway", file.read())
        self.assertEnds(self.end(self.start("version", client=client)), 0)
        self.assertEqual(sorted(os.listdir(self.path("beside"))), sorted([n + ".py" for n in ("json", "argparse", "os", "signal", "queue", "ssl")] + ["slipway"]))

    def test_thereIsNoWayRoundCertificates(self):
        with open(CLIENT, encoding="utf-8") as file:
            text = file.read()
        self.assertFalse(re.search(r"insecure|CERT_NONE|_create_unverified|check_hostname", text))


if __name__ == "__main__":
    unittest.main()
