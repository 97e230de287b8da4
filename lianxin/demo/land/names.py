"""Names that no map has: put together from two small sets of characters, each used once."""

from __future__ import annotations

import numpy as np

FIRST = "云青梅竹桐枫樟柳松兰荷桂榕溪泉石霞鹭鹤凤雁鹿锦碧翠丹金银玉明清静和安宁永怀思望听观"
SECOND = "溪岭坪湾塘冲坝湖岩桥渡洲台亭阁岗坡谷原泽畔林园苑里源口头峰泉浦汀沙滩垄寨场井廊屏"
QUARTERS = ("小区", "苑", "花园", "家园", "新村", "里", "坊", "佳苑", "雅居", "公寓", "大院")
ROADS = {"avenue": "大道", "ring": "环路", "street": "路", "lane": "巷", "bridge": "大桥"}


class Names:
    """Hands out two-character stems, none twice; the order follows from `rng`."""

    def __init__(self, rng: np.random.Generator) -> None:
        stems = [a + b for a in FIRST for b in SECOND if a != b]
        self._left = [stems[i] for i in rng.permutation(len(stems))]
        self._rng = rng

    def stem(self) -> str:
        """A stem nobody has yet."""
        return self._left.pop()

    def quarter(self) -> str:
        """A housing quarter."""
        return self.stem() + QUARTERS[int(self._rng.integers(len(QUARTERS)))]

    def road(self, kind: str) -> str:
        """A road of a kind."""
        ends = ROADS[kind]
        if kind == "street" and self._rng.random() < 0.35:
            ends = "街"
        return self.stem() + ends
