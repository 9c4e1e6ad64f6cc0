"""Run by the oracle's own Python: says whether the document given is OpenAPI, by a program that knows nothing of us."""

import json
import sys
from pathlib import Path

from openapi_spec_validator import OpenAPIV30SpecValidator

document = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
errors = [
    f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
    for error in OpenAPIV30SpecValidator(document).iter_errors()
]
json.dump(errors, sys.stdout)
