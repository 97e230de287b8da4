"""What people of the demo ask for: made-up words by category, so that no two pages look alike."""

from __future__ import annotations

from random import Random

# category code, severity, words; {where} is filled with a building
SAID = (
    ("0101", "normal", "{where}门口的路灯坏了三天，晚上回家看不见路，老人不敢出门。"),
    ("0101", "normal", "{where}旁边那盏路灯一闪一闪的，麻烦来看看。"),
    ("0102", "normal", "{where}前面的路面塌了一块，下雨就积水，孩子上学要绕着走。"),
    ("0102", "low", "{where}人行道地砖松动，踩上去溅水。"),
    ("0103", "high", "{where}路口井盖没了，用树枝挡着，车多很危险！"),
    ("0103", "low", "{where}窗下的井盖车一压就响，夜里睡不好。"),
    ("0104", "low", "{where}旁边健身器材的螺丝松了，怕夹到手。"),
    ("0201", "normal", "{where}的垃圾桶两天没清，味道很大。"),
    ("0201", "normal", "{where}楼下有人堆旧家具，占了消防通道。"),
    ("0202", "normal", "{where}的下水道堵了，污水往外冒。"),
    ("0203", "low", "{where}前的树枝快伸进窗户了，能不能修剪一下？"),
    ("0301", "high", "{where}电梯困人，已经报过物业，今天又停了。"),
    ("0301", "normal", "{where}电梯按钮失灵，三楼到不了。"),
    ("0302", "normal", "{where}门口乱停车，救护车进不来。"),
    ("0303", "high", "{where}一楼有人飞线充电，半夜冒过火花。"),
    ("0401", "normal", "{where}今天早上开始停水，没有看到通知。"),
    ("0402", "normal", "{where}单元跳闸，半栋楼没有电。"),
    ("0501", "normal", "{where}楼上装修，中午也在敲，家里有高考生。"),
    ("0501", "low", "{where}广场舞音响太大，晚上九点半还没停。"),
    ("0502", "normal", "和{where}的邻居因为漏水谈不拢，想请社区帮忙说说。"),
    ("0601", "normal", "住在{where}，老两口想办医保异地备案，手机不会弄。"),
    ("0602", "low", "住在{where}，想找离家近的工作，以前在厂里做缝纫。"),
    ("0603", "normal", "{where}有位独居老人腿脚不便，能不能帮忙定期送餐？"),
    ("0604", "normal", "住在{where}，孩子放学后没人接，问问托管还有没有名额。"),
    ("0605", "low", "住在{where}，想问秋季入学要带什么材料。"),
    ("0701", "low", "{where}的合唱队想周末借用社区活动室排练。"),
    ("0702", "low", "{where}几家想办个邻里节，想请社区支持场地和桌椅。"),
    ("99", "low", "给{where}的网格员点个赞，下雨天上门帮忙收衣服。"),
)  # fmt: skip
DONE = (
    "已到现场处理完毕，和居民当面确认过。",
    "更换了损坏的零件，试用正常，请放心使用。",
    "已联系相关单位完成维修，现场已清理干净。",
    "上门办理完成，材料和办法都已说明。",
)
REASONS = ("不属于我单位职责，建议转由主管部门办理。", "地点不在我单位管辖范围内，请核实后改派。")
RAIN = "连日下雨，现场不具备施工条件，申请顺延。"
WINTER = "需等待专项资金和合适季节统一施工，申请挂账。"


def said(rng: Random, where: str) -> dict[str, str]:
    """The answers of one request: category, severity and words."""
    category, severity, words = rng.choice(SAID)
    return {"category": category, "severity": severity, "text": words.format(where=where)}
