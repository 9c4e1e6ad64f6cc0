"""Web Map Service 1.3.0 (ISO 19128) and 1.1.1: images of maps. See docs/developer/ows.md."""
