"""Discussions on a dataset: read by whoever may know of it, written by signed-in people, moderated by its stewards."""
