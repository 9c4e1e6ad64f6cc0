"""What `bocage setup` writes, and that `deploy/` holds the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from bocage.config import setup
from bocage.config.environment import Environment, read_environment

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.mark.parametrize("name", ["systemd/bocage-web.service", "systemd/bocage-worker.service", "caddy/Caddyfile"])
def test_examples_are_in_step(name):
    assert (DEPLOY / name).read_text(encoding="utf-8") == setup.files(setup.Places())[name]


def test_env_example_is_in_step():
    assert (DEPLOY / "env.example").read_text(encoding="utf-8") == setup.env_file()


def test_the_settings_written_are_accepted_and_are_the_defaults():
    lines = [line.lstrip("#") for line in setup.env_file().splitlines() if line.startswith(("BOCAGE_", "#BOCAGE_"))]
    assert len(lines) == len(Environment.model_fields)
    read = read_environment(dict(line.split("=", 1) for line in lines))
    assert read.model_dump(exclude={"data_dir"}) == Environment().model_dump(exclude={"data_dir"})


def test_nothing_is_overwritten_and_settings_are_private(tmp_path):
    (tmp_path / "caddy").mkdir()
    (tmp_path / "caddy" / "Caddyfile").write_text("mine", encoding="utf-8")
    first = setup.write(tmp_path, setup.Places())
    assert [name for name, written in first.items() if not written] == ["caddy/Caddyfile"]
    assert (tmp_path / "caddy" / "Caddyfile").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "bocage.env").stat().st_mode & 0o777 == 0o600
    assert not any(setup.write(tmp_path, setup.Places()).values())
