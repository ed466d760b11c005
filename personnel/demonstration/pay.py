"""Pay of the people of the demonstration province (lương, phụ cấp): step after step on the tables of their ranks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Final, NamedTuple

from hrdb.kernel.dates import add_months
from personnel.demonstration.records import AllowanceRecord, PayStepRecord
from personnel.demonstration.roles import Rank, Role

PROBATION_PERCENT: Final = Decimal(85)
FIRST_OVER_FRAME, NEXT_OVER_FRAME = Decimal(5), Decimal(1)
#: Months in a rank before the next one, at the least and at the most.
SOONEST, LATEST = 108, 190
TEACHER_MONTHS: Final = 60


class _Place(NamedTuple):
    """Where on which table somebody stands."""

    rank: Rank
    step: int
    appointed: date

    @property
    def is_last(self) -> bool:
        """Whether the table has no further step."""
        return self.step == len(self.rank.coefficients)


def pay_steps(
    random: Random,
    *,
    role: Role,
    recruited: date,
    end: date | None,
    day: date,
    degree: str,
    decision: str | None = None,
) -> list[PayStepRecord]:
    """Every step from recruitment to `end` or `day`, without a gap."""
    last = end or day
    promotions = _promotions(random, role, recruited)
    place = _Place(role.ranks[0], 2 if degree in {"01", "02", "03"} else 1, recruited)
    steps: list[PayStepRecord] = []
    moment = recruited
    percent: Decimal | None = PROBATION_PERCENT
    over: Decimal | None = None
    over_from: date | None = None
    while moment < last:
        following, next_place, over_next = _next(place, moment, over, percent, promotions)
        until = following if following < last else end
        steps.append(
            PayStepRecord(
                rank=place.rank.code,
                step=place.step,
                coefficient=place.rank.coefficients[place.step - 1],
                effective_from=moment,
                effective_until=until,
                rank_appointed_on=place.appointed,
                percent=percent,
                over_frame_percent=over,
                over_frame_from=over_from,
            )
        )
        if following >= last:
            break
        if over_next is not None and over is None:
            over_from = following
        if next_place.rank is not place.rank:
            over_from = None
        place, over, percent, moment = next_place, over_next, None, following
    return steps


def _promotions(random: Random, role: Role, recruited: date) -> list[tuple[date, Rank]]:
    """Days of promotion to higher ranks, as far up as the role leads; the young are not yet there."""
    promotions = []
    moment = recruited
    for rank in role.ranks[1 : role.seniority + 1]:
        moment = add_months(moment, random.randint(SOONEST, LATEST))
        promotions.append((moment, rank))
    return promotions


def _next(
    place: _Place, moment: date, over: Decimal | None, percent: Decimal | None, promotions: list[tuple[date, Rank]]
) -> tuple[date, _Place, Decimal | None]:
    """The day of the next change, where it leads and the percentage over the frame from then on."""
    if percent is not None:
        return add_months(moment, 12), place, None
    if over is not None:
        following, after, over_next = add_months(moment, 12), place, over + NEXT_OVER_FRAME
    elif place.is_last:
        following, after, over_next = add_months(moment, place.rank.step_months), place, FIRST_OVER_FRAME
    else:
        following, after, over_next = (
            add_months(moment, place.rank.step_months),
            place._replace(step=place.step + 1),
            None,
        )
    if promotions and promotions[0][0] <= following:
        chosen, rank = promotions.pop(0)
        chosen = max(chosen, add_months(moment, 1))
        return chosen, _Place(rank, _step_not_below(rank, place), chosen), None
    return following, after, over_next


def _step_not_below(rank: Rank, place: _Place) -> int:
    """The first step of a higher rank that does not pay less."""
    held = place.rank.coefficients[place.step - 1]
    return next(
        (step for step, coefficient in enumerate(rank.coefficients, 1) if coefficient >= held), len(rank.coefficients)
    )


def allowances(
    *, role: Role, is_leader: bool, post_from: date, recruited: date, end: date | None, day: date, area: str
) -> list[AllowanceRecord]:
    """Allowances in force on `day` (or until `end`): of the post, the area and the trade."""
    found = []
    if is_leader and role.allowance is not None:
        found.append(AllowanceRecord("19", post_from, end, coefficient=role.allowance, payment_form="Hệ số"))
    if area == "highland":
        found.append(AllowanceRecord("06", recruited, end, coefficient=Decimal("0.50"), payment_form="Hệ số"))
    if role.key.startswith("teacher"):
        found.append(AllowanceRecord("11", recruited, end, percent=Decimal(35), payment_form="Tỷ lệ %"))
        since = add_months(recruited, TEACHER_MONTHS)
        if since < (end or day):
            years = ((end or day).year - recruited.year) - (
                (end or day) < recruited.replace(year=(end or day).year, day=1)
            )
            found.append(AllowanceRecord("13", since, end, percent=Decimal(max(years, 5)), payment_form="Tỷ lệ %"))
    elif role.place == "health":
        found.append(AllowanceRecord("10", recruited, end, percent=Decimal(40), payment_form="Tỷ lệ %"))
    elif role.category == "civil_servant":
        since = max(recruited, date(2012, 5, 1))
        if since < (end or day):
            found.append(AllowanceRecord("01", since, end, percent=Decimal(25), payment_form="Tỷ lệ %"))
    return found
