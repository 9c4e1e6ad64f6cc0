"""One module per rule: what it looks at, the SQL that finds its faults, its sentences."""
