"""The table understood: which lines are new, which are there already, which cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from bocage.organizations.bulk.cells import plain, read_cells
from bocage.organizations.bulk.lines import Line, identity_of, read_line
from bocage.organizations.models import Organization

Parent = Organization | int
"""An organisation that is there, or the number of the line that describes it."""


@dataclass(frozen=True)
class Table:
    """`parents`: number of a new line → its parent, when it names one. `ignored`: columns that mean nothing here."""

    lines: tuple[Line, ...]
    parents: dict[int, Parent]
    ignored: tuple[str, ...] = ()

    @property
    def problems(self) -> list[Line]:
        return [line for line in self.lines if line.problem]

    @property
    def fresh(self) -> list[Line]:
        return [line for line in self.lines if line.fresh]

    @property
    def known(self) -> list[Line]:
        return [line for line in self.lines if line.known is not None]


def read_table(text: str, *, under: Organization) -> Table:
    """Nothing is written. Raises TableRefused."""
    cells = read_cells(text)
    below = list(Organization.objects.filter(path__startswith=under.path))
    lines = list(_judged([read_line(number, row) for number, row in cells.lines], below))
    named = _named(lines, below)
    found = {line.number: _parent(line, named) for line in lines if line.parent and line.fresh}
    problems = {number: parent for number, parent in found.items() if isinstance(parent, str)}
    parents = {number: parent for number, parent in found.items() if not isinstance(parent, str)}
    lines = [replace(line, problem=line.problem or problems.get(line.number, "")) for line in lines]
    return Table(tuple(_without_circles(lines, parents)), parents, cells.ignored)


def _judged(lines: Iterable[Line], below: Iterable[Organization]) -> Iterator[Line]:
    """Lines that are there already, and lines that are twice in the table."""
    known = {identity_of(one.kind, one.name, one.insee_code, one.siren): one for one in below}
    seen: dict[tuple[str, ...], int] = {}
    for line in lines:
        first = line.number if line.problem else seen.setdefault(line.identity, line.number)
        if first != line.number:
            yield replace(line, problem=_("it is line %(number)s again.") % {"number": first})
        else:
            yield replace(line, known=None if line.problem else known.get(line.identity))


def _named(lines: Iterable[Line], below: Iterable[Organization]) -> dict[str, set[Parent]]:
    """What a line may call its parent: identifier, name, INSEE code or SIREN, of the branch or of the table."""
    named: dict[str, set[Parent]] = {}
    for one in below:
        for text in {one.slug, one.name, one.insee_code, one.siren} - {""}:
            named.setdefault(plain(text), set()).add(one)
    for line in lines:
        if line.fresh:
            for text in {line.name, line.insee_code, line.siren} - {""}:
                named.setdefault(plain(text), set()).add(line.number)
    return named


def _parent(line: Line, named: dict[str, set[Parent]]) -> Parent | str:
    """The parent, or the problem: an ambiguous name is no name."""
    found = named.get(plain(line.parent), set()) - {line.number}
    if len(found) == 1:
        return next(iter(found))
    if found:
        return _("several organisations are called “%(name)s”: write its code.") % {"name": line.parent}
    return _("its parent “%(name)s” is not found.") % {"name": line.parent}


def _without_circles(lines: Sequence[Line], parents: dict[int, Parent]) -> Iterator[Line]:
    """A line whose parents never lead out of the table, or lead to a line that cannot be planted, cannot be planted."""
    sound = {line.number for line in lines if not line.problem}
    for line in lines:
        walked = {line.number}
        above = parents.get(line.number)
        while isinstance(above, int) and above in sound and above not in walked:
            walked.add(above)
            above = parents.get(above)
        lost = line.number in sound and isinstance(above, int)
        problem = _("its parent “%(name)s” cannot be created.") % {"name": line.parent} if lost else line.problem
        yield replace(line, problem=problem)
