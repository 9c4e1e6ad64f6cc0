"""`bocage createadmin EMAIL`: the account of an operator."""

from __future__ import annotations

import argparse
import getpass
import sys

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SUMMARY = _("Create the account of an operator, or give an existing account these rights.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", help=str(_("E-mail address.")))
    parser.add_argument(
        "--password-stdin", action="store_true", help=str(_("Read the password from the standard input."))
    )


def run(options: argparse.Namespace) -> int:
    from django.contrib.auth.password_validation import validate_password

    from bocage.config import terminal
    from bocage.organizations.models import User

    email = options.email.strip().lower()
    user = User.objects.filter(email=email).first() or User(email=email)
    try:
        password = _password(options.password_stdin)
        validate_password(password, user)
        user.is_staff = user.is_superuser = user.is_active = True
        user.set_password(password)
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        for message in error.messages:
            terminal.warn(message)
        return 1
    user.save()
    terminal.say(gettext("%(email)s now runs the platform.") % {"email": email})
    return 0


def _password(from_stdin: bool) -> str:
    """Never an argument nor an environment variable: both are seen by the other programs of the machine."""
    if from_stdin or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass(gettext("Password: "))
    if getpass.getpass(gettext("Again: ")) != password:
        raise ValidationError(gettext("The two passwords differ."))
    return password
