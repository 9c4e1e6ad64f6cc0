"""What may be done, and how far a thing is seen."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Visibility(TextChoices):
    """How far a dataset is seen. The EU access-right code is the end of the authority URI."""

    PRIVATE = "private", _("Private: my organisation only")
    SHARED = "shared", _("Shared: every organisation of the platform")
    REQUEST = "request", _("On request: everyone sees what it is")
    OPEN = "open", _("Open: everyone")

    @property
    def access_right(self) -> str:
        """URI of the EU vocabulary `access-right` (DCAT-AP `dct:accessRights`)."""
        codes = {"private": "NON_PUBLIC", "shared": "RESTRICTED", "request": "RESTRICTED", "open": "PUBLIC"}
        code = codes[self.value]
        return f"http://publications.europa.eu/resource/authority/access-right/{code}"


ANNOUNCED = frozenset({Visibility.REQUEST, Visibility.OPEN})
"""What everybody may know of."""


class Action(TextChoices):
    """SEE: know that it is there, and what people wrote about it; never a value of its data, nor what is made of values."""

    SEE = "see", _("Know of it, without its data")
    READ = "read", _("See and read")
    PUBLISH = "publish", _("Publish data")
    MANAGE = "manage", _("Change metadata and visibility")
    ADMINISTER = "administer", _("Manage members")

    @property
    def rank(self) -> int:
        """Each action comes with the ones before it."""
        return list(Action).index(self)


GRANTED = tuple(action for action in Action if action != Action.SEE)
"""What an exception may be about: knowing of a dataset is for everyone (`Visibility.REQUEST`) or comes with reading."""


class Audience(TextChoices):
    """To whom something is said, from the widest to the most precise."""

    EVERYONE = "everyone", _("Everyone")
    MEMBERS = "members", _("The members of the organisations of the platform")
    BRANCH = "branch", _("The members of an organisation and of those below it")
    ORGANIZATION = "organization", _("The members of an organisation")
    GROUP = "group", _("A working group")
    PERSON = "person", _("A person")


class Mask(TextChoices):
    """What is shown in the place of a value. `to`, where it has one, is a number of characters, a step, or a period."""

    HIDE = "hide", _("Nothing: the column does not exist")
    HASH = "hash", _("A pseudonym: the same value always gives the same one")
    TRUNCATE = "truncate", _("The first characters")
    ROUND = "round", _("The number rounded down to a step")
    PERIOD = "period", _("The month or the year of the date")


class Effect(TextChoices):
    ALLOW = "allow", pgettext_lazy("a right", "may")  # not the month
    DENY = "deny", _("may not")
