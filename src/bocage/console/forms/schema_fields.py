"""One field of a schema, as questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.check.registry.lint.patterns import is_expression
from bocage.check.registry.lint.types import ALLOWED, read_bound
from bocage.check.registry.rule_words import TYPES

KINDS = ("string", "integer", "number", "boolean", "date", "datetime", "time", "year", "geopoint", "geojson", "array")
FORMATS = (
    ("", _("Free text")),
    ("email", _("E-mail address")),
    ("uri", _("Web address")),
    ("uuid", _("UUID identifier")),
)
LIST = forms.Textarea(attrs={"rows": 4})
BOUNDS = ("minimum", "maximum")
LENGTHS = {"min_length": "minLength", "max_length": "maxLength"}
LONGEST_ENUM = 2_000


class SchemaFieldForm(forms.Form):
    """`before`: the field as it is; what the form does not know of is kept. `taken`: names of the other fields."""

    name = forms.RegexField(
        regex=r"\A\S(?:.{0,98}\S)?\Z", label=_("Name of the column"), max_length=100, strip=True,
        help_text=_("As it is written on the first line of the file: short, without spaces at its ends."),
    )  # fmt: skip
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    description = forms.CharField(
        label=_("What it holds"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One or two sentences: they are shown when a file is refused."),
    )  # fmt: skip
    type = forms.ChoiceField(label=_("Type"), choices=[(kind, TYPES[kind]) for kind in KINDS])
    format = forms.ChoiceField(label=_("Precision, for a text"), choices=FORMATS, required=False)
    example = forms.CharField(label=_("Example"), max_length=500, required=False)
    required = forms.BooleanField(label=_("Mandatory: every row has a value"), required=False)
    unique = forms.BooleanField(label=_("Two rows never have the same value"), required=False)
    code_list = forms.ChoiceField(label=_("Code list"), required=False)
    enum = forms.CharField(
        label=_("Allowed values, one per line"), required=False, max_length=60_000, widget=LIST,
        help_text=_("Leave it empty when you chose a code list, or when anything goes."),
    )  # fmt: skip
    minimum = forms.CharField(label=_("Smallest value"), max_length=60, required=False)
    maximum = forms.CharField(label=_("Largest value"), max_length=60, required=False)
    min_length = forms.IntegerField(label=_("Smallest number of characters"), min_value=0, required=False)
    max_length = forms.IntegerField(label=_("Largest number of characters"), min_value=0, required=False)
    pattern = forms.CharField(
        label=_("Precise form (regular expression)"), max_length=1000, required=False,
        help_text=_("For those who know how: the whole value must match."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, before: dict[str, Any], taken: Iterable[str], code_lists: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data, initial=_initial(before))
        self.before, self.taken = before, set(taken)
        current = before.get("codeList")
        listed = [*code_lists, (current, current)] if current and current not in dict(code_lists) else code_lists
        self.fields["code_list"].choices = [("", "—"), *listed]  # type: ignore[attr-defined]
        if before.get("type") and before["type"] not in KINDS:
            kind = self.fields["type"]
            kind.choices = [*kind.choices, (before["type"], before["type"])]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name in self.taken:
            raise forms.ValidationError(_("Another field already has this name."))
        return name

    def clean_enum(self) -> list[str]:
        values = [line.strip() for line in self.cleaned_data["enum"].splitlines() if line.strip()]
        if len(values) > LONGEST_ENUM:
            raise forms.ValidationError(_("Beyond %(limit)s values, make a code list.") % {"limit": LONGEST_ENUM})
        return list(dict.fromkeys(values))

    def clean_pattern(self) -> str:
        pattern: str = self.cleaned_data["pattern"]
        if pattern and not is_expression(pattern):
            raise forms.ValidationError(_("This is not a regular expression."))
        return pattern

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        kind = answers.get("type", "")
        for name, constraint in (*((one, one) for one in BOUNDS), *LENGTHS.items(), ("pattern", "pattern")):
            if answers.get(name) not in (None, "") and constraint not in ALLOWED.get(kind, ()):
                self.add_error(name, _("This makes no sense for the type chosen: leave it empty."))
        for name in BOUNDS:
            if name not in self.errors and answers.get(name) and read_bound(kind, answers[name]) is None:
                self.add_error(name, _("Write it as a value of the column would be."))
        return answers

    def described(self) -> dict[str, Any]:
        """The field as a schema writes it. Only after `is_valid`."""
        answers = self.cleaned_data
        said = {key: answers[key] for key in ("name", "title", "description", "type", "example")}
        said |= {
            "format": answers["format"] if answers["type"] == "string" else _kept_format(self.before, answers["type"])
        }
        said |= {"codeList": answers["code_list"], "constraints": self._constraints()}
        merged = {key: value for key, value in (self.before | said).items() if value not in ("", None)}
        if not merged["constraints"]:
            del merged["constraints"]
        return merged

    def _constraints(self) -> dict[str, Any]:
        answers, kind = self.cleaned_data, self.cleaned_data["type"]
        before = self.before.get("constraints")
        kept = dict(before) if isinstance(before, dict) else {}
        for name in ("required", "unique", "enum", "pattern", *BOUNDS, *LENGTHS.values()):
            kept.pop(name, None)
        asked: dict[str, Any] = {"required": answers["required"], "unique": answers["unique"] or None}
        asked |= {
            "enum": None if answers["code_list"] else answers["enum"] or None,
            "pattern": answers["pattern"] or None,
        }
        asked |= {name: _bound(kind, answers[name]) for name in BOUNDS}
        asked |= {constraint: answers[name] for name, constraint in LENGTHS.items()}
        return kept | {name: value for name, value in asked.items() if value is not None}


def _bound(kind: str, written: str) -> Any:
    """A number where the type is one, else the text."""
    if not written:
        return None
    value = read_bound(kind, written)
    if kind in ("integer", "year"):
        return value
    if kind == "number":
        return int(value) if value == value.to_integral_value() else float(value)
    return written


def _kept_format(before: dict[str, Any], kind: str) -> str:
    return str(before.get("format") or "") if before.get("type") == kind else ""


def _initial(before: dict[str, Any]) -> dict[str, Any]:
    constraints = before.get("constraints")
    rules = constraints if isinstance(constraints, dict) else {}
    enum = rules.get("enum")
    return {
        "name": before.get("name"), "title": before.get("title"), "description": before.get("description"),
        "type": before.get("type", "string"), "format": before.get("format", ""), "example": before.get("example"),
        "required": rules.get("required") is True, "unique": rules.get("unique") is True,
        "code_list": before.get("codeList"), "pattern": rules.get("pattern"),
        "enum": "\n".join(map(str, enum)) if isinstance(enum, list) else "",
        "minimum": rules.get("minimum"), "maximum": rules.get("maximum"),
        "min_length": rules.get("minLength"), "max_length": rules.get("maxLength"),
    }  # fmt: skip
