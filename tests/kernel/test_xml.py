"""Whatever people wrote, a feed stays XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from bocage.kernel.xml import writable


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_left_is_read_back(words):
    node = ET.Element("a")
    node.text = writable(words)
    read = ET.fromstring(ET.tostring(node, encoding="utf-8")).text or ""
    assert read == node.text.replace("\r\n", "\n").replace("\r", "\n")


def test_nothing_else_is_lost():
    assert writable("Écoles\t1\n« 2 » \U0001f33f") == "Écoles\t1\n« 2 » \U0001f33f"
    assert writable("a\x00\x0b\x1f\ufffe\uffff\ud800b") == "ab"
