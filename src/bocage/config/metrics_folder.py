"""Where the web processes keep their counters. Apart from `metrics`, because it must be known before prometheus_client is
imported: its first import decides whether counters are shared."""

from __future__ import annotations

import os
import shutil

from bocage.config.environment import ENVIRONMENT


def prepare() -> None:
    """An empty folder for the counters of this start, told to prometheus_client by its environment variable."""
    folder = ENVIRONMENT.data_dir.resolve() / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
