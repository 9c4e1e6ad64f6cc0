"""Descriptions written by people, as HTML that cannot harm: `kernel.markdown`, under the name by which the pages know it."""

from __future__ import annotations

from bocage.kernel.markdown import TAGS, excerpt, safe_html

__all__ = ["TAGS", "excerpt", "safe_html"]
