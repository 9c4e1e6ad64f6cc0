"""Many organisations at once: the table is shown as it is understood before anything is created."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bocage.access.viewer import Viewer
from bocage.console.forms.organizations import TableForm
from bocage.console.guard import administered, inside, tell
from bocage.console.invitations import invite_all
from bocage.kernel.errors import BocageError
from bocage.organizations.bulk.planting import plant
from bocage.organizations.bulk.reading import Table, read_table
from bocage.organizations.models import Organization

SHOWN = 400


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def several(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """POST shows what the table would create; with `create`, creates it."""
    parent = administered(viewer, slug)
    form = TableForm(request.POST if request.method == "POST" else None)
    table = None
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["table"]
        try:
            table = read_table(text, under=parent)
            if "create" in request.POST and not table.problems:
                _plant(request, table, parent)
                return redirect("console:organizations")
        except BocageError as error:
            tell(request, error)
    context = {
        "parent": parent,
        "form": form,
        "table": table,
        "shown": (table.problems + table.fresh)[:SHOWN] if table else [],
        "columns": [
            ("nom", True, _("its name")),
            ("type", False, _("commune if empty; region, departement, epci, syndicat, delegataire, association…")),
            ("code insee", False, _("a lost zero is given back")),
            ("siren", False, ""),
            ("population", False, ""),
            ("courriel", False, _("contact address, shown to the public")),
            ("site", False, _("website")),
            ("parent", False, _("name or code of the organisation above; “%(name)s” if empty") % {"name": parent.name}),
            ("coordonnateur", False, _("e-mail address of the person who will run it; an invitation is sent")),
        ],
    }
    return render(request, "console/organizations/several.html", context)


def _plant(request: HttpRequest, table: Table, parent: Organization) -> None:
    made = plant(table, under=parent)
    count = len(made.organizations)
    messages.success(
        request, ngettext("One organisation created.", "%(count)s organisations created.", count) % {"count": count}
    )
    sent = invite_all(request, made.invited)
    if made.invited and sent < len(made.invited):
        messages.warning(
            request,
            _(
                "%(count)s invitations could not be sent: invite these people from the page of the members of each organisation."
            )
            % {"count": len(made.invited) - sent},
        )
