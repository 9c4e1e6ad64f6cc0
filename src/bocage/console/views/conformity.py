"""Which schema a dataset follows: its version, what becomes of what is wrong, how it stands against the other versions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.restrictions import restriction_for
from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.check.conformities import conformities_of, follow, unfollow
from bocage.check.models import Conformity, Schema
from bocage.check.registry.diff import diff
from bocage.check.registry.diff.words import conclusion, told
from bocage.check.registry.selectors import schema_version, versions_for
from bocage.check.verdicts import AT_ONCE, standings
from bocage.check.vocabulary import Contract, Policy, SchemaLanguage
from bocage.console.guard import inside, managed_dataset, tell
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.pipeline.overview import states_of


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def conformity(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """POST: `schema` (name), `version`, `policy`, `contract`; `main` "no" for a further view."""
    dataset = managed_dataset(viewer, slug)
    if request.method == "POST":
        given = {name: str(value).strip()[:200] for name, value in request.POST.items()}
        try:
            version = schema_version(given.get("schema", ""), given.get("version", ""), viewer=viewer)
            policy, contract = given.get("policy", ""), given.get("contract", "")
            is_main = given.get("main") != "no"
            follow(viewer=viewer, dataset=dataset, version=version, policy=policy, contract=contract, main=is_main)
        except AccessDenied:
            raise
        except BocageError as error:
            tell(request, error)
        else:
            messages.success(
                request, _("It is kept. The next delivery is checked so; what is published has not moved.")
            )
        return redirect("console:dataset_conformity", dataset.slug)
    main, *further = _sorted(conformities_of(dataset))
    whole = not restriction_for(viewer, dataset)  # what is found in it is for those who see all of it
    checked = whole and "check" in request.GET
    context = {
        "dataset": dataset,
        "main": main,
        "further": further,
        "schemas": Schema.objects.filter(language=SchemaLanguage.TABLE).order_by("title").only("name", "title"),
        "versions": versions_for(viewer).filter(schema=main.schema_version.schema) if main else [],
        "policies": Policy.choices,
        "contracts": Contract.choices,
        "standings": standings(main, compute=checked) if main and whole else [],
        "checked": checked,
        "too_large": (dataset.row_count or 0) > AT_ONCE,
        "newer": _newer(viewer, main) if main else None,
        "may_manage": decide(viewer, Action.MANAGE, dataset).allowed,
        "state": states_of([dataset], viewer)[0],
        "tab": "conformity",
    }
    return render(request, "console/quality/conformity.html", context)


@require_POST
@inside
def remove(request: HttpRequest, viewer: Viewer, slug: str, pk: int) -> HttpResponse:
    """Follow this schema no more."""
    dataset = managed_dataset(viewer, slug)
    found = Conformity.objects.filter(dataset=dataset, pk=pk).first()
    if found is None:
        raise NotFound(kind=_("The schema"), name=str(pk))
    found.dataset = dataset
    unfollow(viewer=viewer, conformity=found)
    return redirect("console:dataset_conformity", dataset.slug)


def _sorted(found: list[Conformity]) -> list[Conformity | None]:
    """The main one first, or None in its place."""
    main = next((one for one in found if one.main), None)
    return [main, *(one for one in found if not one.main)]


def _newer(viewer: Viewer, main: Conformity) -> dict[str, object] | None:
    """The version to move to, when there is one, what it changes, and whether what is right stays right."""
    latest = schema_version(main.schema_version.schema.name, viewer=viewer)
    if latest.precedence <= main.schema_version.precedence:
        return None
    try:
        found = diff(main.schema_version.descriptor, latest.descriptor)
    except BocageError:
        return {"version": latest, "changes": []}
    return {"version": latest, "changes": told(found), "conclusion": conclusion(found)}
