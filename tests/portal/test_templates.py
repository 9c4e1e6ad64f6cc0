"""The templates themselves: nothing the content policy refuses, nothing that nobody uses, icons that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bocage
from bocage.catalog.vocabulary import Theme
from bocage.kernel.templatetags.icons import PATHS

SOURCE = Path(bocage.__file__).parent
TEMPLATES = sorted([*(SOURCE / "templates").rglob("*.html"), *(SOURCE / "portal").rglob("*.html")])
BY_DJANGO = {"400.html", "403.html", "404.html", "429.html", "500.html"}  # 429: by allauth


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_template_respects_the_content_policy(template: Path) -> None:
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"<[^>]*\sstyle=", text)
    assert not re.search(r"<[^>]*\son[a-z]+=", text)
    assert "<style" not in text
    assert not re.search(r"<script(?! type=\"application/ld\+json\")(?![^>]*\ssrc=)", text)
    assert "|safe" not in text


def test_every_template_of_the_portal_is_used() -> None:
    said = "\n".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *SOURCE.rglob("*.py")])
    for template in TEMPLATES:
        name = template.relative_to(next(p for p in template.parents if p.name == "templates")).as_posix()
        if name.startswith(("account/", "mfa/", "allauth/")) or name in BY_DJANGO:
            continue
        if re.fullmatch(r"portal/dataset(_[a-z]+)?\.html", name):
            name = name.removeprefix("portal/").removesuffix(".html")  # chosen by the section of the dataset
        assert name in said, f"{name} is used by nobody"


def test_every_icon_asked_for_exists() -> None:
    for template in TEMPLATES:
        for name in re.findall(r'{% icon "([a-z]+)" %}', template.read_text(encoding="utf-8")):
            assert name in PATHS, (template.name, name)
    assert set(Theme.values) <= set(PATHS)
