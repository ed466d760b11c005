"""Careers of the people of the demonstration province (quá trình công tác): main posts one after another, no gap."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from hrdb.kernel.dates import add_months
from personnel.demonstration.places import DISTRICTS
from personnel.demonstration.posts import Post
from personnel.demonstration.province import FORMER_PROVINCES, PROVINCE_FROM, REFORM, party_of
from personnel.demonstration.records import AssignmentRecord, CustodyRecord, DecisionRecord, Structure, UnitRecord
from personnel.demonstration.roles import DEPARTMENT, DISTRICT, DISTRICT_PARTY, HEALTH, SCHOOL, TITLES, Role

TERM_MONTHS: Final = 60
#: How many earlier periods a career may show, and the shortest one in months.
MOST_EARLIER: Final = 4
SHORTEST: Final = 14

#: Organisations outside the province's system, where some began.
OUTSIDE: Final = (
    ("Quân đội nhân dân Việt Nam", "Chiến sĩ"),
    ("Công ty TNHH Apatit Việt Nam", "Nhân viên kỹ thuật"),
    ("Sở Giáo dục và Đào tạo tỉnh Lai Châu", "Giáo viên"),
    ("Bệnh viện Đa khoa tỉnh Phú Thọ", "Điều dưỡng"),
    ("Ngân hàng Nông nghiệp và Phát triển nông thôn", "Cán bộ tín dụng"),
)
FORMER_PROVINCE: Final = ("Cơ quan thuộc tỉnh Hoàng Liên Sơn (cũ)", "Cán bộ")

#: The first year of the mandate in force, by the first part of the code of its body.
ELECTED: Final = {"DU": 2025, "TU": 2025, "HD": 2026, "HDND": 2026}
MANDATES_FROM: Final = {2025: date(2025, 9, 30), 2026: date(2026, 4, 1)}


class Grounds(NamedTuple):
    """The units in which earlier periods may be spent, by kind of place."""

    structure: Structure
    schools: Sequence[UnitRecord]
    health: Sequence[UnitRecord]

    def pick(self, random: Random, place: str, post: Post, start: date, until: date) -> str | None:
        """A unit of a kind of place that existed from `start` to `until`, or None."""
        for code in self._candidates(random, place, post):
            unit = self.structure.units.get(code)
            if unit is not None and unit.opened <= start and (unit.closed is None or until <= unit.closed):
                return code
        return None

    def _candidates(self, random: Random, place: str, post: Post) -> list[str]:
        district = self._district(random, post)
        if place == SCHOOL:
            return [random.choice(self.schools).code for _ in range(2)] if self.schools else []
        if place == HEALTH:
            return [random.choice(self.health).code for _ in range(2)] if self.health else []
        if place == DEPARTMENT:
            number = post.unit.split(".")[1] if post.unit.startswith("UBND.") else f"{random.randint(1, 13):02d}"
            return [f"{random.choice(FORMER_PROVINCES)[0]}.{number}", post.unit]
        if place == DISTRICT:
            return [random.choice((district, f"{district}.{random.randint(1, 4):02d}")), district]
        if place == DISTRICT_PARTY:
            return [party_of(district)]
        before = {"HDND": "HDND", "MTTQ": "MTTQ"}.get(post.unit.split(".")[0])
        former = f"{random.choice(FORMER_PROVINCES)[0]}.{before}" if before else district
        return [post.unit, former]

    def _district(self, random: Random, post: Post) -> str:
        """The district that a commune's post came from, for others any district."""
        digits = post.unit.partition(".")[2][:5]
        if digits.isdigit() and len(digits) == 5:
            return DISTRICTS[_district_index(digits)].code
        return random.choice(DISTRICTS).code


_RANGES: Final = sorted(
    (first, last, index) for index, district in enumerate(DISTRICTS) for first, last in district.communes
)
_STARTS: Final = [first for first, _, _ in _RANGES]


def _district_index(commune: str) -> int:
    return _RANGES[bisect_right(_STARTS, commune) - 1][2]


