"""What the engine says of a file that it cannot read, told from what it says of itself."""

from __future__ import annotations

from bocage.store.engine import EngineError

# Names of the engine's exceptions: memory, interruption and bugs are none of the file's fault.
_OF_THE_FILE = frozenset(
    {"InvalidInputException", "ConversionException", "OutOfRangeException", "NotImplementedException"}
)


def is_bad_input(error: EngineError) -> bool:
    """Does the engine say that what it reads is malformed?"""
    return type(error).__name__ in _OF_THE_FILE
