"""Run by the oracle's own Python: every method of `elia-py`, unmodified, against the address given; how many rows each reads."""

import datetime as dt
import inspect
import json
import sys
import warnings

from elia import elia

warnings.simplefilter("ignore")
elia.EliaPandasClient.BASE_URL = f"{sys.argv[1]}/api/explore/v2.1/"
GIVEN = {
    "start": dt.datetime(2024, 1, 1),  # noqa: DTZ001  as its users write
    "end": dt.datetime(2024, 1, 3),  # noqa: DTZ001
    "region": "Federal",
    "fuel": "Wind",
    "limit": 7,
}
client = elia.EliaPandasClient()
read = {}
for name, method in inspect.getmembers(client, inspect.ismethod):
    if name.startswith("get_"):
        taken = [one for one in inspect.signature(method).parameters if one in GIVEN]
        table = method(**{one: GIVEN[one] for one in taken})
        read[name] = {
            "given": taken,
            "rows": len(table),
            "first": str(table.index.min()),
            "columns": sorted(table.columns),
        }
json.dump(read, sys.stdout)
