"""Legal projections of France, in SQL: metres from degrees, without the spatial extension.

Lambert conformal conic and transverse Mercator on GRS 80, by the formulas of IGN and of Snyder (USGS 1395, eq. 8-9, 8-10,
15-1…15-4): closer than a centimetre inside each territory, where the rules ask for ten metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, log, radians, sin, sqrt, tan

_A = 6378137.0
_E2 = 0.006694380022903416
_E = sqrt(_E2)


@dataclass(frozen=True)
class Zone:
    """`bounds`: west, south, east, north. `cone`: lat_1, lat_2, lat_0, lon_0, x_0, y_0 in degrees and metres; otherwise a
    zone of UTM."""

    bounds: tuple[float, float, float, float]
    cone: tuple[float, float, float, float, float, float] | None = None
    utm: int = 0
    south: bool = False


# In the order in which they are tried: metropolitan France, then overseas.
ZONES = (
    Zone((-9.86, 41.15, 10.38, 51.56), cone=(49.0, 44.0, 46.5, 3.0, 700_000.0, 6_600_000.0)),
    Zone((-63.66, 14.08, -57.52, 18.54), utm=20),
    Zone((-54.6, 2.11, -49.46, 8.88), utm=22),
    Zone((51.83, -24.72, 58.24, -18.28), utm=40, south=True),
    Zone((43.68, -14.49, 46.7, -11.33), utm=38, south=True),
    Zone((-57.1, 43.41, -55.9, 47.37), utm=21),
    Zone((163.55, -22.75, 168.2, -19.54), cone=(-20.66666666666667, -22.33333333333333, -21.5, 166.0, 400_000.0, 300_000.0)),
    Zone((-155.0, -24.0, -150.0, -9.0), utm=5, south=True),
    Zone((-150.0, -29.0, -144.0, -13.0), utm=6, south=True),
    Zone((-144.0, -29.0, -138.0, -7.0), utm=7, south=True),
    Zone((-138.0, -25.0, -132.0, -18.0), utm=8, south=True),
    Zone((-177.0, -14.0, -176.0, -13.0), utm=1, south=True),
)  # fmt: skip


def is_projected(lon: str, lat: str) -> str:
    """SQL boolean: the position lies in one of the zones."""
    return f"COALESCE({' OR '.join(is_in(zone, lon, lat) for zone in ZONES)}, FALSE)"


def is_in(zone: Zone, lon: str, lat: str) -> str:
    """SQL boolean: the position lies in the zone."""
    west, south, east, north = zone.bounds
    return f"({lon} BETWEEN {west} AND {east} AND {lat} BETWEEN {south} AND {north})"


def metres(lon: str, lat: str, zones: Sequence[Zone] = ZONES) -> tuple[str, str]:
    """SQL doubles x, y in the legal projection of the place; NULL out of every zone. The formulas are long: ask for `zones` in
    which something lies."""
    both = [(is_in(zone, lon, lat), _projected(zone, lon, lat)) for zone in zones]
    east, north = (" ".join(f"WHEN {inside} THEN {place[axis]}" for inside, place in both) for axis in (0, 1))
    return f"CASE {east} END", f"CASE {north} END"


def _projected(zone: Zone, lon: str, lat: str) -> tuple[str, str]:
    return _conic(zone.cone, lon, lat) if zone.cone else _transverse(zone, lon, lat)


def _isometric(latitude: float) -> float:
    """Isometric latitude of a latitude in radians."""
    ratio = ((1 - _E * sin(latitude)) / (1 + _E * sin(latitude))) ** (_E / 2)
    return log(tan(radians(45) + latitude / 2) * ratio)


def _conic(cone: tuple[float, float, float, float, float, float], lon: str, lat: str) -> tuple[str, str]:
    first, second, origin = (radians(degrees) for degrees in cone[:3])

    def normal(latitude: float) -> float:
        return _A * cos(latitude) / sqrt(1 - _E2 * sin(latitude) ** 2)

    exponent = log(normal(second) / normal(first)) / (_isometric(first) - _isometric(second))
    constant = normal(first) / exponent * pow(2.718281828459045, exponent * _isometric(first))
    pole = cone[5] + constant * pow(2.718281828459045, -exponent * _isometric(origin))
    sine = f"sin(radians({lat}))"
    isometric = f"ln(tan(radians(45 + {lat} / 2)) * pow((1 - {_E!r} * {sine}) / (1 + {_E!r} * {sine}), {_E / 2!r}))"
    radius = f"({constant!r} * exp({-exponent!r} * {isometric}))"
    angle = f"radians({exponent!r} * ({lon} - ({cone[3]})))"
    return f"({cone[4]} + {radius} * sin({angle}))", f"({pole!r} - {radius} * cos({angle}))"


def _transverse(zone: Zone, lon: str, lat: str) -> tuple[str, str]:
    scale, second = 0.9996, _E2 / (1 - _E2)
    phi = f"radians({lat})"
    central = zone.utm * 6 - 183
    curve = f"({_A!r} / sqrt(1 - {_E2!r} * pow(sin({phi}), 2)))"
    t, c = f"pow(tan({phi}), 2)", f"({second!r} * pow(cos({phi}), 2))"
    a = f"(radians({lon} - ({central})) * cos({phi}))"
    arc = (
        f"({_A!r} * ({1 - _E2 / 4 - 3 * _E2**2 / 64 - 5 * _E2**3 / 256!r} * {phi}"
        f" - {3 * _E2 / 8 + 3 * _E2**2 / 32 + 45 * _E2**3 / 1024!r} * sin(2 * {phi})"
        f" + {15 * _E2**2 / 256 + 45 * _E2**3 / 1024!r} * sin(4 * {phi}) - {35 * _E2**3 / 3072!r} * sin(6 * {phi})))"
    )
    east = (
        f"(500000 + {scale} * {curve} * ({a} + (1 - {t} + {c}) * pow({a}, 3) / 6"
        f" + (5 - 18 * {t} + {t} * {t} + 72 * {c} - 58 * {second!r}) * pow({a}, 5) / 120))"
    )
    north = (
        f"({10_000_000 if zone.south else 0} + {scale} * ({arc} + {curve} * tan({phi}) * (pow({a}, 2) / 2"
        f" + (5 - {t} + 9 * {c} + 4 * {c} * {c}) * pow({a}, 4) / 24"
        f" + (61 - 58 * {t} + {t} * {t} + 600 * {c} - 330 * {second!r}) * pow({a}, 6) / 720)))"
    )
    return east, north