def main_career(
    random: Random,
    grounds: Grounds,
    *,
    post: Post,
    role: Role,
    recruited: date,
    end: date | None,
    retires: date,
    day: date,
) -> list[AssignmentRecord]:
    """The main assignments from recruitment on; the last one is the post itself, open or ended.

    The post's unit must exist, and the person be recruited, well before `end` or `day`.
    """
    last = end or day
    start = _start_of_post(random, role, grounds.structure.units[post.unit].opened, recruited, last)
    earlier = _earlier(random, grounds, post, role, recruited, start) if start > recruited else []
    is_elected = _is_elected(post.title)
    current = AssignmentRecord(
        kind="main",
        unit=post.unit,
        title=post.title,
        effective_from=start,
        effective_until=end,
        mandate=_mandate(post.unit, day) if is_elected else None,
        first_appointed_on=start if is_elected else None,
    )
    return [*earlier, _with_term(current, day, retires) if role.is_leader and not is_elected else current]


def _start_of_post(random: Random, role: Role, opened: date, recruited: date, last: date) -> date:
    """When the present post began: often on the day its agency was set up, otherwise a few years ago."""
    earliest = max(opened, recruited)
    days = (last - earliest).days
    if days <= 60:
        return earliest
    if opened == REFORM and recruited < REFORM:
        if random.random() < 0.78:
            return REFORM
        return _tidy(random, earliest + timedelta(random.randint(10, days - 45)))
    if not role.is_leader and random.random() < 0.45:
        return earliest
    years = random.triangular(0.3, 9 if role.is_leader else 14, 3)
    back = min(max(int(years * 365), 45), days)
    return earliest if back == days else _tidy(random, last - timedelta(back))


