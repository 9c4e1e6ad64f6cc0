"""What is chosen in a form: kept, read back, made into rules; colours that everybody tells apart; classes of numbers."""

from __future__ import annotations

import itertools
import json
import math
import operator as operators
import random

import numpy as np
import pytest

from bocage.catalog.styles.choices import Band, Category, Choices, read_choices
from bocage.catalog.styles.choosing import rules_of
from bocage.catalog.styles.drawings import SOURCE
from bocage.catalog.styles.errors import StyleOfQgis, StyleRefused
from bocage.catalog.styles.legends import legend_of
from bocage.catalog.styles.maplibre import layers_of
from bocage.catalog.styles.maplibre_rules import rules_in
from bocage.catalog.styles.palettes import CATEGORIES, RAMPS, channels, contrast, ramp_colors
from bocage.catalog.styles.seen_rules import without_unseen
from bocage.catalog.styles.sld_reading import read_sld
from bocage.catalog.styles.sld_writing import sld_of
from bocage.catalog.styles.symbols import Compare, Fill, Group, Missing, Not, Rule, Surface
from bocage.catalog.vocabulary import FieldType
from bocage.query.classes import natural_breaks

BLINDNESS = {  # Machado, Oliveira, Fernandes (2009), severity 1
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
COMPARED = {
    "=": operators.eq,
    "!=": operators.ne,
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}
LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip
BY_KIND = Choices(
    "category", "kind", categories=(Category("chêne", "Chênes", "#1f5dc2"), Category("tilleul", "Tilleuls", "#de6907"))
)
BY_NUMBER = Choices(
    "class",
    "n",
    bands=(
        Band(None, 10, "Peu", "#d5ecd9"),
        Band(10, 20.5, "Assez", "#2f8a5f"),
        Band(20.5, None, "Beaucoup", "#0b4a35"),
    ),
)


def seen(color: str, eyes: str) -> np.ndarray:
    """In OKLab."""
    light = np.clip(np.array(BLINDNESS[eyes]) @ np.array(channels(color)), 0, 1)
    return LAB @ np.cbrt(LMS @ light)


@pytest.mark.parametrize("eyes", BLINDNESS)
def test_colours_of_categories_are_told_apart_by_all_eyes(eyes):
    found = [seen(one, eyes) for one in CATEGORIES]
    assert min(math.dist(one, other) for one, other in itertools.combinations(found, 2)) > 0.13
    assert min(contrast(one) for one in CATEGORIES) >= 3


@pytest.mark.parametrize("eyes", BLINDNESS)
@pytest.mark.parametrize("name", RAMPS)
@pytest.mark.parametrize("edged", [True, False])
def test_ramps_go_from_light_to_dark_for_all_eyes(name, eyes, edged):
    lightness = [seen(one, eyes)[0] for one in ramp_colors(name, 7, edged=edged)]
    assert all(after < before - 0.02 for before, after in itertools.pairwise(lightness))
    assert edged or min(contrast(one) for one in ramp_colors(name, 7, edged=False)) >= 3


@pytest.mark.parametrize("choices", [Choices(label="nom"), BY_KIND, BY_NUMBER])
def test_choices_are_read_back(choices):
    assert read_choices(choices.written()) == choices


@pytest.mark.parametrize(
    "changed",
    [{"kind": "magic"}, {"field": ""}, {"categories": []}, {"color": "red"}, {"width": 1e9}, {"width": True}, {"field": "a\0"},
     {"categories": [{"value": "x", "color": "url(http://evil.example)"}]}, {"categories": "no"}, {"others": 3},
     {"categories": [{"value": "x"}] * 25}, {"label": {"a": 1}}],
)  # fmt: skip
def test_choices_that_are_none_are_refused(changed):
    with pytest.raises(StyleRefused):
        read_choices(json.dumps(json.loads(BY_KIND.written()) | changed).encode())


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"[" * 100_000, b'{"kind": "class", "field": "n", "bands": [{"low": 1e999}]}']
)
def test_documents_that_are_none_are_refused(content):
    with pytest.raises(StyleRefused):
        read_choices(content)


def test_classes_follow_one_another():
    said = json.loads(BY_NUMBER.written())
    said["bands"][1]["low"] = 11
    with pytest.raises(StyleRefused):
        read_choices(json.dumps(said).encode())


def test_each_value_falls_in_one_rule():
    rules = rules_of(BY_NUMBER, ["Polygon"])
    assert [rule.title for rule in rules][:3] == ["Peu", "Assez", "Beaucoup"]
    for value, expected in ((-5, 0), (9.99, 0), (10, 1), (20.4, 1), (20.5, 2), (1e9, 2), (None, 3)):
        assert [rank for rank, rule in enumerate(rules) if holds(rule.condition, {"n": value})] == [expected], value
    rules = rules_of(BY_KIND, ["Point"])
    for value, expected in (("chêne", 0), ("tilleul", 1), ("autre", 2), (None, 3)):
        assert [rank for rank, rule in enumerate(rules) if holds(rule.condition, {"kind": value})] == [expected], value


def holds(condition, record) -> bool:
    """What a condition means, naively: nothing is compared with what is missing."""
    match condition:
        case None:
            return True
        case Compare(operator=operator, field=name, value=value):
            found = record.get(name)
            if found is None:
                return False
            if isinstance(value, str) != isinstance(found, str):
                return False
            return COMPARED[operator](found, value)
        case Missing(field=name):
            return record.get(name) is None
        case Group(kind=kind, parts=parts):
            return (all if kind == "all" else any)(holds(one, record) for one in parts)
        case Not(part=part):
            return not holds(part, record)
    raise AssertionError(condition)


