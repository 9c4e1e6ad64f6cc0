"""Where the geometry of a table is, in which reference system, and whether all of it can be read."""
