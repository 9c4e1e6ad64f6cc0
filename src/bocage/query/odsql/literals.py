"""Literals and what only a literal may be: nodes that are read without looking at any other."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from bocage.catalog.vocabulary import FieldType
from bocage.query.odsql import nodes
from bocage.query.odsql.dates import read_moment
from bocage.query.odsql.geometries import NotAGeometry, read_shape
from bocage.query.odsql.scope import Scope
from bocage.query.plan import Constant, Expression, Shape

LARGEST_INTEGER = 2**63 - 1


def text(node: nodes.Text, _scope: Scope) -> Expression:
    return Constant(node.value, FieldType.STRING)


def number(node: nodes.Number, _scope: Scope) -> Constant:
    """An integer of 64 bits, or a decimal number. Leading zeros do not count: Python refuses to read too many of them."""
    written = node.written
    digits = written.lstrip("0") or "0"
    if written.isdigit() and len(digits) <= 19 and int(digits) <= LARGEST_INTEGER:
        return Constant(int(digits), FieldType.INTEGER, written)
    return Constant(float(written), FieldType.NUMBER, written)


def truth(node: nodes.Truth, _scope: Scope) -> Expression:
    return Constant(node.value, FieldType.BOOLEAN)


def null(_node: nodes.Null, scope: Scope) -> Expression:
    raise scope.malformed(gettext_noop("NULL can only be used with IS or IS NOT"))


def date(node: nodes.DateText, scope: Scope) -> Expression:
    moment = read_moment(node.value, scope.zone)
    if moment is None:
        raise scope.malformed(gettext_noop("Invalid date: %(written)s"), written=node.value[:100])
    return Constant(moment.start, FieldType.DATETIME)


def geometry(_node: nodes.GeometryText, scope: Scope) -> Expression:
    raise scope.malformed(gettext_noop("A geometry can only be an argument of a geographic function"))


def shape(node: nodes.Node, scope: Scope) -> Shape:
    """The geometry literal that an argument must be."""
    if not isinstance(node, nodes.GeometryText | nodes.Text):
        raise scope.malformed(gettext_noop("A geometry like geom'POINT(-1.55 47.22)' is expected"))
    try:
        return read_shape(node.value)
    except NotAGeometry as error:
        raise scope.malformed(gettext_noop("Invalid geometry: %(error)s"), error=str(error)) from None
