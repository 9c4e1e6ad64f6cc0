"""Why an edit is refused. Sentences never name what the writer does not see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import BocageError, TerminalError, TransientError
from bocage.pipeline.pushes.errors import ValueFault


class NotEditable(TerminalError):
    """`reason`: a sentence for the writer."""

    code = "edits.not-editable"
    message = _("The features of this dataset are not edited one by one: %(reason)s")


class CannotBeEditable(TerminalError):
    """Told to the keepers who wanted to allow edits."""

    code = "edits.cannot-be-editable"
    message = _("This dataset cannot be edited feature by feature: %(reason)s")


class FeatureAbsent(TerminalError):
    code = "edits.feature-absent"
    message = _("The dataset has no feature “%(identifier)s”, or you may not see it.")
    mend = _("Reload the layer: the feature may have been deleted meanwhile.")


class StateChanged(TerminalError):
    code = "edits.state-changed"
    message = _("The feature “%(identifier)s” was changed by somebody else since you read it.")
    mend = _("Reload it, and make your change again. Nothing of this request was kept.")


class StateWanted(TerminalError):
    code = "edits.state-wanted"
    message = _("The keepers of this dataset ask that a change say which state of the feature it was made from.")
    mend = _("Send the ETag of the feature, as you read it, in the header If-Match.")


class TooManyEdits(TerminalError):
    code = "edits.too-many"
    message = _("A request may hold at most %(most)s edits.")
    mend = _("Send them in several requests, or publish a file.")


class DatasetBusy(TransientError):
    code = "edits.busy"
    message = _("Another version of this dataset is being published.")
    mend = _("Nothing of this request was kept: send it again in a few seconds.")


class EditsRefused(TerminalError):
    """Nothing of a request of several edits was kept. `faults`: {"edit" (from 1), "field", "code", "reason", "mend"}."""

    code = "edits.refused"
    message = _("Edit %(edit)s: %(reason)s %(advice)s Nothing of this request was kept.")

    def __init__(self, found: Mapping[int, BocageError]) -> None:
        faults = [_told(rank, fault) for rank, fault in sorted(found.items())[:MOST_FAULTS]]
        first = faults[0]
        super().__init__(edit=first["edit"], reason=first["reason"], advice=first["mend"], faults=faults)


MOST_FAULTS = 10


def _told(rank: int, fault: BocageError) -> dict[str, Any]:
    said = {"edit": rank + 1, "field": str(fault.fields.get("field", "")), "code": fault.code}
    return said | {"reason": fault.sentence(), "mend": fault.advice()}


# Faults of one feature ------------------------------------------------------------------------------------------------


class KeyTaken(ValueFault):
    code = "edits.key-taken"
    message = _("another feature already has this value in “%(field)s”, which identifies the features of this dataset.")
    mend = _("Choose another value, or leave it empty for one to be given.")


class KeyGiven(ValueFault):
    code = "edits.key-given"
    message = _(
        "“%(field)s” identifies the features of this dataset, of which you see a part: it is given by the platform."
    )
    mend = _("Leave it empty.")


class KeyChanged(ValueFault):
    code = "edits.key-changed"
    message = _("“%(field)s” identifies the feature, and stays what it is.")
    mend = _("Delete this feature, and create another one.")


class KeyShared(ValueFault):
    code = "edits.key-shared"
    message = _("several features have the same value in “%(field)s”, which should identify each of them.")
    mend = _("Ask the keepers of the dataset to mend it; then reload the layer.")


class ReadOnlyField(ValueFault):
    code = "edits.read-only-field"
    message = _("“%(field)s” is shown to you in part: you cannot write it.")
    mend = _("Leave it as it is.")


class OutsideYours(ValueFault):
    """What is written would not be seen by whoever writes it."""

    code = "edits.outside-yours"
    message = _("the feature would be outside what you may see and edit of this dataset.")
    mend = _("Check the values by which your part is known: the commune, the organisation…")


class NotPlacedThere(ValueFault):
    code = "edits.not-placed"
    message = _("its coordinates are not in the reference system announced, %(crs)s.")
    mend = _("Check the reference system of the layer, and the order of the coordinates.")


class BrokenUnseen(ValueFault):
    """The schema of the dataset is broken in a field that the writer does not see."""

    code = "edits.broken-unseen"
    message = _("the schema of the dataset does not accept this feature, for a field that you do not see.")
    mend = _("Ask the keepers of the dataset.")


class SchemaRefused(ValueFault):
    """`reason`: the sentence of the check."""

    code = "edits.schema"
    message = _("the schema of the dataset does not accept this feature: %(reason)s")
