"""The words of French administrations for the same things: abbreviations, synonyms, English names."""

from __future__ import annotations

# Said in several words, one idea: replaced before words are parted. The first ones hide the next ones.
PHRASES: tuple[tuple[str, str], ...] = (
    ("mise en service", "miseenservice"),
    ("mis en service", "miseenservice"),
    ("date mes", "date miseenservice"),
    ("en service", "ouvert"),
    ("mises a jour", "maj"), ("mise a jour", "maj"), ("mis a jour", "maj"), ("last updated", "date maj"),
    ("actualise le", "date maj"), ("modifie le", "date maj"), ("maj le", "date maj"),
    ("installe le", "date installation"), ("plante le", "date plantation"), ("signe le", "date signature"),
    ("personnes a mobilite reduite", "pmr"), ("personne a mobilite reduite", "pmr"),
    ("code postal", "cp"), ("codes postaux", "cp"), ("postal code", "cp"), ("com cp", "cp"),
    ("code commune", "insee"), ("code com", "insee"), ("code insee", "insee"), ("com insee", "insee"),
    ("insee code", "insee"), ("insee commune", "insee"), ("commune insee", "insee"), ("code geographique", "insee"),
    ("cod insee", "insee"), ("codinsee", "insee"), ("codeinsee", "insee"), ("depcom", "insee"), ("codgeo", "insee"),
    ("heures ouverture", "horaire"), ("horaires ouverture", "horaire"), ("horaire ouverture", "horaire"),
    ("jours et horaires", "horaire"),
    ("site internet", "url"), ("site web", "url"), ("page web", "url"), ("adresse internet", "url"), ("lien web", "url"),
    ("adresse electronique", "email"), ("adresse mail", "email"), ("adresse email", "email"), ("adresse courriel", "email"),
    ("e mail", "email"), ("numero appel", "tel"), ("no appel", "tel"), ("n appel", "tel"), ("numero telephone", "tel"),
    ("raison sociale", "nom"), ("nom complet", "nom"),
    ("points de charge", "pdc"), ("point de charge", "pdc"), ("points charge", "pdc"), ("point charge", "pdc"),
    ("carte bancaire", "cb"), ("deux roues", "deuxroues"), ("2 roues", "deuxroues"), ("2 rm", "deuxroues motorise"),
    ("vehicules electriques", "electrique"), ("vehicule electrique", "electrique"), ("voitures electriques", "electrique"),
    ("lambert 93", "lambert"), ("l 93", "lambert"), ("l93", "lambert"), ("wgs 84", "wgs"), ("wgs84", "wgs"),
    ("coordonnees gps", "position"), ("coordonnees xy", "position"), ("coord xy", "position"), ("coord gps", "position"),
    ("coordonneesxy", "position"), ("geo point", "position"), ("geopoint", "position"), ("lat lon", "position"),
    ("coordonnees geographiques", "position"), ("lat long", "position"), ("latitude longitude", "position"),
    ("coord x", "lon"), ("coord y", "lat"), ("coordonnee x", "lon"), ("coordonnee y", "lat"),
    ("union europeenne", "ue"),
)  # fmt: skip

