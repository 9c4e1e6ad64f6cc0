"""Old versions: which ones leave, when, and which ones stay whatever the rules say."""
