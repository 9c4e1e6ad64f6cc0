"""Back office pages."""
