"""The link by which a person chooses a password: the one of a forgotten password, valid for some days and once."""

from __future__ import annotations

from collections.abc import Sequence

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage, get_connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bocage.kernel.public_address import public_address
from bocage.organizations.models import Membership, Organization, User
from bocage.organizations.services import Invitation


def password_link(request: HttpRequest, user: User) -> str:
    """The absolute address where `user` chooses a password."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return public_address(request, path)


def hand_over(request: HttpRequest, invitation: Invitation) -> str:
    """Send the link to the address of somebody who never came. What is shown of it to whoever invites: nothing, where messages
    are really sent, since whoever uses the link then has that address; elsewhere the link itself, unless the account would
    give them more than what is theirs to give."""
    user, organization = invitation.membership.user, invitation.membership.organization
    link = password_link(request, user)
    left = _send([_invitation(user, organization, link)]) == 1
    if not mail_is_sent():
        if not invitation.new_account:
            messages.info(request, _("%(person)s was invited elsewhere too.") % {"person": user})
        return link if invitation.new_account else ""
    if left:
        messages.success(
            request, _("An invitation was sent to %(email)s. It works once, for three days.") % {"email": user.email}
        )
    else:
        messages.error(
            request, _("The message to %(email)s could not be sent. Invite again in a moment.") % {"email": user.email}
        )
    return ""


def tell_factor_reset(user: User) -> None:
    """At once, beside the notice on the page: whoever did not ask for it must act now."""
    subject = _("Your second factor was taken away")
    body = _(
        "Hello,\n\nThe second factor of your account was taken away by somebody who administers the organisations for which you "
        "work, because it was lost.\n\nIf you did not ask for it, change your password and tell them at once."
    )
    _send([EmailMessage(subject, body, None, [user.email])])


def mail_is_sent() -> bool:
    """Or only logged."""
    return bool(settings.BOCAGE.smtp_url.get_secret_value())


def invite_all(request: HttpRequest, memberships: Sequence[Membership]) -> int:
    """Send each their link, through one connection; how many messages left."""
    return _send(
        [
            _invitation(membership.user, membership.organization, password_link(request, membership.user))
            for membership in memberships
        ]
    )


def _invitation(user: User, organization: Organization, link: str) -> EmailMessage:
    subject = _("Your account to publish the data of %(organization)s") % {"organization": organization.name}
    body = _(
        "Hello,\n\n%(organization)s invites you to publish its data.\n\n"
        "Choose your password here:\n%(link)s\n\nThe link works once, for three days."
    ) % {"organization": organization.name, "link": link}
    return EmailMessage(subject, body, None, [user.email])


def _send(invitations: list[EmailMessage]) -> int:
    try:
        return get_connection().send_messages(invitations) or 0
    except OSError:
        return 0
