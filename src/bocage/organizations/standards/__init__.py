"""Rules said once for a branch of the tree: licences, themes, how long old versions are kept. Below, only stricter ones."""
