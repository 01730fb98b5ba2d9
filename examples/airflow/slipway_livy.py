"""Runs a project on Slipway by Airflow's own LivyOperator.

The connection `slipway_livy`: type Livy, host `https://slipway.example/livy`, login anything, password the token.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from airflow import DAG
from airflow.providers.apache.livy.operators.livy import LivyOperator


def key_of(ti):
    """The same for each try of the same task: a retry finds the batch that an earlier try began."""
    parts = "\0".join([ti.dag_id, ti.run_id, ti.task_id, str(ti.map_index)])
    return "airflow-" + hashlib.sha256(parts.encode("utf-8")).hexdigest()[:40]


class SlipwayBatch(LivyOperator):
    """A LivyOperator whose retry re-attaches: to the batch of an earlier try while that goes on, else it begins a new one."""

    def __init__(self, **options):
        self.headers = {"X-Requested-By": "airflow"}
        super().__init__(extra_headers=self.headers, **options)

    def execute(self, context):
        ti = context["ti"]
        key = self.headers["Idempotency-Key"] = key_of(ti)
        # One that has failed is what this try is for. Its successor's key is made of its number, so it is sent once, too.
        for _ in range(1, ti.try_number):
            batch = self.hook.post_batch(**self.spark_params)
            if self.hook.get_batch_state(batch).value not in ("dead", "error", "killed"):
                break
            self.headers["Idempotency-Key"] = "%s-after-%s" % (key, batch)
        return super().execute(context)


with DAG(
    dag_id="slipway_livy",
    start_date=datetime(2026, 1, 1),
    schedule="@daily",
    catchup=False,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
):
    SlipwayBatch(
        task_id="word_report",
        livy_conn_id="slipway_livy",
        # Stored by the pipeline that tests the project: python3 slipway plan . --json prints it as "project".
        file="slipway:{{ var.value.word_report_project }}",
        name="word-report-{{ ts_nodash }}",
        args=["--day", "{{ ds }}"],
        conf={"spark.sql.shuffle.partitions": 20},
        polling_interval=20,
    )
