"""Layouts kept aside: never looked at while the suggestions are tuned, only counted."""

from __future__ import annotations

from tests.check.mapping.layouts import Layout
from tests.check.mapping.layouts_tuning import BNLC, CARPOOL, IRVE, SUBSIDIES

HELD_OUT = (
    Layout("carpool, small commune", CARPOOL, BNLC, """
        com_lieu | Localité
        insee | N° INSEE
        nom_lieu | Désignation
        ad_lieu | Emplacement
        nbre_pl | Capacité (places)
        nbre_pmr | Places handicapés
        Xlong | Coord X | comma
        Ylat | Coord Y | comma
        date_maj | Dernière MàJ | short_date
        type | Type de parking | upper
        horaires | Heures d'ouverture
        comm | Remarque
        proprio | Gestionnaire / propriétaire
        id_local | Réf.
        """, held_out=True),
    Layout("carpool, intercommunal export", CARPOOL, BNLC, """
        id_local | identifiant_local
        nom_lieu | libelle
        ad_lieu | adresse_postale
        com_lieu | nom_commune
        insee | code_commune
        nbre_pl | nb_places_total
        nbre_pmr | nb_places_pmr
        ouvert | est_ouvert | x_only
        duree | duree_max_stationnement
        lumiere | eclaire | x_only
        Ylat | latitude_wgs84
        Xlong | longitude_wgs84
        date_maj | date_modification | fr_datetime
        source | siren_producteur
        type | type_lieu
        """, held_out=True),
    Layout("subsidies, associations desk", SUBSIDIES, "valid/scdl__subventions/exemple_valide.csv", """
        nomAttribuant | Attributaire public
        idAttribuant | N° SIRET de la mairie | siret_spaces
        nomBeneficiaire | Bénéficiaire
        idBeneficiaire | N° SIRET du bénéficiaire
        dateConvention | Date convention | dash_date
        montant | Montant attribué en euros | comma
        objet | Objet
        nature | Type d'aide
        conditionsVersement | Conditions
        referenceDecision | Réf. délib.
        datesPeriodeVersement | Dates de versement
        notificationUE | Aide notifiée UE | oui_non
        """, held_out=True),
    Layout("charging points, energy union", IRVE, "valid/etalab__schema-irve-statique/irve-consolidation-20210718.csv", """
        nom_station | STATION
        adresse_station | ADR_STATION
        code_insee_commune | CODE_COM
        coordonneesXY | COORD_XY
        id_station_itinerance | ID_STATION
        id_pdc_itinerance | ID_PDC
        nbre_pdc | NB_PDC | point_zero
        puissance_nominale | PUISS_NOM | comma
        nom_amenageur | AMENAGEUR
        nom_operateur | OPERATEUR
        contact_operateur | EMAIL_OPERATEUR
        nom_enseigne | ENSEIGNE
        condition_acces | COND_ACCES
        horaires | HORAIRES
        accessibilite_pmr | ACCES_PMR
        implantation_station | TYPE_IMPLANTATION
        gratuit | GRATUIT | vrai_faux
        paiement_cb | CB | vrai_faux
        reservation | RESA | vrai_faux
        date_mise_en_service | DATE_MES | fr_date
        date_maj | DATE_MAJ | fr_date
        prise_type_2 | PRISE_T2 | vrai_faux
        prise_type_chademo | PRISE_CHADEMO | vrai_faux
        observations | OBS
        """, held_out=True),
    Layout("bicycle racks", "etalab/schema-stationnement-cyclable/1.1.1/schema.json",
           "valid/etalab__schema-stationnement-cyclable/exemple-valide.csv", """
        id_local | Identifiant du stationnement
        code_com | Code INSEE de la commune
        coordonneesxy.lat | lat
        coordonneesxy.lon | lng
        capacite | Nombre de vélos
        capacite_cargo | dont vélos cargo
        type_accroche | Type d'accroche | lower
        mobilier | Type de mobilier | lower
        gratuit | Gratuit ? | oui_non
        couverture | Abrité | oui_non
        surveillance | Surveillé | oui_non
        lumiere | Éclairé | oui_non
        d_service | Année de mise en service
        proprietaire | Propriétaire
        gestionnaire | Gestionnaire
        date_maj | Date dernière mise à jour | fr_date
        commentaires | Observations
        """, held_out=True),
    Layout("defibrillators", "atlasante/schema-dae/1.0.7/schema.json", "invalid/atlasante__schema-dae/exemple_valide.csv", """
        nom | Nom du défibrillateur
        lat_coor1 | Latitude | comma
        long_coor1 | Longitude | comma
        adr_num | N° de voie
        adr_voie | Voie
        com_cp | Code postal
        com_nom | Commune
        acc | Intérieur / extérieur
        acc_lib | Accès libre
        disp_j | Jours de disponibilité
        disp_h | Heures de disponibilité
        tel1 | Téléphone
        site_email | Courriel
        etat_fonct | État
        fab_rais | Fabricant
        modele | Modèle
        num_serie | N° de série
        dermnt | Dernière maintenance | fr_date
        date_instal | Installé le | fr_date
        mnt_rais | Société de maintenance
        """, held_out=True),
    Layout("public facilities", "scdl/equipements/0.1.5/schema.json", "derived/scdl__equipements/33-utf8-bom.csv", """
        EQUIP_NOM | Nom de l'équipement
        EQUIP_TYPE | Type
        EQUIP_THEME | Thème
        ADR_NUMERO | N°
        ADR_NOMVOIE | Rue
        ADR_CODEPOSTAL | CP
        ADR_COMMUNE | Ville
        EQUIP_TEL | Tél
        EQUIP_EMAIL | E-mail
        EQUIP_WEB | Site web
        EQUIP_LAT | Latitude | comma
        EQUIP_LONG | Longitude | comma
        EQUIP_OUVERTURE | Horaires
        ERP_TYPE | Type ERP
        ERP_CATEGORIE | Catégorie ERP
        """, held_out=True),
    Layout("taxi ranks", "openmaraude/schema-stationstaxi/0.1.2/schema.json",
           "derived/openmaraude__schema-stationstaxi/33-utf8-bom.csv", """
        nom | Nom de la station
        adresse | Adresse
        emplacements | Nombre d'emplacements
        no_appel | N° d'appel | phone
        insee | Code INSEE
        geopoint.lon | Longitude
        geopoint.lat | Latitude
        info | Infos
        id | Identifiant
        """, held_out=True),
)  # fmt: skip
