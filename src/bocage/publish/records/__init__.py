"""The catalogue as metadata records: OGC API – Records (part 1, 20-004r1), at an address of its own beside that of the layers."""
