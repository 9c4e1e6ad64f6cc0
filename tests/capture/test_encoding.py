import pytest

from bocage.capture.delimited.encoding import check_encoding, detect_encoding, in_utf8
from bocage.capture.errors import MixedEncodings, NotText, UnknownEncoding, UnreadableCharacters

FRENCH = (
    "nom;adresse;remarque\r\n"
    "Hôtel de ville;2 rue de l’Hôtel de Ville;Ouvert dès 8 h, fermé à midi — coût 12 €\r\n"
    "École élémentaire Ça ira;n° 3 place Noël;« à côté de l'œuvre »\r\n"
    "MÉDIATHÈQUE;FAÇADE ARRIÈRE;ÉTÉ COMME HIVER, où qu’il naît\r\n"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman", "utf-32"]
)
def test_french_text_is_read_back(tmp_path, encoding):
    file = tmp_path / "f"
    file.write_bytes(FRENCH.encode(encoding))
    path, found = in_utf8(file, tmp_path / "utf8")
    assert path.read_bytes().decode("utf-8-sig") == FRENCH
    assert found.replace("-sig", "").split("-le")[0].startswith(encoding.replace("-sig", "")[:6])


@pytest.mark.parametrize("encoding", ["iso8859-15", "latin-1", "cp850"])
def test_older_encodings_of_french(tmp_path, encoding):
    text = FRENCH.replace("’", "'").replace("—", "-").replace("œ", "oe").replace("«", '"').replace("»", '"')
    text = text if encoding == "iso8859-15" else text.replace("€", "euros")
    file = tmp_path / "f"
    file.write_bytes(text.encode(encoding))
    path, _ = in_utf8(file, tmp_path / "utf8")
    assert path.read_bytes().decode() == text


def samples(shared_data):
    """Extracts of 5 to 500 lines of real French files."""
    for name in ("valid/scdl__subventions/exemple_valide.csv", "nantes/cantines/menus_tous.csv",
                 "nantes/cantines/jours_feries.csv", "valid/etalab__schema-lieux-covoiturage/bnlc-2026-08.csv"):  # fmt: skip
        lines = (shared_data / name).read_text("utf-8").splitlines(keepends=True)
        for length in (5, 20, 100, 500):
            for start in range(1, min(len(lines) - length, length * 12), length):
                text = "".join(lines[start : start + length])
                if not text.isascii():
                    yield text


def test_single_byte_encodings_are_told_apart_on_real_extracts(shared_data, tmp_path):
    right = wrong = 0
    for text in samples(shared_data):
        for encoding in ("cp1252", "iso8859-15", "mac-roman"):
            try:
                raw = text.encode(encoding)
            except UnicodeEncodeError:
                continue
            file = tmp_path / "f"
            file.write_bytes(raw)
            same = raw.decode(detect_encoding(file), "replace") == text
            right, wrong = right + same, wrong + (not same)
    assert right + wrong > 100
    assert right / (right + wrong) > 0.98


def test_an_accent_far_from_the_head_is_seen(tmp_path):
    file = tmp_path / "f"
    file.write_bytes(b"id;nom\n" + b"1;plain ascii\n" * 200_000 + "2;Café\n".encode("cp1252"))
    assert detect_encoding(file) == "cp1252"


def test_utf8_cut_between_two_chunks_is_still_utf8(tmp_path):
    file = tmp_path / "f"
    file.write_bytes(b"a" * ((1 << 20) - 1) + "é".encode() + b"\nb\n")
    assert detect_encoding(file) == "utf-8"


def test_one_foreign_byte_in_utf8_is_refused_with_its_line(tmp_path):
    file = tmp_path / "f"
    file.write_bytes("nom\nété\nhôtel\ngarçon\n".encode() + "Café\n".encode("cp1252") + "forêt\nmaïs\n".encode())
    with pytest.raises(MixedEncodings) as caught:
        detect_encoding(file)
    assert caught.value.fields == {"line": 5, "byte": "0xE9"}


def test_a_zero_byte_is_refused_with_its_line(tmp_path):
    file = tmp_path / "f"
    file.write_bytes(b"a,b\n1,2\n3,\x00\n" + b"4,5\n" * 100)
    with pytest.raises(NotText) as caught:
        detect_encoding(file)
    assert caught.value.fields["line"] == 3


def test_the_encoding_asked_for_must_exist_and_fit(tmp_path):
    file = tmp_path / "f"
    file.write_bytes("a\nCafé\n".encode("cp1252"))
    with pytest.raises(UnknownEncoding):
        check_encoding("klingon")
    with pytest.raises(UnknownEncoding):
        check_encoding("base64")
    with pytest.raises(UnreadableCharacters) as caught:
        in_utf8(file, tmp_path / "utf8", "utf-8")
    assert caught.value.fields["line"] == 2
    with pytest.raises(UnreadableCharacters):
        in_utf8(file, tmp_path / "utf8", "ascii")
