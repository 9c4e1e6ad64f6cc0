"""What an audience sees *inside* a dataset that it may read."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.access.models.audiences import NOBODY_NAMED, ONE_GROUP, ONE_ORGANIZATION, ONE_PERSON, ForAudience

LARGEST_GRID_M = 100_000
LEAST_THRESHOLD, MOST_THRESHOLD = 2, 1_000


class DataRule(ForAudience):
    """The most precise rule in force for a reader is applied, alone; of several as precise, all of them. Whoever manages the
    dataset sees it whole. Readers to whom no rule speaks see it whole too.

    `columns`: name of a field → {"mask": Mask, "to": …}. `rows`: a condition in ODSQL, in which `{insee}`, `{siren}` and
    `{organization}` stand for the codes (or identifiers) of the organisations where the reader holds a role. `grid_m`: positions
    become the middle of the square of this side where they are. `threshold`: only groups of that many rows are seen: see
    `Cells` in `access.restrictions`."""

    dataset = models.CharField(max_length=32, db_index=True, help_text="uid")
    columns = models.JSONField(default=dict, blank=True)
    rows = models.TextField(_("which rows"), blank=True, max_length=5_000)
    grid_m = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LARGEST_GRID_M)]
    )
    threshold = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(LEAST_THRESHOLD), MaxValueValidator(MOST_THRESHOLD)]
    )
    dimensions = models.JSONField(default=list, blank=True, help_text="names of fields")
    measures = models.JSONField(default=list, blank=True, help_text="names of fields")

    class Meta(ForAudience.Meta):
        constraints = (
            models.CheckConstraint(
                name="data_rule_names_its_audience",
                condition=NOBODY_NAMED | ONE_ORGANIZATION | ONE_GROUP | ONE_PERSON,
            ),
        )

    def __str__(self) -> str:
        return f"{self.dataset} · {self.holder}"
