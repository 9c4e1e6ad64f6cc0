"""One module per theme; importing this package registers every sample."""

from bocage.demo.samples import (  # noqa: F401  imported for what they register
    budget,
    culture,
    economy,
    education,
    environment,
    followed,
    mobility,
    planning,
    roads,
    social,
    territory,
    waste,
    water,
)
