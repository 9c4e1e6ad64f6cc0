"""The local schemas of the demonstration: what working groups of a métropole really agree upon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bocage.demo.organizations import METROPOLE


@dataclass(frozen=True)
class LocalVersion:
    """`descriptor`: fields, key, geography. `changes`: what its authors say of it."""

    number: str
    changes: str
    descriptor: dict[str, Any]


@dataclass(frozen=True)
class LocalSchema:
    """`adopted`: by its leader, and required of the communes; otherwise it is under discussion. `remarks`: (slug of the
    organisation whose coordinator speaks, field, text, settled)."""

    slug: str
    organization: str
    title: str
    description: str
    versions: tuple[LocalVersion, ...]
    adopted: bool = True
    followed_by: tuple[str, ...] = ()
    remarks: tuple[tuple[str, str, str, bool], ...] = ()


def field(name: str, kind: str, title: str, description: str, example: Any = None, **more: Any) -> dict[str, Any]:
    """`required`, `unique`, `enum`, `minimum`, `maximum`, `pattern` are constraints; the rest belongs to the field."""
    known = ("required", "unique", "enum", "minimum", "maximum", "pattern", "minLength", "maxLength")
    constraints = {key: more.pop(key) for key in known if key in more}
    said = {"name": name, "title": title, "description": description, "type": kind, "example": example}
    said |= more | ({"constraints": constraints} if constraints else {})
    return {key: value for key, value in said.items() if value is not None}


INSEE = field(
    "code_insee", "string", "Code INSEE", "Code officiel de la commune, cinq caractères.", "44109", required=True,
    pattern="^([013-9]\\d|2[AB1-9])\\d{3}$",
)  # fmt: skip
LONGITUDE = field(
    "longitude",
    "number",
    "Longitude",
    "En degrés, système WGS 84.",
    "-1.5536",
    required=True,
    minimum=-180,
    maximum=180,
)
LATITUDE = field(
    "latitude", "number", "Latitude", "En degrés, système WGS 84.", "47.2184", required=True, minimum=-90, maximum=90
)
PLACE = {"fields": ["longitude", "latitude"], "geometryTypes": ["Point"], "crs": "EPSG:4326", "insideTerritory": True}

CODE_LIST_NAME = "types-de-composteurs"
CODE_LIST_TITLE = "Types de composteurs collectifs"
CODE_LIST_CSV = """code;fr;en;parent;synonyms
COLL;Composteur collectif;Shared composter;;
PARTAGE;Composteur partagé de quartier;Neighbourhood composter;COLL;composteur de quartier|compost partagé
PIED;Composteur en pied d’immeuble;Composter of a residence;COLL;pied d’immeuble|résidence
JARDIN;Composteur de jardin partagé;Composter of a shared garden;COLL;jardin partagé
ECOLE;Composteur d’établissement scolaire;School composter;COLL;école|collège
PAV;Point d’apport volontaire de biodéchets;Bring point for biowaste;;abri-bac|borne à biodéchets
"""

COMPOSTERS: dict[str, Any] = {
    "fields": [
        field("id_composteur", "string", "Identifiant", "Unique dans la commune, ne change jamais.", "44109-C012", required=True, unique=True),
        INSEE,
        field("nom", "string", "Nom usuel", "Comme on l’appelle dans le quartier.", "Composteur du square Daviais", required=True),
        field("type", "string", "Type", "Un code de la liste « Types de composteurs collectifs ».", "PARTAGE", required=True, codeList=CODE_LIST_NAME),
        field("adresse", "string", "Adresse", "Numéro et voie les plus proches.", "3 rue de la Fosse"),
        LONGITUDE, LATITUDE,
        field("date_mise_en_service", "date", "Mise en service", "Jour où le premier seau a été vidé.", "2024-04-13"),
        field("foyers", "integer", "Foyers inscrits", "Nombre de foyers qui y déposent.", 38, minimum=0, maximum=2000),
        field("ouvert_a_tous", "boolean", "Ouvert à tous", "Faux quand il faut s’inscrire.", "false"),
        field("permanence", "string", "Permanences", "Horaires, à la manière d’OpenStreetMap.", "Sa 10:30-12:00"),
        field("contact", "string", "Contact", "Adresse de messagerie du référent.", "compost@example.org", format="email"),
    ],
    "missingValues": [""],
    "primaryKey": ["id_composteur"],
    "custom_checks": [{"name": "opening-hours-value", "params": {"column": "permanence"}}],
    "geography": PLACE,
}  # fmt: skip
EARLIER_COMPOSTERS: dict[str, Any] = COMPOSTERS | {
    "fields": [
        one | {"constraints": {"required": True}} if one["name"] == "adresse" else one
        for one in COMPOSTERS["fields"]
        if one["name"] not in ("ouvert_a_tous", "permanence")
    ],
    "custom_checks": [],
}

AGENDA: dict[str, Any] = {
    "fields": [
        field("uid", "string", "Identifiant", "Unique et stable : il permet de mettre à jour l’événement.", "EV00012", required=True, unique=True),
        field("titre", "string", "Titre", "Court : il s’affiche dans une liste.", "Marché de Noël", required=True, maxLength=120),
        field("description", "string", "Description", "Deux ou trois phrases.", "Quarante exposants autour de l’église."),
        field("debut", "datetime", "Début", "Date et heure, au format ISO.", "2026-12-12T10:00:00Z", required=True),
        field("fin", "datetime", "Fin", "Laisser vide si elle n’est pas connue.", "2026-12-12T18:00:00Z"),
        INSEE,
        field("lieu", "string", "Lieu", "Nom de la salle ou de la place.", "Place de l’Église", required=True),
        LONGITUDE | {"constraints": {"minimum": -180, "maximum": 180}},
        LATITUDE | {"constraints": {"minimum": -90, "maximum": 90}},
        field("gratuit", "boolean", "Gratuit", "Entrée libre pour tous.", "true", required=True),
        field("accessible_pmr", "boolean", "Accessible", "Accessible en fauteuil roulant.", "true"),
        field("categorie", "string", "Catégorie", "Une seule, la plus proche.", "marché", required=True,
              enum=["concert", "exposition", "marché", "réunion publique", "sport", "visite", "atelier", "fête", "autre"]),
        field("url", "string", "Page de l’événement", "Adresse complète.", "https://www.example.org/noel", format="uri"),
    ],
    "missingValues": [""],
    "primaryKey": ["uid"],
    "custom_checks": [{"name": "compare-columns-value", "params": {"column": "fin", "op": ">=", "column2": "debut"}}],
}  # fmt: skip

DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"]
COLLECTION: dict[str, Any] = {
    "fields": [
        INSEE,
        field("voie", "string", "Voie", "Nom complet de la voie.", "Rue du Bois", required=True),
        field("flux", "string", "Flux", "Ce qui est collecté.", "ordures ménagères", required=True,
              enum=["ordures ménagères", "emballages", "biodéchets", "végétaux", "encombrants"]),
        field("jour", "string", "Jour", "Jour de la semaine, en minuscules.", "mardi", required=True, enum=DAYS),
        field("semaines", "string", "Semaines", "Toutes, ou une sur deux.", "toutes", required=True, enum=["toutes", "paires", "impaires"]),
        field("sortie_des_bacs", "string", "Sortie des bacs", "Quand les sortir.", "la veille après 19 h"),
    ],
    "missingValues": [""],
    "primaryKey": ["code_insee", "voie", "flux"],
}  # fmt: skip

PLAYGROUNDS: dict[str, Any] = {
    "fields": [
        field("id_aire", "string", "Identifiant", "Unique dans la commune.", "44143-AJ03", required=True, unique=True),
        INSEE,
        field("nom", "string", "Nom", "Nom usuel de l’aire de jeux.", "Aire du parc de la Morinière", required=True),
        LONGITUDE, LATITUDE,
        field("age_min", "integer", "Âge minimal", "En années.", 2, minimum=0, maximum=18),
        field("age_max", "integer", "Âge maximal", "En années.", 8, minimum=0, maximum=18),
        field("ombre", "string", "Ombre", "En été, au milieu de la journée.", "partielle", enum=["aucune", "partielle", "complète"]),
        field("derniere_verification", "date", "Dernière vérification", "Contrôle de sécurité annuel.", "2026-03-02"),
    ],
    "missingValues": [""],
    "primaryKey": ["id_aire"],
    "custom_checks": [{"name": "compare-columns-value", "params": {"column": "age_max", "op": ">=", "column2": "age_min"}}],
    "geography": PLACE,
}  # fmt: skip

LOCAL_SCHEMAS = (
    LocalSchema(
        "composteurs-collectifs", METROPOLE, "Composteurs collectifs",
        "Où déposer ses biodéchets près de chez soi. Écrit par le groupe de travail « Déchets » des vingt-quatre communes.",
        (
            LocalVersion("1.0.0", "Première version, après trois réunions du groupe de travail.", EARLIER_COMPOSTERS),
            LocalVersion(
                "1.1.0", "L’adresse n’est plus obligatoire ; on dit si le composteur est ouvert à tous, et ses permanences.", COMPOSTERS
            ),
        ),
        followed_by=("reze", "orvault", "vertou"),
    ),
    LocalSchema(
        "agenda-communal", METROPOLE, "Agenda communal",
        "Les événements ouverts au public, pour un agenda commun aux vingt-quatre communes.",
        (LocalVersion("1.0.0", "Première version.", AGENDA),),
        followed_by=("saint-herblain",),
    ),
    LocalSchema(
        "jours-de-collecte", METROPOLE, "Jours de collecte",
        "Pour chaque voie : quel flux, quel jour, quelles semaines.",
        (LocalVersion("1.0.0", "Première version.", COLLECTION),),
    ),
    LocalSchema(
        "aires-de-jeux", "reze", "Aires de jeux",
        "Les aires de jeux de plein air : où elles sont, pour quel âge, à l’ombre ou non.",
        (LocalVersion("0.1.0", "Proposition de Rezé, ouverte à la discussion.", PLAYGROUNDS),),
        adopted=False,
        remarks=(
            ("vertou", "ombre", "Peut-on préciser l’heure ? À midi et à seize heures, ce n’est pas la même ombre.", False),
            ("orvault", "derniere_verification", "Faut-il publier cette date ? Oui : c’est elle que demandent les parents.", True),
        ),
    ),
)  # fmt: skip
