"""Anomalies, reasons, actions and criteria as sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from bocage.catalog.vocabulary import FieldType

Text = str | Promise

REASONS: dict[str, tuple[Text, Text]] = {
    # code: (when it is as it should be, when it is not)
    "no-data": (gettext_lazy("Data is published."), gettext_lazy("No data has been published yet.")),
    "not-profiled": (
        gettext_lazy("The content was looked at."),
        gettext_lazy("The content has not been looked at yet."),
    ),
    "filled": (
        gettext_lazy("%(percent)s%% of the cells hold something."),
        gettext_lazy("Only %(percent)s%% of the cells hold something."),
    ),
    "no-schema": (
        gettext_lazy("It follows a schema."),
        gettext_lazy("It follows no schema: nobody can check its content."),
    ),
    "not-checked": (
        gettext_lazy("The published version was checked."),
        gettext_lazy("The published version has not been checked against its schema yet."),
    ),
    "right-rows": (
        gettext_lazy("All the %(rows)s rows follow the schema."),
        gettext_lazy("%(wrong)s rows out of %(rows)s do not follow the schema."),
    ),
    "table-faults": (
        gettext_lazy("The columns are those of the schema."),
        gettext_lazy("The table itself has faults: a column is missing or misnamed (%(count)s in all)."),
    ),
    "schema-version": (
        gettext_lazy("It follows the latest version of the schema."),
        gettext_lazy("A later version of the schema exists."),
    ),
    "no-frequency": (
        gettext_lazy("An update frequency is stated."),
        gettext_lazy("No update frequency is stated: nobody knows whether the data is still right."),
    ),
    "final": (gettext_lazy("The data is final: no update is planned."), ""),
    "irregular": (gettext_lazy("It is updated without a fixed date."), ""),
    "kept-promise": (gettext_lazy("The promised update frequency is kept."), ""),
    "late": ("", gettext_lazy("The promised update is %(days)s days late.")),
    "description": (
        gettext_lazy("The description is long enough."),
        gettext_lazy("The description has less than 100 characters."),
    ),
    "fields": (
        gettext_lazy("Every column is described."),
        gettext_lazy("%(percent)s%% of the columns are described."),
    ),
    "keywords": (gettext_lazy("There are keywords."), gettext_lazy("There are less than three keywords.")),
    "theme": (gettext_lazy("It is filed under a theme."), gettext_lazy("It is filed under no theme.")),
    "period": (gettext_lazy("The period covered is stated."), gettext_lazy("The period covered is not stated.")),
    "territory": (gettext_lazy("The territory is stated."), gettext_lazy("The territory is not stated.")),
    "published": (
        gettext_lazy("It can be downloaded in open formats and read by an API."),
        gettext_lazy("There is nothing to download yet."),
    ),
    "licence": (
        gettext_lazy("A licence says what may be done with it."),
        gettext_lazy("No licence says what may be done with it."),
    ),
    "contact": (gettext_lazy("A contact address is given."), gettext_lazy("No contact address is given.")),
    "anomalies": (
        gettext_lazy("Nothing odd against the version before."),
        gettext_lazy("%(count)s remarks against the version before."),
    ),
    "key": (gettext_lazy("A key identifies each row."), gettext_lazy("No key identifies the rows.")),
}

ACTIONS: dict[str, Text] = {
    "publish": gettext_lazy("Publish a first file"),
    "mend-rows": gettext_lazy("Mend the %(count)s rows that do not follow the schema"),
    "mend-aside": gettext_lazy("Mend the %(count)s rows kept aside, then publish them"),
    "mend-table": gettext_lazy("Give the table the columns of its schema"),
    "follow-schema": gettext_lazy("Choose the schema that this data should follow"),
    "upgrade-schema": gettext_lazy("Move to the latest version of the schema"),
    "state-frequency": gettext_lazy("State how often the data is updated"),
    "update": gettext_lazy("Publish the update that was promised"),
    "describe": gettext_lazy("Write a description of at least %(count)s characters"),
    "describe-fields": gettext_lazy("Describe the %(count)s columns that nothing explains"),
    "add-keywords": gettext_lazy("Add three keywords"),
    "add-theme": gettext_lazy("File it under a theme"),
    "state-period": gettext_lazy("State the period that the data covers"),
    "state-territory": gettext_lazy("State the territory that the data covers"),
    "choose-licence": gettext_lazy("Choose a licence"),
    "add-contact": gettext_lazy("Give a contact address"),
    "state-key": gettext_lazy("Say which columns identify a row"),
    "fill-cells": gettext_lazy("Fill the empty cells"),
}

CRITERIA: dict[str, Text] = {
    "license": gettext_lazy("Licence"),
    "temporal_coverage": gettext_lazy("Period covered"),
    "spatial": gettext_lazy("Territory covered"),
    "update_frequency": gettext_lazy("Update frequency"),
    "update_fulfilled_in_time": gettext_lazy("Up to date"),
    "dataset_description_quality": gettext_lazy("Description"),
    "has_open_format": gettext_lazy("Open format"),
    "all_resources_available": gettext_lazy("Files available"),
    "has_resources_documentation": gettext_lazy("Files documented"),
}

_ANOMALIES: dict[str, Text] = {
    "volume-drop": gettext_lazy("There were %(before)s rows, there are only %(after)s (%(percent)s%% less)."),
    "volume-surge": gettext_lazy("There were %(before)s rows, there are %(after)s (%(times)s times as many)."),
    "column-lost": gettext_lazy("The column “%(label)s” is not there any more."),
    "type-changed": gettext_lazy("The column “%(label)s” was “%(before)s”, it is now “%(after)s”."),
    "column-emptied": gettext_lazy("The column “%(label)s” was filled at %(before)s%%, it now is at %(after)s%%."),
    "many-new-codes": gettext_lazy("The column “%(label)s” had %(before)s different values, it now has %(after)s."),
    "shift": gettext_lazy("The values of “%(label)s” have moved: half of them were below %(before)s, now below %(after)s."),
}  # fmt: skip


def anomaly_sentences(anomalies: Iterable[Mapping[str, Any]]) -> list[str]:
    return [_anomaly(one["code"], dict(one.get("fields", {}))) for one in anomalies]


def reason_sentences(reasons: Iterable[Mapping[str, Any]]) -> list[tuple[bool, str]]:
    """(is as it should be, sentence) for each reason kept in a Score."""
    return [(one["good"], _reason(one)) for one in reasons if one["code"] in REASONS]


def action_sentence(code: str, fields: Mapping[str, Any]) -> str:
    return _filled(ACTIONS[code], fields)


def points(gain: int) -> str:
    return ngettext("+%(gain)s point", "+%(gain)s points", gain) % {"gain": gain}


def _reason(one: Mapping[str, Any]) -> str:
    good, bad = REASONS[one["code"]]
    return _filled(good if one["good"] else bad, one.get("fields", {}))


def _anomaly(code: str, fields: dict[str, Any]) -> str:
    if code == "new-codes":
        return _new_codes(fields)
    if code == "type-changed":
        fields |= {key: _type_name(fields[key]) for key in ("before", "after")}
    if code == "shift":
        fields |= {key: _value(fields[key], fields.get("type", "")) for key in ("before", "after")}
    return _filled(_ANOMALIES[code], fields) if code in _ANOMALIES else code


def _new_codes(fields: dict[str, Any]) -> str:
    codes = ", ".join(gettext("“%(text)s”") % {"text": code} for code in fields["codes"])
    if fields["count"] > len(fields["codes"]):
        codes += "…"
    told = {"label": fields["label"], "count": fields["count"], "codes": codes}
    return (
        ngettext(
            "In the column “%(label)s”, %(count)s value was never seen before: %(codes)s.",
            "In the column “%(label)s”, %(count)s values were never seen before: %(codes)s.",
            fields["count"],
        )
        % told
    )


def _filled(sentence: Text, fields: Mapping[str, Any]) -> str:
    shown = {
        key: localize(value, use_l10n=True) if isinstance(value, int | float) else value
        for key, value in fields.items()
    }
    try:
        return str(sentence) % shown
    except (KeyError, TypeError, ValueError):
        return str(sentence)


def _type_name(kind: str) -> str:
    return str(FieldType(kind).label) if kind in FieldType.values else kind


def _value(number: float, kind: str) -> str:
    """A quantile, as a person writes it."""
    if kind == "date":
        return localize(date(1970, 1, 1) + timedelta(days=number)) or ""
    if kind == "datetime":
        return localize(datetime.fromtimestamp(number, UTC).date()) or ""
    return str(localize(round(number, 2) if number % 1 else int(number), use_l10n=True))
