"""When things happened in a life (mốc thời gian): birth, recruitment, leaving, Party, states of employment."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Final, NamedTuple, cast

from hrdb.kernel.dates import add_months, first_of_month, month_index
from personnel.demonstration.records import EmploymentRecord, PartyMembershipRecord
from personnel.demonstration.roles import Role
from personnel.rules.law import Sex
from personnel.rules.retirement import retirement

#: Chances in a thousand of having left, by how; heads of agencies are all present.
RETIRED, LEFT, DIED = 32, 20, 3
#: Chances in a thousand of the present states other than working, for everybody; maternity has its own.
PRESENT: Final = (
    ("seconded", 8, 900),
    ("long_study", 5, 500),
    ("unpaid_leave", 3, 300),
    ("suspended", 1, 60),
    ("abroad", 1, 500),
    ("awaiting_posting", 1, 120),
)
MATERNITY: Final = 0.05
MATERNITY_AGES: Final = (24, 38)
MATERNITY_MONTHS: Final = 6
PAST_MATERNITY: Final = 0.3
ADULT_MONTHS: Final = 18 * 12
#: Days between the opening of an agency and the first who may have left it.
SETTLING: Final = 75


class Life(NamedTuple):
    """The fixed points of somebody's life and service."""

    sex: str
    born: date
    born_precision: str
    recruited: date
    end: date | None
    ending: str
    state: str
    state_from: date | None


def draw_life(random: Random, *, role: Role, opened: date, may_leave: bool, degree: str, day: date) -> Life:
    """A life that fits a role in an agency opened on a day: adult when recruited, present only before retirement."""
    sex = "female" if random.random() < role.female else "male"
    ending, end = _ending(random, opened, day) if may_leave else ("", None)
    if ending == "retired" and end is not None:
        born, precision = _born_to_retire(random, sex, end)
        end = retired_from(sex, born)
    else:
        born, precision = _born(random, role, sex, end or day)
    last = end or day
    recruited = _recruited(random, role, born, last, degree)
    if recruited >= last - timedelta(SETTLING) or (end and opened >= end - timedelta(SETTLING)):
        ending, end, last = "", None, day
    state, since = ("", None) if end else _present_state(random, sex, born, recruited, opened, day)
    return Life(sex, born, precision, recruited, end, ending, state, since)


@cache
def _retired_from(sex: str, month: int) -> date:
    return retirement(sex=cast(Sex, sex), born=first_of_month(month)).retired_from


def retired_from(sex: str, born: date) -> date:
    """The first day of retirement; it depends on the month of birth alone."""
    return _retired_from(sex, month_index(born))


def _ending(random: Random, opened: date, day: date) -> tuple[str, date | None]:
    """Whether and when somebody left, within the last four years and after the agency had settled."""
    chance = random.randrange(1000)
    if chance >= RETIRED + LEFT + DIED:
        return "", None
    earliest = max(opened + timedelta(2 * SETTLING), day - timedelta(1460))
    if earliest >= day:
        return "", None
    end = earliest + timedelta(random.randrange((day - earliest).days))
    if chance < RETIRED:
        return "retired", end.replace(day=1)
    return ("left" if chance < RETIRED + LEFT else "died"), end


def _born_to_retire(random: Random, sex: str, end: date) -> tuple[date, str]:
    """A birth whose retirement begins in the month of `end` or soon after."""
    month = month_index(end) - 64 * 12
    while _retired_from(sex, month) < end:
        month += 1
    born = first_of_month(month)
    return born.replace(day=random.randint(1, 28)), "day"


def _born(random: Random, role: Role, sex: str, last: date) -> tuple[date, str]:
    """A birth that gives an age of the role on `last` and lies before retirement."""
    youngest, commonest, oldest = role.ages
    for _ in range(20):
        age = random.triangular(youngest, oldest + 1, commonest)
        born = last - timedelta(int(age * 365.25) + 1)
        precision = "day"
        if born.year < 1985 and (chance := random.random()) < 0.05:
            precision = "month" if chance < 0.015 else "year"
            born = born.replace(day=1, month=born.month if precision == "month" else 1)
        if retired_from(sex, born) > last + timedelta(10):
            return born, precision
    return last - timedelta(int(commonest * 365.25)), "day"


def _recruited(random: Random, role: Role, born: date, last: date, degree: str) -> date:
    """The day of first recruitment, after the first degree and well before `last`."""
    youngest = 20 if degree in {"06", "07", "08"} else 22
    oldest = 27 if role.is_leader else 34
    age = random.triangular(youngest, oldest, youngest + 2)
    recruited = born + timedelta(int(age * 365.25))
    recruited = recruited.replace(day=random.choice((1, 1, 1, 5, 10, 15, 20)))
    latest = last - timedelta(random.randint(SETTLING + 30, 400))
    return max(min(recruited, latest), add_months(born, ADULT_MONTHS + 6))


