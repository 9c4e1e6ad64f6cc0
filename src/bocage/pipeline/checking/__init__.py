"""Checks on request: a file or an address, a schema, a verdict; nothing published, nothing kept longer than its report."""
