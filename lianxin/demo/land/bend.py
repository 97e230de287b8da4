"""Lay a straightened town into its valley: the river winds, streets follow, the rim is wider."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, radians, sin

import numpy as np
import shapely

METRES_A_DEGREE = 111_320.0
DECIMALS = 7


@dataclass(frozen=True, slots=True)
class Bend:
    """A smooth map from metres on the plane to degrees; it never folds."""

    lon: float
    lat: float
    turn: float
    radius_m: float
    phases: tuple[float, ...]

    @classmethod
    def draw(
        cls, rng: np.random.Generator, at: tuple[float, float], turn: float, radius: float
    ) -> Bend:
        """A bend for a town of a radius (metres) at a place, the river along `turn` (radians)."""
        return cls(*at, turn, radius, tuple(rng.uniform(0, 2 * pi, 6).tolist()))

    def __call__(self, xy: np.ndarray) -> np.ndarray:
        """Metres (n, 2) to degrees (n, 2), rounded to a centimetre."""
        x, y = xy.T
        r, p = self.radius_m, self.phases
        # The old town is dense: what is farther out is drawn out.
        swell = 0.8 + 0.28 * np.minimum((x * x + y * y) / (r * r), 2.0)
        x, y = x * swell, y * swell
        near = 1 / (1 + (x / (2.1 * r)) ** 6)
        winding = 0.22 * np.sin(x / r * 1.9 + p[0]) + 0.06 * np.sin(x / r * 4.3 + p[1])
        ripple = 0.035 * np.sin(x / r * 6.1 + y / r * 2.2 + p[2])
        shear = 0.05 * np.sin(y / r * 3.1 + p[3]) + 0.03 * np.sin(y / r * 6.3 - x / r + p[4])
        y = y + r * near * (winding + ripple - 0.22 * sin(p[0]) - 0.06 * sin(p[1]))
        x = x + r * near * shear
        east = x * cos(self.turn) - y * sin(self.turn)
        north = x * sin(self.turn) + y * cos(self.turn)
        lon = self.lon + east / (METRES_A_DEGREE * cos(radians(self.lat)))
        return np.round(np.stack([lon, self.lat + north / METRES_A_DEGREE], axis=1), DECIMALS)

    def all(self, shapes: list[shapely.Geometry]) -> np.ndarray:
        """Many shapes at once: a corner that two of them share is computed once for both."""
        held = np.array(shapes, dtype=object)
        corners, back = np.unique(shapely.get_coordinates(held), axis=0, return_inverse=True)
        return shapely.set_coordinates(held, self(corners)[back.ravel()])
