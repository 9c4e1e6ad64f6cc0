"""Profiles of versions, scores over time, who has adopted what."""
