"""Agreements between the organisation that holds data and those that use it: access opens and closes with them."""
