"""Signing in by an identity provider: the pages. What they verify is in `access.identity`."""
