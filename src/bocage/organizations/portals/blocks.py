"""What a home page is made of, in order. Kept with the portal as JSON, read back with care: what is not a block is left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bocage.kernel.ids import new_uid
from bocage.organizations.portals.errors import TooManyBlocks
from bocage.organizations.portals.vocabulary import BlockKind

MOST_BLOCKS = 20
MOST_HIGHLIGHTS = 12
TITLE_LENGTH = 120
BODY_LENGTH = 10_000


@dataclass(frozen=True)
class Block:
    """`title`, `body` (Markdown): of a text, or above highlighted datasets. `datasets`: uids of those. `territory`: followed by
    the datasets that speak of the commune of the portal. `proposal`: uid of the proposal whose words these are."""

    id: str
    kind: BlockKind
    title: str = ""
    body: str = ""
    datasets: tuple[str, ...] = ()
    territory: bool = False
    proposal: str = ""

    @property
    def may_be_edited(self) -> bool:
        """Words of somebody else are taken as they are, or not at all."""
        return self.kind in (BlockKind.TEXT, BlockKind.HIGHLIGHTS) and not self.proposal


USUAL = tuple(
    Block(kind.value, kind)
    for kind in (
        BlockKind.SEARCH, BlockKind.FIGURES, BlockKind.THEMES, BlockKind.LATEST, BlockKind.USES, BlockKind.ORGANIZATIONS,
    )
)  # fmt: skip
"""The home page of a portal that nobody arranged."""


def read_blocks(kept: object) -> tuple[Block, ...]:
    """Those of a portal. What another Bocage wrote and this one does not know is left out."""
    if not isinstance(kept, list):
        return USUAL
    return tuple(filter(None, (_read(one) for one in kept[:MOST_BLOCKS])))


def written(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Raises TooManyBlocks."""
    found = [asdict(one) | {"kind": one.kind.value, "datasets": list(one.datasets)} for one in blocks]
    if len(found) > MOST_BLOCKS:
        raise TooManyBlocks(most=MOST_BLOCKS)
    return found


def new_block(kind: BlockKind, **said: Any) -> Block:
    return Block(new_uid(length=8), kind, **said)


def moved(blocks: Sequence[Block], block_id: str, step: int) -> tuple[Block, ...]:
    """The block one place up (-1) or down (1); as they were when it is at the end, or gone."""
    order = list(blocks)
    place = next((rank for rank, one in enumerate(order) if one.id == block_id), None)
    if place is None or not 0 <= place + step < len(order):
        return tuple(order)
    order[place], order[place + step] = order[place + step], order[place]
    return tuple(order)


def changed(blocks: Sequence[Block], block_id: str, **said: Any) -> tuple[Block, ...]:
    return tuple(replace(one, **said) if one.id == block_id else one for one in blocks)


def without(blocks: Sequence[Block], block_id: str) -> tuple[Block, ...]:
    return tuple(one for one in blocks if one.id != block_id)


def _read(kept: object) -> Block | None:
    if not isinstance(kept, dict) or kept.get("kind") not in BlockKind.values or not kept.get("id"):
        return None
    datasets = kept.get("datasets")
    return Block(
        id=str(kept["id"]),
        kind=BlockKind(kept["kind"]),
        title=str(kept.get("title", ""))[:TITLE_LENGTH],
        body=str(kept.get("body", ""))[:BODY_LENGTH],
        datasets=tuple(map(str, datasets[:MOST_HIGHLIGHTS])) if isinstance(datasets, list) else (),
        territory=bool(kept.get("territory")),
        proposal=str(kept.get("proposal", "")),
    )
