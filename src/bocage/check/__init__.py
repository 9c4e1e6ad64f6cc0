"""Verify: schemas, the rules compiled from them, what they find, the mapping from an in-house format, quality over time."""