def test_what_is_chosen_is_told_in_every_format():
    rules = rules_of(BY_KIND, ["Polygon"])
    assert [rule.condition for rule in read_sld(sld_of(rules, "arbres", "Essences")).rules] == [
        rule.condition for rule in rules
    ]
    layers = layers_of(rules, {"kind": FieldType.STRING}, SOURCE, "arbres")
    back = rules_in(layers)
    assert not back.ignored
    for record in ({"kind": "chêne"}, {"kind": "tilleul"}, {"kind": "x"}, {}):
        drawn = {rank for rank, rule in enumerate(rules) if holds(rule.condition, record)}
        again = {rule.symbols[0].fill.color for rule in back.rules if isinstance(rule.symbols[0], Surface) and rule.symbols[0].fill
                 and holds(rule.condition, record)}  # fmt: skip
        assert again == {rules[rank].symbols[0].fill.color for rank in drawn}


def test_colours_that_a_field_chooses_become_rules():
    paint = {"fill-color": ["match", ["get", "kind"], ["a", "b"], "#ff0000", "c", "rgb(0, 255, 0)", "#ccc"]}
    found = rules_in([{"id": "x", "type": "fill", "paint": paint}])
    told = {
        one: [rule.symbols[0].fill.color for rule in found.rules if holds(rule.condition, {"kind": one})]
        for one in "abcd"
    }
    assert told == {"a": ["#ff0000"], "b": ["#ff0000"], "c": ["#00ff00"], "d": ["#cccccc"]}
    steps = {"circle-radius": ["step", ["get", "n"], 2, 10, 4, 20, 8], "circle-color": "#123456"}
    found = rules_in([{"id": "x", "type": "circle", "paint": steps}])
    assert [[rule.symbols[0].size for rule in found.rules if holds(rule.condition, {"n": n})] for n in (9, 10, 20)] == [
        [4],
        [8],
        [16],
    ]


@pytest.mark.parametrize(
    "layer",
    [{"type": "fill", "paint": {"fill-color": ["interpolate", ["linear"], ["get", "n"], 0, "#000", 9, "#fff"]}},
     {"type": "fill", "filter": ["within", {}], "paint": {"fill-color": "#ffffff"}}, {"type": "heatmap"},
     {"type": "symbol", "layout": {"text-field": ["concat", "a", ["get", "b"]]}}],
)  # fmt: skip
def test_what_no_rule_can_say_is_left_out_and_named(layer):
    found = rules_in([{"id": "computed"} | layer])
    assert (found.rules, list(found.ignored)) == ((), ["computed"])


def test_rules_without_the_values_that_nobody_sees():
    rules = rules_of(BY_KIND, ["Point"])
    kept = without_unseen(rules, {"kind": {"chêne"}})
    assert "Tilleuls" not in {rule.title for rule in kept}
    assert "tilleul" not in repr(kept)
    for record in ({"kind": "chêne"}, {"kind": "x"}, {}):
        assert [rule.title for rule in kept if holds(rule.condition, record)] == [
            rule.title for rule in rules if holds(rule.condition, record)
        ]


def test_a_rule_that_lost_a_value_loses_the_title_that_told_it():
    both = Group("any", (Compare("=", "kind", "chêne"), Compare("=", "kind", "secret")))
    (kept,) = without_unseen((Rule("Chênes et secrets", (Surface(Fill("#112233")),), both),), {"kind": {"chêne"}})
    assert (kept.title, kept.condition) == ("chêne", Compare("=", "kind", "chêne"))


def test_natural_breaks_are_the_best():
    chance = random.Random(5)
    for _turn in range(20):
        values = sorted(chance.sample(range(60), 9))
        weights = [chance.randint(1, 5) for _one in values]
        found = natural_breaks(np.array(values, float), np.array(weights, float), 3)

        def spread(bounds, values=values, weights=weights) -> float:
            classes = np.searchsorted(bounds, values, side="right")
            total = 0.0
            for rank in set(classes.tolist()):
                rows = np.repeat([v for v, c in zip(values, classes, strict=True) if c == rank],
                                 [w for w, c in zip(weights, classes, strict=True) if c == rank])  # fmt: skip
                total += float(((rows - rows.mean()) ** 2).sum())
            return total

        best = min(spread(list(bounds)) for bounds in itertools.combinations(values[1:], 2))
        assert spread(found) == pytest.approx(best)


def test_natural_breaks_of_few_values():
    assert natural_breaks(np.array([1.0, 2.0]), np.array([5.0, 1.0]), 5) == [2.0]
    assert natural_breaks(np.array([1.0]), np.array([5.0]), 5) == []


def test_legends_hold_nothing_but_drawings():
    hostile = Rule('<script>"', (Surface(Fill("#112233")),), Compare("=", "a", "b"))
    (entry,) = legend_of([hostile])
    assert entry.title == '<script>"'
    assert "style=" not in entry.drawn
    assert "<svg" in entry.drawn


@pytest.mark.parametrize(
    "content", [b'<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd">\n<qgis version="3.22"/>', b'<qgis version="3"/>']
)
def test_the_format_of_qgis_is_refused_by_its_name(content):
    with pytest.raises(StyleOfQgis):
        read_sld(content)
