"""Themes, licences and frequencies: from the words that portals use to our codes. What is not known is said, never guessed."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from django.utils import translation

from bocage.catalog.vocabulary import Frequency, Licence, Theme

_THEMES = {
    Theme.ROADS: "voirie | espace public | voirie espace public",
    Theme.WASTE: "dechets | gestion des dechets | proprete | waste",
    Theme.MOBILITY: (
        "mobilite | mobilites | transports deplacements | transport | transports | deplacements | transport "
        "mobilite | mobilite transports | mobility"
    ),
    Theme.PLANNING: (
        "urbanisme | logement | habitat | urbanisme logement | amenagement | amenagement du territoire "
        "urbanisme batiments equipements logement | amenagement urbanisme | housing | urban planning"
    ),
    Theme.BUDGET: (
        "budget | finances | finances publiques | budget finances | commande publique | marches publics | finance"
    ),
    Theme.CULTURE: (
        "culture | culture patrimoine | patrimoine | sport | sports | sport loisirs | sports loisirs | "
        "culture sport loisirs | loisirs | patrimoine culture"
    ),
    Theme.ENVIRONMENT: (
        "environnement | energie | climat | environnement energie | biodiversite | nature | environment | energy"
    ),
    Theme.SOCIAL: "sante | social | services social | action sociale | solidarite | solidarites | sante social | health",
    Theme.EDUCATION: (
        "education | enfance | enseignement | education formation recherche enseignement | jeunesse | enfance "
        "education | petite enfance"
    ),
    Theme.AGENDA: "agenda | evenements | evenement | agenda evenements",
    Theme.ECONOMY: (
        "economie | emploi | entreprises | economie emploi | economie entreprise pme developpement economique "
        "emploi | developpement economique | tourisme | commerce | economy"
    ),
    Theme.CITIZENSHIP: (
        "citoyennete | administration | institutions | vie citoyenne | democratie | elections | "
        "administration gouvernement finances publiques citoyennete | citoyennete institution | government"
    ),
    Theme.WATER: "eau | eau et assainissement | assainissement | water",
    Theme.TERRITORY: (
        "territoire | referentiels | donnees de reference | referentiels geographiques | limites "
        "administratives | cartographie"
    ),
}
"""Words of French portals, the standard list of the vendor among them; spelled without accents nor punctuation."""

_LICENCES = (
    (Licence.LICENCE_OUVERTE, re.compile(r"licence ouverte|open licence|etalab|\blov?2\b")),
    (Licence.ODBL, re.compile(r"odbl|open database licen[cs]e")),
    (Licence.CC0, re.compile(r"\bcc ?0\b|\bcc zero\b|publicdomain zero|public domain dedication")),
    (
        Licence.CC_BY,
        re.compile(r"(^|licenses )(cc )?(by|creative commons attribution)( 4 0)?( (international|deed|fr|en))*$"),
    ),
)
"""CC BY with a condition (SA, NC, ND) is another licence."""

_FREQUENCIES = {
    Frequency.UPDATE_CONT: ("continuous", "continu", "temps reel", "real time", "cont", "update cont"),
    Frequency.DAILY: ("daily", "quotidienne", "quotidien", "journaliere", "tous les jours"),
    Frequency.WEEKLY: ("weekly", "hebdomadaire"),
    Frequency.MONTHLY: ("monthly", "mensuelle", "mensuel"),
    Frequency.QUARTERLY: ("quarterly", "trimestrielle", "trimestriel"),
    Frequency.ANNUAL_2: ("semiannual", "biannual", "semestrielle", "semestriel", "annual 2"),
    Frequency.ANNUAL: ("annual", "yearly", "annuelle", "annuel"),
    Frequency.IRREG: ("irregular", "irreguliere", "irregulier", "ponctuelle", "irreg", "as needed"),
    Frequency.NEVER: ("never", "jamais", "aucune", "not planned"),
    Frequency.UNKNOWN: ("unknown", "inconnue", "non renseignee", "non renseigne"),
}
_ISO_8601 = {"R/P1D": "daily", "R/P1W": "weekly", "R/P7D": "weekly", "R/P1M": "monthly", "R/P3M": "quarterly",
             "R/P6M": "semiannual", "R/P1Y": "annual", "R/PT1S": "continuous"}  # fmt: skip


def theme_of(label: str) -> Theme | None:
    return _themes().get(plain(label))


def licence_of(name: str, url: str = "") -> Licence | None:
    """From its name, or its address."""
    for said in (plain(name), plain(url)):
        for licence, pattern in _LICENCES:
            if said and pattern.search(said):
                return licence
    return next((licence for licence in Licence if plain(name) and plain(name) in _names_of(licence)), None)


def frequency_of(said: str) -> Frequency | None:
    """From a word, a code or the address of a vocabulary, or a duration of ISO 8601."""
    word = plain(_ISO_8601.get(said.strip(), said.rstrip("/").rpartition("/")[2]))
    labels = {plain(name): one for one in Frequency for name in _labels(one)}
    return next((one for one, words in _FREQUENCIES.items() if word in words), None) or labels.get(word)


def plain(text: str) -> str:
    """Small letters, no accent, no punctuation: `Transports, Déplacements` → `transports deplacements`."""
    bare = unicodedata.normalize("NFKD", text[:500]).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", bare))


@cache
def _themes() -> dict[str, Theme]:
    known = {word: theme for theme, words in _THEMES.items() for word in words.split(" | ")}
    ours = {plain(name): theme for theme in Theme for name in (theme.value, *_labels(theme))}
    return known | ours


def _names_of(licence: Licence) -> set[str]:
    return {plain(name) for name in (licence.value, *_labels(licence))}


def _labels(code: Theme | Licence | Frequency) -> list[str]:
    """In the languages of the interface."""
    found = []
    for language in ("en", "fr"):
        with translation.override(language):
            found.append(str(code.label))
    return found
