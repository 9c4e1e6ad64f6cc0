"""The journal: entries that are only ever added, and where their chain begins and ends."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bocage.access.audit.chain import GENESIS, read
from bocage.access.audit.vocabulary import Door, Kind
from bocage.organizations.models import Organization


class JournalEntry(models.Model):
    """Numbers follow one another without a gap; `hash` is made of the entry and of the hash before it (`audit.chain`).

    Nothing refers to another table: an entry stays as it was when accounts, datasets and organisations go. `kind`, `door`: codes
    of `audit.vocabulary`. `person`, `key`: primary keys. `organization`, `party`: slugs, of whose thing it is and in whose
    name it was read. `dataset`, `version`: uids. `restriction`: `Restriction.key`. `agreements`: their numbers, each between
    spaces. `facts`: JSON. The database refuses to change or remove an entry (`audit.guards`)."""

    number = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=27, db_index=True)
    kind = models.CharField(max_length=30)
    person = models.BigIntegerField(null=True)
    key = models.BigIntegerField(null=True)
    door = models.CharField(max_length=10)
    origin = models.CharField(max_length=64)
    organization = models.CharField(max_length=100)
    dataset = models.CharField(max_length=32)
    version = models.CharField(max_length=32)
    restriction = models.CharField(max_length=32)
    rows = models.BigIntegerField(null=True)
    agreements = models.TextField()
    party = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    facts = models.TextField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("-number",)
        indexes = (
            models.Index(fields=("organization", "number"), name="journal_of_organization"),
            models.Index(fields=("dataset", "number"), name="journal_of_dataset"),
            models.Index(fields=("person", "number"), name="journal_of_person"),
            models.Index(
                fields=("party", "dataset", "at"), name="journal_of_party", condition=~Q(party="")
            ),  # what agreements opened: a small part of it
        )

    def __str__(self) -> str:
        return f"{self.number} · {self.kind}"

    @property
    def moment(self) -> datetime:
        return read(self.at)

    @property
    def words(self) -> str:
        """What it tells; of a kind that the software knew once, its code."""
        return str(Kind(self.kind).label) if self.kind in Kind.values else self.kind

    @property
    def way(self) -> str:
        return str(Door(self.door).label) if self.door in Door.values else self.door

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.facts)
        return found


class JournalHead(models.Model):
    """One row. `number`, `hash`: of the last entry. `anchor`, `anchor_hash`: of the last that was removed for its age."""

    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)
    anchor = models.BigIntegerField(default=0)
    anchor_hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        constraints = (
            models.CheckConstraint(name="journal_head_is_one", condition=Q(pk=1)),
            models.CheckConstraint(name="journal_begins_before_it_ends", condition=Q(anchor__lte=F("number"))),
        )

    def __str__(self) -> str:
        return f"{self.anchor}-{self.number}"


class ProtectionOfficer(models.Model):
    """Who reads the journal of an organisation beside those who administer it: its data protection officer."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="protection_officers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="protects")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("created_at", "pk")
        constraints = (models.UniqueConstraint("organization", "person", name="officer_named_once"),)

    def __str__(self) -> str:
        return f"{self.person} · {self.organization}"
