"""Our vocabularies in the codes of ISO 19115 and of INSPIRE."""

from __future__ import annotations

from datetime import date

from bocage.catalog.vocabulary import Frequency, Theme
from bocage.query.words import normalised

TOPICS: dict[Theme, str] = {
    Theme.ROADS: "transportation", Theme.WASTE: "utilitiesCommunication", Theme.MOBILITY: "transportation",
    Theme.PLANNING: "planningCadastre", Theme.BUDGET: "economy", Theme.CULTURE: "society",
    Theme.ENVIRONMENT: "environment", Theme.SOCIAL: "health", Theme.EDUCATION: "society", Theme.AGENDA: "society",
    Theme.ECONOMY: "economy", Theme.CITIZENSHIP: "society", Theme.WATER: "inlandWaters", Theme.TERRITORY: "boundaries",
}  # fmt: skip
"""Topic category (MD_TopicCategoryCode), the nearest one."""
NO_TOPIC = "society"
"""INSPIRE wants one of every dataset."""

FREQUENCIES: dict[Frequency, str] = {
    Frequency.UPDATE_CONT: "continual", Frequency.DAILY: "daily", Frequency.WEEKLY: "weekly", Frequency.MONTHLY: "monthly",
    Frequency.QUARTERLY: "quarterly", Frequency.ANNUAL_2: "biannually", Frequency.ANNUAL: "annually",
    Frequency.IRREG: "irregular", Frequency.NEVER: "notPlanned", Frequency.UNKNOWN: "unknown",
}  # fmt: skip
"""MD_MaintenanceFrequencyCode."""

LANGUAGES = {
    "fr": "fre", "en": "eng", "br": "bre", "de": "ger", "es": "spa", "it": "ita", "nl": "dut", "pt": "por",
}  # fmt: skip
"""ISO 639-2, the bibliographic codes, which INSPIRE uses."""
FRENCH = "fre"

GEMET = "GEMET - INSPIRE themes, version 1.0"
GEMET_URI = "http://www.eionet.europa.eu/gemet/inspire_themes"
GEMET_DAY = date(2008, 6, 1)
THEME_URI = "http://inspire.ec.europa.eu/theme/"
_INSPIRE = {
    "ac": ("Conditions atmosphériques", "Atmospheric conditions"),
    "ad": ("Adresses", "Addresses"),
    "af": ("Installations agricoles et aquacoles", "Agricultural and aquaculture facilities"),
    "am": ("Zones de gestion, de restriction ou de réglementation et unités de déclaration",
           "Area management/restriction/regulation zones and reporting units"),
    "au": ("Unités administratives", "Administrative units"),
    "br": ("Régions biogéographiques", "Bio-geographical regions"),
    "bu": ("Bâtiments", "Buildings"),
    "cp": ("Parcelles cadastrales", "Cadastral parcels"),
    "ef": ("Installations de suivi environnemental", "Environmental monitoring facilities"),
    "el": ("Altitude", "Elevation"),
    "er": ("Sources d’énergie", "Energy resources"),
    "ge": ("Géologie", "Geology"),
    "gg": ("Systèmes de maillage géographique", "Geographical grid systems"),
    "gn": ("Dénominations géographiques", "Geographical names"),
    "hb": ("Habitats et biotopes", "Habitats and biotopes"),
    "hh": ("Santé et sécurité des personnes", "Human health and safety"),
    "hy": ("Hydrographie", "Hydrography"),
    "lc": ("Occupation des terres", "Land cover"),
    "lu": ("Usage des sols", "Land use"),
    "mf": ("Caractéristiques géographiques météorologiques", "Meteorological geographical features"),
    "mr": ("Ressources minérales", "Mineral resources"),
    "nz": ("Zones à risque naturel", "Natural risk zones"),
    "of": ("Caractéristiques géographiques océanographiques", "Oceanographic geographical features"),
    "oi": ("Ortho-imagerie", "Orthoimagery"),
    "pd": ("Répartition de la population – démographie", "Population distribution — demography"),
    "pf": ("Lieux de production et sites industriels", "Production and industrial facilities"),
    "ps": ("Sites protégés", "Protected sites"),
    "rs": ("Référentiels de coordonnées", "Coordinate reference systems"),
    "sd": ("Répartition des espèces", "Species distribution"),
    "so": ("Sols", "Soil"),
    "sr": ("Régions maritimes", "Sea regions"),
    "su": ("Unités statistiques", "Statistical units"),
    "tn": ("Réseaux de transport", "Transport networks"),
    "us": ("Services d’utilité publique et services publics", "Utility and governmental services"),
}  # fmt: skip


def _plain(label: str) -> str:
    return normalised(label).replace("’", "'")


_BY_LABEL = {_plain(label): key for key, labels in _INSPIRE.items() for label in labels}


def inspire_theme(keyword: str) -> tuple[str, str] | None:
    """Label and URI of the INSPIRE theme that a keyword declares, by its French or its English name."""
    key = _BY_LABEL.get(_plain(keyword.strip()))
    return (_INSPIRE[key][0], THEME_URI + key) if key else None
