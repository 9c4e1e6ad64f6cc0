"""Styles of collections: OGC API – Styles (20-009, a draft), in MapLibre and SLD. See docs/developer/tiles.md."""
