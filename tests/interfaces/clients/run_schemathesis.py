"""Run by the oracle's own Python: schemathesis, unmodified, on the description of the address given."""

import sys

from schemathesis.cli import schemathesis

address, examples, seed = sys.argv[1:]
sys.argv = [
    "schemathesis", "run", f"{address}/api/explore/v2.1/swagger.json", "--phases=fuzzing",
    "--checks=not_a_server_error,status_code_conformance,response_schema_conformance",
    f"--max-examples={examples}", f"--seed={seed}", "--generation-database=none", "--request-timeout=20", "--no-color",
    "--suppress-health-check=all", "--continue-on-failure", "--workers=1",
]  # fmt: skip
try:
    schemathesis()
except SystemExit:  # what it found is in what it wrote
    pass
