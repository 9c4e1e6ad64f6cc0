"""Gunicorn's settings: `gunicorn -c python:bocage.config.server bocage.config.wsgi:application`.

Threads, because requests wait on the engine, which works outside the interpreter's lock, and on clients, during long exports.
Listening sockets have TCP_NODELAY (gunicorn sets it, accepted sockets inherit it): a small answer leaves at once.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.config.settings")

from bocage.config import logs
from bocage.config.environment import ENVIRONMENT

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = ENVIRONMENT.web_processes
threads = ENVIRONMENT.web_threads

# Each process opens its own engine: DuckDB has threads, and threads do not survive a fork.
preload_app = False

# A process whose main thread is stuck this long is replaced. Long exports run in the other threads and are not concerned.
timeout = 60
graceful_timeout = 30
# Longer than a proxy keeps its idle connections, so that the proxy is the one to close them, and no request meets a closed door.
keepalive = 75

limit_request_line = 8190  # filters of the Explore API are long
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  signs of life, never a disk
control_socket_disable = True
accesslog = None  # one event per request is written by logs.RequestLog
logger_class = "bocage.config.server_log.ServerLog"
proc_name = "bocage-web"


def on_starting(_server: Any) -> None:
    """In the parent, before any process is made: the counters of the last start are forgotten."""
    from bocage.config.metrics_folder import prepare

    prepare()
    (ENVIRONMENT.data_dir / "static").mkdir(exist_ok=True)  # whitenoise warns when it is absent


def post_fork(_server: Any, _worker: Any) -> None:
    logs.configure(ENVIRONMENT.log_format)


def post_worker_init(_worker: Any) -> None:
    from bocage.config.first_request import prepare_beside

    prepare_beside()


def child_exit(_server: Any, worker: Any) -> None:
    """The gauges of a process that is gone are dropped; its counters stay in the sum."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


logs.configure(ENVIRONMENT.log_format)
