"""The same request in the languages in which people write programs."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass


@dataclass(frozen=True)
class Snippet:
    """`language` as people call it; `code` runs as it is."""

    language: str
    code: str


def snippets(address: str, file: str = "") -> list[Snippet]:
    """`address`: absolute and percent-encoded, so that every language quotes it alike. `file`: its name, for an export."""
    quoted = json.dumps(address)
    writers = (_of_file(quoted, json.dumps(file)) if file else _of_answer(quoted)).items()
    saved = f"-o {shlex.quote(file)} " if file else ""
    return [Snippet("curl", f"curl {saved}{shlex.quote(address)}"), *(Snippet(name, code) for name, code in writers)]


def _of_answer(quoted: str) -> dict[str, str]:
    return {
        "Python": f"import requests\n\nanswer = requests.get({quoted}, timeout=30)\nanswer.raise_for_status()\n"
        "print(answer.json())",
        "JavaScript": f"const answer = await fetch({quoted});\nif (!answer.ok) throw new Error(await answer.text());\n"
        "console.log(await answer.json());",
        "R": f"library(jsonlite)\n\nanswer <- fromJSON({quoted})\nstr(answer)",
    }


def _of_file(quoted: str, file: str) -> dict[str, str]:
    return {
        "Python": f"import requests\n\nanswer = requests.get({quoted}, timeout=600)\nanswer.raise_for_status()\n"
        f'with open({file}, "wb") as file:\n    file.write(answer.content)',
        "JavaScript": f"const answer = await fetch({quoted});\nif (!answer.ok) throw new Error(await answer.text());\n"
        "const file = await answer.blob();",
        "R": f'download.file({quoted}, {file}, mode = "wb")',
    }
