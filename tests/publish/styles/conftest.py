"""The same trees as those of the tiles."""

from __future__ import annotations

from tests.publish.tiles.conftest import arbres, ask, data, member, published, ruled

__all__ = ["arbres", "ask", "data", "member", "published", "ruled"]