def _present_state(
    random: Random, sex: str, born: date, recruited: date, opened: date, day: date
) -> tuple[str, date | None]:
    """The state today and since when, where it is not plain work."""
    earliest = max(recruited + timedelta(400), opened + timedelta(30))
    age = day.year - born.year
    if sex == "female" and MATERNITY_AGES[0] <= age <= MATERNITY_AGES[1] and random.random() < MATERNITY:
        since = day - timedelta(random.randint(5, 150))
        return ("maternity", since) if since > earliest else ("", None)
    if retired_from(sex, born) < add_months(day, 12) and random.random() < 0.3:
        since = day - timedelta(random.randint(5, 90))
        return ("awaiting_retirement", since) if since > earliest else ("", None)
    chance = random.randrange(1000)
    for state, share, longest in PRESENT:
        if chance < share:
            since = day - timedelta(random.randint(10, longest))
            return (state, since) if since > earliest else ("", None)
        chance -= share
    return "", None


def employments(
    random: Random, *, life: Life, category: str, post_from: date, day: date, decision: str | None
) -> list[EmploymentRecord]:
    """Category and state from recruitment for ever, period after period."""
    changes = _categories(random, life, category, post_from)
    last = life.state_from or life.end or day
    changes += _past_maternity(random, life, last)
    if life.state_from is not None:
        changes.append((life.state_from, None, life.state))
    if life.end is not None:
        changes.append((life.end, None, life.ending))
    changes.sort(key=lambda change: change[0])
    records: list[EmploymentRecord] = []
    held_category, held_state = category, "working"
    for since, new_category, new_state in changes:
        held_category, held_state = new_category or held_category, new_state or held_state
        if records:
            if (records[-1].category, records[-1].state) == (held_category, held_state):
                continue
            records[-1] = records[-1]._replace(effective_until=since)
            if records[-1].effective_from == since:
                records.pop()
        records.append(EmploymentRecord(held_category, held_state, since))
    if life.end is not None and decision is not None:
        records[-1] = records[-1]._replace(decision=decision)
    return records


def _categories(
    random: Random, life: Life, category: str, post_from: date
) -> list[tuple[date, str | None, str | None]]:
    """The category from recruitment on: cadres were civil servants before, some public employees had a contract."""
    if category == "cadre" and post_from > life.recruited:
        return [(life.recruited, "civil_servant", "working"), (post_from, "cadre", None)]
    regular = add_months(life.recruited, 12 * random.randint(1, 2))
    if category == "public_employee" and random.random() < 0.08 and regular < (life.state_from or post_from):
        return [(life.recruited, "contract_other", "working"), (regular, category, None)]
    return [(life.recruited, category, "working")]


def _past_maternity(random: Random, life: Life, last: date) -> list[tuple[date, str | None, str | None]]:
    """One earlier maternity leave of some women, with the return to work."""
    if life.sex != "female" or random.random() >= PAST_MATERNITY:
        return []
    begun = add_months(life.born, 12 * random.randint(*MATERNITY_AGES) + random.randrange(12))
    back = add_months(begun, MATERNITY_MONTHS)
    if begun <= add_months(life.recruited, 26) or back >= last - timedelta(30):
        return []
    return [(begun, None, "maternity"), (back, None, "working")]


def party_membership(
    random: Random, *, life: Life, leads_from: date | None, day: date, card: str, cell: str
) -> PartyMembershipRecord | None:
    """Admission as an adult, a while after recruitment and before the leading post; None when there was no time."""
    earliest = max(add_months(life.born, ADULT_MONTHS + 8), add_months(life.recruited, 4 if leads_from else 14))
    latest = min(leads_from or add_months(life.recruited, 132), (life.end or day) - timedelta(45))
    if leads_from is not None and earliest >= latest:
        earliest = max(add_months(life.born, ADULT_MONTHS + 8), add_months(latest, -14))
    days = (latest - earliest).days
    if days < 1:
        return None
    joined = earliest + timedelta(random.randrange(days))
    official = add_months(joined, 12) + timedelta(random.randrange(20))
    died = life.end if life.ending == "died" else None
    return PartyMembershipRecord(
        effective_from=joined,
        official_on=official if official < (life.end or day) else None,
        effective_until=died,
        card_number=card,
        cell=cell,
        end_reason="Từ trần" if died else "",
    )
