"""`bocage worker`: carries out runs until it is asked to stop."""

from __future__ import annotations

import argparse
import logging
import os
import sys

from django.conf import settings
from django.utils.translation import gettext_lazy as _

SUMMARY = _("Carry out publications and poll sources, until stopped.")
LOG_LEVEL = "INFO"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--threads", type=int, help=str(_("Runs at the same time (default: BOCAGE_WORKER_THREADS).")))


def run(options: argparse.Namespace) -> int:
    from bocage.pipeline.worker import Worker

    worker = Worker(options.threads or settings.BOCAGE.worker_threads)
    worker.run()
    if not worker.is_idle:
        # A thread is still inside the engine. Its run is safe (see pipeline.claims); waiting for it is of no use.
        logging.shutdown()
        sys.stdout.flush()
        os._exit(0)
    return 0
