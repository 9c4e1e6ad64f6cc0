"""Run by an environment of its own that has CKAN and ckanext-dcat: read a DCAT feed as CKAN's harvester would.

    python read_ckan.py FEED.rdf

Prints JSON: the datasets found, with their resources. No database, no search engine, no running CKAN.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main(feed: Path) -> list[dict[str, Any]]:
    from ckan.common import config
    from ckanext.dcat.processors import RDFParser

    config["ckan.site_url"] = "http://ckan.example"
    parser = RDFParser(profiles=["euro_dcat_ap_3"])
    parser.parse(feed.read_text(encoding="utf-8"), _format="xml")
    return [
        {
            "title": dataset["title"],
            "notes": dataset.get("notes", ""),
            "tags": [tag["name"] for tag in dataset.get("tags", [])],
            "extras": {extra["key"]: extra["value"] for extra in dataset.get("extras", [])},
            "resources": [
                {"name": one.get("name"), "url": one.get("url"), "format": one.get("format")}
                for one in dataset.get("resources", [])
            ],
        }
        for dataset in parser.datasets()
    ]


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1])), sys.stdout, ensure_ascii=False, default=str)
