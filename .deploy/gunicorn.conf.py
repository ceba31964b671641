"""Gunicorn's settings: `gunicorn -c .deploy/gunicorn.conf.py tflink.wsgi`."""

import os
from typing import Any

from prometheus_client import multiprocess

bind = "unix:/run/tflink/web.sock"
workers = 4
# A plain worker would cut off a download after 30 seconds, and close each connection.
# Of eight, FILE_SLOTS send files and LOGIN_SLOTS look at passwords; the others answer at once.
threads = 8
# Requests that are under way when the service is restarted.
graceful_timeout = 30


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001  (by its name)
    """Drop the gauges of a worker that has ended from the metrics of all."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)
