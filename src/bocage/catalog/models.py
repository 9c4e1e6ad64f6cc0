"""Datasets and their metadata, in the words of DCAT-AP."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.access.rules import visible_to
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action, Visibility
from bocage.catalog.fields import Field, annotated
from bocage.catalog.references.models import ReferenceLayer, ReferenceLink
from bocage.catalog.styles.models import Style, StyleChange
from bocage.catalog.uses.models import CountedFile, DatasetUse
from bocage.catalog.vocabulary import Frequency, HighValue, Licence, Theme
from bocage.kernel.ids import SLUG_LENGTH, new_uid
from bocage.organizations.models import Organization, slug_validator

__all__ = [
    "CountedFile",
    "Dataset",
    "DatasetQuerySet",
    "DatasetUse",
    "ReferenceLayer",
    "ReferenceLink",
    "Revision",
    "Style",
    "StyleChange",
    "Tombstone",
    "new_dataset_uid",
]


def new_dataset_uid() -> str:
    return new_uid("da")


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def visible_to(self, viewer: Viewer, action: Action = Action.READ) -> Self:
        """The datasets on which `viewer` may do `action`; same rule as `access.rules.decide`."""
        return self.filter(visible_to(viewer, action))


class Dataset(models.Model):
    """What a dataset is. Its data is in `store`: the facts about the current version are copied here at publication,
    so that a list of datasets is one query."""

    uid = models.CharField(max_length=32, unique=True, default=new_dataset_uid, editable=False)
    slug = models.CharField(_("identifier"), max_length=SLUG_LENGTH, unique=True, validators=[slug_validator])
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="datasets")
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown is understood."))
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.PRIVATE, db_index=True
    )
    themes = models.JSONField(_("themes"), default=list, blank=True, help_text="codes of vocabulary.Theme")
    keywords = models.JSONField(_("keywords"), default=list, blank=True)
    licence = models.CharField(_("licence"), max_length=40, choices=Licence.choices, default=Licence.LICENCE_OUVERTE)
    update_frequency = models.CharField(
        _("promised update frequency"), max_length=20, choices=Frequency.choices, default=Frequency.UNKNOWN
    )
    territory = models.JSONField(_("territory"), default=list, blank=True, help_text="INSEE codes, as text")
    contact_name = models.CharField(_("contact"), max_length=200, blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    steward = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("steward")
    )
    conforms_to = models.CharField(_("schema"), max_length=300, blank=True, help_text="URL or name of the schema")
    hvd_category = models.CharField(
        _("high-value category"),
        max_length=12,
        choices=HighValue.choices,
        blank=True,
        help_text="Regulation (EU) 2023/138",
    )
    source = models.CharField(_("origin of the data"), max_length=300, blank=True)
    attributions = models.CharField(_("attribution"), max_length=300, blank=True)
    temporal_start = models.DateField(null=True, blank=True)
    temporal_end = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=5, default="fr")
    primary_key = models.JSONField(_("key"), default=list, blank=True, help_text="names of the fields of the key")
    field_settings = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="name of field to Annotations.as_dict(), kept from file to file",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    metadata_updated_at = models.DateTimeField(auto_now=True)

    # Facts of the current version, written by store.services in the transaction that moves the pointer.
    version_number = models.PositiveIntegerField(null=True, blank=True, editable=False)
    row_count = models.BigIntegerField(null=True, blank=True, editable=False)
    data_updated_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    schema = models.JSONField(default=list, editable=False, help_text="list of Field.as_dict()")
    geometry_types = models.JSONField(default=list, editable=False)
    bbox = models.JSONField(null=True, blank=True, editable=False, help_text="[west, south, east, north] in CRS84")

    objects: ClassVar[models.Manager[Dataset]] = models.Manager.from_queryset(DatasetQuerySet)()

    class Meta:
        ordering = ("title",)
        indexes = (models.Index(fields=("organization", "visibility")),)

    def __str__(self) -> str:
        return self.title

    @property
    def fields(self) -> list[Field]:
        """Fields of the current version, with the labels and descriptions edited since, and their annotations."""
        return annotated(self.schema, self.field_settings)

    @property
    def is_geographic(self) -> bool:
        return bool(self.geometry_types)

    @property
    def theme_labels(self) -> list[str]:
        return [str(Theme(code).label) for code in self.themes if code in Theme.values]


class Tombstone(models.Model):
    """What was open, with data, and is no more: its page and the interfaces say so, the feed tells the catalogues that have it.

    Everything here was public; nothing says whether the dataset still exists for others. `title`: as the public last read it.
    `replaced_by`: the dataset that carries on under another identifier."""

    slug = models.CharField(max_length=SLUG_LENGTH, unique=True)
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200)
    organization = models.ForeignKey(Organization, models.SET_NULL, null=True, related_name="+")
    contact_email = models.EmailField(blank=True)
    replaced_by = models.ForeignKey(Dataset, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.slug


class Revision(models.Model):
    """One row: a counter that grows with every change of the catalogue. The key of every cache built from it."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
