"""From in-house columns to those of a schema: steps, suggestions, replay, contract."""
