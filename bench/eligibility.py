"""Who may be planned for what: everybody x a thousand seats in one pass, beside a loop that judges pair after pair."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.utils import timezone

from personnel.choices import PRESENT_STATES
from personnel.models import Employment, Title
from planning.rules.eligibility import Target, judge
from planning.statistics.facts import people_facts
from planning.statistics.matrix import columns_of, matrix
from planning.statistics.targets import standards_of, target_of

SEATS, SAMPLE = 1_000, 5_000


def run(seats: int = SEATS) -> Iterator[str]:
    """Lines of the comparison."""
    day = timezone.localdate()
    ids = list(Employment.objects.in_force(day).filter(state__in=PRESENT_STATES).values_list("cadre_id", flat=True))
    start = time.perf_counter()
    people = people_facts(ids, day)
    read = time.perf_counter()
    columns = columns_of(people, day)
    targets = _targets(seats)
    cells = matrix(columns, targets)
    done = time.perf_counter()
    yield f"{len(people):,} people x {len(targets):,} seats = {cells.size:,} pairs"
    yield f"  facts of everybody from the record: {read - start:.2f} s"
    yield f"  the pass: {done - read:.2f} s, {cells.size / (done - read):,.0f} pairs/s"
    yield f"whole: {done - start:.2f} s (within 10 s)"
    listed, begin = list(people.values()), time.perf_counter()
    for place in range(SAMPLE):
        judge(person=listed[place % len(listed)], target=targets[place % len(targets)], day=day)
    each = (time.perf_counter() - begin) / SAMPLE
    yield f"a loop over pairs: {each * 1e6:,.0f} µs each; ratio loop / pass: {each * cells.size / (done - read):,.0f}"


def _targets(seats: int) -> list[Target]:
    """As many seats as asked, over the leadership titles by turns, for both objects."""
    day = timezone.localdate()
    titles = list(Title.objects.filter(is_leadership=True).order_by("pk"))
    standards = standards_of(titles, day)
    made = []
    for place in range(seats):
        title = titles[place % len(titles)]
        made.append(target_of(title, object_=1 if place % 2 else 2, day=day, standards=standards[title.pk]))
    return made
