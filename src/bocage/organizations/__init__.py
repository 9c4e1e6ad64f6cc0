"""Who: the tree of organisations, their members, their portals."""
