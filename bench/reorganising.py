"""Reorganising a province: 10 districts and 150 communes become 60 communes, 20,000 people in one transaction.

Ours: the whole act, planned, checked, written with history, the scope asked again. The floor: the same rows closed by
UPDATE and opened by INSERT..SELECT from a table of who goes where, with their history, nothing checked or told. What a
user would otherwise have: a loop over the people with the record's own service for one, on a sample.
"""

from __future__ import annotations

import datetime
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection, transaction

from bench.generated import generate_people
from hrdb.kernel.audit import writing
from hrdb.kernel.columns import quoted_column, quoted_table
from hrdb.kernel.history import write_history
from personnel.choices import AssignmentKind, PlacementOutcome, StepKind
from personnel.models import Assignment, Cadre, Custody, Reorganisation, Unit
from personnel.services.records import succeed_row
from personnel.services.reorganisation.applying import apply_case, rehearse_case, undo_case
from personnel.services.reorganisation.cases import open_case, save_step, send_people
from personnel.statistics.headcounts import Headcounts
from personnel.statistics.tree import UnitTree
from tests.factories.personnel import make_unit

DAY, EVE = datetime.date(2025, 7, 1), datetime.date(2025, 6, 30)
DISTRICTS, COMMUNES, MADE = 10, 15, 6
PEOPLE, OF_DISTRICTS, SAMPLE, ROUNDS = 20_000, 2_000, 200, 3

#: Posts and custody of the people just made: those of the districts first, the others spread over the communes.
_PLACES = """
CREATE TEMPORARY TABLE placed ON COMMIT DROP AS
SELECT person.id,
       CASE WHEN n <= %(of_districts)s THEN districts.ids[1 + n %% cardinality(districts.ids)]
            ELSE communes.ids[1 + n %% cardinality(communes.ids)] END AS unit_id,
       CASE WHEN n <= %(of_districts)s OR n > %(of_districts)s + 3 * cardinality(communes.ids) THEN specialist.id
            WHEN n <= %(of_districts)s + cardinality(communes.ids) THEN head.id ELSE deputy.id END AS title_id
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM personnel_cadre WHERE officer_code LIKE 'GEN%%') person,
     (SELECT array_agg(id ORDER BY code) AS ids FROM personnel_unit WHERE code ~ '^R[.][0-9]+$') districts,
     (SELECT array_agg(id ORDER BY code) AS ids FROM personnel_unit WHERE code ~ '^R[.][0-9]+[.]') communes,
     (SELECT id FROM personnel_title WHERE code = 'CT-UBND-XA') head,
     (SELECT id FROM personnel_title WHERE code = 'PCT-UBND-XA') deputy,
     (SELECT id FROM personnel_title WHERE NOT is_leadership ORDER BY code LIMIT 1) specialist
"""
_HELD = (
    (
        "INSERT INTO personnel_custody (cadre_id, unit_id, effective_from, basis) "
        "SELECT id, unit_id, DATE '2015-01-01', '' FROM placed"
    ),
    (
        "INSERT INTO personnel_employment (cadre_id, category, state, effective_from, start_precision, note, basis) "
        "SELECT id, 'civil_servant', 'working', DATE '2015-01-01', 'day', '', '' FROM placed"
    ),
    (
        "INSERT INTO personnel_assignment (cadre_id, kind, unit_id, organisation, title_id, title_text, "
        "effective_from, start_precision, note, basis) "
        "SELECT id, 'main', unit_id, '', title_id, '', DATE '2015-01-01', 'day', '', '' FROM placed"
    ),
)


@dataclass(frozen=True)
class Run:
    """One act as measured."""

    seconds: float
    processor: float
    queries: int


