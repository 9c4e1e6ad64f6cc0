"""The words of an Opendatasoft portal in those of our catalogue. Pure functions: a description in, ours and what is lost out."""
