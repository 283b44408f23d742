"""The web server's settings, for `bin/up` and the image alike: gunicorn -c python:vciso.serving.

Every number can be changed by a variable (vciso/settings/variables.py) and none by hand.
"""

import os
import shutil
import tempfile
from typing import Any

from vciso.operations import logs
from vciso.operations.metrics import SHARED
from vciso.settings.variables import one_of, text, whole

bind = text("VCISO_BIND")
worker_class = "gthread"
workers = max(1, whole("VCISO_WEB_WORKERS"))
threads = max(1, whole("VCISO_WEB_THREADS"))
# A page takes at most its statements' 15 seconds each; what takes a minute hangs.
timeout = 60
graceful_timeout = 20
keepalive = 5
# The application is loaded once and shared by all workers.
preload_app = True
control_socket_disable = True
wsgi_app = "vciso.wsgi:application"
# The kernel's memory instead of a disk for the heartbeat.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 (a folder per worker, made safely by gunicorn)
limit_request_line = 4094
limit_request_fields = 60
logconfig_dict = logs.configuration(one_of("VCISO_LOG_FORMAT", "lines", "json"), text("VCISO_LOG_LEVEL").upper())

if text("VCISO_METRICS_TOKEN"):
    # Before anything imports the library: it looks for the shared place once.
    os.environ[SHARED] = tempfile.mkdtemp(prefix="vciso-figures-")


def child_exit(server: Any, worker: Any) -> None:
    """Counters of a worker that ended stay in the sums; what it held at the moment does not."""
    if SHARED in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    if folder := os.environ.get(SHARED):
        shutil.rmtree(folder, ignore_errors=True)
