"""A value found in a dataset kept in Bocage: the INSEE code of a commune from its name and postcode…"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.check.mapping import reference_tables
from bocage.check.mapping.kinds.base import Kind, Param, StepBench, registered
from bocage.check.mapping.normal import trimmed_sql


@registered
class Lookup(Kind):
    """Each source is compared to a key of the dataset. A row whose other keys are empty is found by its first one alone.
    Several answers are none. Rights are those of the person who keeps the mapping."""

    name = "lookup"
    label = _("Find in a dataset of the platform")
    params = {
        "dataset": Param(_("Dataset"), "dataset", required=True),
        "keys": Param(
            _("Fields compared with the columns, in order"),
            "list",
            hint=_("The key of a reference layer when nothing is said."),
        ),
        "value": Param(_("Field to bring"), "field", required=True),
    }
    arity = (1, 4)

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        raise self.refused(gettext("it is only made while a file is read."))

    def prepared(self, inputs: Sequence[str], params: Mapping[str, Any], bench: StepBench) -> str:
        dataset, value = self.text(params, "dataset"), self.text(params, "value")
        keys = self.texts(params, "keys", 4) or reference_tables.reference_key(bench.viewer, dataset)
        if len(keys) != len(inputs):
            raise self.refused(gettext("it needs as many fields to compare as columns."))
        fields = list(dict.fromkeys([*keys, value]))
        version, table = reference_tables.read(bench.viewer, dataset, fields)
        whole = self._found(bench, table, keys, value, inputs, version.uid)
        if len(keys) == 1:
            return whole
        alone = self._found(bench, table, keys[:1], value, inputs[:1], version.uid)
        others_empty = " AND ".join(f"coalesce({trimmed_sql(one)}, '') = ''" for one in inputs[1:])
        return f"CASE WHEN {others_empty} THEN {alone} ELSE {whole} END"

    def _found(
        self, bench: StepBench, table: Any, keys: Sequence[str], value: str, inputs: Sequence[str], version: str
    ) -> str:
        name = reference_tables.keyed(bench.workshop, table, keys, value, f"{version} {keys} {value}")
        return (
            f"(SELECT reference.written FROM {name} AS reference "
            f"WHERE reference.said = {reference_tables.key_sql(inputs)})"
        )
