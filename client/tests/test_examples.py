"""The examples that use the client, and those for Airflow, which is not here: its classes are stand-ins."""

import os
import subprocess
import sys
import types
import unittest
from unittest import mock

from support import CLIENT, ROOT, Case

EXAMPLES = os.path.join(ROOT, "examples")


class ActionTest(Case):
    def test_findingsBecomeAnnotationsAndOutputNoCommands(self):
        self.service.stdout = b"::error::not ours\n"
        finding = {"code": "local-master", "severity": "WARNING", "file": "main.py", "line": 3, "what": "50% bad:\nhere.", "wayOut": "Mend, it."}
        self.service.findings = [finding]
        self.service.outcome = ("FAILED", 7)
        summary = self.path("summary.md")
        script = os.path.join(EXAMPLES, "ci", "github", "annotate.py")
        environment = self.environment(SLIPWAY_PROJECT=self.project(), SLIPWAY_OPTIONS="--label 'team=a b'", GITHUB_STEP_SUMMARY=summary)
        run = subprocess.run([sys.executable, script, CLIENT], env=environment, cwd=self.work, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        out = run.stdout.decode("utf-8")
        self.assertEqual((run.returncode, b"Traceback" in run.stderr), (7, False), run.stderr)
        self.assertIn("file=%s,line=3,title=local-master::50%%25 bad:%%0Ahere. Mend, it.\n" % self.path("project/main.py"), out)
        commands = [line for line in self.obeyed(out) if not line.startswith("::stop-commands::")]
        self.assertEqual([line.split(" ")[0] for line in commands], ["::warning"])
        with open(summary, encoding="utf-8") as file:
            self.assertIn("/ui/jobs/", file.read())

    @staticmethod
    def obeyed(out):
        """The lines that the runner takes for commands."""
        token = None
        for line in out.split("\n"):
            if token:
                token = None if line == "::%s::" % token else token
            elif line.startswith("::"):
                yield line
                token = line[len("::stop-commands::") :] if line.startswith("::stop-commands::") else None


class LivyOperator:
    """What the example relies on of Airflow's."""

    def __init__(self, extra_headers=None, **options):
        self._extra_headers = extra_headers or {}
        self.options, self.spark_params = options, {"file": options.get("file")}
        self.hook = Hook(self._extra_headers)

    def execute(self, context):
        return self.hook.post_batch(**self.spark_params)


class Hook:
    batches, states = {}, {}

    def __init__(self, headers):
        self.headers = headers

    def post_batch(self, **_):
        return self.batches.setdefault(self.headers["Idempotency-Key"], len(self.batches) + 1)

    def get_batch_state(self, batch):
        return types.SimpleNamespace(value=self.states.get(batch, "running"))


class Anything:
    def __init__(self, *_, **__):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def decorator(*words, **_):
    return words[0] if words and callable(words[0]) else lambda function: lambda *_, **__: None


class AirflowTest(unittest.TestCase):
    def load(self, name):
        task = lambda *words, **options: decorator()  # noqa: E731
        task.sensor = lambda **_: decorator()
        modules = {
            "airflow": {"DAG": Anything},
            "airflow.decorators": {"dag": lambda **_: lambda function: lambda: None, "task": task},
            "airflow.sensors.base": {"PokeReturnValue": Anything},
            "airflow.providers.http.hooks.http": {"HttpHook": Anything},
            "airflow.providers.apache.livy.operators.livy": {"LivyOperator": LivyOperator},
        }
        known = {}
        for path, names in modules.items():
            known[path] = types.ModuleType(path)
            known[path].__dict__.update(names)
        file = os.path.join(EXAMPLES, "airflow", name)
        with open(file, encoding="utf-8") as source, mock.patch.dict(sys.modules, known):
            module = {"__name__": name}
            exec(compile(source.read(), file, "exec"), module)
        return module

    def test_aRetryFindsTheBatchAndOneAfterAFailureBeginsAnother(self):
        Hook.batches, Hook.states = {}, {}
        operator = self.load("slipway_livy.py")["SlipwayBatch"](task_id="t", file="slipway:sha256:0")

        def tried(number, map_index=-1):
            ti = types.SimpleNamespace(dag_id="d", run_id="r", task_id="t", map_index=map_index, try_number=number)
            return operator.execute({"ti": ti})

        self.assertEqual((tried(1), tried(2)), (1, 1))
        self.assertEqual(tried(1, map_index=3), 2)
        Hook.states[1] = "dead"
        self.assertEqual((tried(2), tried(2)), (3, 3))
        Hook.states[3] = "killed"
        self.assertEqual(tried(3), 4)
        Hook.states[4] = "success"
        self.assertEqual(tried(3), 4)

    def test_theFormAndTheKeyOfTheOtherWay(self):
        module = self.load("slipway_http.py")
        sent = []

        class Http:
            def run(self, *words, **options):
                sent.append((words, options))
                return types.SimpleNamespace(json=lambda: {"id": "01", "state": "RUNNING"})

        self.assertEqual(module["submitted"](Http(), "k", "sha256:0", {"name": "n"}), "01")
        (path,), options = sent[0]
        self.assertEqual((path, options["headers"]["Idempotency-Key"]), ("jobs", "k"))
        self.assertIn(b'name="project"\r\nContent-Type: text/plain\r\n\r\nsha256:0\r\n', options["data"])
        self.assertEqual(module["looked"](Http(), "01")["state"], "RUNNING")
        self.assertEqual(sent[1][1]["headers"], {"Prefer": "wait=30"})


if __name__ == "__main__":
    unittest.main()
