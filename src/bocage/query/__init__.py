"""Read: languages → one plan → rights → SQL."""
