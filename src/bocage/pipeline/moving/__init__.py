"""Leaving another portal: its catalogue and its data copied here through the Explore API v2.1, then compared.

portal      one address, asked politely: one call at a time, what it asks to wait is waited, nothing of it is trusted
documents   what it says of its datasets, in bounded words
mapping/    that, in the words of our catalogue; what cannot be kept is told, never dropped in silence
copying     one dataset, from its description to its compared version
comparison  what its aggregates say, against what we keep
models      one row by dataset of a portal: what lets an import be interrupted, resumed, and done again
services    all of it
"""
