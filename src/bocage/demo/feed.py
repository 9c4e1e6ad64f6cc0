"""A feed that really changes: free places of the car parks, minute by minute, a function of the clock alone."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime
from random import Random

from bocage.demo.streets import streets
from bocage.kernel.clock import now

FEED_SLUG = "disponibilite-parkings"
FEED_PATH = "demo/flux/parkings.json"


@dataclass(frozen=True)
class CarPark:
    id: str
    name: str
    insee: str
    address: str
    places: int
    lon: float
    lat: float


def _car_parks() -> tuple[CarPark, ...]:
    random = Random(44109)
    central = [s for s in streets() if s.commune.insee in ("44109", "44162", "44143")]
    parks = []
    for rank, street in enumerate(random.sample(central, 32), 1):
        lon, lat = street.at(0.5)
        parks.append(CarPark(
            f"{street.commune.insee}-P-{rank:03d}", "Parking " + street.name.split(" ", 1)[1], street.commune.insee,
            f"{random.randint(1, 60)} {street.name}, {street.commune.postcodes[0]} {street.commune.name}",
            random.randrange(80, 900, 10), lon, lat,
        ))  # fmt: skip
    return tuple(parks)


CAR_PARKS = _car_parks()


def free_places(park: CarPark, moment: datetime) -> int:
    """Full around three in the afternoon, empty at night, with a little noise that changes every minute."""
    hour = moment.hour + moment.minute / 60
    use = 0.18 + 0.7 * math.exp(-((hour - 15) ** 2) / 22) * (0.6 if moment.weekday() == 6 else 1.0)
    noise = Random(f"{park.id}{moment:%Y%m%d%H%M}").gauss(0, 0.03)
    return max(0, min(park.places, round(park.places * (1 - use - noise))))


def feed() -> bytes:
    """The feed at this minute: a JSON array of records."""
    moment = now().replace(second=0, microsecond=0)
    records = [
        {
            "id": park.id, "nom": park.name, "code_insee": park.insee, "places": park.places,
            "places_libres": (free := free_places(park, moment)), "statut": "COMPLET" if free == 0 else "OUVERT",
            "horodatage": moment.isoformat().replace("+00:00", "Z"), "latitude": park.lat, "longitude": park.lon,
        }
        for park in CAR_PARKS
    ]  # fmt: skip
    return json.dumps(records, ensure_ascii=False).encode()
