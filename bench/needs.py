"""Who needs which training: the matrix of everybody in one query, beside a loop that asks person after person."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from personnel.models import Assignment, Cadre, PayStep, Qualification, QualificationLevel, TitleStandard
from personnel.statistics.tree import UnitTree
from training.models import Programme, ProposedNeed, RankStandard
from training.statistics.asking import LEVELS
from training.statistics.gaps import GapTable, gap_table
from training.statistics.needs import needs_for

SAMPLE = 400


def run() -> Iterator[str]:
    """Lines of the comparison."""
    day = timezone.localdate()
    count = Cadre.objects.present_on(day).count()
    tree = UnitTree.on(day)
    seconds, table = min((_timed(day, tree) for _ in range(3)), key=lambda found: found[0])
    asked = sum(gap.asked for gap in table.total.gaps.values())
    lacking = sum(gap.open for gap in table.total.gaps.values())
    yield f"{count:,} people, {asked:,} requirements, {lacking:,} open: {seconds:.2f} s (within 3 s)"
    for programme in Programme.objects.filter(code__in=("LLCT-CC", "QPAN-3")).select_related("level"):
        start = time.perf_counter()
        frame = needs_for(programme, Cadre.objects.all(), day)
        yield f"  {programme.code}: {len(frame):,} people with admission in {time.perf_counter() - start:.2f} s"
    people = list(Cadre.objects.present_on(day).order_by("pk")[:: max(1, count // SAMPLE)])
    start = time.perf_counter()
    for cadre in people:
        _open_of(cadre, day)
    each = (time.perf_counter() - start) / len(people)
    yield f"a loop over people: {each * 1e3:.1f} ms each; ratio loop / query: {each * count / seconds:,.0f}"


def _timed(day: date, tree: UnitTree) -> tuple[float, GapTable]:
    start = time.perf_counter()
    table = gap_table(user=None, day=day, tree=tree)
    return time.perf_counter() - start, table


def _open_of(cadre: Cadre, day: date) -> list[str]:
    """What one person lacks, asked the plain way."""
    asked: list[tuple[str, str]] = []
    for post in Assignment.objects.in_force(day).filter(cadre=cadre).select_related("seat"):
        title_id = post.title_id or (post.seat.title_id if post.seat else None)
        if title_id is not None:
            standards = TitleStandard.objects.in_force(day).filter(title_id=title_id, requirement__in=LEVELS)
            asked += [(LEVELS[one.requirement], str(one.value)) for one in standards]
    for pay in PayStep.objects.in_force(day).filter(cadre=cadre).select_related("rank"):
        group = pay.rank.group if pay.rank is not None else ""
        asked += [
            (LEVELS[one.requirement], one.value) for one in RankStandard.objects.in_force(day).filter(group=group)
        ]
    proposals = ProposedNeed.objects.filter(cadre=cadre, withdrawn_on__isnull=True, programme__level__isnull=False)
    asked += [(one.programme.gives, one.programme.level.code) for one in proposals.select_related("programme__level")]
    held = list(Qualification.objects.in_force(day).filter(cadre=cadre).select_related("level"))
    lacking = []
    for kind, code in asked:
        level = QualificationLevel.objects.get(kind=kind, code=code)
        ranks = [one.level.rank for one in held if one.kind == kind and one.level is not None]
        if not any(rank is not None and level.rank is not None and rank <= level.rank for rank in ranks):
            lacking.append(f"{kind}:{code}")
    return lacking
