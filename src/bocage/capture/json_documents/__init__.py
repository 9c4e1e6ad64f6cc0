"""JSON: where the records of a document are, and how they become columns."""
