"""Layouts that may be looked at while the suggestions are tuned."""

from __future__ import annotations

from tests.check.mapping.layouts import Layout

CARPOOL = "etalab/schema-lieux-covoiturage/0.3.1/schema.json"
BNLC = "valid/etalab__schema-lieux-covoiturage/bnlc-2026-08.csv"
IRVE = "etalab/schema-irve-statique/2.3.1/schema-statique.json"
SUBSIDIES = "scdl/subventions/2.1.1/schema.json"

TUNING = (
    Layout("carpool, roads department", CARPOOL, BNLC, """
        id_local | N° | point_zero
        nom_lieu | Nom du parking
        ad_lieu | Adresse
        com_lieu | Ville
        insee | Code INSEE commune | lost_zero
        type | Type d'aire | lower
        Ylat | Lat. | comma
        Xlong | Long. | comma
        nbre_pl | Nb places | point_zero
        nbre_pmr | dont PMR
        date_maj | date de mise à jour (jj/mm/aaaa) | fr_date
        ouvert | Ouvert O/N | o_n
        source | SIREN source
        horaires | Horaires d'ouverture
        proprio | Propriétaire
        lumiere | Éclairage | oui_non
        comm | Commentaires
        - | Agent en charge | =M. Durand
        """),
    Layout("carpool, GIS export in capitals", CARPOOL, BNLC, """
        - | OBJECTID | =12
        id_local | ID_LOC
        nom_lieu | NOM_AIRE
        com_lieu | COMMUNE | upper
        insee | CODINSEE
        ad_lieu | ADRESSE
        nbre_pl | NB_PL
        nbre_pmr | NB_PMR
        type | TYPE_LIEU
        Xlong | X
        Ylat | Y
        date_maj | MAJ | dash_date
        ouvert | OUVERT | vrai_faux
        duree | DUREE_MAX
        horaires | HORAIRE
        proprio | PROPRIETAIRE
        lumiere | ECLAIRAGE | vrai_faux
        comm | OBSERVATIONS
        source | SIREN
        """),
    Layout("carpool, one cell for the position", CARPOOL, BNLC, """
        nom_lieu | Intitulé de l'aire
        Ylat+Xlong | Coordonnées GPS
        com_lieu | Commune
        insee | INSEE | point_zero
        nbre_pl | Nombre de places de stationnement
        nbre_pmr | Nombre de places PMR
        type | Catégorie
        date_maj | Actualisé le | words_date
        id_local | Identifiant
        ouvert | En service | oui_non
        - | Photo | =aire12.jpg
        """),
    Layout("subsidies, finance office", SUBSIDIES, "valid/scdl__subventions/exemple_valide.csv", """
        nomBeneficiaire | Nom de l'association
        idBeneficiaire | SIRET de l'association | siret_spaces
        rnaBeneficiaire | N° RNA
        objet | Objet de la demande
        montant | Montant (€) | euro
        nature | Nature de l'aide
        conditionsVersement | Modalités de versement
        datesPeriodeVersement | Période de versement
        dateConvention | Date de signature de la convention | fr_date
        referenceDecision | N° de délibération
        nomAttribuant | Collectivité
        idAttribuant | SIRET collectivité | siret_spaces
        notificationUE | Notifié à l'UE (O/N) | o_n
        pourcentageSubvention | Part de la subvention
        - | Instructeur | =Mme Petit
        """),
    Layout("charging points, operator", IRVE, "valid/etalab__schema-irve-statique/irve-consolidation-20210718.csv", """
        id_pdc_itinerance | Identifiant PDC
        id_station_itinerance | Identifiant station
        nom_station | Nom de la station
        adresse_station | Adresse de la station
        code_insee_commune | Code INSEE | lost_zero
        coordonneesXY.lat | Latitude | comma
        coordonneesXY.lon | Longitude | comma
        nbre_pdc | Nb de points de charge
        puissance_nominale | Puissance (kW) | comma
        implantation_station | Implantation
        nom_enseigne | Enseigne
        nom_operateur | Opérateur
        contact_operateur | Mail opérateur
        telephone_operateur | Tél. opérateur
        nom_amenageur | Aménageur
        siren_amenageur | SIREN aménageur
        contact_amenageur | Mail aménageur
        prise_type_ef | Prise EF | oui_non
        prise_type_2 | Prise T2 | oui_non
        prise_type_combo_ccs | Prise Combo CCS | oui_non
        prise_type_chademo | Prise CHAdeMO | oui_non
        prise_type_autre | Autre prise | oui_non
        gratuit | Gratuité | oui_non
        paiement_acte | Paiement à l'acte | oui_non
        paiement_cb | Paiement CB | oui_non
        tarification | Tarif
        condition_acces | Accès
        reservation | Réservation possible | oui_non
        horaires | Horaires
        accessibilite_pmr | Accessibilité PMR
        restriction_gabarit | Gabarit
        station_deux_roues | Deux-roues uniquement | oui_non
        raccordement | Raccordement
        date_mise_en_service | Mise en service le | fr_date
        date_maj | Date MAJ | fr_date
        observations | Remarques
        """),
    Layout("car parks, mobility service", "etalab/schema-stationnement/0.1.5/schema.json",
           "valid/etalab__schema-stationnement/exemple-valide.csv", """
        nom | Nom du parking | no_accent_case
        id | Code parking
        adresse | Adresse
        insee | Code commune (INSEE)
        nb_places | Capacité totale | point_zero
        nb_pmr | Places PMR
        nb_voitures_electriques | Places véhicules électriques
        nb_velo | Places vélos
        nb_2_rm | Places deux-roues motorisés
        nb_covoit | Places covoiturage
        nb_autopartage | Places autopartage
        hauteur_max | Hauteur maxi (cm)
        gratuit | Gratuit | oui_non
        type_usagers | Usagers
        tarif_1h | Tarif 1h | euro
        tarif_2h | Tarif 2h | euro
        tarif_24h | Tarif 24 h | euro
        abo_resident | Abonnement résident | euro
        num_siret | SIRET gestionnaire | siret_spaces
        Ylat | Latitude (WGS84) | comma
        Xlong | Longitude (WGS84) | comma
        url | Site internet
        type_ouvrage | Type d'ouvrage
        info | Infos complémentaires
        """),
    Layout("hydrants, fire brigade", "datakode/schema-pei/1.0.1/schema.json", "derived/datakode__schema-pei/00-base.csv", """
        id_sdis | N° SDIS
        insee | Code INSEE
        type_pei | Type PEI
        type_rd | Sous-type
        statut | Statut (public/privé)
        nom_gest | Nom du gestionnaire
        situation | Localisation
        diam_pei | Diamètre (mm)
        diam_cana | Diamètre canalisation
        press_dyn | Pression dynamique (bar) | comma
        press_stat | Pression statique (bar) | comma
        debit | Débit (m3/h)
        volume | Volume (m3)
        disponible | Disponible | oui_non
        date_mes | Date de mise en service | fr_date
        date_ct | Dernier contrôle technique | fr_date
        date_maj | Mis à jour le | fr_date
        x | X (Lambert 93) | comma
        y | Y (Lambert 93) | comma
        """, also=tuple((name, ("X (Lambert 93)", "Y (Lambert 93)")) for name in ("lon", "lat"))),
    Layout("trucks, orders of the mayor", "CEREMA/schema-arrete-circulation-marchandises/0.9.2/schema.json",
           "valid/CEREMA__schema-arrete-circulation-marchandises/carros.csv", """
        ID | Numéro
        COLL_NOM | Collectivité
        COLL_INSEE | INSEE | lost_zero
        ARR_DATE | Date de l'arrêté | fr_date
        ARR_REF | Réf. arrêté
        ARR_OBJET | Objet
        REGL_ARTICLE | Article
        REGL_MODALITE | Autorisation / interdiction
        VEH_TYPES | Types de véhicules
        VEH_TONNAGE | Tonnage (t) | comma
        EMPRISE_DESIGNATION | Nom de la voie
        EMPRISE_SENS | Sens
        """),
)  # fmt: skip
