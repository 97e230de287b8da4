"""Who answers for what in the demo: the offices of a county, and a property company a street."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Office:
    """One kind of unit every county has. `duties` are prefixes of category codes."""

    code: str
    name: str
    duties: tuple[str, ...] = ()


OFFICES = (
    Office("zhujian", "住房和城乡建设局", ("03", "0102")),
    Office("chengguan", "综合行政执法局", ("01", "0302", "0501")),
    Office("gongdian", "供电局", ("0101", "0402")),
    Office("gongshui", "供水公司", ("0401", "0202")),
    Office("ranqi", "燃气公司", ("0403",)),
    Office("huanwei", "环境卫生服务中心", ("02",)),
    Office("minzheng", "民政局", ("0603",)),
    Office("renshe", "人力资源和社会保障局", ("0602",)),
    Office("yibao", "医疗保障局", ("0601",)),
    Office("jiaoyu", "教育和科技局", ("0604", "0605")),
    Office("gongan", "公安局", ("0501",)),
    Office("sifa", "司法局", ("0502",)),
    Office("wenlu", "文体广电旅游局", ("07", "0104")),
    Office("xiaofang", "消防救援大队", ("0303",)),
    Office("weijian", "卫生健康局"),
    Office("shuiwu", "税务局"),
    Office("jiaotong", "交通运输局"),
    Office("nongye", "农业农村局"),
    Office("caizheng", "财政局"),
    Office("zonghe", "机关事务服务中心", ("99",)),
)
SKILLS = (
    "电工", "水暖", "木工", "法律", "财务", "医护", "心理疏导", "课业辅导", "摄影", "电脑维修",
    "驾驶", "理发", "书法", "乐器", "舞蹈", "急救", "手语", "外语", "园艺", "政策宣讲",
)  # fmt: skip


FIRM_NAMES = "云帆启明远景星河智汇蓝海恒泰嘉禾瑞丰博雅天工卓越"
TRADES = ("智能装备", "软件", "新材料", "生物医药", "工业设计", "检测认证", "现代物流", "文创传媒")
SCHOOLS = (
    "理工", "师范", "医科", "财经", "艺术", "交通", "农业", "外语", "政法", "体育", "工艺", "开放",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitRow:
    id: int
    code: str
    name: str
    kind: str
    area: str
    duties: tuple[str, ...]


def units(counties: list[tuple[str, str]], first: int) -> Iterator[UnitRow]:
    """The offices of each county (path, name), with ids from `first`."""
    number = first
    for path, name in counties:
        for office in OFFICES:
            code = f"{path}-{office.code}"
            title = f"{name.rstrip('县市区')}{name[-1]}{office.name}"
            yield UnitRow(number, code, title, "department", path, office.duties)
            number += 1


def campus(park: str, first: int) -> Iterator[UnitRow]:
    """The firms and universities of a park (its path), with ids from `first`; all names made up."""
    pairs = [FIRM_NAMES[n : n + 2] for n in range(0, len(FIRM_NAMES), 2)]
    firms = [f"{name}{trade}有限公司" for name in pairs for trade in TRADES]
    schools = [f"清湖{school}大学" for school in SCHOOLS]
    for n, title in enumerate([*firms, *schools]):
        kind = "firm" if n < len(firms) else "university"
        yield UnitRow(first + n, f"{park}-{kind}-{n + 1:03d}", title, kind, park, ())
