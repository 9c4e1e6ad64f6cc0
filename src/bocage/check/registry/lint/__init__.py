"""What an author should mend in a schema: the faults that silently disable rules, first of all."""

from bocage.check.registry.lint.finding import Finding, Level
from bocage.check.registry.lint.run import lint

__all__ = ["Finding", "Level", "lint"]
