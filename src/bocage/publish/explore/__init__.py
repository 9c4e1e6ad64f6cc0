"""Explore API v2.1, as Opendatasoft clients speak it."""
