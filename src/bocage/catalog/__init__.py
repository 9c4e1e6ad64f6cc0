"""What is it: datasets, their metadata and vocabularies."""
