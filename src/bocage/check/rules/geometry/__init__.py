"""Rules of geographic layers: each shape alone (`geometry`), and all of them together as a coverage (`coverage`).

The column holds WKT, GeoJSON or hexadecimal WKB, in degrees (CRS84). Everything is decided once for each distinct text, in the
engine, and comes back as the table of the refused ones.
"""
