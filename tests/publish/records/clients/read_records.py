"""OWSLib's OGC API – Records, unmodified, as QGIS MetaSearch uses it."""

import json
import sys

from owslib.ogcapi.records import Records

address, identifier = sys.argv[1:]
service = Records(f"{address}/records")
(name,) = service.records()
page = service.collection_items(name, limit=2, offset=0)
second = service.collection_items(name, limit=2, offset=2)
searched = service.collection_items(name, q="cyclables", limit=10, offset=0)
boxed = service.collection_items(name, bbox=["-2", "47", "-1", "48"], limit=10, offset=0)
record = service.collection_item(name, identifier)
ring = record["geometry"]["coordinates"][0]
json.dump({
    "name": name, "title": service.collection(name)["title"], "openapi": service.api()["openapi"],
    "classes": len(service.conformance()["conformsTo"]), "queryables": sorted(service.collection_queryables(name)["properties"]),
    "matched": page["numberMatched"], "titles": [one["properties"]["title"] for one in page["features"] + second["features"]],
    "searched": [one["id"] for one in searched["features"]], "boxed": [one["id"] for one in boxed["features"]],
    "filtered": service.collection_items(name, filter="title LIKE 'Arb%'")["numberMatched"],
    "type": record["properties"]["type"], "corners": [*ring[0], *ring[2]], "links": [one["href"] for one in record["links"]],
}, sys.stdout)  # fmt: skip
