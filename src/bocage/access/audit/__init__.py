"""The journal: who changed which right, and who read what is not open to everyone. Written once, in a chain of hashes."""
