"""States and policies, in the words of the people who use them."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SchemaKind(TextChoices):
    NATIONAL = "national", _("National schema")
    LOCAL = "local", _("Local schema")


class SchemaLanguage(TextChoices):
    """What a schema is written in; the value is that of the `schema_type` of the national catalogue."""

    TABLE = "tableschema", _("Table Schema")
    JSON = "jsonschema", _("JSON Schema")


class SchemaStatus(TextChoices):
    """The life of a version of a local schema. National ones arrive adopted."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    ADOPTED = "adopted", _("Adopted")
    RETIRED = "retired", _("Retired")


class Policy(TextChoices):
    """What is done with a delivery that does not follow its schema."""

    BLOCK = "block", _("Publish nothing until it is right")
    QUARANTINE = "quarantine", _("Publish the right rows, keep the others aside")
    WARN = "warn", _("Publish, and say what is wrong")


class Contract(TextChoices):
    """What is done when the columns of the source change."""

    EVOLVE = "evolve", _("Follow: new columns come in, lost ones are empty")
    FREEZE = "freeze", _("Stop: nothing is published until somebody looks")
    DISCARD_ROW = "discard_row", _("Leave out the rows that hold something unexpected")
    DISCARD_VALUE = "discard_value", _("Leave out the unexpected values")


class Settlement(TextChoices):
    """Why rows kept aside wait no more."""

    REPLAYED = "replayed", _("Mended and published")
    SUPERSEDED = "superseded", _("Replaced by a newer delivery")
    DROPPED = "dropped", _("Left out by decision")


class Dimension(TextChoices):
    """The dimensions of quality; formula and weights in `quality.score`."""

    COMPLETENESS = "completeness", _("Completeness")
    CONFORMITY = "conformity", _("Conformity")
    FRESHNESS = "freshness", _("Freshness")
    DOCUMENTATION = "documentation", _("Documentation")
    ACCESSIBILITY = "accessibility", _("Accessibility")
    CONSISTENCY = "consistency", _("Consistency")
