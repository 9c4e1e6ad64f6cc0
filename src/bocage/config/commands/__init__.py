"""The sub-commands of `bocage`, one module each, found by their presence: `commands/<name>.py` is `bocage <name>`, `_` being `-`.

A module offers `SUMMARY` (one line, in gettext), `configure(parser)` (its arguments) and `run(options) -> int` (the exit
code). It is imported each time `bocage` starts, so heavy libraries are imported inside `run`. A BocageError that leaves `run` is
printed, and the exit code is 1. Optional: `LOG_LEVEL` ("INFO" for what runs for ever; otherwise only warnings are logged).
"""
