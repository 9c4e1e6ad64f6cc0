"""The packed R-tree of FlatGeobuf: boxes of features, sixteen by sixteen, then boxes of those, up to one.

https://github.com/flatgeobuf/flatgeobuf/blob/master/doc/format-changelog.md and `packedrtree.cpp`. A node: west, south, east,
north (64-bit floats), then 64 bits: for a leaf, where its feature begins among the features; above, the number of its first
child among all nodes. The root is written first, the leaves last, in the order of the features.

Leaves go to a file as they come: memory holds one box for sixteen features.
"""

from __future__ import annotations

import math
from typing import IO, TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 16
"""Children of a node: what readers suppose unless the header says otherwise."""
NODE = np.dtype([("box", "<f8", 4), ("points_to", "<u8")])
NOWHERE = np.array([np.inf, np.inf, -np.inf, -np.inf])
"""The box of nothing: what is joined to it stays what it was."""


class PackedTree:
    """`count`: features in all, one or more. `leaves`: the file where their nodes are added, in order."""

    def __init__(self, count: int, leaves: IO[bytes]) -> None:
        self._leaves = leaves
        self._starts = level_starts(count)
        self._parents: list[NDArray[np.float64]] = []
        self._rest = np.empty((0, 4))

    def add(self, boxes: NDArray[np.float64], places: NDArray[np.int64]) -> None:
        """The next features. `boxes`: (n, 4), west, south, east, north; `places`: (n,), bytes from the first feature."""
        self._leaves.write(_nodes(boxes, places))
        boxes = np.concatenate([self._rest, boxes])
        whole = len(boxes) // WIDTH * WIDTH
        self._parents.append(_joined(boxes[:whole]))
        self._rest = boxes[whole:]

    def above(self) -> bytes:
        """The nodes above the leaves, from the root down, once all features are there."""
        boxes = np.concatenate([*self._parents, _joined(self._rest)])
        levels: list[bytes] = []
        for below in self._starts[:-1]:
            levels.insert(0, _nodes(boxes, below + np.arange(len(boxes)) * WIDTH))
            boxes = _joined(boxes)
        return b"".join(levels)


def level_starts(count: int) -> list[int]:
    """The number of the first node of each level, from the leaves to the root. There is a node above the leaves, always."""
    sizes = [count]
    while len(sizes) == 1 or sizes[-1] > 1:
        sizes.append(math.ceil(sizes[-1] / WIDTH))
    return [sum(sizes[rank + 1 :]) for rank in range(len(sizes))]


def _joined(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The box of each sixteen."""
    groups = math.ceil(len(boxes) / WIDTH)
    padding = np.broadcast_to(NOWHERE, (groups * WIDTH - len(boxes), 4))
    grouped = np.concatenate([boxes, padding]).reshape(groups, WIDTH, 4)
    lowest, highest = grouped[:, :, :2].min(axis=1), grouped[:, :, 2:].max(axis=1)
    return np.concatenate([lowest, highest], axis=1)


def _nodes(boxes: NDArray[np.float64], places: NDArray[np.int64]) -> bytes:
    nodes = np.empty(len(boxes), NODE)
    nodes["box"], nodes["points_to"] = boxes, places
    return nodes.tobytes()
