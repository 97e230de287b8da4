"""Phones and maps in China send GCJ-02; inside the house every coordinate is WGS-84.

The shift is the published series that map makers apply on the Krasovsky ellipsoid; it has no
closed inverse, so the way back is found by iteration. Used at the edge only: never store GCJ-02.
"""

from __future__ import annotations

from math import cos, pi, radians, sin, sqrt

KRASOVSKY_A_M = 6_378_245.0
KRASOVSKY_E2 = 0.006_693_421_622_965_943
# The box outside which maps do not shift: west, south, east, north.
CHINA = (72.004, 0.8293, 137.8347, 55.8271)


def outside(lon: float, lat: float) -> bool:
    """Whether a point lies where no shift is applied (a box, as the map makers have it)."""
    west, south, east, north = CHINA
    return not (west <= lon <= east and south <= lat <= north)


def _shift(lon: float, lat: float) -> tuple[float, float]:
    """How far GCJ-02 lies from WGS-84 at a WGS-84 point, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    ripple = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    root = sqrt(abs(x))
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north_m += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north_m += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east_m += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east_m += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    phi = radians(lat)
    flat = 1 - KRASOVSKY_E2 * sin(phi) ** 2
    meridian_m = KRASOVSKY_A_M * (1 - KRASOVSKY_E2) / flat**1.5
    parallel_m = KRASOVSKY_A_M / sqrt(flat) * cos(phi)
    return east_m * 180 / (parallel_m * pi), north_m * 180 / (meridian_m * pi)


def to_gcj(lon: float, lat: float) -> tuple[float, float]:
    """WGS-84 degrees to GCJ-02 degrees; outside China nothing changes.

    >>> east, north = to_gcj(107.98, 26.58)
    >>> round(east, 4), round(north, 4)
    (107.9841, 26.5765)
    >>> to_gcj(2.35, 48.86)
    (2.35, 48.86)
    """
    if outside(lon, lat):
        return lon, lat
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def to_wgs(lon: float, lat: float) -> tuple[float, float]:
    """GCJ-02 degrees to WGS-84 degrees; the error is far below a centimetre.

    Each round of the iteration shrinks the error some hundredfold (the shift changes slowly).

    >>> lon, lat = to_wgs(*to_gcj(107.98, 26.58))
    >>> abs(lon - 107.98) < 1e-9 and abs(lat - 26.58) < 1e-9
    True
    """
    if outside(lon, lat):
        return lon, lat
    at_lon, at_lat = lon, lat
    for _ in range(6):
        east, north = _shift(at_lon, at_lat)
        at_lon, at_lat = lon - east, lat - north
    return at_lon, at_lat
