"""Issuing one decision over many people, beside the floor and beside a loop over the record's own verb.

Ours: a signed transfer entered after the fact: drawn up, judged by the law for everybody, written with history. The
floor: the very rows that it wrote, sent by COPY into the same tables with their history by INSERT..SELECT. A loop: the
same transfer person by person through `records.succeed_row`, on a sample.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from statistics import median

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.floor import send, sent_by, taken_back, timed
from hrdb.kernel.models import AuditEvent
from personnel.choices import AssignmentKind, EmploymentState
from personnel.models import Assignment, Cadre, Custody, Decision, DecisionItem, Employment, Unit
from personnel.services.decisions import acts  # noqa: F401  the kinds register themselves
from personnel.services.decisions.kinds import decision_acts
from personnel.services.decisions.signing import Signature, enter_signed
from personnel.services.records import succeed_row
from tests.factories.personnel import make_unit

PEOPLE, SAMPLE, ROUNDS = 1_000, 50, 3
#: Tables that a transfer writes.
WRITTEN = (Decision, DecisionItem, Custody, Assignment)


def run(people: int = PEOPLE, rounds: int = ROUNDS) -> Iterator[str]:
    """Lines of the comparison; what it writes is rolled back."""
    with transaction.atomic():
        day, unit = timezone.localdate(), make_unit("BENCH.TO", name="Đơn vị đến")
        moved = _people(people, day)
        ours, floors, queries = [], [], 0
        with taken_back():
            event = _issue(moved, unit, day).signing
            Decision.objects.filter(signing=event).update(signing=None)  # the event goes with the savepoint
            sent = [sent_by(model, event, kind=kind) for kind in "~+" for model in WRITTEN]
            sent = [one for one in sent if not (one.is_change and one.model in (Decision, DecisionItem))]
        for _ in range(rounds):
            with taken_back(), CaptureQueriesContext(connection) as captured:
                ours.append(timed(lambda: _issue(moved, unit, day)))
            queries = len(captured)
            with taken_back():
                floors.append(timed(lambda: send(sent)))
        with taken_back():
            loop = timed(lambda: _one_by_one(moved[:SAMPLE], unit, day)) / SAMPLE
        rows = sum(len(one.keys) for one in sent)
        yield f"transfer of {len(moved):,} people by one decision: {rows:,} rows and as many of history"
        best = min(ours)
        yield f"  {best:.2f} s, {len(moved) / best:,.0f} people/s, {rows / best:,.0f} rows/s, {queries} queries in all"
        floor = min(floors)
        yield f"  floor, COPY and history by INSERT..SELECT of the same rows: {floor:.2f} s, {rows / floor:,.0f} rows/s"
        yield f"ratio decision / floor: {median(one / low for one, low in zip(ours, floors, strict=True)):.2f}"
        yield f"a loop over people, without the law: {loop * 1000:.1f} ms each"
        yield f"ratio loop / decision: {loop * len(moved) / best:.1f}"
        transaction.set_rollback(True)


def _people(count: int, day: datetime.date) -> list[Cadre]:
    working = Employment.objects.in_force(day).filter(state=EmploymentState.WORKING).values("cadre_id")
    posted = Assignment.objects.in_force(day).filter(
        kind=AssignmentKind.MAIN, title__is_leadership=False, effective_from__lt=day
    )
    return list(Cadre.objects.filter(pk__in=working).filter(pk__in=posted.values("cadre_id")).order_by("pk")[:count])


def _issue(people: list[Cadre], unit: Unit, day: datetime.date) -> Decision:
    signature = Signature(number="1/QĐ-BENCH", signed_on=day, issuer="UBND tỉnh")
    own = {"unit": unit, "is_clear": True, "is_movable": True}
    decision = enter_signed(
        act=decision_acts["transfer"],
        unit=None,
        effective_on=day,
        terms={},
        people=[(person, own) for person in people],
        signature=signature,
        acting_user=None,
        overrides={"may-be-moved": "đo tốc độ", "within-establishment": "đo tốc độ"},
    )
    assert isinstance(decision.signing, AuditEvent)
    return decision


def _one_by_one(people: list[Cadre], unit: Unit, day: datetime.date) -> None:
    for person in people:
        succeed_row(
            cadre=person,
            model=Assignment,
            values={"kind": AssignmentKind.MAIN, "unit": unit},
            effective_from=day,
            acting_user=None,
        )
