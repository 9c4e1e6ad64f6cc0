"""What changed between two versions of a schema, and whether yesterday's valid files stay valid."""

from bocage.check.registry.diff.change import Change, Effect, SchemaDiff
from bocage.check.registry.diff.run import diff

__all__ = ["Change", "Effect", "SchemaDiff", "diff"]
