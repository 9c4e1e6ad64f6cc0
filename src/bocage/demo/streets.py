"""Names and streets: words put together at random, and a road network grown from each commune's centre."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from random import Random

from bocage.demo.territory import TERRITORY, Commune, Point

KINDS = ("rue", "rue", "rue", "rue", "avenue", "allée", "chemin", "impasse", "boulevard", "place", "route", "quai")
NAMES = (
    "de la Mairie", "des Écoles", "de la République", "Victor Hugo", "Jean Jaurès", "de l’Église", "du Moulin",
    "des Acacias", "des Châtaigniers", "de la Loire", "du Port", "des Mariniers", "de Bretagne", "de Vendée",
    "Simone Veil", "Olympe de Gouges", "Jules Verne", "Joséphine Baker", "Marie Curie", "Louise Michel", "Rosa Parks",
    "des Tilleuls", "du Bocage", "des Haies", "de la Prairie", "des Vignes", "du Muscadet", "de la Sèvre", "de l’Erdre",
    "du Cens", "de la Chézine", "des Camélias", "des Magnolias", "du 8-Mai-1945", "du 11-Novembre", "de la Paix",
    "des Hirondelles", "des Martinets", "de la Gare", "du Stade", "de la Fontaine", "du Lavoir", "du Four à Pain",
    "de l’Europe", "Anne de Bretagne", "Aristide Briand", "Camille Claudel", "George Sand", "Germaine Tillion",
    "des Artisans", "des Maraîchers", "de la Noë", "de la Close", "du Haut-Fief", "de la Pierre-Levée", "du Vieux-Puits",
)  # fmt: skip
FIRST_NAMES = (
    "Amélie", "Bastien", "Camille", "Damien", "Élodie", "Fatou", "Gaël", "Hélène", "Ismaël", "Jeanne", "Kévin", "Lucie",
    "Malo", "Nolwenn", "Océane", "Pierre", "Quentin", "Rozenn", "Soizic", "Théo", "Ulysse", "Valérie", "Yann", "Zoé",
)  # fmt: skip
LAST_NAMES = (
    "Guillou", "Moreau", "Le Goff", "Benali", "Durand", "Morvan", "Lefèvre", "Garnier", "Diallo", "Chauvin", "Rousseau",
    "Bernard", "Olivier", "Tessier", "Nguyen", "Martin", "Robin", "Leroux", "Perrin", "Blanchard", "Hervé", "Jolly",
)  # fmt: skip


@dataclass(frozen=True)
class Street:
    """`line`: points in degrees, from one end to the other."""

    name: str
    commune: Commune
    line: tuple[Point, ...]

    @property
    def length(self) -> int:
        """Metres, on the local plane."""
        metres = [(x * 75_700, y * 111_200) for x, y in self.line]
        return round(sum(math.dist(a, b) for a, b in pairwise(metres)))

    def at(self, share: float) -> Point:
        """The point at `share` (0 to 1) of the street, by rank of its vertices."""
        index = min(int(share * (len(self.line) - 1)), len(self.line) - 2)
        (x1, y1), (x2, y2) = self.line[index], self.line[index + 1]
        t = share * (len(self.line) - 1) - index
        return (round(x1 + t * (x2 - x1), 6), round(y1 + t * (y2 - y1), 6))


def person(random: Random) -> str:
    return f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"


@lru_cache(maxsize=1)
def streets() -> tuple[Street, ...]:
    """About 3,000 streets over the métropole: the more people, the more streets."""
    random = Random(44)
    found: list[Street] = []
    for commune in TERRITORY.communes:
        wanted = max(30, round(commune.population / 230))
        names = [f"{kind} {name}" for kind in dict.fromkeys(KINDS) for name in NAMES]
        random.shuffle(names)
        for rank in range(wanted):
            name = names[rank % len(names)] + (f" {rank // len(names) + 1}" if rank >= len(names) else "")
            found.append(Street(name, commune, _grow(random, commune)))
    return tuple(found)


def _grow(random: Random, commune: Commune) -> tuple[Point, ...]:
    """A walk that keeps its bearing, along one of the two directions of the quarter it starts in."""
    x, y = TERRITORY.place(random, commune, spread=0.85)
    bearing = math.atan2(y - commune.lat, x - commune.lon) + random.choice((0, math.pi / 2)) + random.gauss(0, 0.15)
    line = [(x, y)]
    for _step in range(random.randint(2, 9)):
        bearing += random.gauss(0, 0.18)
        step = random.uniform(40, 130)
        x, y = x + step * math.cos(bearing) / 75_700, y + step * math.sin(bearing) / 111_200
        line.append((round(x, 6), round(y, 6)))
    return tuple(line)
