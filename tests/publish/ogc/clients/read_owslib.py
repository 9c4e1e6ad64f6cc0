"""OWSLib, unmodified, by its own Python."""

import json
import sys

from owslib.ogcapi.features import Features

address, slug = sys.argv[1:]
service = Features(f"{address}/ogc/")
page = service.collection_items(slug, limit=5)
json.dump({
    "conformance": len(service.conformance()["conformsTo"]), "collections": sorted(service.feature_collections()),
    "title": service.collection(slug)["title"], "queryables": sorted(service.collection_queryables(slug)["properties"]),
    "matched": page["numberMatched"], "returned": page["numberReturned"],
    "filtered": service.collection_items(slug, filter="pop > 20")["numberMatched"],
    "boxed": service.collection_items(slug, bbox=[-2, 46, -1, 47])["numberMatched"],
    "item": service.collection_item(slug, page["features"][0]["id"])["properties"]["code"],
    "openapi": service.api()["openapi"],
}, sys.stdout)  # fmt: skip
