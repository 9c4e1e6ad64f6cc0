"""The query language of `q`: text → conditions of ODSQL."""
