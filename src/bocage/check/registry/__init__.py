"""Schemas and code lists, with their versions, their origin, who adopted them."""
