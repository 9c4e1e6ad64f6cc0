"""Why a push is refused: of a whole payload, and of one value (the faults of a `PayloadRefused`)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import BocageError, TerminalError, TransientError


class KeyRefused(TerminalError):
    """The same for an unknown address, an unknown key, a revoked one, and the key of another address."""

    code = "push.key-refused"
    message = _("This push key does not open this address.")
    mend = _("Copy the address and the key again from the page of the dataset, or ask its steward for a new key.")


class AddressPaused(TerminalError):
    code = "push.paused"
    message = _("This address is paused: nothing is accepted for now.")
    mend = _("Ask the steward of the dataset to resume it; then send these records again.")


class PayloadTooLarge(TerminalError):
    code = "push.too-large"
    message = _("The payload is larger than %(limit_mb)s MB, the most that one push may weigh.")
    mend = _("Send the records in several pushes.")


class LengthRequired(TerminalError):
    code = "push.length-required"
    message = _("The request does not say how long it is.")
    mend = _("Send the payload with its Content-Length.")


class EncodingNotAccepted(TerminalError):
    code = "push.encoding"
    message = _("A compressed payload is not accepted.")
    mend = _("Send the JSON as it is, without Content-Encoding.")


class JournalFull(TransientError):
    code = "push.journal-full"
    message = _("Too many records of this dataset wait to be published (%(pushes)s pushes, %(mb)s MB).")
    mend = _(
        "Nothing of this push was kept: send it again in a minute. If this lasts, tell the steward of the dataset."
    )


class FirstVersionUnderWay(TransientError):
    code = "push.first-version"
    message = _("The first version of this dataset is being made from the first records.")
    mend = _("Nothing of this push was kept: send it again in a few seconds.")


class NothingPublished(TerminalError):
    code = "push.nothing-published"
    message = _("Nothing is published in this dataset yet: there is nothing to delete.")
    mend = _("Wait until the records that you pushed are published, then delete.")


class RecordAbsent(TerminalError):
    code = "push.record-absent"
    message = _("The published data has no record “%(record_id)s”.")
    mend = _("Take the identifier that the interfaces give of each record (“recordid”), or delete by values.")


class PayloadRefused(TerminalError):
    """Nothing of the payload was kept. `faults`: the first ones, {"record", "field", "code", "reason", "mend"}."""

    code = "push.refused"
    message = _("Record %(record)s: %(reason)s %(advice)s Nothing of this push was kept.")

    def __init__(self, faults: list[dict[str, Any]], **_told: Any) -> None:
        """`_told`: what follows from the faults, given again when the record of an error is told."""
        first = faults[0]
        super().__init__(record=first["record"], reason=first["reason"], advice=first["mend"], faults=faults)


class NotJson(TerminalError):
    code = "push.not-json"
    message = _("The payload is not JSON (%(detail)s).")
    mend = _("Send one JSON object by record, alone or in an array, in UTF-8.")


class NotRecords(TerminalError):
    code = "push.not-records"
    message = _("The payload is JSON, but not a record nor an array of records.")
    mend = _("Send one JSON object by record, alone or in an array: [{…}, {…}].")


class TooDeep(TerminalError):
    code = "push.too-deep"
    message = _("Values are nested in one another more than %(limit)s times.")
    mend = _("Send flat records: one value by field.")


class TooManyFields(TerminalError):
    code = "push.too-many-fields"
    message = _("A record has more than %(limit)s fields.")
    mend = _("Send flat records, whose values are not in the names.")


class RepeatedName(TerminalError):
    code = "push.repeated-name"
    message = _("A record names “%(field)s” twice.")
    mend = _("Give each field once.")


class NotANumber(TerminalError):
    code = "push.not-a-number"
    message = _("“%(value)s” is not a JSON value.")
    mend = _("Send null when there is no value.")


class NotText(TerminalError):
    code = "push.not-text"
    message = _("A text holds a character that no text may hold (a lone surrogate, or the null character).")
    mend = _("Send the text in UTF-8.")


# Faults of one value ------------------------------------------------------------------------------------------------


class ValueFault(BocageError):
    """One value of one record."""

    code = "push.value"


class EmptyRecord(ValueFault):
    code = "push.empty-record"
    message = _("the record has no field.")
    mend = _("Give at least one field of the dataset.")


class UnknownField(ValueFault):
    code = "push.unknown-field"
    message = _("the dataset has no field “%(field)s”.")
    mend = _("Its fields are: %(fields)s.")


class FieldTwice(ValueFault):
    code = "push.field-twice"
    message = _("“%(field)s” is given twice, by its name and by its label.")
    mend = _("Give it once.")


class KeyMissing(ValueFault):
    code = "push.key-missing"
    message = _("“%(field)s” is empty, and it is what identifies a record of this dataset.")
    mend = _("Give it a value in each record.")


class WrongType(ValueFault):
    code = "push.wrong-type"
    message = _("“%(field)s” expects %(expected)s, and was given %(value)s.")
    mend = _("For example: %(example)s.")


class NumberTooLarge(ValueFault):
    code = "push.number-too-large"
    message = _("“%(field)s” was given the number %(value)s, which cannot be kept exactly.")
    mend = _("Send a shorter number; an identifier is a text, between quotes.")


class SchemaBroken(ValueFault):
    code = "push.schema-broken"
    message = _("%(reason)s")
