"""Budget and public procurement."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

from bocage.catalog.vocabulary import Frequency, Theme
from bocage.demo.sample import sample
from bocage.demo.territory import TERRITORY
from bocage.demo.writing import write_csv, write_xlsx

METROPOLE = "nantes-metropole"
SCDL = "https://schema.data.gouv.fr/scdl"
CAUSES = (
    "Fonctionnement",
    "Festival",
    "Équipement sportif",
    "Action sociale",
    "Éducation populaire",
    "Transition écologique",
)
GROUPS = ("Amicale laïque", "Club de canoë", "Théâtre du Coin", "Repair Café", "Jardins partagés", "Harmonie municipale",
          "Entraide et Solidarité", "Les Amis du Bocage", "Ludothèque", "Union sportive")  # fmt: skip


def siret(random: Random) -> str:
    """Fourteen digits that start with zeros as often as not: never a number. Not a real establishment."""
    return "".join(random.choice("0123456789") for _ in range(14))


def subsidies(random: Random, folder: Path, name: str, giver: str, siren: str, count: int) -> Path:
    rows = []
    for rank in range(1, count + 1):
        day = date(2024, 1, 10) + timedelta(days=random.randint(0, 1000))
        rows.append({
            "nomAttribuant": giver, "idAttribuant": f"{siren}00016", "dateConvention": day.isoformat(),
            "referenceDecision": f"DEL-{day.year}-{rank:04d}", "nomBeneficiaire": f"{random.choice(GROUPS)} {rank % 40 + 1}",
            "idBeneficiaire": siret(random), "rnaBeneficiaire": f"W44{random.randint(0, 9999999):07d}", "objet": random.choice(CAUSES),
            "montant": round(random.lognormvariate(8, 1.1), 2), "nature": "aide en numéraire", "conditionsVersement": "unique",
            "datesPeriodeVersement": day.isoformat(), "idRAE": "", "notificationUE": "non",
            "pourcentageSubvention": round(random.uniform(0.1, 1), 2), "dispositifAide": "",
        })  # fmt: skip
    return write_csv(folder / name, rows)


@sample(
    "subventions-associations", METROPOLE, "Subventions aux associations",
    "Les subventions votées par le conseil métropolitain, au schéma SCDL.", Theme.BUDGET, Theme.CITIZENSHIP,
    keywords=("subventions", "associations", "SCDL"), conforms_to=f"{SCDL}/subventions/2.1.1/", key=("referencedecision",), updates=2,
)  # fmt: skip
def metropole_subsidies(random: Random, folder: Path) -> Path:
    return subsidies(random, folder, "subventions.csv", "Nantes Métropole", "244400404", 1200)


@sample(
    "subventions-reze", "reze", "Subventions versées par la ville de Rezé",
    "Les subventions votées par le conseil municipal, au schéma SCDL.", Theme.BUDGET,
    keywords=("subventions", "associations", "SCDL"), conforms_to=f"{SCDL}/subventions/2.1.1/",
)  # fmt: skip
def reze_subsidies(random: Random, folder: Path) -> Path:
    return subsidies(random, folder, "subventions-reze.csv", "Ville de Rezé", "214401432", 310)


@sample(
    "budget-primitif", METROPOLE, "Budget primitif de la métropole",
    "Le budget voté, par nature et par fonction, recettes et dépenses, au schéma SCDL budget.", Theme.BUDGET,
    keywords=("budget", "finances", "SCDL"), conforms_to=f"{SCDL}/budget/0.8.3/",
)  # fmt: skip
def budget(random: Random, folder: Path) -> Path:
    natures = (("60", "Achats"), ("61", "Services extérieurs"), ("64", "Charges de personnel"), ("65", "Autres charges"),
               ("70", "Produits des services"), ("73", "Impôts et taxes"), ("74", "Dotations"), ("21", "Immobilisations"))  # fmt: skip
    functions = (("01", "Non ventilable"), ("12", "Hygiène et salubrité"), ("51", "Habitat"), ("71", "Déchets"),
                 ("81", "Transports urbains"), ("84", "Voirie"), ("33", "Culture"))  # fmt: skip
    rows = []
    for year in (2023, 2024, 2025, 2026):
        for code, label in natures:
            for function, function_label in functions:
                rows.append({
                    "BGT_NATDEC": "BP", "BGT_ANNEE": year, "BGT_SIRET": "24440040400016", "BGT_NOM": "Budget principal",
                    "BGT_NATURE": code, "BGT_NATURE_LABEL": label, "BGT_FONCTION": function, "BGT_FONCTION_LABEL": function_label,
                    "BGT_SECTION": "I" if code == "21" else "F", "BGT_CODRD": "R" if code.startswith("7") else "D",
                    "BGT_MTPREV": round(random.lognormvariate(15, 1), 2),
                })  # fmt: skip
    return write_csv(folder / "budget.csv", rows, delimiter=";", encoding="cp1252", decimal=",")


@sample(
    "marches-publics", METROPOLE, "Marchés publics conclus",
    "Les données essentielles des marchés : objet, montant, titulaire, durée, considérations sociales et environnementales.",
    Theme.BUDGET, Theme.ECONOMY, keywords=("marchés publics", "commande publique", "DECP"), frequency=Frequency.MONTHLY, key=("id",),
)  # fmt: skip
def contracts(random: Random, folder: Path) -> Path:
    rows = []
    for rank in range(1, 901):
        day = date(2022, 1, 3) + timedelta(days=random.randint(0, 1750))
        rows.append({
            "id": f"{day.year}{rank:05d}", "nature": random.choice(("Marché", "Marché", "Accord-cadre")),
            "objet": random.choice(("Travaux de voirie", "Maintenance de l’éclairage", "Fourniture de repas", "Études", "Nettoyage")),
            "codeCPV": f"{random.randint(30000000, 98000000)}-{random.randint(0, 9)}", "procedure": "Procédure adaptée",
            "dureeMois": random.choice((6, 12, 24, 48)), "dateNotification": day.strftime("%d/%m/%Y"), "montant": round(random.lognormvariate(11.5, 1), 2),
            "titulaire": siret(random), "considerationEnvironnementale": random.choice(("Oui", "Non")),
        })  # fmt: skip
    return write_xlsx(folder / "marches.xlsx", rows, title="Données essentielles de la commande publique")


@sample(
    "deliberations", "carquefou", "Délibérations du conseil municipal de Carquefou",
    "Chaque délibération : matière, objet, votes, au schéma SCDL.", Theme.CITIZENSHIP, Theme.BUDGET,
    keywords=("délibérations", "conseil municipal", "SCDL"), conforms_to=f"{SCDL}/deliberations/2.1.5/", key=("delib_id",),
)  # fmt: skip
def deliberations(random: Random, folder: Path) -> Path:
    commune = next(c for c in TERRITORY.communes if c.insee == "44026")
    rows = []
    for rank in range(1, 421):
        present = random.randint(24, 33)
        against, abstained = random.choice((0, 0, 0, 4, 6)), random.choice((0, 0, 2, 3))
        rows.append({
            "COLL_NOM": f"Ville de {commune.name}", "COLL_SIRET": f"{commune.siren}00010", "DELIB_ID": f"D{2020 + rank // 70}-{rank:03d}",
            "DELIB_DATE": (date(2020, 6, 1) + timedelta(days=rank * 5)).isoformat(), "DELIB_MATIERE_CODE": random.choice(("1.1", "3.2", "7.1", "8.4")),
            "DELIB_OBJET": random.choice(("Vote du budget", "Acquisition d’une parcelle", "Convention avec une association", "Tarifs municipaux")),
            "VOTE_EFFECTIF": 33, "VOTE_REEL": present, "VOTE_POUR": present - against - abstained, "VOTE_CONTRE": against, "VOTE_ABSTENTION": abstained,
        })  # fmt: skip
    return write_csv(folder / "deliberations.csv", rows)
