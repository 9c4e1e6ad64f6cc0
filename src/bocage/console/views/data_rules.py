"""What each audience sees inside a dataset: the rules, one more, the end of one, and a look through somebody's eyes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.groups import account_of, groups_for
from bocage.access.models import DataRule
from bocage.access.standing import viewer_of
from bocage.access.viewer import ANONYMOUS, Viewer
from bocage.access.vocabulary import Action, Mask
from bocage.catalog.models import Dataset
from bocage.console.forms.data_rules import DataRuleForm, LookForm
from bocage.console.guard import inside, managed_dataset, tell
from bocage.kernel.errors import BocageError, NotFound
from bocage.pipeline.overview import states_of
from bocage.query.relation import DatasetRelation
from bocage.query.requests import OdsqlRequest
from bocage.query.ruling import end_rule, give_rule
from bocage.query.services import records
from bocage.store.selectors import current_version

LOOKED_AT, ENDED_SHOWN = 5, 20


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def rules(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """POST makes a rule. `look` in the query shows the first rows as everyone sees them, or as the person of `email` does."""
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    given = request.POST if request.method == "POST" else None
    form = DataRuleForm(given, groups=groups_for(viewer), fields_of=dataset.fields)
    if given is not None and form.is_valid() and _made(request, viewer, dataset, form):
        return redirect("console:dataset_rules", dataset.slug)
    found = DataRule.objects.filter(dataset=dataset.uid).select_related("organization", "group", "person", "created_by")
    told = [(rule, _sentences(rule)) for rule in found]
    context = {
        "dataset": dataset,
        "state": states_of([dataset], viewer)[0],
        "tab": "access",
        "form": form,
        "rules": [(rule, said) for rule, said in told if not rule.over],
        "ended": [(rule, said) for rule, said in told if rule.over][:ENDED_SHOWN],
        "look": LookForm(request.GET if "look" in request.GET else None),
        "seen": _looked(request, dataset),
    }
    return render(request, "console/dataset/rules.html", context)


@require_POST
@inside
def end(request: HttpRequest, viewer: Viewer, slug: str, pk: int) -> HttpResponse:
    """The rule ends now; it stays in the history."""
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    rule = DataRule.objects.filter(dataset=dataset.uid, pk=pk).first()
    if rule is None:
        raise NotFound(kind=_("The rule"), name=str(pk))
    end_rule(viewer=viewer, dataset=dataset, rule=rule)
    messages.success(request, _("It ended. It stays below, in what was."))
    return redirect("console:dataset_rules", dataset.slug)


def _made(request: HttpRequest, viewer: Viewer, dataset: Dataset, form: DataRuleForm) -> bool:
    try:
        rule = give_rule(
            viewer=viewer, dataset=dataset, audience=form.spoken_to(), holder=form.holder(), ruling=form.ruling(),
            reason=form.cleaned_data["reason"], ends_at=form.ends_at(),
        )  # fmt: skip
    except (BocageError, ValidationError) as error:
        tell(request, error)
        return False
    messages.success(request, _("Noted for %(holder)s, from now on.") % {"holder": rule.holder})
    return True


def _looked(request: HttpRequest, dataset: Dataset) -> dict[str, Any] | None:
    """The columns and first rows as the one of the query sees them; None when nobody is asked about."""
    form = LookForm(request.GET)
    version = current_version(dataset)
    if "look" not in request.GET or version is None or not form.is_valid():
        return None
    email = form.cleaned_data["email"]
    try:
        person = account_of(email) if email else None
        viewer = viewer_of(person) if person else ANONYMOUS
        page = records(viewer, DatasetRelation(dataset, version), OdsqlRequest(limit=LOOKED_AT))
    except BocageError as error:
        return {"error": error}
    lines = [[_short(row.get(column.name)) for column in page.columns] for row in page.rows]
    return {"person": person, "columns": page.columns, "lines": lines, "total": page.total_count}


LONGEST_SHOWN = 60


def _short(value: Any) -> str:
    if isinstance(value, dict) and "lon" in value:
        return f"{value['lat']:.5f}, {value['lon']:.5f}"
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def _sentences(rule: DataRule) -> Sequence[str]:
    """What the rule keeps, one thing after another."""
    said = [_column(name, str(one.get("mask", "")), str(one.get("to", ""))) for name, one in rule.columns.items()]
    if rule.rows:
        said.append(_("only the rows where %(condition)s") % {"condition": rule.rows})
    if rule.grid_m:
        said.append(_("positions blurred in squares of %(side)s m") % {"side": rule.grid_m})
    if rule.threshold:
        words = {
            "least": rule.threshold,
            "dimensions": ", ".join(rule.dimensions),
            "measures": ", ".join(rule.measures),
        }
        said.append(_("only groups of %(least)s rows or more, by %(dimensions)s") % words)
        if rule.measures:
            said.append(_("only totals and averages of %(measures)s") % words)
    return said or [_("sees everything, whatever the wider rules say")]


def _column(name: str, mask: str, to: str) -> str:
    told = {
        Mask.HIDE: _("“%(name)s” is not shown"),
        Mask.HASH: _("“%(name)s” becomes a pseudonym"),
        Mask.TRUNCATE: _("first characters of “%(name)s” (%(to)s)"),
        Mask.ROUND: _("“%(name)s” rounded down to a step of %(to)s"),
        Mask.PERIOD: _("“%(name)s” by month") if to == "month" else _("“%(name)s” by year"),
    }
    return told.get(Mask(mask), "%(name)s") % {"name": name, "to": to}
