"""Run by the oracle's own Python: schemathesis, unmodified, on a description by its address; some paths are left out."""

import sys

from schemathesis.cli import schemathesis

description, left_out, examples, seed = sys.argv[1:]
sys.argv = [
    "schemathesis", "run", description, "--phases=fuzzing", f"--exclude-path-regex={left_out}",
    "--checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
    f"--max-examples={examples}", f"--seed={seed}", "--generation-database=none", "--request-timeout=20", "--no-color",
    "--suppress-health-check=all", "--continue-on-failure", "--workers=1",
]  # fmt: skip
try:
    schemathesis()
except SystemExit:  # what it found is in what it wrote
    pass
