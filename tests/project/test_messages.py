"""A French reader never meets an English sentence, nor a broken placeholder."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from django.utils import dates, translation

TOOL = Path(__file__).parent.parent.parent / "tools" / "messages.py"


@pytest.fixture
def messages():
    spec = importlib.util.spec_from_file_location("bocage_messages", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def area(messages, tmp_path, monkeypatch):
    """A small package with every kind of call."""
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    root = tmp_path / "sample"
    (root / "templates").mkdir(parents=True)
    (root / "__init__.py").write_text("")
    (root / "words.py").write_text(
        "from django.utils.translation import gettext as _, ngettext, pgettext_lazy\n"
        'A = _("Hello %(name)s")\nB = ngettext("%(n)s row", "%(n)s rows", 2)\nC = pgettext_lazy("verb", "Set")\n'
    )
    (root / "templates" / "page.html").write_text(
        '{% load i18n %}<p title="{% translate "A title" %}">\n  {% blocktranslate count n=n %}{{ n }} file'
        '{% plural %}{{ n }} files{% endblocktranslate %}\n    {{ x|default:_("nothing") }}</p>'
    )
    return messages.Area("sample", root)


def entry(po: Path, msgid: str, msgstr: str) -> None:
    text = po.read_text()
    start = text.index(f'msgid "{msgid}"')
    po.write_text(text[:start] + text[start:].replace('msgstr ""', f'msgstr "{msgstr}"', 1))


def test_extract_reads_python_and_templates(messages, area):
    assert messages.main(["extract", "sample"]) == 0
    found = messages.translations(messages.read_catalogue(area.po))
    assert set(found) == {
        ("Hello %(name)s", None), ("%(n)s row", None), ("Set", "verb"), ("A title", None),
        ("%(n)s file", None), ("nothing", None),
    }  # fmt: skip
    assert found[("%(n)s file", None)].id == ("%(n)s file", "%(n)s files")


def test_extract_keeps_translations_and_is_stable(messages, area):
    messages.main(["extract", "sample"])
    entry(area.po, "A title", "Un titre")
    messages.main(["extract", "sample"])
    first = area.po.read_text()
    assert 'msgstr "Un titre"' in first
    messages.main(["extract", "sample"])
    assert area.po.read_text() == first
    assert "Date" not in first
    assert str(area.root) not in first


def test_check_reports_what_is_not_translated(messages, area, capsys):
    messages.main(["extract", "sample"])
    assert messages.main(["check", "sample"]) == 1
    assert "“A title” (templates/page.html): not translated" in capsys.readouterr().out


def test_check_reports_a_sentence_absent_from_the_catalogue(messages, area, capsys):
    assert messages.main(["check", "sample"]) == 1
    assert "not in the catalogue" in capsys.readouterr().out


def test_check_reports_a_broken_placeholder(messages, area, capsys):
    messages.main(["extract", "sample"])
    entry(area.po, "Hello %(name)s", "Bonjour %(nom)s")
    messages.main(["check", "sample"])
    lines = [line for line in capsys.readouterr().out.splitlines() if "“Hello %(name)s”" in line]
    assert lines
    assert "not translated" not in lines[0]


def test_compile_makes_what_gettext_reads(messages, area):
    import gettext

    messages.main(["extract", "sample"])
    entry(area.po, "A title", "Un titre")
    messages.main(["compile", "sample"])
    with area.po.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("A title") == "Un titre"


def test_french_is_complete(messages, capsys):
    assert messages.main(["check"]) == 0, capsys.readouterr().out


def test_no_sentence_of_ours_takes_the_place_of_the_name_of_a_month_or_a_day(messages):
    """All catalogues are one: “May”, said of a right without a context, would be what every date of that month shows."""
    with translation.override(None):
        tables = (dates.MONTHS, dates.MONTHS_3, dates.MONTHS_ALT, dates.MONTHS_AP, dates.WEEKDAYS, dates.WEEKDAYS_ABBR)
        theirs = {(str(name), None) for table in tables for name in table.values()}
    for area in messages.areas([]):
        assert not theirs & set(messages.translations(messages.read_catalogue(area.po))), area.name
