"""What the reference lets through and a strict check tells: one module per family, registered as `strict.…`, run on every
column of the schema without being asked for. Each is a warning, or an error when the row cannot be what it says."""
