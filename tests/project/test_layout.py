"""The repository itself: sizes that keep every module readable, and nothing of anybody's machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = sorted(p for p in (ROOT / "src").rglob("*.py") if "migrations" not in p.parts)
TABLES_OF_FACTS = ROOT / "src" / "bocage" / "demo" / "samples"

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
LONGEST_TEMPLATE = 200


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_module_is_a_drawer() -> None:
    long = {
        str(p.relative_to(ROOT)): n for p in SOURCES if (n := len(p.read_text("utf-8").splitlines())) > LONGEST_MODULE
    }
    assert not long


def test_functions_fit_in_the_eye() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": size
        for path in SOURCES
        for node in functions(ast.parse(path.read_text("utf-8")))
        if (size := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert not long


def test_templates_stay_small() -> None:
    templates = [*(ROOT / "src").rglob("*.html"), *(ROOT / "src").rglob("*.txt")]
    long = {
        str(p.relative_to(ROOT)): n
        for p in templates
        if (n := len(p.read_text("utf-8").splitlines())) > LONGEST_TEMPLATE
    }
    assert not long


@pytest.mark.parametrize(
    "words",
    [
        r"/root/|(?<![\w>}])/home/\w+/|/work/|/opt/wheels",
        r"pypi\.org|registry\.npmjs|files\.pythonhosted|crates\.io|proxy\.golang",
    ],
)
def test_nothing_names_a_machine_or_a_registry(words: str) -> None:
    files = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
        .stdout.decode()
        .split("\0")
    )
    if files == [""]:
        pytest.skip("not a git checkout: the list of files is unknown")
    guilty = []
    for name in files:
        path = ROOT / name
        if not path.is_file() or path == Path(__file__):
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        guilty += [f"{name}: {found.group()}" for found in re.finditer(words, text)]
    assert not guilty