def run(people: int = PEOPLE, rounds: int = ROUNDS) -> Iterator[str]:
    """Lines of the comparison; what it writes is rolled back."""
    with transaction.atomic():
        _province(people)
        case = _case()
        yield f"{DISTRICTS} districts and {DISTRICTS * COMMUNES} communes become {DISTRICTS * MADE}; {people:,} people"
        yield _loop()
        acts: dict[str, list[Run]] = {"rehearse": [], "carry out": [], "undo": []}
        floors: list[float] = []
        before = _memory()
        for number in range(rounds):
            floors.append(_floor())
            acts["rehearse"].append(_measured(lambda: rehearse_case(case=case, acting_user=None)))
            acts["carry out"].append(_measured(lambda: apply_case(case=case, acting_user=None)))
            if not number:
                yield from _checked(people)
            acts["undo"].append(_measured(lambda: undo_case(case=case, acting_user=None, reason="đo tốc độ")))
        yield f"floor, UPDATE and INSERT..SELECT of the same rows with history: {min(floors):.2f} s"
        for name, runs in acts.items():
            yield _told(name, runs, floors)
        yield f"peak memory of the process: {before:.0f} MB with the province made, {_memory():.0f} MB afterwards"
        transaction.set_rollback(True)


def _province(people: int) -> None:
    """Districts with communes, and who works there."""
    top = make_unit("R", name="Tỉnh đo tốc độ")
    for number in range(1, DISTRICTS + 1):
        district = make_unit(f"R.{number:02d}", parent=top, name=f"Huyện {number}", level="district")
        for place in range(1, COMMUNES + 1):
            name = f"Xã {number}-{place}"
            make_unit(f"R.{number:02d}.{place:02d}", parent=district, name=name, level="commune")
    generate_people(people=people)
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, {"of_districts": min(OF_DISTRICTS, people // 10)})
        for statement in _HELD:
            cursor.execute(statement)
        cursor.execute("ANALYZE")
    with writing(acting_user=None, reason="dữ liệu đo"):
        for model in (Custody, Assignment):
            write_history(
                model, model.objects.filter(cadre__officer_code__startswith="GEN").values_list("pk", flat=True)
            )


def _case() -> Reorganisation:
    """Each district's communes become six; its own people go to them by name; then there is no district."""
    case = open_case(title="Sắp xếp đo tốc độ", day=DAY, unit=Unit.objects.get(code="R"), acting_user=None)
    for number in range(1, DISTRICTS + 1):
        old = [f"R.{number:02d}.{place:02d}" for place in range(1, COMMUNES + 1)]
        new = [f"M.{number:02d}.{place}" for place in range(1, MADE + 1)]
        for place, code in enumerate(new):
            values = {"name": f"Xã mới {number}-{place + 1}", "parent": "R"}
            _step(case, StepKind.MERGE, old[place::MADE], [code], values)
        _step(case, StepKind.SPLIT, [f"R.{number:02d}"], new, {})
        staff = list(
            Cadre.objects.kept_by([Unit.objects.get(code=f"R.{number:02d}").pk], EVE).values_list("pk", flat=True)
        )
        for place, code in enumerate(new):
            send_people(
                case=case,
                cadre_ids=staff[place::MADE],
                unit_code=code,
                outcome=PlacementOutcome.FOLLOW,
                acting_user=None,
            )
    return case


def _step(case: Reorganisation, kind: str, sources: list[str], targets: list[str], values: dict[str, Any]) -> None:
    save_step(case=case, kind=kind, sources=sources, targets=targets, values=values, acting_user=None)


def _measured(work: Callable[[], Any]) -> Run:
    """Seconds, of them Python's, and queries."""
    count = 0

    def counted(execute: Any, *asked: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*asked)

    processor, begun = time.process_time(), time.perf_counter()
    with connection.execute_wrapper(counted):
        work()
    return Run(time.perf_counter() - begun, time.process_time() - processor, count)


def _told(name: str, runs: list[Run], floors: list[float]) -> str:
    best = min(runs, key=lambda one: one.seconds)
    ratio = median(one.seconds / floor for one, floor in zip(runs, floors, strict=True))
    return (
        f"{name}: {best.seconds:.2f} s ({best.processor:.2f} s of it Python), {best.queries} queries; "
        f"{ratio:.2f} of the floor (median of {len(runs)} rounds, in turns)"
    )


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _floor() -> float:
    """The same rows by UPDATE and INSERT..SELECT, with history; taken back."""
    mark = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE goes AS SELECT id AS old_id, id AS new_id FROM personnel_unit WHERE code = 'R'"
        )
        cursor.execute(
            "INSERT INTO goes SELECT old.id, new.id FROM personnel_unit old, personnel_unit new "
            "WHERE old.code ~ '^R[.]' AND new.code = 'R'"
        )
        begun = time.perf_counter()
        with writing(acting_user=None, reason="floor"):
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for model in (Custody, Assignment):
                _move(cursor, model)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        seconds = time.perf_counter() - begun
        cursor.execute("DROP TABLE goes")
    transaction.savepoint_rollback(mark)
    return seconds


def _move(cursor: Any, model: type[Any]) -> None:
    """End the rows of one table and open them elsewhere, but for leading posts, which only end."""
    table = quoted_table(model)
    kept = [field for field in model._meta.concrete_fields if field.column not in ("id", "unit_id", "effective_from")]
    columns = ", ".join(quoted_column(field) for field in kept)
    leads = ""
    if model is Assignment:
        leads = "AND NOT EXISTS (SELECT 1 FROM personnel_title title WHERE title.id = row.title_id AND is_leadership)"
    cursor.execute(
        f"CREATE TEMPORARY TABLE moving AS SELECT row.id, goes.new_id FROM {table} row "
        "JOIN goes ON goes.old_id = row.unit_id WHERE row.effective_until IS NULL"
    )
    cursor.execute(
        f"INSERT INTO {table} (unit_id, effective_from, {columns}) SELECT moving.new_id, %s, {columns} "
        f"FROM {table} row JOIN moving ON moving.id = row.id WHERE true {leads} RETURNING id",
        [DAY],
    )
    made = [pk for (pk,) in cursor.fetchall()]
    cursor.execute(
        f"UPDATE {table} row SET effective_until = %s FROM moving WHERE moving.id = row.id RETURNING row.id", [DAY]
    )
    ended = [pk for (pk,) in cursor.fetchall()]
    write_history(model, ended, history_type="~")
    write_history(model, made, history_type="+")
    cursor.execute("DROP TABLE moving")


def _loop() -> str:
    """One person after another by the service for one, on a sample; taken back."""
    mark = transaction.savepoint()
    target = Unit.objects.get(code="R")
    people = list(Cadre.objects.filter(officer_code__startswith="GEN").order_by("-pk")[:SAMPLE])
    one = _measured(lambda: _move_each(people, target))
    transaction.savepoint_rollback(mark)
    each = one.seconds / len(people)
    return (
        f"a loop by the service for one: {each * 1000:.1f} ms and {one.queries / len(people):.0f} queries a person, "
        f"that is {each * PEOPLE:.0f} s for {PEOPLE:,}"
    )


def _move_each(people: list[Cadre], target: Unit) -> None:
    with writing(acting_user=None, reason="loop"):
        for cadre in people:
            succeed_row(
                cadre=cadre,
                model=Assignment,
                values={"kind": AssignmentKind.MAIN, "unit": target},
                effective_from=DAY,
                acting_user=None,
            )


def _checked(people: int) -> Iterator[str]:
    """The tree and its people of both days."""
    for day in (EVE, DAY):
        tree = UnitTree.on(day)
        counts = Headcounts(tree, day)
        top = tree.by_code("R")
        assert top is not None
        below = [unit for unit in tree.at_and_below(top) if unit.is_existing and unit is not top]
        present = counts.of(top).present
        assert present == people, (day, present)
        kept = Custody.objects.in_force(day).filter(cadre__officer_code__startswith="GEN").count()
        assert kept == people, (day, kept)
        yield f"  {day:%d/%m/%Y}: {len(below)} units below the province, {present:,} people"
