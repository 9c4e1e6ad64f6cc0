"""Controlled vocabularies of the catalogue, each with the URI that the standards give it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

EU = "http://publications.europa.eu/resource/authority"


class FieldType(TextChoices):
    """Types of a field, in the words of Table Schema. Text is the default: codes are never numbers."""

    STRING = "string", _("Text")
    INTEGER = "integer", _("Whole number")
    NUMBER = "number", _("Decimal number")
    BOOLEAN = "boolean", _("Yes / no")
    DATE = "date", _("Date")
    DATETIME = "datetime", _("Date and time")
    GEOPOINT = "geopoint", _("Position")
    GEOMETRY = "geojson", _("Shape")
    ARRAY = "array", _("List of texts")
    OBJECT = "object", _("JSON object")

    @property
    def is_geographic(self) -> bool:
        return self in (FieldType.GEOPOINT, FieldType.GEOMETRY)


class Theme(TextChoices):
    """Themes of a local authority, each mapped to an EU data theme."""

    ROADS = "voirie", _("Roads and public space")
    WASTE = "dechets", _("Waste")
    MOBILITY = "mobilite", _("Mobility")
    PLANNING = "urbanisme", _("Town planning and housing")
    BUDGET = "budget", _("Budget and public procurement")
    CULTURE = "culture", _("Culture, sport and heritage")
    ENVIRONMENT = "environnement", _("Environment and energy")
    SOCIAL = "social", _("Social action and health")
    EDUCATION = "education", _("Childhood and education")
    AGENDA = "agenda", _("Agenda and events")
    ECONOMY = "economie", _("Economy and employment")
    CITIZENSHIP = "citoyennete", _("Citizenship and institutions")
    WATER = "eau", _("Water")
    TERRITORY = "territoire", _("Territory and reference layers")

    @property
    def uri(self) -> str:
        """EU data theme (DCAT-AP `dcat:theme`)."""
        return f"{EU}/data-theme/{_EU_THEME[self.value]}"


_EU_THEME = {
    "voirie": "TRAN", "dechets": "ENVI", "mobilite": "TRAN", "urbanisme": "REGI", "budget": "GOVE", "culture": "EDUC",
    "environnement": "ENVI", "social": "SOCI", "education": "EDUC", "agenda": "EDUC", "economie": "ECON",
    "citoyennete": "GOVE", "eau": "ENVI", "territoire": "REGI",
}  # fmt: skip


class Licence(TextChoices):
    LICENCE_OUVERTE = "lov2", _("Licence Ouverte / Open Licence 2.0")
    ODBL = "odc-odbl", _("Open Database License (ODbL) 1.0")
    CC_BY = "cc-by-4.0", _("Creative Commons Attribution 4.0")
    CC0 = "cc0-1.0", _("Creative Commons Zero 1.0")
    NOT_SPECIFIED = "notspecified", _("Licence not specified")

    @property
    def url(self) -> str:
        return _LICENCE_URL[self.value]


_LICENCE_URL = {
    "lov2": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    "odc-odbl": "https://opendatacommons.org/licenses/odbl/1-0/",
    "cc-by-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "cc0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "notspecified": "",
}


class HighValue(TextChoices):
    """Categories of high-value datasets (Regulation (EU) 2023/138); the value is the code of the EU vocabulary."""

    GEOSPATIAL = "c_ac64a52d", _("Geospatial")
    ENVIRONMENT = "c_dd313021", _("Earth observation and environment")
    METEOROLOGICAL = "c_164e0bf5", _("Meteorological")
    STATISTICS = "c_e1da4e07", _("Statistics")
    COMPANIES = "c_a9135398", _("Companies and company ownership")
    MOBILITY = "c_b79e35eb", _("Mobility")

    @property
    def uri(self) -> str:
        """`dcatap:hvdCategory` of DCAT-AP HVD."""
        return f"http://data.europa.eu/bna/{self.value}"


class Frequency(TextChoices):
    """Promised update frequency; the value is the code of the EU vocabulary `frequency`."""

    UPDATE_CONT = "UPDATE_CONT", _("Continuous")
    DAILY = "DAILY", _("Daily")
    WEEKLY = "WEEKLY", _("Weekly")
    MONTHLY = "MONTHLY", _("Monthly")
    QUARTERLY = "QUARTERLY", _("Quarterly")
    ANNUAL_2 = "ANNUAL_2", _("Twice a year")
    ANNUAL = "ANNUAL", _("Yearly")
    IRREG = "IRREG", _("Irregular")
    NEVER = "NEVER", _("Never: the data is final")
    UNKNOWN = "UNKNOWN", _("Not stated")

    @property
    def uri(self) -> str:
        return f"{EU}/frequency/{self.value}"

    @property
    def longest_silence(self) -> timedelta | None:
        """After how long without an update the promise is broken; None when nothing is promised."""
        return _SILENCE.get(self.value)


_SILENCE = {
    "UPDATE_CONT": timedelta(hours=1), "DAILY": timedelta(days=2), "WEEKLY": timedelta(days=9),
    "MONTHLY": timedelta(days=40), "QUARTERLY": timedelta(days=110), "ANNUAL_2": timedelta(days=210),
    "ANNUAL": timedelta(days=400),
}  # fmt: skip
