"""The journal: who read and changed what, for those who run an organisation or protect its data, and for everybody their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.access.audit.exporting import MOST_EXPORTED, TooMuchToExport, as_csv, as_json_lines, names_of
from bocage.access.audit.officers import end_officer, name_officer
from bocage.access.audit.selectors import entries_for, in_chunks, journals_of, own_entries, page_before
from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.models import ApiKey, JournalEntry
from bocage.access.rules import administered_by
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.console.forms.journal import JournalForm, OfficerForm
from bocage.console.guard import administered, inside, tell
from bocage.console.journal_words import OF_A_PERSON, details_of
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.organizations.models import Organization

PER_PAGE = 50
LARGEST_NUMBER = 2**62
FORMATS = {"csv": ("text/csv; charset=utf-8", as_csv), "jsonl": ("application/x-ndjson; charset=utf-8", as_json_lines)}


@dataclass(frozen=True)
class Told:
    """An entry as the page shows it. `person`: empty for the platform itself."""

    entry: JournalEntry
    person: str
    key: str
    dataset: str
    organization: str
    details: Sequence[tuple[str, str]]


@require_safe
@inside
def journal(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Of the organisations that the viewer runs or protects. `before`: the number from which the page goes on."""
    journals = _journals(viewer)
    form = JournalForm(request.GET, journals=journals)
    wanted, organization = form.wanted(), form.cleaned_data.get("organization")
    runs = organization is not None and _runs(viewer, organization)
    context = _page(request, entries_for(viewer, organization, wanted)) | {
        "form": form,
        "organization": organization,
        "officers": list(organization.protection_officers.select_related("person")) if runs and organization else [],
        "officer_form": OfficerForm() if runs else None,
        "query": _query(request),
    }
    return render(request, "console/journal/journal.html", context)


@require_safe
@inside
def mine(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What was done and read with my account and my keys."""
    form = JournalForm(request.GET, journals=None)
    context = _page(request, own_entries(viewer, form.wanted())) | {
        "form": form,
        "mine": True,
        "query": _query(request),
    }
    return render(request, "console/journal/journal.html", context)


@require_safe
@inside
def export(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`format`: csv or jsonl; the rest as the page. Whoever takes the journal away is told in it."""
    form = JournalForm(request.GET, journals=_journals(viewer))
    wanted, organization = form.wanted(), form.cleaned_data.get("organization")
    name = request.GET.get("format", "csv")
    if not form.is_valid() or name not in FORMATS:
        return redirect("console:journal")
    found = entries_for(viewer, organization, wanted)
    if found[MOST_EXPORTED : MOST_EXPORTED + 1]:
        tell(request, TooMuchToExport(most=MOST_EXPORTED))
        return redirect(f"{reverse('console:journal')}?{_query(request)}")
    if request.method == "GET":
        record(
            Kind.JOURNAL_EXPORTED, viewer=viewer, organization=organization or "", format=name, dataset_filter=wanted.dataset,
            member=wanted.person, what=wanted.kind, since=str(wanted.since or ""), to=str(wanted.until or ""),
        )  # fmt: skip
    return _file(request, found, name)


def _file(request: HttpRequest, found: QuerySet[JournalEntry], name: str) -> HttpResponse:
    content_type, write = FORMATS[name]
    body = write(in_chunks(found, MOST_EXPORTED)) if request.method == "GET" else ()
    response: Any = StreamingHttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="journal-{now():%Y-%m-%d}.{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    answer: HttpResponse = response
    return answer


@require_http_methods(["POST"])
@inside
def officer(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """Name one."""
    organization = administered(viewer, slug)
    form = OfficerForm(request.POST)
    if form.is_valid():
        try:
            named = name_officer(viewer=viewer, organization=organization, email=form.cleaned_data["email"])
        except AccessDenied:
            raise
        except BocageError as error:
            tell(request, error)
        else:
            messages.success(request, _("%(person)s reads this journal from now on.") % {"person": named.person})
    else:
        messages.error(request, _("This is not an e-mail address."))
    return redirect(f"{reverse('console:journal')}?{urlencode({'organization': slug})}")


@require_POST
@inside
def officer_ends(request: HttpRequest, viewer: Viewer, slug: str, pk: int) -> HttpResponse:
    end_officer(viewer=viewer, organization=administered(viewer, slug), pk=pk)
    messages.success(request, _("This person does not read the journal any more."))
    return redirect(f"{reverse('console:journal')}?{urlencode({'organization': slug})}")


def _journals(viewer: Viewer) -> QuerySet[Organization]:
    """Raises AccessDenied for whoever reads none."""
    journals = journals_of(viewer)
    if not viewer.operator and not journals.exists():
        raise AccessDenied(
            reason=_("the journal is read by those who run an organisation, and by its data protection officer.")
        )
    return journals


def _runs(viewer: Viewer, organization: Organization) -> bool:
    return Organization.objects.filter(administered_by(viewer, Action.ADMINISTER), pk=organization.pk).exists()


def _query(request: HttpRequest) -> str:
    """The filters, without the place in the list."""
    query: Any = request.GET.copy()
    for name in ("before", "format"):
        query.pop(name, None)
    return str(query.urlencode())


def _page(request: HttpRequest, found: QuerySet[JournalEntry]) -> dict[str, Any]:
    text = request.GET.get("before", "")
    before = min(int(text), LARGEST_NUMBER) if text.isascii() and text.isdigit() and len(text) < 20 else None
    entries, following = page_before(found, before, PER_PAGE)
    return {"entries": _told(entries), "following": following, "first": before is None}


def _told(entries: Sequence[JournalEntry]) -> list[Told]:
    """With the names of today: four queries, whatever the number of entries."""
    members = [entry.told.get("member") for entry in entries]
    people = names_of([*(entry.person for entry in entries), *(pk for pk in members if isinstance(pk, int))])
    people |= names_of(
        int(one.subject) for one in entries if one.kind.startswith(OF_A_PERSON) and one.subject.isdigit()
    )
    keys = dict(ApiKey.objects.filter(pk__in={one.key for one in entries if one.key}).values_list("pk", "name"))
    titles = dict(Dataset.objects.filter(uid__in={one.dataset for one in entries}).values_list("uid", "title"))
    slugs = {slug for one in entries for slug in (one.organization, one.party) if slug}
    names = dict(Organization.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return [
        Told(
            one,
            people.get(one.person, _("account no. %(number)s") % {"number": one.person}) if one.person else "",
            keys.get(one.key, f"{one.key}") if one.key else "",
            titles.get(one.dataset, one.dataset),
            names.get(one.organization, one.organization),
            details_of(one, people, names),
        )
        for one in entries
    ]
