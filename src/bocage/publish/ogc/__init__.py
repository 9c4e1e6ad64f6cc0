"""OGC API – Features: parts 1 (core), 2 (reference systems), 3 (filtering) and 5 (schemas). See docs/developer/ogc.md."""
