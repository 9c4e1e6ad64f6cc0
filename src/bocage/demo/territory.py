"""Facts about the 24 communes of Nantes Métropole (INSEE and DGCL: names, codes, SIREN, municipal populations), and a
schematic outline of each: the cells nearest to its centre, with a drawn-by-hand edge. Outlines are generated, never surveyed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class Commune:
    """`lon`, `lat`: centre of the commune in degrees (CRS84), to the nearest hundred metres."""

    insee: str
    name: str
    siren: str
    population: int
    postcodes: tuple[str, ...]
    lon: float
    lat: float

    @property
    def slug(self) -> str:
        from bocage.kernel.ids import slugify

        return slugify(self.name)


COMMUNES: tuple[Commune, ...] = (
    Commune("44009", "Basse-Goulaine", "214400095", 9679, ("44115",), -1.462, 47.212),
    Commune("44018", "Bouaye", "214400186", 8343, ("44830",), -1.673, 47.148),
    Commune("44020", "Bouguenais", "214400202", 20530, ("44340",), -1.617, 47.171),
    Commune("44024", "Brains", "214400244", 2709, ("44830",), -1.726, 47.170),
    Commune("44026", "Carquefou", "214400269", 20921, ("44470",), -1.472, 47.302),
    Commune("44035", "La Chapelle-sur-Erdre", "214400350", 20690, ("44240",), -1.560, 47.303),
    Commune("44047", "Couëron", "214400475", 24103, ("44220",), -1.730, 47.231),
    Commune("44074", "Indre", "214400749", 4160, ("44610",), -1.671, 47.198),
    Commune("44094", "Mauves-sur-Loire", "214400947", 3409, ("44470",), -1.403, 47.316),
    Commune("44101", "La Montagne", "214401010", 6505, ("44620",), -1.684, 47.185),
    Commune("44109", "Nantes", "214401093", 327734, ("44000", "44100", "44200", "44300"), -1.548, 47.232),
    Commune("44114", "Orvault", "214401143", 28534, ("44700",), -1.623, 47.274),
    Commune("44120", "Le Pellerin", "214401200", 5319, ("44640",), -1.827, 47.224),
    Commune("44143", "Rezé", "214401432", 43556, ("44400",), -1.550, 47.177),
    Commune("44150", "Saint-Aignan-Grandlieu", "214401507", 3996, ("44860",), -1.623, 47.133),
    Commune("44162", "Saint-Herblain", "214401622", 50973, ("44800",), -1.634, 47.225),
    Commune("44166", "Saint-Jean-de-Boiseau", "214401663", 6067, ("44640",), -1.719, 47.194),
    Commune("44171", "Saint-Léger-les-Vignes", "214401713", 2171, ("44710",), -1.715, 47.143),
    Commune("44172", "Sainte-Luce-sur-Loire", "214401721", 16400, ("44980",), -1.473, 47.254),
    Commune("44190", "Saint-Sébastien-sur-Loire", "214401903", 28596, ("44230",), -1.500, 47.203),
    Commune("44194", "Sautron", "214401945", 8555, ("44880",), -1.681, 47.273),
    Commune("44198", "Les Sorinières", "214401986", 9275, ("44840",), -1.520, 47.142),
    Commune("44204", "Thouaré-sur-Loire", "214402042", 11004, ("44470",), -1.432, 47.276),
    Commune("44215", "Vertou", "214402158", 26227, ("44120",), -1.471, 47.160),
)

CENTRE: Point = (-1.59, 47.222)
KM_LON, KM_LAT = 75.7, 111.2  # kilometres in a degree at this latitude


def _metres(point: Point) -> Point:
    return ((point[0] - CENTRE[0]) * KM_LON, (point[1] - CENTRE[1]) * KM_LAT)


def _degrees(point: Point) -> Point:
    return (round(point[0] / KM_LON + CENTRE[0], 6), round(point[1] / KM_LAT + CENTRE[1], 6))


def _clip(ring: Ring, a: Point, b: Point, weight: float) -> Ring:
    """The part of `ring` on a's side of the line that divides a and b; a larger `weight` (km²) pushes the line to b."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    limit = (b[0] ** 2 + b[1] ** 2 - a[0] ** 2 - a[1] ** 2 + weight) / 2
    kept: Ring = []
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        side1, side2 = x1 * dx + y1 * dy - limit, x2 * dx + y2 * dy - limit
        if side1 <= 0:
            kept.append((x1, y1))
        if side1 * side2 < 0:
            t = side1 / (side1 - side2)
            kept.append((x1 + t * (x2 - x1), y1 + t * (y2 - y1)))
    return kept


