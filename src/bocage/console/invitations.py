"""The link by which a person chooses a password: the one of a forgotten password, valid for some days and once."""

from __future__ import annotations

from collections.abc import Sequence

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import EmailMessage, get_connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bocage.kernel.public_address import public_address
from bocage.organizations.models import Membership, Organization, User


def password_link(request: HttpRequest, user: User) -> str:
    """The absolute address where `user` chooses a password."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return public_address(request, path)


def send_invitation(user: User, organization: Organization, link: str) -> bool:
    """Send the link; whether the message left. The coordinator has the link on the page in any case."""
    return _send([_invitation(user, organization, link)]) == 1


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
