"""Every spelling that the reference accepts or refuses (Validata 0.12.5), value by value."""

from __future__ import annotations

from pathlib import Path

import pytest

from bocage.check.rules import beyond
from tests.check.rules.benches import bench_of, found

ACCEPTED = {
    "siren": [
        "732829320", "732 829 320", "000000000", " 732829320 ", "732.829.320", "732\u00a0829\u00a0320", "356000000",
        "７３２８２９３２０", "\t732829320", "732829320\n", "732\u202f829\u202f320",
    ],
    "siret": [
        "73282932000074", "732 829 320 00074", "35600000000048", "35600000049837", "35600000000001", "00000000000000",
        "732829320\u202f00074", "35600000012346", " 73282932000074",
    ],
    "nomenclature-acte": [
        "Commande publique/1.1", "commande publique/x", "COMMANDE PUBLIQUE/", "Urbanisme/", "Domaine et patrimoine/a/b",
        "Libertes publiques et pouvoirs de police/x", "Domaines de competences par themes/x", "Urbanismea",
        "Autres domaines de compétences/x", "finances locales/ç", "Urbanismé/x",
    ],
    "year-interval-value": ["2019/2020", "0001/0002", "２０１９/２０２０"],
    "phone-number-value": [
        "02.40.41.90.00", "0240419000", "02 40 41 90 00", "+33240419000", "+33 2 40 41 90 00", "0033240419000", "3639",
        "15", "112", "36 39", "118712", "0800 123 456", "0612345678", "+441212345678", "00441212345678",
        "tel: 0240419000", "+33 (0)2 40 41 90 00", "02-40-41-90-00", "02/40/41/90/00", "0240419000 ", "+32 2 555 12 12",
        "+33 3639", "３６３９", "+262262123456", "0240419000;ext=12", "0 892 701 239", "09 70 00 00 00", "116000",
        "+1 800 555 0199", "(02) 40 41 90 00", "33240419000",
    ],
    "opening-hours-value": [
        "24/7", "Mo-Fr 08:00-12:00,14:00-18:00", "PH off", "Mo-Su", "Mo-Fr 08:00-12:00; Sa 09:00-12:00", "sunrise-sunset",
        "Mar-Oct", "Mo-Fr 08:00-26:00", '"sur rdv"', "08:00-18:00", "off", "closed", "Mo,We 10:00-12:00", "dawn-dusk",
        'Mo-Fr 08:00-18:00 || "x"', "Mo-Fr 18:00-08:00", "easter", " Mo-Fr 08:00-12:00", "Mo-Fr 08:00-12:00 ",
        "24:00-25:00", "Mo-Fr 08:00-12:00 unknown", "Mo[1,3] 10:00-12:00", "Dec 25 off", "2021-2023/2", "week01-10/2 Mo",
        "Jan 01+", "Dec 24-Jan 02 off", "(sunrise+01:00)-sunset", "PH +1 day off",
    ],
}  # fmt: skip
REFUSED = {
    "siren": ["732829321", "73282932", "7328293200", "73282932O", "732-829-320", "+732829320", "732\n829320", "é"],
    "siret": [
        "73282932000075", "356000000 00000", "7328293200007", "732-829-320-00074", "ABCDEFGHIJKLMN", "35600000000000",
        "40356497400034.0",
    ],
    "nomenclature-acte": [
        "Commande publique /1", "Commande publique/ 1", "Commande publique", "Libertés  publiques et pouvoirs de police/x",
        "inconnu/x", "/x", " Urbanisme/x", "Urbanisme/x / y", "Inconnu / x", "urbanisme /x", "Finances\tlocales/x",
        "Libert\u0065\u0301s publiques et pouvoirs de police/e", "x",
    ],
    "year-interval-value": [
        "2020/2019", "2019/2019", "2019", "2019-2020", " 2019/2020", "2019 / 2020", "19/20", "2019/2020 ", "abc", "2019/",
        "02019/2020", "2019/20200", "2019/2020/2021",
    ],
    "phone-number-value": [
        "12", "061234567", "1234567890", "abc", "0240419000/0240419001", "9999", "1", "0262123456", "0590123456",
        "0240419000 poste 12", "04 00 00 00 00", "0" * 300,
    ],
    "opening-hours-value": [
        "Lu-Ve 8h-18h", "tous les jours", "Mo-Fr 8:00-12:00", "2021 Mar-Oct Mo-Fr 08:00-18:00", "mo-fr 08:00-18:00",
        "Mo-Fr 25:00-26:00", "Mo-Fr 08h00-12h00", "24/24", "week 1-53/2 Mo 10:00", "Mo-Fr 08:00+", "SH,PH 10:00",
        "Mo-Fr 08:00 - 12:00", "Mo - Fr 08:00-12:00", "Mo-Fr 08.00-12.00", "Mo-Fr: 08:00-12:00 x", "Mon-Fri 08:00-12:00",
        "Mo-Fr 08:00-12:00,", "Mo-Fr 8-12", "Jan-Mar off;Apr 10:00-12:00", "week01-10/256", "Mo[-1]", "08:00",
    ],
}  # fmt: skip


@pytest.mark.parametrize("check", sorted(ACCEPTED))
def test_the_same_spellings_as_the_reference(check: str, tmp_path: Path) -> None:
    values = [*ACCEPTED[check], *REFUSED[check], ""]
    descriptor = {
        "fields": [{"name": "v", "type": "string"}],
        "custom_checks": [{"name": check, "params": {"column": "v"}}],
    }
    with bench_of(tmp_path, descriptor, ["v"], [[value] for value in values]) as bench:
        refused = {values[row - 2] for _, row, _, _ in found(bench, beyond.tests(bench)) if row}
    assert refused == set(REFUSED[check])
