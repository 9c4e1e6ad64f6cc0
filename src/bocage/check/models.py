"""Schemas with their versions, who adopted them, what each dataset promises to follow, and what was found."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.catalog.models import Dataset
from bocage.check.registry.precedence import precedence
from bocage.check.vocabulary import Contract, Policy, SchemaKind, SchemaLanguage, SchemaStatus, Settlement
from bocage.kernel.ids import new_uid
from bocage.organizations.models import Organization
from bocage.store.models import Version


def new_schema_uid() -> str:
    return new_uid("sc")


def new_quarantine_uid() -> str:
    return new_uid("qu")


class Schema(models.Model):
    """A Table Schema, whatever its versions. `name`: `scdl/deliberations` for a national one, `<organization>/<slug>` for ours.

    `catalogue`: the address or the folder it was imported from; empty for a local one. `organization`: who leads a local one.
    `entry`: what that catalogue says of it beside: {"contact", "labels": [], "examples": [{"title", "path"}], "documentation"}."""

    uid = models.CharField(max_length=32, unique=True, default=new_schema_uid, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(max_length=10, choices=SchemaKind.choices, default=SchemaKind.NATIONAL)
    language = models.CharField(max_length=12, choices=SchemaLanguage.choices, default=SchemaLanguage.TABLE)
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    homepage = models.URLField(max_length=500, blank=True)
    catalogue = models.CharField(max_length=500, blank=True)
    entry = models.JSONField(default=dict, blank=True)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="schemas")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.name


class SchemaVersion(models.Model):
    """One state of a schema. Immutable once proposed. `lint`: list of {"code", "field", "fields"}, what its author should mend.

    `changes`: what its author says is new. `frozen_at`: when it was proposed. `precedence` sorts as semantic versions do; it and
    `field_count` are derived when saved."""

    schema = models.ForeignKey(Schema, models.CASCADE, related_name="versions")
    number = models.CharField(_("version"), max_length=40)
    status = models.CharField(max_length=10, choices=SchemaStatus.choices, default=SchemaStatus.ADOPTED)
    descriptor = models.JSONField(default=dict)
    origin = models.CharField(max_length=500, blank=True, help_text="address or file it was read from")
    sha256 = models.CharField(max_length=64, blank=True)
    lint = models.JSONField(default=list, blank=True)
    changes = models.TextField(_("what changes"), blank=True)
    precedence = models.CharField(max_length=120, editable=False, default="")
    field_count = models.PositiveIntegerField(editable=False, default=0)
    frozen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("schema", "number"), name="one_schema_version_per_number"),)
        indexes = (models.Index(fields=("schema", "precedence")),)

    def __str__(self) -> str:
        return f"{self.schema.name} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.precedence = precedence(self.number)
        fields = self.descriptor.get("fields")
        self.field_count = len(fields) if isinstance(fields, list) else 0
        if (update := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*update, "precedence", "field_count"}
        super().save(*args, **kwargs)


class Adoption(models.Model):
    """An organisation follows a schema. `required_below`: so must every organisation under it in the tree."""

    schema = models.ForeignKey(Schema, models.CASCADE, related_name="adoptions")
    version = models.ForeignKey(SchemaVersion, models.PROTECT, null=True, blank=True, related_name="adoptions")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="schema_adoptions")
    required_below = models.BooleanField(_("required of every organisation below"), default=False)
    decided_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("schema", "organization"), name="one_adoption_per_schema"),)

    def __str__(self) -> str:
        return f"{self.organization} · {self.schema}"


class Remark(models.Model):
    """A word of the working group on a version of a schema, or on one of its fields."""

    version = models.ForeignKey(SchemaVersion, models.CASCADE, related_name="remarks")
    field = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("created_at",)

    def __str__(self) -> str:
        return self.body[:60]


class CodeList(models.Model):
    """A vocabulary, whatever its editions. `name` is what schemas and mappings refer to."""

    name = models.CharField(max_length=200, unique=True)
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(blank=True)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="code_lists")
    uri = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.name


class CodeListEdition(models.Model):
    """`codes`: list of {"code", "fr", "en", "parent", "synonyms": []}, in order."""

    code_list = models.ForeignKey(CodeList, models.CASCADE, related_name="editions")
    number = models.CharField(max_length=40)
    codes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("code_list", "number"), name="one_edition_per_number"),)

    def __str__(self) -> str:
        return f"{self.code_list.name} {self.number}"


class Reference(models.Model):
    """A dataset where checks look values up, under the name that schemas and rules give to it (`communes`, `sirene`…).

    Chosen by the operator: nobody changes the verdicts of others by publishing a dataset of that name. `columns`: name that
    schemas give → field of the dataset, where they differ."""

    name = models.CharField(max_length=100, unique=True)
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="references")
    columns = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name} → {self.dataset.slug}"


class Conformity(models.Model):
    """A dataset follows a version of a schema, through a mapping, under a policy.

    `main`: the published version itself has the schema's columns: the mapping is applied at each delivery. Otherwise it is one
    more view of the same version, made from its columns."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="conformities")
    schema_version = models.ForeignKey(SchemaVersion, models.PROTECT, related_name="conformities")
    main = models.BooleanField(default=True)
    mapping = models.JSONField(
        default=dict, blank=True, help_text="ColumnMappings.as_dict(); empty: columns as they are"
    )
    policy = models.CharField(max_length=12, choices=Policy.choices, default=Policy.WARN)
    contract = models.CharField(max_length=14, choices=Contract.choices, default=Contract.FREEZE)
    profile = models.CharField(max_length=10, default="validata")
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("dataset",), condition=models.Q(main=True), name="one_main_conformity"),
            models.UniqueConstraint(fields=("dataset", "schema_version"), name="one_conformity_per_schema_version"),
        )

    def __str__(self) -> str:
        return f"{self.dataset.slug} · {self.schema_version}"


