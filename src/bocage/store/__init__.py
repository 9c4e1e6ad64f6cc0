"""Keep: versions on disk, the engine, the hot cache."""
