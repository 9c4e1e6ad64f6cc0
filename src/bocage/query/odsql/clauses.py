"""A whole request → one plan: select, group_by, order_by and where together."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from django.utils.translation import gettext_noop

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query.errors import OdsqlError, TooComplex
from bocage.query.odsql import nodes
from bocage.query.odsql.conditions import condition
from bocage.query.odsql.groupings import Grouping, each, grouping
from bocage.query.odsql.parse import parse_group_by, parse_order_by, parse_select, parse_where
from bocage.query.odsql.scope import Scope
from bocage.query.odsql.values import parts, value
from bocage.query.plan import (
    Aggregate,
    And,
    Call,
    Column,
    Constant,
    Expression,
    Operation,
    Output,
    Plan,
    Predicate,
    SortKey,
    all_of,
)

MOST_ITEMS = {"select": 1000, "group_by": 20, "order_by": 20}
MOST_CONDITIONS = 50
"""Occurrences of where in one request."""
UNSORTABLE = (FieldType.GEOPOINT, FieldType.GEOMETRY, FieldType.ARRAY, FieldType.OBJECT)


@dataclass(frozen=True)
class _Group:
    name: str
    grouping: Grouping


def read_conditions(texts: Sequence[str], scope: Scope) -> Predicate | None:
    """The conjunction of every non-blank where."""
    found: list[Predicate] = []
    if len(texts) > MOST_CONDITIONS:
        raise TooComplex(clause="where", what="clauses", found=len(texts), most=MOST_CONDITIONS)
    for text in texts:
        if text.strip():
            node = parse_where(text)
            scope.in_clause("where").check_size(node)
            found.append(condition(node, scope.in_clause("where")))
    return all_of(found)


def read_plan(select: str, where: Predicate | None, group_by: str, order_by: str, scope: Scope) -> Plan:
    """Raises OdsqlSyntaxError, UnknownField, WrongType, OdsqlError."""
    chosen = _items("select", select, scope) if select.strip() else ()
    groups = _groups(group_by, chosen, scope)
    outputs = _outputs(chosen, groups, scope.in_clause("select"))
    if not outputs:
        raise scope.in_clause("select").malformed(gettext_noop("No field is left to return"))
    summarised = bool(groups) or any(_aggregates(output.expression) for output in outputs)
    if summarised:
        _refuse_ungrouped([output.expression for output in outputs], groups, scope.in_clause("select"))
    sort = _sort(order_by, outputs, groups, summarised, scope) if order_by.strip() else ()
    if summarised:
        _refuse_ungrouped([key.expression for key in sort], groups, scope.in_clause("order_by"))
    elif any(_aggregates(key.expression) for key in sort):
        raise scope.in_clause("order_by").malformed(gettext_noop("An aggregation in order_by needs a group_by"))
    kept = [group.grouping.kept for group in groups if group.grouping.kept is not None]
    condition = And((where, *kept)) if where is not None and kept else where or all_of(kept)
    return Plan(outputs, condition, tuple(group.grouping.key for group in groups), summarised, sort)


def _items(clause: str, text: str, scope: Scope) -> tuple[nodes.Node, ...]:
    parse = {"select": parse_select, "group_by": parse_group_by, "order_by": parse_order_by}[clause]
    items = parse(text).items
    if len(items) > MOST_ITEMS[clause]:
        raise TooComplex(clause=clause, what="expressions", found=len(items), most=MOST_ITEMS[clause])
    for item in items:
        scope.in_clause(clause).check_size(item)
    return items


def _groups(text: str, chosen: tuple[nodes.Node, ...], scope: Scope) -> tuple[_Group, ...]:
    """Keys of group_by. A name that is no field may be a label of select."""
    if not text.strip():
        return ()
    labelled = {item.label: item.expression for item in chosen if isinstance(item, nodes.Labelled) and item.label}
    scope = scope.in_clause("group_by")
    groups: list[_Group] = []
    for item in _items("group_by", text, scope):
        assert isinstance(item, nodes.Labelled)  # noqa: S101  the grammar makes nothing else
        node = item.expression
        if isinstance(node, nodes.Name) and scope.field(node.name) is None and node.name in labelled:
            node = labelled[node.name]
        groups.append(_Group(item.label or key_of(item), grouping(node, scope)))
    return tuple(groups)


def key_of(item: nodes.Labelled) -> str:
    """The key of an unlabelled expression: a field's name, or the text as written."""
    bare = isinstance(item.expression, nodes.Name) and not item.source.startswith(("(", "+"))
    return item.expression.name if bare and isinstance(item.expression, nodes.Name) else item.source