class Report(models.Model):
    """The verdict on one version (or on a delivery that made none: `version` empty, `run` says which)."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="reports")
    version = models.ForeignKey(Version, models.CASCADE, null=True, blank=True, related_name="reports")
    run = models.CharField(max_length=32, blank=True, db_index=True, help_text="uid of the run")
    schema_version = models.ForeignKey(SchemaVersion, models.CASCADE, related_name="reports")
    verdict = models.JSONField(default=dict, help_text="Verdict.as_dict()")
    valid = models.BooleanField()
    error_count = models.BigIntegerField(default=0)
    row_count = models.BigIntegerField(default=0)
    wrong_rows = models.BigIntegerField(default=0)
    table_faults = models.PositiveIntegerField(default=0, help_text="families of errors that no row is to blame for")
    faults = models.CharField(
        max_length=500,
        blank=True,
        help_text="path below the data folder of every fault (Verdict.faults), while it is kept",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.dataset.slug} · {self.schema_version}"


class Quarantine(models.Model):
    """Rows of a delivery kept aside: a Parquet file of texts below the data folder, as the mapping gave them, with their faults.

    Once mended they are replayed: checked and published with the rows of the current version. The next delivery is whole, so
    that it supersedes them. `settled_at` says that nothing waits any more, `settled_how` why. `report`: what was found wrong."""

    uid = models.CharField(max_length=32, unique=True, default=new_quarantine_uid, editable=False)
    conformity = models.ForeignKey(Conformity, models.CASCADE, related_name="quarantines")
    run = models.CharField(max_length=32, blank=True, db_index=True)
    file = models.CharField(max_length=500, help_text="path below the data folder")
    row_count = models.BigIntegerField(default=0)
    mended = models.JSONField(default=dict, blank=True, help_text="row number → {column: value}; null drops the row")
    created_at = models.DateTimeField(auto_now_add=True)
    report = models.ForeignKey(Report, models.SET_NULL, null=True, blank=True, related_name="quarantines")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_how = models.CharField(max_length=12, choices=Settlement.choices, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.conformity} · {self.row_count}"


class VersionProfile(models.Model):
    """What the columns of a version hold. `content`: see `quality.profile`; `anomalies` against the version before."""

    version = models.OneToOneField(Version, models.CASCADE, related_name="profile")
    content = models.JSONField(default=dict)
    anomalies = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.version)


class Score(models.Model):
    """The quality of a dataset on a day: `dimensions` maps vocabulary.Dimension to {"value": 0..1, "reasons": [...]}."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="scores")
    day = models.DateField()
    total = models.FloatField()
    dimensions = models.JSONField(default=dict)

    class Meta:
        ordering = ("-day",)
        constraints = (models.UniqueConstraint(fields=("dataset", "day"), name="one_score_per_day"),)

    def __str__(self) -> str:
        return f"{self.dataset.slug} · {self.total:.2f}"


class DigestSetting(models.Model):
    """Whether a person wants the weekly message on quality; a person without a row does. `sent_at`: the last one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest_setting")
    wanted = models.BooleanField(default=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user} · {self.wanted}"
