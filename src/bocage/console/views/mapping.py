"""From the columns of a file to those of a schema: choose the schema, look at what is proposed, keep it with the draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.viewer import Viewer
from bocage.catalog.references.selectors import references_for
from bocage.check.mapping.apply import FROM_TARGET
from bocage.check.mapping.steps import ColumnMapping, ColumnMappings
from bocage.check.mapping.suggestions import Suggestion
from bocage.check.models import Schema, SchemaVersion
from bocage.check.registry import selectors as registry
from bocage.check.vocabulary import Contract, Policy, SchemaLanguage
from bocage.console.forms.mapping import StepShown, kinds_offered, posted_mapping, steps_shown
from bocage.console.guard import inside, tell
from bocage.kernel.errors import BocageError, NotFound
from bocage.pipeline.draft_mapping import Layout, MappingDesk, Tried, forget_conformity, keep_conformity, mapping_desk
from bocage.pipeline.drafts import draft_for

if TYPE_CHECKING:
    from bocage.check.schema import SchemaField
    from bocage.pipeline.models import Draft

MOST_LISTED = 60


@dataclass(frozen=True)
class Row:
    """One column of the schema, as the page shows it. `hesitates`: required, and what is proposed is not sure enough to stand:
    it waits for a click."""

    rank: int
    field: SchemaField
    sources: tuple[str, ...]
    steps: list[StepShown]
    tried: Tried | None
    suggestion: Suggestion | None
    proposed: bool
    hesitates: bool

    @property
    def state(self) -> str:
        """sure, check, chosen, ask, lacking, empty."""
        if self.sources or len(self.steps) > 1:
            if not self.proposed:
                return "chosen"
            return "sure" if self.suggestion and self.suggestion.sure else "check"
        if self.hesitates:
            return "ask"
        return "lacking" if self.field.is_required else "empty"

    @property
    def source_slots(self) -> tuple[str, ...]:
        """One list per source, and an empty one for the next."""
        return (*self.sources, "")

    @property
    def step_labels(self) -> list[str]:
        return [step.label for step in self.steps if step.kind]

    @property
    def opened(self) -> bool:
        """Steps are shown at once when one of them cannot be done."""
        return bool(self.tried and self.tried.refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def mapping(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """`?schema=<name>`: map to this one. Without it: that of the draft, else a choice."""
    mine = draft_for(viewer, uid)
    name = request.GET.get("schema", "") or mine.conformity.get("schema", "")
    if "forget" in request.POST:
        forget_conformity(draft=mine)
        return redirect("console:draft", mine.uid)
    if not name or "choose" in request.GET:
        return _choose(request, viewer, mine)
    try:
        version = registry.schema_version(name, _number(mine, name), viewer=viewer)
        with mapping_desk(viewer, mine, version) as desk:
            return _edit(request, desk)
    except NotFound:
        raise
    except BocageError as error:
        tell(request, error)
        return redirect("console:draft", mine.uid)


@require_POST
@inside
def preview(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """The row of one column of the schema (`?field=<rank>`) as the answers of the form make it: a fragment of the page."""
    mine = draft_for(viewer, uid)
    version = registry.schema_version(
        request.GET.get("schema", ""), _number(mine, request.GET.get("schema", "")), viewer=viewer
    )
    rank = request.GET.get("field", "")
    with mapping_desk(viewer, mine, version) as desk:
        layout = desk.layout()
        if not rank.isdigit() or int(rank) >= len(desk.schema.fields):
            raise NotFound(kind="field", name=rank[:20])
        asked = posted_mapping(request.POST, [one.name for one in desk.schema.fields], layout.labels)
        chosen = _with_sources_of(asked, desk.schema.fields[int(rank)].name)
        tried = desk.tried(ColumnMappings(chosen))
        row = _row(int(rank), desk.schema.fields[int(rank)], chosen[-1:], tried.columns, None, proposed=False)
    return render(request, "console/mapping/row.html", _choices(desk, layout) | {"row": row})


def _with_sources_of(asked: ColumnMappings, target: str) -> tuple[ColumnMapping, ...]:
    """The column of `target`, last, after those that it is made from."""
    by_target = {one.target: one for one in asked.columns}
    wanted, left = [], [target]
    while left:
        one = by_target.get(left.pop())
        if one is not None and one not in wanted:
            wanted.append(one)
            left += [source[1:] for source in one.sources if source.startswith(FROM_TARGET)]
    return tuple(reversed(wanted))


def _number(draft: Draft, name: str) -> str:
    """The version that the draft was mapped to already."""
    return str(draft.conformity.get("version", "")) if draft.conformity.get("schema") == name else ""


def _edit(request: HttpRequest, desk: MappingDesk) -> HttpResponse:
    layout, suggestions = desk.layout(), desk.suggestions()
    targets = [one.name for one in desk.schema.fields]
    known = {one.target: one for one in suggestions}
    if request.method == "POST":
        asked = posted_mapping(request.POST, targets, layout.labels)
        asked = _used(asked, request.POST.get("use", ""), targets, known)
        if "save" in request.POST:
            return _kept(request, desk, asked)
    else:
        asked = _starting(desk.draft, desk.schema.name, known)
    tried = desk.tried(asked)
    made = {one.target: one for one in asked.columns}
    rows = [
        _row(rank, one, tuple(filter(None, [made.get(one.name)])), tried.columns, known.get(one.name), proposed=None)
        for rank, one in enumerate(desk.schema.fields)
    ]
    context = _choices(desk, layout) | {
        "rows": rows,
        "tried": tried,
        "to_check": [row for row in rows if row.state in ("check", "ask")],
        "lacking": [row for row in rows if row.state == "lacking"],
        "made": sum(1 for row in rows if row.state in ("sure", "chosen", "check")),
        "policies": Policy.choices,
        "contracts": Contract.choices,
        "policy": request.POST.get("policy") or desk.draft.conformity.get("policy") or Policy.WARN.value,
        "contract": request.POST.get("contract") or desk.draft.conformity.get("contract") or Contract.FREEZE.value,
        "keep_others": asked.keep_others,
    }
    return render(request, "console/mapping/edit.html", context)


def _choices(desk: MappingDesk, layout: Layout) -> dict[str, Any]:
    return {
        "draft": desk.draft,
        "version": desk.version,
        "schema": desk.schema,
        "columns": [(label, ", ".join(values)[:60]) for label, values in layout.examples.items()],
        "made_columns": [(f"{FROM_TARGET}{one.name}", one.title or one.name) for one in desk.schema.fields],
        "kinds": kinds_offered(),
        "references": references_for(desk.viewer)[:MOST_LISTED],
    }


def _starting(draft: Draft, schema: str, known: dict[str, Suggestion]) -> ColumnMappings:
    """What was kept; else what is proposed, but for what is required and not sure: that is asked."""
    if draft.conformity.get("schema") == schema and draft.conformity.get("mapping"):
        return ColumnMappings.from_dict(draft.conformity["mapping"])
    standing = [one for one in known.values() if one.best is not None and (one.sure or not one.required)]
    return ColumnMappings(tuple(one.best.mapping() for one in standing if one.best is not None))


def _used(asked: ColumnMappings, use: str, targets: list[str], known: dict[str, Suggestion]) -> ColumnMappings:
    """`use` is `<field>:<rank of the candidate>`: the person took what was proposed."""
    rank, _colon, place = use.partition(":")
    if not (rank.isdigit() and place.isdigit() and int(rank) < len(targets)):
        return asked
    suggestion = known.get(targets[int(rank)])
    candidates = [suggestion.best, *suggestion.others] if suggestion else []
    offered = [one for one in candidates if one is not None]
    if int(place) >= len(offered):
        return asked
    taken = offered[int(place)].mapping()
    others = tuple(one for one in asked.columns if one.target != taken.target)
    return ColumnMappings((*others, taken), keep_others=asked.keep_others)


def _row(
    rank: int,
    field: SchemaField,
    made: tuple[ColumnMapping, ...],
    tried: dict[str, Tried],
    suggestion: Suggestion | None,
    *,
    proposed: bool | None,
) -> Row:
    column = made[0] if made else ColumnMapping(field.name)
    best = suggestion.best if suggestion else None
    same = best is not None and best.mapping() == column if proposed is None else proposed
    hesitates = not made and best is not None
    return Row(
        rank, field, column.sources, steps_shown(rank, column.steps), tried.get(field.name), suggestion, same, hesitates
    )


def _kept(request: HttpRequest, desk: MappingDesk, asked: ColumnMappings) -> HttpResponse:
    policy, contract = request.POST.get("policy", ""), request.POST.get("contract", "")
    keep_conformity(
        draft=desk.draft,
        version=desk.version,
        mapping=asked,
        policy=policy if policy in Policy.values else Policy.WARN.value,
        contract=contract if contract in Contract.values else Contract.FREEZE.value,
        desk=desk,
    )
    return redirect("console:draft_details", desk.draft.uid)


def _choose(request: HttpRequest, viewer: Viewer, mine: Draft) -> HttpResponse:
    """Schemas that the organisation must follow first, then all, searched."""
    text = request.GET.get("q", "").strip()[:100]
    required = registry.required_of(mine.organization)
    every = Schema.objects.filter(
        language=SchemaLanguage.TABLE, versions__in=SchemaVersion.objects.filter(registry.readable(viewer))
    )
    for word in text.split()[:8]:
        every = every.filter(title__icontains=word) | every.filter(name__icontains=word)
    listed = list(every.distinct().order_by("title")[: MOST_LISTED + 1])
    page = reverse("console:draft_mapping", args=[mine.uid])
    context = {
        "draft": mine,
        "required": [(one.schema, f"{page}?{urlencode({'schema': one.schema.name})}") for one in required],
        "schemas": [(one, f"{page}?{urlencode({'schema': one.name})}") for one in listed[:MOST_LISTED]],
        "more": len(listed) > MOST_LISTED,
        "q": text,
    }
    return render(request, "console/mapping/choose.html", context)
