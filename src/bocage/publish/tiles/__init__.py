"""Vector tiles: plain addresses with their TileJSON, OGC API – Tiles part 1, archives of a version. See docs/developer/tiles.md."""