def _hand_drawn(a: Point, b: Point, depth: int) -> Ring:
    """Points from a (included) to b (excluded) along a wavy line; the same line whichever side it is drawn from."""
    length = math.dist(a, b)
    if depth == 0 or length < 0.25:
        return [a]
    low, high = sorted((a, b))
    seed = "|".join(f"{v:.2f}" for v in (*low, *high))
    shift = Random(seed).uniform(-0.13, 0.13)
    middle = (
        (low[0] + high[0]) / 2 - (high[1] - low[1]) * shift,
        (low[1] + high[1]) / 2 + (high[0] - low[0]) * shift,
    )
    return _hand_drawn(a, middle, depth - 1) + _hand_drawn(middle, b, depth - 1)


def _inside(point: Point, ring: Ring) -> bool:
    """Ray casting."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


@dataclass(frozen=True)
class Territory:
    """The métropole: its communes, their outlines, and places drawn at random but always the same for a seed."""

    communes: tuple[Commune, ...] = COMMUNES
    _outlines: dict[str, Ring] = field(default_factory=dict, compare=False)

    @cached_property
    def total_population(self) -> int:
        return sum(c.population for c in self.communes)

    def outline(self, commune: Commune) -> Ring:
        """Open ring (first point not repeated), degrees, counter-clockwise."""
        if commune.insee not in self._outlines:
            self._outlines[commune.insee] = self._draw(commune)
        return self._outlines[commune.insee]

    @cached_property
    def _frame(self) -> Ring:
        """A ring around all the centres, about three kilometres away from the outermost."""
        centres = [_metres((c.lon, c.lat)) for c in self.communes]
        ring = []
        for step in range(36):
            ux, uy = math.cos(step / 36 * math.tau), math.sin(step / 36 * math.tau)
            reach = max(x * ux + y * uy for x, y in centres) + 3
            ring.append((reach * ux, reach * uy))
        return ring

    def _draw(self, commune: Commune) -> Ring:
        here = _metres((commune.lon, commune.lat))
        ring = self._frame
        for other in self.communes:
            if other is not commune:
                there = _metres((other.lon, other.lat))
                # Weights that add up make a power diagram: cells meet without gap; big towns get larger ones.
                ring = _clip(ring, here, there, 6 * math.log10(commune.population / other.population))
        drawn = [p for a, b in zip(ring, ring[1:] + ring[:1], strict=True) for p in _hand_drawn(a, b, 5)]
        return [_degrees(p) for p in drawn]

    def pick(self, random: Random) -> Commune:
        """A commune, the more populated the likelier."""
        return random.choices(self.communes, [c.population for c in self.communes])[0]

    def place(self, random: Random, commune: Commune, *, spread: float = 1.0) -> Point:
        """A place inside the commune, denser towards its centre; `spread` 1 fills it, 0.3 stays in the town centre."""
        ring = self.outline(commune)
        reach = max(math.dist(_metres(p), _metres((commune.lon, commune.lat))) for p in ring) * spread
        for _attempt in range(60):
            angle, radius = random.random() * math.tau, reach * random.random() ** 0.8
            x, y = _metres((commune.lon, commune.lat))
            point = _degrees((x + radius * math.cos(angle), y + radius * math.sin(angle)))
            if _inside(point, ring):
                return point
        return (commune.lon, commune.lat)


TERRITORY = Territory()
