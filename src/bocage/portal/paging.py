"""Numbers of pages to show under a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A page to go to; `number` is None for the dots between two distant pages."""

    number: int | None
    address: str = ""
    current: bool = False


@dataclass(frozen=True)
class Paging:
    """`first` and `last`: ranks of the things shown, from 1."""

    total: int
    size: int
    page: int
    pages: int
    steps: tuple[Step, ...]
    previous: str
    following: str

    @property
    def first(self) -> int:
        return min((self.page - 1) * self.size + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.page * self.size, self.total)


def paging(total: int, page: int, size: int, address: Callable[[int], str], *, last_page: int) -> Paging:
    """First, last and the neighbours of `page`; nothing beyond `last_page`, where offsets become costly."""
    pages = min(max(1, -(-total // size)), last_page)
    page = min(page, pages)
    near = sorted({1, pages, *(number for number in range(page - 2, page + 3) if 1 <= number <= pages)})
    steps: list[Step] = []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            steps.append(Step(None))
        steps.append(Step(number, address(number), number == page))
    return Paging(
        total=total,
        size=size,
        page=page,
        pages=pages,
        steps=tuple(steps) if pages > 1 else (),
        previous=address(page - 1) if page > 1 else "",
        following=address(page + 1) if page < pages else "",
    )
