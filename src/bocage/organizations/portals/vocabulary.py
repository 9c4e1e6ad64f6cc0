"""What a portal shows of the common catalogue, what its home page is made of, and in which language it greets."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Showing(TextChoices):
    """A view, never a right: what it keeps is cut again by what the reader may see."""

    EVERYTHING = "everything", _("The whole common catalogue")
    OWN = "own", _("The data of the organisation only")
    BRANCH = "branch", _("The data of the organisation and of those below it")
    TERRITORY = "territory", _("What speaks of its territory, whoever publishes it")
    SHARED = "shared", _("Its data, and what is granted to it or opened to it by an agreement")
    CHOSEN = "chosen", _("Datasets chosen one by one")
    QUERY = "query", _("The datasets that answer a question")


class BlockKind(TextChoices):
    """What a home page may be made of: a closed set, so that every page stays readable and quick."""

    SEARCH = "search", _("Search field")
    TEXT = "text", _("Title and text")
    HIGHLIGHTS = "highlights", _("Highlighted datasets")
    FIGURES = "figures", _("Key figures")
    THEMES = "themes", _("Themes")
    LATEST = "latest", _("Latest updates")
    USES = "uses", _("What can be done here")
    ORGANIZATIONS = "organizations", _("Organisations that share their data")


class Language(TextChoices):
    """Shown to visitors whose browser asks for none that the platform speaks."""

    FRENCH = "fr", _("French")
    ENGLISH = "en", _("English")