def _outputs(chosen: tuple[nodes.Node, ...], groups: tuple[_Group, ...], scope: Scope) -> tuple[Output, ...]:
    """Group keys that select does not name come first; then the items of select, in order."""
    outputs = _selected(chosen, groups, scope) if chosen else ([] if groups else _everything(scope))
    shown = {output.expression for output in outputs}
    missing = [
        Output(Field(group.name, group.grouping.shown.type), group.grouping.shown)
        for group in groups
        if group.grouping.shown not in shown
    ]
    return _without_doubles([*missing, *outputs], scope)


def _selected(chosen: tuple[nodes.Node, ...], groups: tuple[_Group, ...], scope: Scope) -> list[Output]:
    shown = {group.name: group.grouping.shown for group in groups}
    scope = scope.in_clause("select", shown)
    outputs: list[Output] = []
    for item in chosen:
        if isinstance(item, nodes.Star):
            outputs += _everything(scope)
        elif isinstance(item, nodes.Labelled):
            outputs.append(_labelled(item, groups, scope))
        elif isinstance(item, nodes.Patterns) and item.keep:
            outputs += [output for output in _everything(scope) if _fits(output.field.name, item)]
    return _without_excluded(chosen, outputs, scope)


def _labelled(item: nodes.Labelled, groups: tuple[_Group, ...], scope: Scope) -> Output:
    name = item.label or key_of(item)
    expression = _shown(item.expression, groups) or _grouped(item.expression, groups, scope)
    if isinstance(expression, Column) and (field := scope.fields.get(expression.name)):
        return Output(Field(name, field.type, field.label if name == field.name else "", field.description), expression)
    return Output(Field(name, expression.type), expression)


def _shown(node: nodes.Node, groups: tuple[_Group, ...]) -> Expression | None:
    """The group that a name means, even when a field is called the same: `range(day, 1 month) as day`."""
    name = node.name if isinstance(node, nodes.Name) else None
    return next((group.grouping.shown for group in groups if group.name == name), None)


def _grouped(node: nodes.Node, groups: tuple[_Group, ...], scope: Scope) -> Expression:
    """The value of an item; what equals a key of group_by is shown as this key is."""
    if isinstance(node, nodes.Function) and node.name in ("range", "geo_cluster"):
        key = grouping(node, scope)
        if all(key != group.grouping for group in groups):
            raise scope.malformed(gettext_noop("Function %(name)s in %(clause)s must be in group_by"), name=node.name)
        return key.shown
    expression = value(node, scope)
    if groups and expression.type == FieldType.ARRAY:
        expression = each(expression)
    return next((group.grouping.shown for group in groups if group.grouping.key == expression), expression)


def _everything(scope: Scope) -> list[Output]:
    return [Output(field, Column(field.name, field.type)) for field in scope.fields.values()]


def _without_excluded(chosen: tuple[nodes.Node, ...], outputs: list[Output], scope: Scope) -> list[Output]:
    """`exclude` takes away from what the other items give; alone, from everything."""
    excluded = [item for item in chosen if isinstance(item, nodes.Patterns) and not item.keep]
    if len(excluded) == len(chosen):
        outputs = _everything(scope)
    return [output for output in outputs if not any(_fits(output.field.name, item) for item in excluded)]


