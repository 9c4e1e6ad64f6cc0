"""The report of an import: what is the same, what differs, what could not be kept. In JSON, and as a page to read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bocage.catalog.vocabulary import FieldType
from bocage.pipeline.faults import from_record
from bocage.pipeline.moving.mapping.losses import sentence
from bocage.pipeline.moving.outcome import Outcome
from bocage.pipeline.moving.vocabulary import Step

DIFFERENCES = {
    "rows": gettext_lazy("rows: %(source)s on the portal, %(here)s here"),
    "nulls": gettext_lazy("“%(field)s”: %(source)s empty values on the portal, %(here)s here"),
    "sum": gettext_lazy("“%(field)s”: the sum is %(source)s on the portal, %(here)s here"),
    "min": gettext_lazy("“%(field)s”: the smallest value is %(source)s on the portal, %(here)s here"),
    "max": gettext_lazy("“%(field)s”: the largest value is %(source)s on the portal, %(here)s here"),
    "field-missing": gettext_lazy("“%(field)s” (%(source)s) is not here"),
    "field-extra": gettext_lazy("“%(field)s” (%(here)s) is not on the portal"),
    "field-type": gettext_lazy("“%(field)s” is of type “%(source)s” on the portal, “%(here)s” here"),
    "field-order": gettext_lazy("the fields are in another order"),
}
NAMES_SHOWN = 20
_TYPED = ("field-missing", "field-extra", "field-type")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass
class Report:
    """`gone`: identifiers that the portal no longer shows. `stopped`: as_dict() of what ended the import before its end."""

    portal: str
    organization: str
    started_at: datetime
    ended_at: datetime | None = None
    calls: int = 0
    outcomes: list[Outcome] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    stopped: dict[str, Any] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        return not self.stopped and all(outcome.is_right for outcome in self.outcomes)

    def counts(self) -> dict[str, int]:
        found = {step.value: 0 for step in Step}
        for outcome in self.outcomes:
            found[outcome.step.value] += 1
        return found | {
            "differing": sum(bool(outcome.differences) for outcome in self.outcomes),
            "gone": len(self.gone),
        }

    def as_dict(self) -> dict[str, Any]:
        return {
            "portal": self.portal,
            "organization": self.organization,
            "started_at": self.started_at.isoformat(),
            "ended_at": self.ended_at.isoformat() if self.ended_at else None,
            "calls": self.calls,
            "right": self.is_right,
            "counts": self.counts(),
            "stopped": self.stopped,
            "gone": self.gone,
            "datasets": [outcome.as_dict() | {"told": told(outcome)} for outcome in self.outcomes],
        }


def one_line(text: object) -> str:
    """A stranger's text, as it may be shown in a terminal or a page: one line, nothing that moves the cursor or the reading."""
    return " ".join(_UNSEEN.sub("", str(text)).split())


def told(outcome: Outcome) -> dict[str, list[str]]:
    """The sentences of an outcome, in the active language: why it stopped, what differs, what is lost."""
    error = [one_line(from_record(outcome.error)["message"])] if outcome.error else []
    return {
        "error": error,
        "differences": [one_line(difference_sentence(one)) for one in outcome.differences],
        "losses": [one_line(sentence(one)) for one in outcome.losses],
    }


def difference_sentence(one: dict[str, Any]) -> str:
    fields = dict(one)
    if one["kind"] in _TYPED:
        fields |= {side: _type_label(one[side]) for side in ("source", "here")}
    return str(DIFFERENCES[one["kind"]]) % fields


def _type_label(code: str) -> str:
    return str(FieldType(code).label) if code in FieldType.values else code


