"""Makes a cell's value what its column asks for, and says in one word what had to be done."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from lianxin.registry.sheets.finding import Odd
from lianxin.registry.sheets.workbook import Value

Read = tuple[object, str | None]  # the value, and the code of a note if it was changed

EXACT = 10**15  # Excel keeps fifteen digits; what came as a longer number has lost its end
UNSEEN = (0xAD, 0xFEFF, 0xFFFE, 0xFFFF)  # the last two are no characters at all
INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *UNSEEN]
)
SERIAL_DAYS = range(20_000, 80_000)  # 1954 to 2119
EXCEL_EPOCH = date(1899, 12, 30)
OPEN_ENDED = frozenset({"至今", "长期", "无", "现在", "在任", "now", "present", "-", "—"})
_STARRED = re.compile(r"\d{0,4}\*{2,}\d{0,4}")
_SCIENTIFIC = re.compile(r"[+-]?\d(\.\d+)?[eE]\+?\d+")
_MOMENT = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?"
    r"(?:[\sT]*(\d{1,2})\s*[:时点]\s*(\d{1,2})\s*(?:分|(?:[:]\s*(\d{1,2})(?:\.\d+)?)?))?"
)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_DATE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2})\s*日?|\s*月?)")


def text(value: Value) -> Read:
    """One line of text: half-width letters and digits, single spaces, nothing invisible.

    Chinese punctuation stays as it is: 榕荫社区（北） is no other name than before.

    >>> text(" 榕荫\\n社区　"), text("Ａ１２（北）"), text("好")
    (('榕荫社区', 'tidied'), ('A12（北）', 'tidied'), ('好', None))
    """
    raw = plain(value)
    tidy = "".join(_narrow(c) for c in raw.translate(INVISIBLE))
    tidy = unicodedata.normalize("NFC", tidy)
    tidy = re.sub(r"\s+", " ", tidy).strip()
    tidy = re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", tidy)
    return tidy, None if tidy == raw else "tidied"


def _narrow(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Cc":
        return " "
    return char if kind.startswith("P") else unicodedata.normalize("NFKC", char)


def plain(value: Value) -> str:
    """The value as a person would have typed it.

    >>> plain(12.0), plain(1.5), plain(True), plain("x")
    ('12', '1.5', 'TRUE', 'x')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def code(value: Value) -> Read:
    """Digits (or a park's letter and digits) that a sheet may have taken for a number.

    Raises Odd: digits_lost, not_a_code.

    >>> code(522632001004.0), code("５２２６３２"), code("5.22632001004E+11")
    (('522632001004', 'was_number'), ('522632', 'tidied'), ('522632001004', 'was_number'))
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not abs(value) < EXACT:  # nor what is no number at all
            raise Odd("digits_lost", value=f"{value:.6g}")
        if value != int(value) or value < 0:
            raise Odd("not_a_code", value=plain(value))
        return str(int(value)), "was_number"
    raw = plain(value)
    tidy = unicodedata.normalize("NFKC", raw).translate(INVISIBLE)
    tidy = re.sub(r"\s", "", tidy).lstrip("'‘’`").upper()
    if _SCIENTIFIC.fullmatch(tidy):
        return _unfolded(tidy), "was_number"
    if re.fullmatch(r"\d+\.0+", tidy):
        return tidy.split(".")[0], "was_number"
    if tidy and not re.fullmatch(r"[A-Z]?\d+", tidy):
        raise Odd("not_a_code", value=raw)
    return tidy, None if tidy == raw else "tidied"


def _unfolded(scientific: str) -> str:
    """5.22632001004E+11 has all its digits, 5.22632E+11 has not."""
    try:
        number = Decimal(scientific)
    except InvalidOperation as wrong:
        raise Odd("not_a_code", value=scientific) from wrong
    mantissa = scientific.upper().split("E")[0]
    exponent = int(scientific.upper().split("E")[1])
    if exponent > 30 or len(mantissa.replace(".", "")) < exponent + 1:
        raise Odd("digits_lost", value=scientific)
    return str(int(number))


def phone(value: Value) -> Read:
    """A mobile of 11 digits or a fixed line of 7 to 12; one behind stars, as our own lists show it,
    says nothing. Raises Odd: digits_lost, not_a_phone.

    >>> phone(13800001234.0), phone("138 0000 1234"), phone("+86-13800001234")
    (('13800001234', 'was_number'), ('13800001234', None), ('13800001234', None))
    >>> phone("138****1234")
    ('', 'masked')
    """
    raw = plain(value)
    tidy = unicodedata.normalize("NFKC", raw).translate(INVISIBLE)
    if _STARRED.fullmatch(tidy.strip()):
        return "", "masked"
    if _SCIENTIFIC.fullmatch(tidy.strip()):
        tidy = _unfolded(tidy.strip())
    digits = re.sub(r"[\s()+–—-]", "", tidy.removesuffix(".0"))
    digits = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    if digits and not re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}", digits):
        raise Odd("not_a_phone", value=raw)
    return digits, "was_number" if isinstance(value, int | float) else None


def day(value: Value) -> Read:
    """A date in any of the forms in use; None for "to date". Raises Odd: not_a_date, two_months.

    >>> day("2024年3月1日"), day("2024.3.1")
    ((datetime.date(2024, 3, 1), None), (datetime.date(2024, 3, 1), None))
    >>> day("2024年3月"), day(45352.0)
    ((datetime.date(2024, 3, 1), 'first_of_month'), (datetime.date(2024, 3, 1), 'was_serial'))
    """
    if isinstance(value, datetime):
        return value.date(), None
    if isinstance(value, date):
        return value, None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _numbered(float(value))
    tidy = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", str(value)).translate(INVISIBLE))
    return _written(tidy.strip())


def _numbered(number: float) -> Read:
    """A serial of Excel, 20240301, or 2024.3 typed for a month: 2024.1 may mean two of them."""
    if not abs(number) < EXACT:
        raise Odd("not_a_date", value=f"{number:.6g}")
    if int(number) in SERIAL_DAYS:
        return EXCEL_EPOCH + timedelta(int(number)), "was_serial"
    if number.is_integer():
        return _written(str(int(number)))
    written = f"{number:.2f}".rstrip("0")
    if written.endswith(".1"):
        raise Odd("two_months", value=written)
    return _written(written)


def _written(tidy: str) -> Read:
    if tidy.lower() in OPEN_ENDED:
        return None, None
    tidy = re.sub(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$", "", tidy)
    packed = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", tidy)
    found = packed or _DATE.fullmatch(tidy)
    if not found:
        raise Odd("not_a_date", value=tidy)
    year, month, of_month = int(found[1]), int(found[2]), found[3]
    try:
        return date(year, month, int(of_month or 1)), None if of_month else "first_of_month"
    except ValueError as wrong:
        raise Odd("not_a_date", value=tidy) from wrong


def moment(value: Value) -> Read:
    """A day and an hour on the clocks of Beijing, without a zone. Raises Odd: not_a_moment.

    >>> str(moment("2026/11/22 16:40")[0]), str(moment("2026年11月22日16时40分")[0])
    ('2026-11-22 16:40:00', '2026-11-22 16:40:00')
    >>> moment("2026-11-22")[1], moment(46348.5)
    ('no_hour', (datetime.datetime(2026, 11, 22, 12, 0), 'was_serial'))
    """
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=0), None
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day), "no_hour"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not abs(value) < EXACT:
            raise Odd("not_a_moment", value=f"{value:.6g}")
        if int(value) not in SERIAL_DAYS:
            return _hour(str(int(value)))
        of_day = timedelta(seconds=round(value % 1 * 86_400))
        return datetime.combine(EXCEL_EPOCH, time()) + timedelta(int(value)) + of_day, "was_serial"
    return _hour(unicodedata.normalize("NFKC", str(value)).translate(INVISIBLE).strip())


def _hour(tidy: str) -> Read:
    found = _MOMENT.fullmatch(tidy) or _PACKED.fullmatch(tidy)
    if not found:
        raise Odd("not_a_moment", value=tidy[:40])
    parts = [int(part or 0) for part in found.groups()]
    try:
        return datetime(*parts), None if found[4] else "no_hour"  # type: ignore[arg-type]
    except ValueError as wrong:
        raise Odd("not_a_moment", value=tidy[:40]) from wrong


def words(value: Value) -> Read:
    r"""What somebody said, with its lines as they were written; only what cannot be seen is gone.

    >>> words(" 路灯坏了。\r\n\r\n\r\n请来看看\u200b　")
    ('路灯坏了。\n\n请来看看', None)
    """
    raw = unicodedata.normalize("NFC", plain(value).translate(INVISIBLE))
    lines = (re.sub(r"[\s\x00-\x1f]+", " ", line).strip() for line in raw.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), None


def label(value: Value) -> Read:
    """A number that others gave: letters and digits as they are. Raises Odd: digits_lost.

    >>> label("ｇｚ2026 1122-0001"), label(202611220001.0)
    (('GZ20261122-0001', None), ('202611220001', 'was_number'))
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return code(value)
    tidy = unicodedata.normalize("NFKC", plain(value)).translate(INVISIBLE)
    tidy = re.sub(r"\s", "", tidy).lstrip("'‘’`").upper()
    return (_unfolded(tidy), "was_number") if _SCIENTIFIC.fullmatch(tidy) else (tidy, None)


READERS = {
    "text": text, "code": code, "phone": phone, "date": day, "moment": moment, "words": words,
    "label": label,
}  # fmt: skip
