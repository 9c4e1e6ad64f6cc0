"""Match texts with an expression, as a program of its own: a regular expression that explodes ends with it, not with us.

It reads {"pattern", "texts"} on its input and writes the list of what matched. It imports nothing of Bocage.
"""

from __future__ import annotations

import json
import re
import resource
import sys

MEMORY_LIMIT = 2 << 30  # bytes of address space


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    asked = json.load(sys.stdin)
    expression = re.compile(f"^{asked['pattern']}$")
    json.dump([expression.match(text) is not None for text in asked["texts"]], sys.stdout)


if __name__ == "__main__":
    main()
