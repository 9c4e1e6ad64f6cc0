"""Bocage: a mutualised platform for territorial data. The layout of the packages is the way of the data; see docs/developer."""

__version__ = "0.1.0"
