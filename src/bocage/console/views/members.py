"""The members of an organisation, kept by its coordinators."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.access.accounts.second_factor import policies_in
from bocage.access.rules import has_role
from bocage.access.viewer import Viewer
from bocage.console.accounts import lines_of
from bocage.console.forms.members import WHAT_ROLES_DO, InvitationForm, RoleForm
from bocage.console.guard import administered, inside, tell
from bocage.console.invitations import hand_over
from bocage.console.paging import address_of_page, page_of
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.organizations.models import Membership, Organization
from bocage.organizations.selectors import members_of, referents
from bocage.organizations.services import add_member, invite_member, never_came, remove_member, renew_invitation
from bocage.organizations.vocabulary import Role


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def members(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """List; POST invites by e-mail."""
    organization = administered(viewer, slug)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    link = ""
    if request.method == "POST" and form.is_valid():
        try:
            link = _invite(request, viewer, organization, form)
        except AccessDenied:
            raise
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            if not link:
                return redirect("console:members", organization.slug)
            form = InvitationForm()
    return _page(request, viewer, organization, form, link)


@require_POST
@inside
def invite_again(request: HttpRequest, viewer: Viewer, slug: str, pk: int) -> HttpResponse:
    """To somebody who never came: another link, and the ones before are dead."""
    organization = administered(viewer, slug)
    membership = member_of(organization, pk)
    _require_grant(viewer, organization, Role(membership.role))
    try:
        link = hand_over(request, renew_invitation(membership=membership))
    except BocageError as error:
        tell(request, error)
        link = ""
    if not link:
        return redirect("console:members", organization.slug)
    return _page(request, viewer, organization, InvitationForm(), link)


@require_POST
@inside
def change_role(request: HttpRequest, viewer: Viewer, slug: str, pk: int) -> HttpResponse:
    """Give another role to a member."""
    organization = administered(viewer, slug)
    membership = member_of(organization, pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        _require_grant(viewer, organization, role, Role(membership.role))
        try:
            add_member(organization=organization, user=membership.user, role=role)
        except BocageError as error:
            tell(request, error)
        else:
            messages.success(
                request, _("%(person)s is now: %(role)s.") % {"person": membership.user, "role": role.label}
            )
    return redirect("console:members", organization.slug)


@require_POST
@inside
def remove(request: HttpRequest, viewer: Viewer, slug: str, pk: int) -> HttpResponse:
    """Take the role away."""
    organization = administered(viewer, slug)
    membership = member_of(organization, pk)
    _require_grant(viewer, organization, Role(membership.role))
    try:
        remove_member(membership=membership)
    except BocageError as error:
        tell(request, error)
    else:
        messages.success(
            request,
            _("%(person)s no longer works for %(organization)s. The account still exists.")
            % {"person": membership.user, "organization": organization.name},
        )
    return redirect("console:members", organization.slug)


@require_safe
@inside
def directory(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Whom to ask in each organisation. For people who work on the platform: names are personal data."""
    if not viewer.in_group:
        raise AccessDenied(reason=_("the directory is for the members of the organisations of the platform."))
    text = request.GET.get("q", "").strip()[:100]
    context = {
        "page": page_of(request, referents(text)),
        "page_address": address_of_page(request),
        "text": text,
    }
    return render(request, "console/directory.html", context)


def member_of(organization: Organization, pk: int) -> Membership:
    membership = (
        Membership.objects.select_related("user", "organization").filter(organization=organization, pk=pk).first()
    )
    if membership is None:
        raise NotFound(kind=_("The member"), name=str(pk))
    return membership


def _may_grant(viewer: Viewer, organization: Organization, role: Role) -> bool:
    """Nobody gives, or takes away, a role above their own."""
    return has_role(viewer, organization.pk, role)


def _require_grant(viewer: Viewer, organization: Organization, *roles: Role) -> None:
    for role in roles:
        if not _may_grant(viewer, organization, role):
            raise AccessDenied(reason=_("the role “%(role)s” is above yours.") % {"role": role.label})


def _invite(request: HttpRequest, viewer: Viewer, organization: Organization, form: InvitationForm) -> str:
    """The link to choose a password, when the account has none yet."""
    answers = form.cleaned_data
    role = Role(answers["role"])
    held = organization.memberships.filter(user__email=answers["email"].strip().lower()).values_list("role", flat=True)
    _require_grant(viewer, organization, role, *(Role(value) for value in held))
    invitation = invite_member(organization=organization, email=answers["email"], role=role, name=answers["name"])
    user = invitation.membership.user
    messages.success(request, _("%(person)s is now: %(role)s.") % {"person": user, "role": role.label})
    return hand_over(request, invitation) if never_came(user) else ""


def _page(
    request: HttpRequest, viewer: Viewer, organization: Organization, form: InvitationForm, link: str
) -> HttpResponse:
    page = page_of(request, members_of(organization))
    policies = policies_in(organization)
    context = {
        "organization": organization,
        "page": page,
        "page_address": address_of_page(request),
        "lines": lines_of(viewer, list(page), policies),
        "form": form,
        "link": link,
        "roles": [(role, WHAT_ROLES_DO[role]) for role in Role],
        "grantable": [role for role in Role if _may_grant(viewer, organization, role)],
        "policies": policies,
    }
    return render(request, "console/members.html", context)
