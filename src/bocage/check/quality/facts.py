"""What the score of a dataset is made of: plain facts, gathered for many datasets at once in `quality.gathering`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bocage.catalog.vocabulary import Frequency, Licence

GRACE = timedelta(days=1)
DESCRIPTION = 100
"""Characters beyond which a description describes (a criterion of data.gouv.fr)."""


@dataclass(frozen=True)
class Facts:
    """`filled_share`: cells that hold something, None before the first profile. `checked`: there is a verdict on the current
    version. `schema_outdated`: a later version of its schema exists. `waiting_rows`: kept aside and not mended.
    `spatial`: its territory is stated; `located`: its rows have positions, the only extent that data.gouv.fr reads."""

    at: datetime
    published: bool = False
    updated_at: datetime | None = None
    frequency: str = Frequency.UNKNOWN.value
    licence: str = Licence.NOT_SPECIFIED.value
    description_length: int = 0
    keywords: int = 0
    themes: int = 0
    contact: bool = False
    temporal: bool = False
    spatial: bool = False
    located: bool = False
    key: bool = False
    field_count: int = 0
    described_fields: int = 0
    filled_share: float | None = None
    follows_schema: bool = False
    checked: bool = False
    row_count: int = 0
    wrong_rows: int = 0
    table_faults: int = 0
    waiting_rows: int = 0
    schema_outdated: bool = False
    anomalies: int = 0

    @property
    def age(self) -> timedelta | None:
        """Since the last update; None when nothing was published."""
        return self.at - self.updated_at if self.updated_at else None

    @property
    def is_described(self) -> bool:
        return self.description_length > DESCRIPTION

    @property
    def licence_is_open(self) -> bool:
        return self.licence != Licence.NOT_SPECIFIED

    @property
    def frequency_is_stated(self) -> bool:
        return self.frequency != Frequency.UNKNOWN

    @property
    def is_up_to_date(self) -> bool:
        """The promise is kept, one day of grace; what promises no date cannot be late."""
        silence = Frequency(self.frequency).longest_silence
        if self.age is None:
            return False
        return silence is None or self.age <= silence + GRACE
