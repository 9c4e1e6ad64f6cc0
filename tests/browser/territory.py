"""A small territory in the data folder of the environment: `python -m tests.browser.territory`."""

from __future__ import annotations

import json
from dataclasses import asdict

import django

SLUGS = ("chantiers", "colonnes-apport-volontaire", "contours-communes", "fontaines", "fuites", "tonnages-dechets")


def load() -> None:
    """Organisations, accounts, local schemas, the datasets of SLUGS, and the mark that says that everything is there."""
    django.setup()
    from bocage.demo.loader import accounts_path, load_sample, marker_path
    from bocage.demo.organizations import load_organizations
    from bocage.demo.registry import load_registry
    from bocage.demo.sample import SAMPLES

    accounts = [asdict(account) for account in load_organizations()]
    accounts_path().write_text(json.dumps(accounts), encoding="utf-8")
    load_registry()
    for sample in SAMPLES:
        if sample.slug in SLUGS:
            load_sample(sample)
    marker_path().touch()


if __name__ == "__main__":
    load()