# concept → words that mean it; a number after a colon says how nearly, when not wholly.
_GROUPS = """
nombre: nb nbr nbre nbe nombre number count qte quantite
place: place places pl emplacements capacite:.85 capacity:.85 stationnements:.6
capacite: capacite capacity contenance volume:.6
nom: nom name intitule libelle designation denomination appellation titre:.7 lib label:.7
titre: titre title intitule:.7
adresse: adresse adr ad address adress voie:.8 rue:.8 localisation:.6 emplacement:.75 situation:.6
voie: voie rue nomvoie street adresse:.7
commune: commune com ville city localite municipalite town bourg
insee: insee cog commune:.3
cp: cp codepostal postcode zip
lat: lat latitude ylat y:.95
lon: lon lng longitude xlong xlon long:.9 x:.95
longueur: longueur long:.8 length
x: x
y: y
position: position coordonnees coordonnee coord geolocalisation geoloc gps geom:.8 localisation:.6
pmr: pmr handicape handicapes handicap gig gic mobilite:.5
type: type categorie:.9 nature:.75 genre:.5 sorte classe:.7 famille:.6 typologie
categorie: categorie type:.8
nature: nature type:.8
sexe: sexe genre:.8
commentaire: commentaire commentaires comment remarque remarques observation observations obs comm note notes rq info:.85 infos:.85
commentaire: information:.8 informations:.8 precision:.7 precisions:.7 complement:.7 complementaires:.5
info: info infos information informations
horaire: horaire horaires heures:.8 ouverture:.8 ouvertures:.8
ouvert: ouvert open ouverture:.5 actif:.7 active:.7
proprietaire: proprietaire proprio owner propriete
gestionnaire: gestionnaire gest gestion exploitant:.8 expt:.7 manager
lumiere: lumiere eclairage eclaire lighting
couverture: couverture couvert abrite abri
siren: siren
siret: siret
rna: rna
source: source producteur:.7 origine:.7 fournisseur:.5
tel: tel telephone phone portable fixe mobile:.6
email: email mail courriel courriels mel contact:.6
contact: contact email:.7 mail:.7 courriel:.7
url: url web internet lien link site:.5
montant: montant somme:.8 prix:.6 cout:.6 mt total:.3
beneficiaire: beneficiaire beneficiaires association asso
attribuant: attribuant collectivite:.9 mairie:.7 coll:.9 commune:.3
collectivite: collectivite coll mairie:.7 ville:.4
id: id identifiant ident identification numero num no n ref:.9 reference:.9 code:.7 matricule objectid:.5 fid:.5 cle uid:.9
reference: reference ref numero:.6 num:.6 n:.6 no:.6
versement: versement versements paiement:.4
condition: condition conditions cond modalite modalites
pourcentage: pourcentage pct part taux
deliberation: deliberation delib decision:.8
decision: decision deliberation:.8 delib:.8
annee: annee an year millesime exercice
prenom: prenom prenoms
occurrence: occurrence occurrences occurences nombre:.5
puissance: puissance puiss kw
charge: charge recharge
gratuit: gratuit gratuite free
paiement: paiement paiements payment
tarif: tarif tarifs tarification prix
acces: acces access accessible:.8 accessibilite:.8 accede
accessibilite: accessibilite accessible acces:.7
reservation: reservation resa reservable
gabarit: gabarit hauteur:.5
hauteur: hauteur haut height
largeur: largeur larg width
diametre: diametre diam
pression: pression press
statut: statut status etat:.8
etat: etat statut:.8 fonctionnement:.5 fonct:.6
duree: duree temps delai:.6
max: max maxi maximum maximale maximal
maj: maj modification modifie update updated actualisation
date: date dt jour:.6 le
objet: objet sujet:.7 motif:.5
nature: nature
electrique: electrique elec
fabricant: fabricant fab constructeur marque:.6
maintenance: maintenance mnt entretien:.6
serie: serie
installation: installation instal pose:.6
jour: jour jours j
heure: heure heures h horaire:.7
implantation: implantation
equipement: equipement equip
canalisation: canalisation cana
dynamique: dynamique dyn
statique: statique stat
controle: controle ct
vehicule: vehicule vehicules veh
arrete: arrete arr
considerant: considerant
modalite: modalite modalites
usager: usager usagers
velo: velo velos cycle cycles
resident: resident residents
abonnement: abonnement abo abonnements
debut: debut start started
fin: fin end ended
site: site lieu:.6
theme: theme thematique
ue: ue europe
"""


def _read(groups: str) -> dict[str, dict[str, float]]:
    """Word → the ideas that it may mean, each with how nearly."""
    meanings: dict[str, dict[str, float]] = {}
    for line in groups.strip().splitlines():
        concept, _colon, words = line.partition(":")
        for written in words.split():
            word, _colon, nearly = written.partition(":")
            meanings.setdefault(word, {})[concept.strip()] = float(nearly or 1)
    return meanings


MEANINGS = _read(_GROUPS)
EMPTY_WORDS = frozenset(
    {
        "a", "au", "aux", "d", "dans", "de", "des", "dont", "du", "en", "est", "et", "l", "la", "le", "les", "ou", "par", "pour",
        "s", "si", "sur", "un", "une", "the", "of", "and", "in",
    }
)  # fmt: skip
# Words that many columns have: telling less than the others.
COMMON = frozenset(
    {
        "id", "nom", "date", "type", "nombre", "code", "numero", "url", "commentaire", "source", "nature", "categorie", "reference"
    }
)  # fmt: skip
