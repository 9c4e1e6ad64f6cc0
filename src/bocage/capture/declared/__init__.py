"""Files whose columns somebody has declared, names and types: nothing is inferred, and nothing may be lost."""
