"""The home page of a portal, block after block. Every gesture is a button: none needs a script."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import dataset_for
from bocage.console.forms.portals import BlockForm, NewBlockForm
from bocage.console.guard import inside, tell
from bocage.console.portal_desk import about, done, found_datasets, kept_portal, words_asked
from bocage.kernel.errors import BocageError, NotFound
from bocage.kernel.markdown import safe_html
from bocage.organizations.models import Portal
from bocage.organizations.portals.blocks import (
    MOST_BLOCKS,
    MOST_HIGHLIGHTS,
    Block,
    changed,
    moved,
    new_block,
    read_blocks,
)
from bocage.organizations.portals.errors import UnknownParameter
from bocage.organizations.portals.parameters import PARAMETERS, in_markdown, in_words, refuse_unknown
from bocage.organizations.portals.proposals import Offered, offered_to, remove_block
from bocage.organizations.portals.services import arrange, back_to_usual
from bocage.organizations.portals.vocabulary import BlockKind


@require_safe
@inside
def home(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """The blocks in order, and what portals above propose."""
    portal = kept_portal(viewer, uid)
    blocks = read_blocks(portal.blocks)
    offered = offered_to(portal)
    context = about(
        request,
        portal,
        "home",
        blocks=[(one, in_words(one.title, portal)) for one in blocks],
        usual=portal.blocks is None,
        form=NewBlockForm(),
        full=len(blocks) >= MOST_BLOCKS,
        waiting=[_read(one, portal) for one in offered if one.is_new or one.is_changed],
        answered=[_read(one, portal) for one in offered if not (one.is_new or one.is_changed)],
    )
    return render(request, "console/portals/home.html", context)


def _read(offered: Offered, portal: Portal) -> dict[str, Any]:
    """A proposal as this portal would show it, beside the words that it shows already."""
    proposal, taken = offered.proposal, offered.taken
    return {
        "offered": offered,
        "title": in_words(proposal.title, portal),
        "body": _shown(proposal.body, portal),
        "former_title": in_words(taken.title, portal) if taken else "",
        "former_body": _shown(taken.body, portal) if taken else "",
    }


def _shown(body: str, portal: Portal) -> SafeString:
    """Below the titles of the page of the console, which has more of them than a home page."""
    return safe_html(in_markdown(body, portal), top=4)


@require_POST
@inside
def add(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    portal = kept_portal(viewer, uid)
    form = NewBlockForm(request.POST)
    if not form.is_valid():
        return redirect("console:portal_home", uid)
    block = new_block(BlockKind(form.cleaned_data["kind"]))
    try:
        arrange(portal=portal, change=lambda blocks: [*blocks, block])
    except BocageError as error:
        tell(request, error)
        return redirect("console:portal_home", uid)
    messages.success(request, _("“%(block)s” is at the end of the page.") % {"block": block.kind.label})
    return (
        redirect("console:portal_block", uid, block.id) if block.may_be_edited else redirect("console:portal_home", uid)
    )


@require_POST
@inside
def usual(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """The page that nobody arranged."""
    back_to_usual(portal=kept_portal(viewer, uid))
    messages.success(request, done())
    return redirect("console:portal_home", uid)


@require_POST
@inside
def move(request: HttpRequest, viewer: Viewer, uid: str, block: str) -> HttpResponse:
    """One place up, or down with `down`."""
    step = 1 if "down" in request.POST else -1
    arrange(portal=kept_portal(viewer, uid), change=lambda blocks: moved(blocks, block, step))
    return redirect("console:portal_home", uid)


@require_POST
@inside
def remove(request: HttpRequest, viewer: Viewer, uid: str, block: str) -> HttpResponse:
    remove_block(portal=kept_portal(viewer, uid), block_id=block)
    messages.success(request, done())
    return redirect("console:portal_home", uid)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def block(request: HttpRequest, viewer: Viewer, uid: str, block: str) -> HttpResponse:
    """The words of a block, and the datasets that it highlights: `add` (slug) and `remove` (slug) among the answers."""
    portal = kept_portal(viewer, uid)
    found = _editable(portal, block)
    if request.method == "POST" and ("add" in request.POST or "remove" in request.POST):
        _highlight(request, viewer, portal, found)
        return redirect("console:portal_block", uid, block)
    said = {"title": found.title, "body": found.body, "territory": found.territory}
    form = BlockForm(request.POST if request.method == "POST" else None, initial=said)
    if request.method == "POST" and form.is_valid() and _words_known(form):
        arrange(portal=portal, change=lambda blocks: changed(blocks, block, **form.cleaned_data))
        messages.success(request, done())
        return redirect("console:portal_home", uid)
    text = words_asked(request)
    context = about(
        request,
        portal,
        "home",
        edited_block=found,
        form=form,
        parameters=[(f"{{{name}}}", what) for name, what in PARAMETERS.items()],
        text=text,
        found=[one for one in found_datasets(viewer, text) if one.uid not in found.datasets],
        highlighted=_highlighted(viewer, found),
        full=len(found.datasets) >= MOST_HIGHLIGHTS,
    )
    return render(request, "console/portals/block.html", context)


def _editable(portal: Portal, block: str) -> Block:
    """Raises NotFound."""
    found = next((one for one in read_blocks(portal.blocks) if one.id == block and one.may_be_edited), None)
    if found is None:
        raise NotFound(kind=_("The block"), name=block)
    return found


def _words_known(form: BlockForm) -> bool:
    try:
        refuse_unknown(f"{form.cleaned_data['title']} {form.cleaned_data['body']}")
    except UnknownParameter as error:
        form.add_error("body", str(error))
        return False
    return True


def _highlighted(viewer: Viewer, block: Block) -> list[Dataset]:
    """In the order in which they are shown, those of which the viewer knows."""
    known = Dataset.objects.visible_to(viewer, Action.SEE).select_related("organization")
    found = known.in_bulk(list(block.datasets), field_name="uid")
    return [found[uid] for uid in block.datasets if uid in found]


def _highlight(request: HttpRequest, viewer: Viewer, portal: Portal, block: Block) -> None:
    adds = "add" in request.POST
    dataset = dataset_for(viewer, request.POST["add" if adds else "remove"], Action.SEE)
    kept = [uid for uid in block.datasets if uid != dataset.uid]
    datasets = tuple([*kept, dataset.uid] if adds else kept)[:MOST_HIGHLIGHTS]
    arrange(portal=portal, change=lambda blocks: changed(blocks, block.id, datasets=datasets))
    messages.success(request, done())
