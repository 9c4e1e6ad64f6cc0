"""Errors of the query languages. `error_code` and `api_message` are the Explore API's, verbatim; the sentence is ours."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import NotFound, TerminalError


class QueryError(TerminalError):
    """Root of what is wrong in a query. Every one has `clause`: select, where, group_by, order_by, refine, exclude, facet…"""

    code = "query.error"
    error_code: ClassVar[str] = "ODSQLError"
    template: ClassVar[str] = "ODSQL query is malformed: %(detail)s. Clause(s) containing the error(s): %(clause)s."

    @property
    def api_message(self) -> str:
        """The message of the Explore API, in English whatever the language of the viewer."""
        return self.template % self.fields


class OdsqlSyntaxError(QueryError):
    """`token` was not expected at `position` (from 0) of `text`, the clause as given."""

    code = "query.syntax"
    error_code = "ODSQLSyntaxError"
    template = (
        "ODSQL syntax exception: unexpected %(token)s at position %(position)s in %(text)s. "
        "Clause(s) containing the error(s): %(clause)s."
    )
    message = _("The “%(clause)s” clause cannot be read: “%(token)s” was not expected at position %(position)s.")
    mend = _("Check quotes, brackets and the names of functions around that position: %(text)s")

    def __init__(self, *, clause: str, token: str, position: int, text: str) -> None:
        super().__init__(clause=clause, token=token, position=position, text=text)


class OdsqlError(QueryError):
    """A clause that reads well but cannot be answered.

    `detail`: msgid of the explanation, `fields` what it mentions. The API is told in English, people in their language."""

    code = "query.malformed"
    message = _("The “%(clause)s” clause cannot be answered: %(detail)s.")

    def __init__(self, *, clause: str, detail: str, **fields: Any) -> None:
        self.explanation = detail
        super().__init__(clause=clause, detail=detail % (fields | {"clause": clause}), **fields)

    def sentence(self) -> str:
        explanation = gettext(self.explanation) % self.fields
        return str(self.message) % (self.fields | {"detail": explanation})


class UnknownField(OdsqlError):
    """No such field, or none that the viewer may see: the two are never told apart."""

    code = "query.unknown-field"
    message = _("The “%(clause)s” clause names a field that does not exist: “%(field)s”.")
    mend = _("The technical names of the fields are listed on the page of the dataset.")

    def __init__(self, *, clause: str, field: str) -> None:
        super().__init__(clause=clause, detail="Unknown field: %(field)s", field=field)


class WrongType(OdsqlError):
    """An operation on a field whose type does not allow it."""

    code = "query.wrong-type"
    message = _("The “%(clause)s” clause applies “%(operation)s” to a value that does not allow it: %(detail)s.")

    def __init__(self, *, clause: str, detail: str, operation: str, **fields: Any) -> None:
        super().__init__(clause=clause, detail=detail, operation=operation, **fields)


class NotStatistical(WrongType):
    """A statistic of texts. The message of the interface stops there: clients compare it whole."""

    code = "query.not-statistical"
    template = "ODSQL query is malformed: %(detail)s."

    def __init__(self, *, clause: str, operation: str) -> None:
        detail = gettext_noop("StatAggregation only supports numeric or date expression")
        super().__init__(clause=clause, detail=detail, operation=operation)


class GeographicGroup(OdsqlError):
    """Grouping by a position or a shape."""

    code = "query.geographic-group"
    template = "%(detail)s"
    message = _("Rows cannot be grouped by the position or shape “%(field)s”.")
    mend = _("Group by geo_cluster(%(field)s, zoom) instead.")

    def __init__(self, *, field: str) -> None:
        super().__init__(clause="group_by", detail="Aggregation on geo point field is not possible", field=field)


class TooComplex(OdsqlError):
    """A bound that keeps every query small: `what` is counted, `found` is over `most`."""

    code = "query.too-complex"
    message = _("The “%(clause)s” clause is too large (%(what)s): %(found)s, at most %(most)s are accepted.")
    mend = _("Split it into several simpler requests.")

    def __init__(self, *, clause: str, what: str, found: int, most: int) -> None:
        detail = "Too many %(what)s: %(found)s found, at most %(most)s accepted"
        super().__init__(clause=clause, detail=detail, what=what, found=found, most=most)

    def sentence(self) -> str:
        counted: str = self.fields["what"]
        return str(self.message) % (self.fields | {"what": gettext(counted)})


COUNTED = (
    gettext_noop("characters"),
    gettext_noop("nested expressions"),
    gettext_noop("values"),
    gettext_noop("expressions"),
    gettext_noop("clauses"),
    gettext_noop("positions"),
)
"""What TooComplex counts."""


class Cql2SyntaxError(QueryError):
    """A CQL2 filter that cannot be read. `position`: from 0 in a text, a path like $.args[0] in JSON. `token`: what was not
    expected there, empty at the end; `detail`: msgid of what is wrong with it, `fields` what it mentions."""

    code = "query.cql2-syntax"
    error_code = "InvalidParameterValue"

    def __init__(self, *, token: str, position: int | str, detail: str = "", **fields: Any) -> None:
        self.explanation = detail
        super().__init__(clause="filter", token=token, position=position, **fields)

    def sentence(self) -> str:
        told = {"position": self.fields["position"], "token": self.fields["token"]}
        if self.explanation:
            detail = gettext(self.explanation) % self.fields
            return gettext("The filter cannot be read at position %(position)s: %(detail)s.") % (
                told | {"detail": detail}
            )
        if not told["token"]:
            return gettext("The filter stops too early, at position %(position)s.") % told
        return gettext("The filter cannot be read: “%(token)s” was not expected at position %(position)s.") % told

    @property
    def api_message(self) -> str:
        return self.sentence()


class InvalidParameter(QueryError):
    """A parameter that is not a clause: timezone, refine, exclude, facet."""

    code = "query.invalid-parameter"
    error_code = "InvalidRESTParameterError"
    template = "Invalid value for %(parameter)s API parameter: %(value)s was found but %(expected)s is expected."
    message = _("“%(value)s” is not a value for “%(parameter)s”: %(expected)s is expected.")

    def __init__(self, *, parameter: str, value: str, expected: str) -> None:
        super().__init__(parameter=parameter, value=value, expected=expected, clause=parameter)


class RecordNotFound(NotFound):
    """No record has this identifier in the published version."""

    code = "query.record-not-found"
    message = _("No record has the identifier “%(record_id)s”.")
    error_code: ClassVar[str] = "NotFoundResource"

    @property
    def api_message(self) -> str:
        return f"The requested record {self.fields['record_id']} does not exist."
