"""What a portal shows of the common catalogue."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.viewer import ANONYMOUS, Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import dataset_for
from bocage.console.forms.portals import SelectionForm
from bocage.console.guard import inside, tell
from bocage.console.paging import address_of_page, page_of
from bocage.console.portal_desk import about, done, found_datasets, kept_portal, words_asked
from bocage.kernel.errors import BocageError
from bocage.organizations.models import Portal
from bocage.organizations.portals.services import add_chosen, choose_what_it_shows, remove_chosen
from bocage.organizations.portals.vocabulary import Showing
from bocage.query.catalogue import CataloguePage, catalogue_search
from bocage.query.selection import check_where, selection_of

SAMPLE = 8


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def selection(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """POST with `try` shows what it would be, without it saves. `q` searches datasets to choose one by one."""
    portal = kept_portal(viewer, uid)
    said = {"showing": portal.showing, "where": portal.where}
    form = SelectionForm(request.POST if request.method == "POST" else None, initial=said)
    if request.method == "POST" and form.is_valid() and _can_be_read(form, portal):
        portal.showing, portal.where = form.cleaned_data["showing"], form.cleaned_data["where"]
        if "try" not in request.POST:
            choose_what_it_shows(portal=portal, showing=Showing(portal.showing), where=portal.where)
            messages.success(request, done())
            return redirect("console:portal_selection", uid)
    text = words_asked(request)
    shown = _shown(viewer, portal)
    context = about(
        request,
        portal,
        "selection",
        form=form,
        total=shown.total,
        of_everybody=_shown(ANONYMOUS, portal).total,
        sample=_titles(viewer, shown),
        tried="try" in request.POST,
        text=text,
        found=[one for one in found_datasets(viewer, text) if one.uid not in portal.chosen],
        page=page_of(request, _chosen(viewer, portal)),
        page_address=address_of_page(request),
        chosen_count=len(portal.chosen),
        chooses=portal.showing == Showing.CHOSEN,
    )
    return render(request, "console/portals/selection.html", context)


def _can_be_read(form: SelectionForm, portal: Portal) -> bool:
    if form.cleaned_data["showing"] != Showing.QUERY:
        return True
    try:
        check_where(form.cleaned_data["where"], portal)
    except BocageError as error:
        form.add_error("where", str(error))
        return False
    return True


def _shown(viewer: Viewer, portal: Portal) -> CataloguePage:
    """What the viewer would see at this door: their sample and their number, which may be more than a visitor's."""
    return catalogue_search(viewer, sort="modified", limit=SAMPLE, selection=selection_of(portal))


def _titles(viewer: Viewer, shown: CataloguePage) -> list[Dataset]:
    known = Dataset.objects.visible_to(viewer, Action.SEE).select_related("organization")
    found = known.in_bulk(shown.slugs, field_name="slug")
    return [found[slug] for slug in shown.slugs if slug in found]


def _chosen(viewer: Viewer, portal: Portal) -> QuerySet[Dataset]:
    """Those chosen one by one, of which the viewer knows."""
    known = Dataset.objects.visible_to(viewer, Action.SEE).filter(uid__in=portal.chosen)
    return known.select_related("organization").order_by("title", "pk")


@require_POST
@inside
def choose(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """One dataset more, among those of which the viewer knows."""
    portal = kept_portal(viewer, uid)
    dataset = dataset_for(viewer, request.POST.get("dataset", ""), Action.SEE)
    try:
        add_chosen(portal=portal, uid=dataset.uid)
    except BocageError as error:
        tell(request, error)
    else:
        messages.success(request, _("“%(title)s” is chosen.") % {"title": dataset.title})
    return _back(uid, request.POST.get("q", "")[:100])


@require_POST
@inside
def leave_out(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    portal = kept_portal(viewer, uid)
    dataset = dataset_for(viewer, request.POST.get("dataset", ""), Action.SEE)
    remove_chosen(portal=portal, uid=dataset.uid)
    messages.success(request, _("“%(title)s” is not chosen any more.") % {"title": dataset.title})
    return _back(uid)


def _back(uid: str, text: str = "") -> HttpResponseRedirect:
    address = reverse("console:portal_selection", args=[uid])
    return redirect(f"{address}?{urlencode({'q': text})}#chosen" if text else f"{address}#chosen")
