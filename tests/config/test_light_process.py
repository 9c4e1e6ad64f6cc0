"""What a web process need not load before somebody asks for it: each stays in memory for as long as the process lives."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

UNASKED = (
    "xlsxwriter",
    "qrcode",
    "bocage.demo",
    "pip",
    "pytest",
    "psycopg_pool",
    "vl_convert",
    "shapely",
    "pyproj",
    "lxml",
)
"""Workbooks, codes to photograph; what belongs to tests and to other programs."""

STARTED = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "bocage.config.settings"
import bocage.config.server
from bocage.config.wsgi import application
from bocage.config.first_request import prepare
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.test import Client
prepare()
settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}  # the tables as they are now, at once
call_command("migrate", run_syncdb=True, verbosity=0, skip_checks=True)
answer = Client().get("/api/explore/v2.1/catalog/datasets", {"limit": 1})
modules = sorted(sys.modules)
import pyarrow
allocator = pyarrow.default_memory_pool().backend_name
print(json.dumps({"status": answer.status_code, "modules": modules, "allocator": allocator}))
"""


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """A process started as the web server starts one, that has answered a call of the Explore API."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BOCAGE_")}
    environ |= {"BOCAGE_DATA_DIR": str(tmp_path_factory.mktemp("light")), "BOCAGE_LOG_FORMAT": "json"}
    done = subprocess.run(
        [sys.executable, "-c", STARTED], env=environ, capture_output=True, text=True, timeout=120, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", UNASKED)
def test_what_nobody_asked_for_is_not_loaded(started, name):
    loaded = [module for module in started["modules"] if module == name or module.startswith(f"{name}.")]
    assert started["status"] == 200
    assert not loaded, f"import it where it is used: a web process answered without {name}"


def test_what_an_export_frees_goes_back_to_the_system(started):
    """Arrow's own allocator keeps what each thread has freed."""
    assert started["allocator"] == "system"
