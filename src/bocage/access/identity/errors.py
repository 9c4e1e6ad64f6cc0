"""Why somebody did not come in by an identity provider."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError, TransientError


class ProviderFault(TransientError):
    """The provider answers wrongly, or not at all. `detail` is for the log, not for the person."""

    code = "identity.provider-fault"
    message = _("%(label)s did not answer as expected: you are not signed in.")
    mend = _("Try again in a moment. If it lasts, tell the team that runs this platform.")


class TokenRefused(TerminalError):
    """A token is not what it should be: forged, meant for somebody else, too old… `detail` is for the log."""

    code = "identity.token-refused"
    message = _("What %(label)s said of you could not be verified: you are not signed in.")
    mend = _("Try again. If it happens again, tell the team that runs this platform.")


class AttemptLost(TerminalError):
    """No attempt of this browser has this state: too old, done already, or begun elsewhere."""

    code = "identity.attempt-lost"
    message = _("This sign-in was begun too long ago, in another browser, or is finished already.")
    mend = _("Begin again from the sign-in page.")


class SignInCancelled(TerminalError):
    code = "identity.cancelled"
    message = _("The sign-in with %(label)s was not finished.")
    mend = _("Begin again from the sign-in page.")


class UnknownPerson(TerminalError):
    """No account is linked, and none may be: whether one has this address is nobody's business."""

    code = "identity.unknown-person"
    message = _("%(label)s knows you, but no account of this platform is linked to this identity.")
    mend = _("Ask the coordinator of %(organization)s to create your account, with the address %(email)s.")


class AccountSuspended(TerminalError):
    code = "identity.account-suspended"
    message = _("This account is suspended.")
    mend = _("Ask the coordinator of your organisation.")


class IdentityTaken(TerminalError):
    code = "identity.taken"
    message = _("This identity of %(label)s is linked to another account.")
    mend = _("Sign in with it, and unlink it there first.")


class AlreadyLinked(TerminalError):
    code = "identity.already-linked"
    message = _("Your account is already linked to an identity of %(label)s.")
    mend = _("Unlink it first.")


class LastWayIn(TerminalError):
    code = "identity.last-way-in"
    message = _("This is the only way by which you sign in: unlinking it would lock you out.")
    mend = _("Choose a password first, by “Forgotten password”.")
