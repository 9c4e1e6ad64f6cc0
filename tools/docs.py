"""Write the generated pages: settings and commands, from the code that reads them. `--check` only says if they differ."""

from __future__ import annotations

import sys
from pathlib import Path

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from bocage.config.command_line import reference
from bocage.config.environment import PREFIX, Environment

DOCS = Path(__file__).resolve().parent.parent / "docs" / "operator"


def settings() -> str:
    lines = [
        "# Settings",
        "",
        "Written by `make docs` from `config/environment.py`. Each is read from the environment, or from a file that the same",
        "variable, followed by `_FILE`, names.",
        "A malformed or unknown `BOCAGE_` variable stops the start and says which values are accepted.",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    for name, field in Environment.model_fields.items():
        default = field.default
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        shown = "" if default in ("", PydanticUndefined) else f"`{default}`"
        lines.append(f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    pages = {DOCS / "settings.md": settings(), DOCS / "commands.md": reference()}
    stale = [page for page, text in pages.items() if not page.exists() or page.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        for page in stale:
            print(f"{page.relative_to(DOCS.parent.parent)} is not up to date: make docs")
        return 1 if stale else 0
    for page in stale:
        page.write_text(pages[page], encoding="utf-8")
        print(page.relative_to(DOCS.parent.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
