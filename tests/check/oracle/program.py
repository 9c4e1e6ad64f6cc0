"""Run the reference on files, inside its own environment: it never shares a process with Bocage (GPL; tests only).

python program.py < lines of {"file", "schema"}    gives one line of {"valid", "errors": [[row, field, code]], "fatal"} each
"""

import json
import sys
import time

from validata_core import validate


def verdict(file: str, schema: dict) -> dict:
    start = time.perf_counter()
    try:
        report = validate(file, schema)
    except Exception as error:  # noqa: BLE001  whatever it raises is its verdict
        return {"fatal": f"{type(error).__name__}: {error}"[:300], "valid": False, "errors": []}
    errors = []
    for error in report.errors:
        fields = error.location.fields_info or []
        errors.append([error.location.row_number, fields[0].label if fields else "", error.type.value])
    return {"valid": not errors, "errors": errors, "seconds": time.perf_counter() - start}


for line in sys.stdin:
    asked = json.loads(line)
    sys.stdout.write(json.dumps(verdict(asked["file"], asked["schema"])) + "\n")
    sys.stdout.flush()
