"""Plain text: nothing is lost, nothing but addresses of the web leads anywhere."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.governance.texts import MOST_LINKS, TEXT_LENGTH, NothingWritten, TextTooLong, cleaned, pieces, subject_of


@given(st.text(st.sampled_from("ab http://:/.?<>\"'&;()é\n"), max_size=200))
def test_the_pieces_are_the_text(text):
    cut = list(pieces(text))
    assert "".join(piece.words for piece in cut) == text
    for piece in cut:
        assert piece.address in ("", piece.words)
        assert not piece.address or piece.address.startswith(("http://", "https://"))
        assert not set(piece.address) & set("<>\"' \n")


@given(st.text(max_size=300))
def test_what_is_kept_holds_no_trick(text):
    try:
        kept = cleaned(text)
    except NothingWritten:
        return
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") for c in kept)
    assert cleaned(kept) == kept


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "//evil.example/"])
def test_other_addresses_are_words(text):
    assert [piece.address for piece in pieces(text)] == [""]


def test_the_end_of_a_sentence_is_not_part_of_the_address():
    cut = list(pieces("Voir (https://data.example/a?b=1). Merci !"))
    assert [piece.address for piece in cut] == ["", "https://data.example/a?b=1", ""]


def test_bounds():
    assert sum(bool(piece.address) for piece in pieces("http://a.fr " * 50)) == MOST_LINKS
    assert [piece.words for piece in pieces("http://a.fr b", links=False)] == ["http://a.fr b"]
    with pytest.raises(TextTooLong):
        cleaned("a" * (TEXT_LENGTH + 1))
    for empty in ("", "  \n ", "\u202e\u200b"):
        with pytest.raises(NothingWritten):
            cleaned(empty)
    assert subject_of(" a\n  b ") == "a b"
    assert cleaned("abc\u202egnp.exe") == "abcgnp.exe"
