"""How many of everything: counties, communities, quarters and grids, to the last one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

COMMUNITIES, QUARTERS, GRIDS = 169, 497, 1_703
TOWN_QUARTERS = 92  # of Dingyuan: 67 branches were newly set up there beside those that stood


@dataclass(frozen=True, slots=True)
class County:
    """A county's public name and code, where its town lies (degrees), its share of the whole."""

    code: str
    name: str
    lon: float
    lat: float
    share: float


PREFECTURE = (
    County("522601", "凯里市", 107.98, 26.57, 3.6),
    County("522622", "黄平县", 107.90, 26.90, 0.9),
    County("522623", "施秉县", 108.13, 27.04, 0.7),
    County("522624", "三穗县", 108.68, 26.96, 0.8),
    County("522625", "镇远县", 108.43, 27.06, 1.0),
    County("522626", "岑巩县", 108.82, 27.18, 0.8),
    County("522627", "天柱县", 109.20, 26.91, 1.1),
    County("522628", "锦屏县", 109.19, 26.68, 0.7),
    County("522629", "剑河县", 108.45, 26.73, 0.8),
    County("522630", "台江县", 108.32, 26.66, 0.7),
    County("522631", "黎平县", 109.13, 26.23, 1.3),
    County("522632", "榕江县", 108.52, 25.94, 1.2),
    County("522633", "从江县", 108.91, 25.76, 0.9),
    County("522634", "雷山县", 108.08, 26.38, 0.7),
    County("522635", "麻江县", 107.59, 26.49, 0.7),
    County("522636", "丹寨县", 107.80, 26.20, 0.7),
)
DINGYUAN = County("341125", "定远县", 117.68, 32.53, 0)
CHANGQING = County("370113", "长清区", 116.75, 36.55, 0)
UPPER = (
    ("52", "province", "贵州省"),
    ("5226", "prefecture", "黔东南州"),
    ("34", "province", "安徽省"),
    ("3411", "prefecture", "滁州市"),
    ("37", "province", "山东省"),
    ("3701", "prefecture", "济南市"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One community: grids of each quarter, and grids that stand under no quarter."""

    quarters: tuple[int, ...] = ()
    grids: int = 0

    @property
    def weight(self) -> int:
        """Its size in grids; one that is not divided counts as three."""
        return sum(self.quarters) + self.grids or 3


def apportion(total: int, weights: np.ndarray, least: int = 1) -> list[int]:
    """Whole numbers in proportion to weights, each at least `least`, that sum to `total`.

    >>> apportion(10, np.array([3.0, 1.0, 0.1]))
    [6, 3, 1]
    """
    free = total - least * len(weights)
    if free < 0:
        raise ValueError(f"{total} cannot be shared by {len(weights)} at {least} each")
    exact = weights / weights.sum() * free
    whole = np.floor(exact).astype(int)
    rest = np.argsort(whole - exact, kind="stable")[: free - int(whole.sum())]
    whole[rest] += 1
    return (whole + least).tolist()


def prefecture_plans(rng: np.random.Generator) -> dict[str, list[Plan]]:
    """The communities of the sixteen counties: 169, with 497 quarters and 1,703 grids."""
    counties = apportion(COMMUNITIES, np.array([c.share for c in PREFECTURE]), 5)
    quarters = apportion(QUARTERS, rng.uniform(0.5, 1.5, COMMUNITIES), 1)
    grids = apportion(GRIDS, rng.uniform(0.4, 1.6, QUARTERS), 1)
    quarter_ends = [0, *accumulate(quarters)]
    plans = [Plan(tuple(grids[low:high])) for low, high in pairwise(quarter_ends)]
    ends = [0, *accumulate(counties)]
    return {c.code: plans[ends[i] : ends[i + 1]] for i, c in enumerate(PREFECTURE)}


def other_plans(rng: np.random.Generator) -> dict[str, list[Plan]]:
    """Dingyuan's 24 communities, some with quarters, some with grids alone, some with neither;
    and the four of a university town in Changqing."""
    ends = [0, *accumulate(apportion(TOWN_QUARTERS, rng.uniform(0.7, 1.3, 14), 4))]
    grids = apportion(2 * TOWN_QUARTERS, rng.uniform(0.2, 2.2, TOWN_QUARTERS), 1)
    dingyuan = [Plan(tuple(grids[low:high])) for low, high in pairwise(ends)]
    dingyuan += [Plan(grids=int(rng.integers(2, 5))) for _ in range(6)]
    dingyuan += [Plan()] * 4
    order = rng.permutation(len(dingyuan))
    return {
        DINGYUAN.code: [dingyuan[i] for i in order],
        CHANGQING.code: [Plan((3, 2)), Plan((2, 3)), Plan((2, 2, 2)), Plan((3,))],
    }