def keep(report: Report, folder: Path) -> tuple[Path, Path]:
    """Write both files below `folder`, under a name of ours: the page, then the JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    host = re.sub(r"[^a-z0-9.-]", "_", report.portal.partition("//")[2].lower())[:80]
    name = f"import-ods-{host}-{report.started_at:%Y%m%d-%H%M%S}"
    page, data = folder / f"{name}.md", folder / f"{name}.json"
    data.write_text(json.dumps(report.as_dict(), ensure_ascii=False, indent=2, default=str), encoding="utf-8")
    page.write_text("\n".join(page_lines(report)) + "\n", encoding="utf-8")
    return page, data


def page_lines(report: Report) -> Iterable[str]:
    """The page, in the active language."""
    title = _("Import of %(portal)s") % {"portal": report.portal}
    yield f"# {title}"
    yield ""
    yield from summary_lines(report)
    sentences = [(outcome, told(outcome)) for outcome in report.outcomes]
    yield from _by_dataset(_("What differs from the portal"), sentences, "differences")
    yield from _by_dataset(_("What was not copied"), sentences, "error")
    yield from _by_sentence(_("What could not be kept as it was"), sentences)
    if report.gone:
        title = _("No longer shown by the portal, kept here")
        yield from ("", f"## {title}", "")
        yield from (f"- {_code(name)}" for name in report.gone)


Sentences = Sequence[tuple[Outcome, dict[str, list[str]]]]


def _by_dataset(title: str, sentences: Sentences, kind: str) -> Iterable[str]:
    concerned = [(outcome, said[kind]) for outcome, said in sentences if said[kind]]
    if concerned:
        yield from ("", f"## {title}")
    for outcome, lines in concerned:
        yield from ("", f"### {_plain(outcome.title)} ({_code(outcome.source_id)})", "")
        yield from (f"- {_plain(line)}" for line in lines)


def _by_sentence(title: str, sentences: Sentences) -> Iterable[str]:
    """The same thing is lost by many datasets: said once, with their identifiers."""
    losers: dict[str, list[str]] = {}
    for outcome, said in sentences:
        for line in said["losses"]:
            losers.setdefault(line, []).append(outcome.source_id)
    if losers:
        yield from ("", f"## {title}", "")
    for line, names in losers.items():
        shown = ", ".join(map(_code, names[:NAMES_SHOWN])) + ("…" if len(names) > NAMES_SHOWN else "")
        yield f"- {_plain(line)} ({len(names)}: {shown})"


def summary_lines(report: Report) -> Iterable[str]:
    """A few lines: how many of each."""
    counts = report.counts()
    copied = sum(counts[step] for step in (Step.NEW, Step.DATA, Step.AGAIN, Step.METADATA))
    yield ngettext("%(count)s dataset copied or updated.", "%(count)s datasets copied or updated.", copied) % {
        "count": copied
    }
    unchanged = counts["unchanged"]
    if unchanged:
        yield ngettext("%(count)s dataset unchanged.", "%(count)s datasets unchanged.", unchanged) % {
            "count": unchanged
        }
    if stopped := counts["refused"] + counts["failed"]:
        yield ngettext("%(count)s dataset not copied.", "%(count)s datasets not copied.", stopped) % {"count": stopped}
    if report.gone:
        gone = len(report.gone)
        yield ngettext(
            "%(count)s dataset is no longer shown by the portal, and stays here.",
            "%(count)s datasets are no longer shown by the portal, and stay here.",
            gone,
        ) % {"count": gone}
    yield _differences_line(counts["differing"])
    if report.stopped:
        yield _("Stopped before the end: %(reason)s") % {"reason": one_line(from_record(report.stopped)["message"])}


def _differences_line(differing: int) -> str:
    if not differing:
        return _("No difference with the portal in what was compared: rows, empty values, sums, bounds, types.")
    return ngettext(
        "%(count)s dataset differs from the portal.", "%(count)s datasets differ from the portal.", differing
    ) % {"count": differing}


def _code(text: str) -> str:
    return f"`{one_line(text).replace('`', '')}`"


def _plain(text: str) -> str:
    """A stranger's text in a page of Markdown."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", one_line(text))
