"""The demonstration territory: real authorities, generated data. Loaded by `bocage demo` through the same doors as anybody's."""
