"""The way itself: sources, runs, schedules, the worker."""