def _fits(name: str, item: nodes.Patterns) -> bool:
    return any(fnmatchcase(name, pattern.replace("[", "[[]").replace("?", "[?]")) for pattern in item.patterns)


def _without_doubles(outputs: list[Output], scope: Scope) -> tuple[Output, ...]:
    """The same name twice is one column when it is the same thing; engines do not tell `Pop` from `pop`."""
    kept: dict[str, Output] = {}
    for output in outputs:
        name = output.field.name.lower()
        if name in kept and (kept[name].expression != output.expression or kept[name].field.name != output.field.name):
            raise scope.malformed(gettext_noop("The label %(label)s is used twice"), label=output.field.name)
        kept.setdefault(name, output)
    return tuple(kept.values())


def _sort(
    text: str, outputs: tuple[Output, ...], groups: tuple[_Group, ...], summarised: bool, scope: Scope
) -> tuple[SortKey, ...]:
    labels = {output.field.name: output.expression for output in outputs}
    labels |= {group.name: group.grouping.shown for group in groups}
    scope = scope.in_clause("order_by", labels)
    shown = {group.grouping.shown: group.grouping.key for group in groups}
    keys: list[SortKey] = []
    for item in _items("order_by", text, scope):
        assert isinstance(item, nodes.Sort)  # noqa: S101  the grammar makes nothing else
        expression = _sorted_by(item, labels, groups, summarised, scope)
        expression = shown.get(expression, expression)  # ranges are sorted by their bounds, not by their label
        if keys and _aggregates(expression) and not _aggregates(keys[-1].expression):
            raise scope.malformed(gettext_noop("Aggregations must come before fields"))
        if expression.type in UNSORTABLE and not _is_cluster(expression):
            raise scope.wrong(
                "order_by",
                gettext_noop("Rows cannot be sorted by %(source)s (%(type)s)"),
                source=item.source,
                type=expression.type.value,
            )
        if not isinstance(expression, Constant):  # the same for every row; an engine may read a number as a position
            keys.append(SortKey(expression, item.descending))
    return tuple(keys)


def _sorted_by(
    item: nodes.Sort, labels: Mapping[str, Expression], groups: tuple[_Group, ...], summarised: bool, scope: Scope
) -> Expression:
    """A label or an expression. Once rows are summarised, a name that is both a field and a label is the label."""
    name = item.expression.name if isinstance(item.expression, nodes.Name) else item.source
    is_field = isinstance(item.expression, nodes.Name) and scope.field(name) is not None
    if name in labels and (summarised or not is_field):
        return labels[name]
    expression = _grouped(item.expression, groups, scope)
    if summarised and isinstance(expression, Call) and expression.operation is Operation.SHUFFLE:
        if not groups:  # a single row
            return Constant(0, FieldType.INTEGER)
        return dataclasses.replace(expression, arguments=tuple(group.grouping.key for group in groups))
    return expression


def _is_cluster(expression: Expression) -> bool:
    return isinstance(expression, Call) and expression.operation is Operation.CLUSTER


def _aggregates(expression: Expression) -> list[Expression]:
    return [part for part in parts(expression) if isinstance(part, Aggregate)]


def _refuse_ungrouped(expressions: Sequence[Expression], groups: tuple[_Group, ...], scope: Scope) -> None:
    keys = {group.grouping.key for group in groups} | {group.grouping.shown for group in groups}
    for expression in expressions:
        _refuse_field_outside(expression, keys, scope)


def _refuse_field_outside(expression: Expression, keys: set[Expression], scope: Scope) -> None:
    if expression in keys or isinstance(expression, Aggregate):
        return
    if isinstance(expression, Column):
        raise OdsqlError(
            clause=scope.clause,
            detail=gettext_noop("Field %(field)s must be in group_by or inside an aggregation"),
            field=expression.name,
        )
    if isinstance(expression, Call):
        for argument in expression.arguments:
            _refuse_field_outside(argument, keys, scope)
