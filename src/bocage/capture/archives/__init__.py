"""Compressed files: opened without trusting their names nor their sizes."""
