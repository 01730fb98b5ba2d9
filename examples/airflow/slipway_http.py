"""Runs a project on Slipway by its own API: one task submits, a sensor that holds no worker waits for the end.

The connection `slipway`: type HTTP, host `https://slipway.example`, login anything, password the token. Airflow's deferrable HttpSensor is not
used: it cannot look into an answer, and a job that goes on is a 200, too.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta

from airflow.decorators import dag, task
from airflow.providers.http.hooks.http import HttpHook
from airflow.sensors.base import PokeReturnValue

ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")
BOUNDARY = "slipway-of-airflow"


def key_of(ti):
    """The same for each try of the same task: a retry gets the job that an earlier try submitted."""
    parts = "\0".join([ti.dag_id, ti.run_id, ti.task_id, str(ti.map_index)])
    return "airflow-" + hashlib.sha256(parts.encode("utf-8")).hexdigest()[:40]


def form(fields):
    """A multipart form of texts."""
    part = '--%s\r\nContent-Disposition: form-data; name="%s"\r\nContent-Type: %s\r\n\r\n%s\r\n'
    parts = [part % (BOUNDARY, name, kind, text) for name, kind, text in fields]
    return ("".join(parts) + "--%s--\r\n" % BOUNDARY).encode("utf-8")


def submitted(hook, key, project, spec):
    """The job's id. A request that was lost may be repeated: the key makes one job of it."""
    data = form([("project", "text/plain", project), ("spec", "application/json", json.dumps(spec))])
    headers = {"Idempotency-Key": key, "Content-Type": "multipart/form-data; boundary=" + BOUNDARY}
    return hook.run("jobs", data=data, headers=headers).json()["id"]


def looked(hook, job):
    """The job, as soon as it has ended, or as it is after half a minute."""
    return hook.run("jobs/" + job, headers={"Prefer": "wait=30"}).json()


@dag(start_date=datetime(2026, 1, 1), schedule="@daily", catchup=False, default_args={"retries": 3, "retry_delay": timedelta(minutes=1)})
def slipway_http():
    @task
    def submit(project: str, ds=None, ti=None):
        return submitted(HttpHook("POST", "slipway"), key_of(ti), project, {"name": "word-report", "arguments": ["--day", ds]})

    @task.sensor(poke_interval=30, timeout=6 * 3600, mode="reschedule")
    def ended(job: str):
        found = looked(HttpHook("GET", "slipway"), job)
        return PokeReturnValue(is_done=found["state"] in ENDED, xcom_value=found["state"])

    @task(retries=0)
    def check(state: str):
        if state != "SUCCEEDED":
            raise RuntimeError("the job is " + state)

    check(ended(submit("{{ var.value.word_report_project }}")))


slipway_http()
