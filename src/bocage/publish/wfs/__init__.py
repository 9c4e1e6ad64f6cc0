"""Web Feature Service 2.0.0 (ISO 19142), read only, for the tools that speak nothing newer. See docs/developer/ows.md."""
