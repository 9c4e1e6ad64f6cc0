"""`/api/check/v1/`: a file, a schema, a verdict; for other tools, without an account."""
