"""Bring in: read any usual file, understand it, stage it."""
