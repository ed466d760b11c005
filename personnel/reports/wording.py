"""How facts are worded on forms: months for processes, words for a birth date, nothing where nothing is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from hrdb.kernel.dates import format_date
from hrdb.kernel.periods import StartPrecision
from hrdb.kernel.screens.formats import number_text
from personnel.choices import AssignmentKind
from personnel.reports.record import AllowanceHeld, Period, Post, Property, Study

NOW = "nay"
DOTS = "……"
POST_NOTES = {
    AssignmentKind.CONCURRENT: "kiêm nhiệm",
    AssignmentKind.SECONDMENT: "biệt phái",
    AssignmentKind.ACTING: "giao quyền, phụ trách",
}


def day_words(value: date | None) -> str:
    """`dd/mm/yyyy`, or nothing."""
    return format_date(value) if value else ""


def birth_words(value: date | None, precision: str) -> str:
    """`05 tháng 3 năm 1985` with dots for what is not known; nothing when nothing is."""
    if value is None:
        return ""
    day = f"{value.day:02d}" if precision == "day" else DOTS
    month = DOTS if precision == "year" else f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"{day} tháng {month} năm {value.year}"


def partial_words(value: date | None, precision: str) -> str:
    """A day as far as it is known."""
    return format_date(value, precision) if value else ""  # type: ignore[arg-type]


def month_words(value: date | None, precision: str = StartPrecision.DAY) -> str:
    """`mm/yyyy`; the year alone when no more is known; «trước» when only that it already held on that day is known."""
    if value is None:
        return ""
    if precision == StartPrecision.KNOWN_FROM:
        return f"trước {format_date(value, 'month')}"
    return format_date(value, "year" if precision == StartPrecision.YEAR else "month")


def from_until(period: Period, *, open_end: str = NOW) -> tuple[str, str]:
    """Month of the beginning and of the end; what still held ends «nay»."""
    start = month_words(period.first_day, period.precision)
    end = month_words(period.last_day) if period.last_day else (open_end if period.first_day else "")
    return start, end


def span(period: Period, *, open_end: str = NOW) -> str:
    """Both months in one cell."""
    return " - ".join(filter(None, from_until(period, open_end=open_end)))


def study_months(study: Study) -> tuple[str, str]:
    """Months of study; a certificate without them has only its month of issue."""
    first = month_words(study.period.first_day)
    precision = study.period.precision if study.period.first_day is None else StartPrecision.DAY
    return first, month_words(study.period.last_day, precision)


def number(value: int | Decimal | None, decimals: int | None = None) -> str:
    """A number with decimal comma, or nothing."""
    return "" if value is None else number_text(value, decimals)


def percent(value: Decimal | None) -> str:
    """A percentage as it is stored (5 is 5%), or nothing."""
    return "" if value is None else f"{number_text(value)}%"


def money(value: Decimal | None) -> str:
    """An amount in đồng, or nothing."""
    return number(value)


def joined(texts: Iterable[str], mark: str = "; ") -> str:
    """Non-empty texts in a row."""
    return mark.join(text for text in texts if text)


def post_title(post: Post) -> str:
    """The title of a post with what kind of post it was, where it was not the main one."""
    note = POST_NOTES.get(AssignmentKind(post.kind))
    if note is None:
        return post.title
    return f"{post.title} ({note})" if post.title else note.capitalize()


def level_words(study: Study | None) -> str:
    """A level with its field: `Thạc sĩ, Quản lý công`."""
    return joined((study.level, study.field), ", ") if study else ""


def certificate_words(study: Study) -> str:
    """The certificate, and the level where the certificate does not name it."""
    if not study.certificate or study.level.casefold() in study.certificate.casefold():
        return study.certificate or study.level
    return joined((study.level, study.certificate))


def language_words(study: Study) -> str:
    """`Tiếng Anh B1`."""
    return joined((study.language, study.level or study.certificate), " ")


def allowance_words(allowance: AllowanceHeld) -> str:
    """How much: coefficient, per cent or amount."""
    amount = f"{money(allowance.amount)} đồng" if allowance.amount is not None else ""
    return joined((number(allowance.coefficient, 2), percent(allowance.percent), amount), ", ")


def property_words(item: Property, *, of_house: bool) -> str:
    """A house or land in one sentence: kind, area, certificate."""
    area = f"{number(item.area_m2)} m²" if item.area_m2 is not None else ""
    if of_house and area:
        area = f"tổng diện tích sử dụng: {area}"
    right = "giấy chứng nhận quyền sở hữu" if of_house else "giấy chứng nhận quyền sử dụng"
    certificate = f"{right}: {item.certificate}" if item.certificate else ""
    return joined((joined((item.property_kind, item.description), ", "), area, certificate))
