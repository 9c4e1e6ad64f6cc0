"""Web Map Tile Service 1.0.0, by parameters and by path: the images of WMS, cut along two grids. See docs/developer/ows.md."""
