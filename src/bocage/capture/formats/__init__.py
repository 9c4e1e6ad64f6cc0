"""The kinds of file, one module each; see `capture.reading`."""
