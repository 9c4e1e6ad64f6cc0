"""What those above do with an account, and what an organisation asks of its people."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bocage.access.accounts.answering import reinstate_account, reset_factor, suspend_account
from bocage.access.accounts.second_factor import ask_in
from bocage.access.viewer import Viewer
from bocage.console.guard import administered, inside, tell
from bocage.console.invitations import tell_factor_reset
from bocage.console.views.members import member_of
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.organizations.vocabulary import Role

ACTIONS = {
    "suspend": (suspend_account, gettext_lazy("The account of %(person)s is suspended: it opens nothing any more.")),
    "reinstate": (reinstate_account, gettext_lazy("The account of %(person)s is in use again.")),
    "reset-factor": (reset_factor, gettext_lazy("%(person)s has no second factor any more, and was told.")),
}


@require_POST
@inside
def act(request: HttpRequest, viewer: Viewer, slug: str, pk: int, action: str) -> HttpResponse:
    """Suspend, reinstate, take away a lost second factor: by those above everything that the person does."""
    organization = administered(viewer, slug)
    user = member_of(organization, pk).user
    if action not in ACTIONS:
        raise Http404
    service, said = ACTIONS[action]
    try:
        service(viewer=viewer, user=user)
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
    else:
        messages.success(request, str(said) % {"person": user})
        if action == "reset-factor":
            tell_factor_reset(user)
    return redirect("console:members", organization.slug)


@require_POST
@inside
def second_factor(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """From which role on a second factor is asked, here and below."""
    organization = administered(viewer, slug)
    given = request.POST.get("least", "")
    if given and given not in Role.values:
        raise Http404
    ask_in(viewer=viewer, organization=organization, least=Role(given) if given else None)
    messages.success(request, _("What is asked of the accounts is saved."))
    return redirect("console:members", organization.slug)
