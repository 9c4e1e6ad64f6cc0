"""The kinds of steps: one module per family. Importing this package registers them."""

from __future__ import annotations

from importlib import import_module

for _module in ("texts", "parts", "moments", "numbers", "words", "positions", "datasets", "places", "addresses"):
    import_module(f"{__name__}.{_module}")