def _earlier(
    random: Random, grounds: Grounds, post: Post, role: Role, recruited: date, start: date
) -> list[AssignmentRecord]:
    """Periods before the present post, up the ladder of the role, from recruitment to its start."""
    months = (start.year - recruited.year) * 12 + start.month - recruited.month
    ladder = role.ladder or ((post.title, role.place),)
    wanted = min(1 + months // 60, len(ladder), MOST_EARLIER)
    steps = ladder[-wanted:] if role.is_leader else [random.choice(ladder) for _ in range(wanted)]
    bounds = _cut(random, recruited, start, len(steps))
    periods: list[AssignmentRecord] = []
    for (title, place), begun, until in zip(steps[1 - len(bounds) :], bounds, bounds[1:], strict=False):
        if not periods and not role.is_leader and until <= REFORM and random.random() < 0.04:
            periods.append(_elsewhere(random, begun, until))
        else:
            periods += _period(random, grounds, post, title, place, begun, until)
    return periods


def _period(
    random: Random, grounds: Grounds, post: Post, title: str, place: str, begun: date, until: date
) -> list[AssignmentRecord]:
    """One earlier period: in one unit, or before and after the reform in two, or outside the province's system."""
    unit = grounds.pick(random, place, post, begun, until)
    if unit is not None:
        return [_at(grounds, unit, title, begun, until)]
    if begun < REFORM < until and grounds.structure.units[post.unit].opened <= REFORM:
        before = grounds.pick(random, place, post, begun, REFORM)
        first = _at(grounds, before, title, begun, REFORM) if before else _elsewhere(random, begun, REFORM)
        return [first, _at(grounds, post.unit, title, REFORM, until)]
    return [_elsewhere(random, begun, until)]


def _at(grounds: Grounds, unit: str, title: str, begun: date, until: date) -> AssignmentRecord:
    """A period in a unit, under a title that a unit of its level had at that time."""
    levels, closed = TITLES[title]["unit_levels"], TITLES[title]["valid_until"]
    level = grounds.structure.units[unit].versions[-1].level
    if (levels and level not in levels) or (closed and until.isoformat() > closed):
        title = "CV"
    first = begun if TITLES[title]["is_leadership"] else None
    return AssignmentRecord("main", unit, title, begun, until, first_appointed_on=first)


def _elsewhere(random: Random, begun: date, until: date) -> AssignmentRecord:
    """A period in an organisation outside the province's system, as text."""
    organisation, work = FORMER_PROVINCE if begun < PROVINCE_FROM else random.choice(OUTSIDE)
    return AssignmentRecord(
        "main", None, None, begun, until, organisation=organisation, title_text=work, start_precision="month"
    )


def _cut(random: Random, start: date, until: date, parts: int) -> list[date]:
    """Bounds of `parts` periods between two days, fewer when they would be too short."""
    months = (until.year - start.year) * 12 + until.month - start.month
    parts = max(1, min(parts, months // SHORTEST))
    bounds = [start]
    for part in range(1, parts):
        middle = months * part / parts
        shift = random.uniform(-0.25, 0.25) * months / parts
        bounds.append(_tidy(random, add_months(start.replace(day=1), int(middle + shift))))
    bounds.append(until)
    return bounds


def _tidy(random: Random, day: date) -> date:
    """Most acts take effect on the first or fifteenth of a month."""
    chance = random.random()
    moved = day.replace(day=1 if chance < 0.6 else 15) if chance < 0.75 else day
    return moved if moved >= day else add_months(moved, 1)


def _is_elected(title: str) -> bool:
    """Whether a title ends with a mandate instead of a term of appointment."""
    return title.startswith(("BT-DU", "PBT-", "BT-TU", "CT-", "PCT-HDND", "PCT-UBND", "UVB", "CN-UBKT"))


def _mandate(unit: str, day: date) -> tuple[str, int] | None:
    """The mandate of the body in which an elected title is held on `day`."""
    year = ELECTED.get(unit.split(".")[0])
    if year is None or unit.startswith("TU.") or day < MANDATES_FROM[year]:
        return None
    return unit, year


def _with_term(record: AssignmentRecord, day: date, retires: date) -> AssignmentRecord:
    """First and last appointment and the end of the term, of five years or to retirement, for appointed leaders."""
    first = record.effective_from
    again: date | None = None
    term = add_months(first, TERM_MONTHS)
    while add_months(term, 2) < (record.effective_until or day):
        again, term = term, add_months(term, TERM_MONTHS)
    return record._replace(first_appointed_on=first, reappointed_on=again, term_ends_on=min(term, retires))


def further_posts(
    grounds: Grounds, *, post: Post, current: AssignmentRecord, joined_party: date | None, day: date
) -> list[AssignmentRecord]:
    """The concurrent and Party posts that go with a post."""
    found = []
    for kind, unit, title in post.others:
        start = max(current.effective_from, grounds.structure.units[unit].opened)
        if kind == "party":
            if joined_party is None:
                continue
            start = max(start, joined_party)
        if start >= (current.effective_until or day):
            continue
        found.append(
            AssignmentRecord(
                kind, unit, title, start, current.effective_until, mandate=_mandate(unit, day), first_appointed_on=start
            )
        )
    return found


def custodies(career: Sequence[AssignmentRecord]) -> list[CustodyRecord]:
    """Who keeps the record: the unit of the main post, the last one for ever."""
    kept: list[CustodyRecord] = []
    for record in career:
        if record.unit is None:
            continue
        if kept and kept[-1].unit == record.unit:
            continue
        if kept:
            kept[-1] = kept[-1]._replace(effective_until=record.effective_from)
        kept.append(CustodyRecord(record.unit, record.effective_from))
    return kept


def appointment(record: AssignmentRecord, *, number: int, unit_name: str, person: str) -> DecisionRecord:
    """The decision that appoints or designates a leader, by who manages the title."""
    title = TITLES[record.title or "CV"]
    level = title["managing_level"]
    if level in {"central", "provincial_standing"}:
        text, issuer = f"{number}-QĐ/TU", "Ban Thường vụ Tỉnh ủy"
    elif level == "provincial_committee":
        text, issuer = f"{number}/QĐ-UBND", "Ủy ban nhân dân tỉnh"
    else:
        text, issuer = f"{number}/QĐ-TCCB", unit_name
    signed = record.effective_from - timedelta(days=3 + number % 9)
    kind, act = ("x-chi-dinh", "Chỉ định") if _is_elected(title["code"]) else ("x-bo-nhiem", "Bổ nhiệm")
    return DecisionRecord(
        key=f"{text}|{signed.isoformat()}|{issuer}",
        number=text,
        signed_on=signed,
        issuer=issuer,
        signer="",
        kind=kind,
        effective_on=record.effective_from,
        summary=f"{act} {person} giữ chức vụ {title['name']}, {unit_name}",
    )
