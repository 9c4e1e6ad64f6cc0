"""Pages of the people inside, one module per thing."""
