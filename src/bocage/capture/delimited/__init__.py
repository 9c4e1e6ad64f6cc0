"""Text in columns: its encoding, its dialect, its structure."""
