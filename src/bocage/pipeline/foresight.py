"""What publishing a draft would give, told before it is published: how it stands against its schema, and what is odd when
compared with the version before. Asked once for each state of the draft; nothing of it is kept when the draft ends."""

from __future__ import annotations

import dataclasses
import json
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bocage.access.restrictions import restriction_for
from bocage.capture.services import stage
from bocage.capture.understanding import Corrections
from bocage.check.gate import Judgement, Outcome
from bocage.check.mapping.steps import ColumnMappings
from bocage.check.models import Conformity, VersionProfile
from bocage.check.quality.anomalies import compare
from bocage.check.quality.profile import profile
from bocage.check.quality.profiles import profile_of
from bocage.check.registry.selectors import schema_version
from bocage.check.verdict import Verdict
from bocage.check.vocabulary import Contract, Policy
from bocage.kernel.errors import BocageError
from bocage.kernel.ids import new_uid
from bocage.pipeline.conforming import conform, conformity_of, record_of, refusal
from bocage.pipeline.drafts import folder_of
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from pathlib import Path

    from bocage.access.viewer import Viewer
    from bocage.pipeline.models import Draft
    from bocage.store.staged import StagedFile

LARGEST = 32 * 1024**2
"""Bytes up to which a page looks ahead while somebody waits: a larger file is checked when it is published."""


@dataclass(frozen=True)
class Foresight:
    """`error` (BocageError.as_dict()): nothing would be published, and why. `verdict` None: it follows no schema. `aside`: rows
    that would be kept aside. `anomalies`: see quality.anomalies."""

    error: dict[str, Any] | None = None
    verdict: Verdict | None = None
    judgement: Judgement | None = None
    aside: int = 0
    anomalies: list[dict[str, Any]] = field(default_factory=list)


def foresee(viewer: Viewer, draft: Draft) -> Foresight | None:
    """None when there is nothing to foresee (a new dataset without a schema), or when the file is too large to wait."""
    conformity = conformity_ahead(viewer, draft)
    before = _before(viewer, draft)
    if draft.size_bytes > LARGEST or (conformity is None and before is None):
        return None
    asked = json.dumps([draft.corrections, record_of(conformity), before.pk if before else None], sort_keys=True)
    place = folder_of(draft) / "foresight.json"
    if (kept := _read(place, asked)) is not None:
        return kept
    found = _foreseen(viewer, draft, conformity, before)
    _write(place, asked, found)
    return found


def _foreseen(viewer: Viewer, draft: Draft, conformity: Conformity | None, before: VersionProfile | None) -> Foresight:
    directory = folder_of(draft) / new_uid("ahead")
    corrections = Corrections.from_dict(draft.corrections)
    content = folder_of(draft) / "content"
    try:
        if conformity is None:
            staged = stage(content, filename=draft.filename, directory=directory, corrections=corrections)
            return Foresight(anomalies=_anomalies(staged, before))
        found = conform(
            conformity,
            content,
            filename=draft.filename,
            corrections=corrections,
            directory=directory,
            viewer=viewer,
        )
        verdict = dataclasses.replace(found.verdict, faults=None)  # the list goes with its folder
        told = Foresight(verdict=verdict, judgement=found.judgement, aside=found.aside_rows)
        if found.outcome is None:
            return dataclasses.replace(told, error=refusal(found).as_dict())
        return dataclasses.replace(told, anomalies=_anomalies(found.outcome, before))
    except BocageError as error:
        return Foresight(error=error.as_dict())
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _anomalies(staged: StagedFile, before: VersionProfile | None) -> list[dict[str, Any]]:
    if before is None or not before.content:
        return []
    return compare(before.content, profile(staged.path, staged.fields))


def conformity_ahead(viewer: Viewer, draft: Draft) -> Conformity | None:
    """The one chosen for the draft, not saved; else that of its dataset."""
    record = draft.conformity
    known = conformity_of(draft.dataset) if draft.dataset else None
    if not record.get("schema"):
        return known
    try:
        version = schema_version(str(record["schema"]), str(record.get("version") or ""), viewer=viewer)
    except BocageError:
        return known
    made = Conformity(
        dataset=draft.dataset,
        schema_version=version,
        mapping=record.get("mapping") or {},
        policy=record.get("policy") or (known.policy if known else Policy.WARN),
        contract=record.get("contract") or (known.contract if known else Contract.FREEZE),
    )
    made.mapping = ColumnMappings.from_dict(made.mapping).as_dict() if made.mapping else {}
    return made


def _before(viewer: Viewer, draft: Draft) -> VersionProfile | None:
    """What is published is compared with only for those who see it whole."""
    if draft.dataset is None or restriction_for(viewer, draft.dataset):
        return None
    version = current_version(draft.dataset)
    return profile_of(version) if version else None


def _read(place: Path, asked: str) -> Foresight | None:
    try:
        kept = json.loads(place.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    if kept["asked"] != asked:
        return None
    said = kept["said"]
    return Foresight(
        error=said["error"],
        verdict=Verdict.from_dict(said["verdict"]) if said["verdict"] else None,
        judgement=_judgement(said["judgement"]) if said["judgement"] else None,
        aside=said["aside"],
        anomalies=said["anomalies"],
    )


def _judgement(said: dict[str, Any]) -> Judgement:
    return Judgement(**(said | {"outcome": Outcome(said["outcome"])}))


def _write(place: Path, asked: str, found: Foresight) -> None:
    """Renamed into place: two tabs never read half a file."""
    said = {
        "error": found.error,
        "verdict": found.verdict.as_dict() if found.verdict else None,
        "judgement": dataclasses.asdict(found.judgement) if found.judgement else None,
        "aside": found.aside,
        "anomalies": found.anomalies,
    }
    partial = place.with_name(f"{new_uid('partial')}.json")
    partial.write_text(json.dumps({"asked": asked, "said": said}, ensure_ascii=False, default=str), encoding="utf-8")
    partial.rename(place)
