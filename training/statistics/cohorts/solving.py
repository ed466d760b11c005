"""The list of the highest priority under all quotas, as a mixed-integer programme solved to a proven optimum (HiGHS).

    choose(candidates, quotas) -> Cohort
        one class
    choose_many(candidates, courses) -> dict[str, Cohort]
        several classes of one programme in one solve: nobody goes to two

Where the quotas contradict one another, the nearest list misses them by as little as can be (every missing person
counts the same), and has the highest priority among those; the conflict names the quotas that cannot hold together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import highspy
import numpy as np

from training.statistics.cohorts.candidates import (
    QUOTA_LABELS,
    Candidate,
    Cohort,
    Conflict,
    Course,
    Quota,
    Quotas,
    units_of,
)
from training.statistics.cohorts.explaining import reasons_for

INFINITY: Final = float("inf")


class _Quiet(highspy.Highs):
    """HiGHS without its banner, which goes to standard output before any option can be set."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802  the library's name
        """Called while the solver is made: silence first."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


@dataclass
class _Row:
    """One quota over some columns: at least or at most so many, and whose it is."""

    quota: Quota
    columns: list[int]
    lower: float
    upper: float
    unit: str = ""
    course: int = 0


@dataclass
class _Model:
    """Columns are pairs of a candidate and a course that may meet; rows are quotas."""

    gains: list[float] = field(default_factory=list)
    fixed: list[bool] = field(default_factory=list)
    pairs: list[tuple[int, int]] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    exclusive: list[list[int]] = field(default_factory=list)


def choose(candidates: Sequence[Candidate], quotas: Quotas) -> Cohort:
    """The best list for one class, with a sentence for everybody."""
    cohort = choose_many(candidates, [Course("", quotas)])[""]
    return replace(cohort, reasons=reasons_for(candidates, quotas, cohort))


def choose_many(candidates: Sequence[Candidate], courses: Sequence[Course]) -> dict[str, Cohort]:
    """The best lists for several classes together."""
    model = _model(candidates, courses)
    missing: list[tuple[_Row, int]] = []
    picked = _solve(model) if model.pairs else None
    if not model.pairs:
        picked, missing = [], _missed(model, [])
    elif picked is None:
        model = replace(model, rows=[*model.rows, *_pins(model)], fixed=[False] * len(model.fixed))
        picked, missing = _nearest(model)
    assert picked is not None
    picked = _in_order(model, candidates, picked) if len(courses) == 1 else picked
    return {
        course.key: _cohort(place, course, candidates, model, picked, missing) for place, course in enumerate(courses)
    }


def _in_order(model: _Model, candidates: Sequence[Candidate], picked: Sequence[int]) -> list[int]:
    """The same list where people whom nothing tells apart are taken in the order in which they are given."""
    chosen, alike = set(picked), defaultdict(list)
    for column, (place, _) in enumerate(model.pairs):
        one = candidates[place]
        marks = (one.unit, one.is_woman, one.is_minority, one.is_young, one.is_pinned)
        alike[model.gains[column], *marks].append(column)
    kept: list[int] = []
    for columns in alike.values():
        kept += columns[: sum(column in chosen for column in columns)]
    return sorted(kept)


def _model(candidates: Sequence[Candidate], courses: Sequence[Course]) -> _Model:
    model = _Model()
    of_candidate: list[list[int]] = [[] for _ in candidates]
    for number, course in enumerate(courses):
        here: list[tuple[int, int]] = []
        for place, one in enumerate(candidates):
            gain = one.priority if course.priorities is None else course.priorities.get(one.id)
            if one.is_excluded or gain is None:
                continue
            column = len(model.pairs)
            model.pairs.append((place, number))
            model.gains.append(gain)
            model.fixed.append(one.is_pinned and len(courses) == 1)
            of_candidate[place].append(column)
            here.append((column, place))
        model.rows += _rows(number, here, candidates, course.quotas)
    for place, columns in enumerate(of_candidate):
        if candidates[place].is_pinned and not columns:
            model.rows.append(_Row("pinned", [], 1, INFINITY))
        if len(courses) > 1 and columns:
            model.exclusive.append(columns)
            if candidates[place].is_pinned:
                model.rows.append(_Row("pinned", columns, 1, INFINITY))
    return model


def _rows(course: int, here: list[tuple[int, int]], candidates: Sequence[Candidate], quotas: Quotas) -> Iterator[_Row]:
    yield _Row("capacity", [column for column, _ in here], 0, quotas.capacity, course=course)
    marks: tuple[tuple[Quota, int, str], ...] = (
        ("min_women", quotas.min_women, "is_woman"),
        ("min_minority", quotas.min_minority, "is_minority"),
        ("min_young", quotas.min_young, "is_young"),
    )
    for quota, least, mark in marks:
        if least:
            columns = [column for column, place in here if getattr(candidates[place], mark)]
            yield _Row(quota, columns, least, INFINITY, course=course)
    if quotas.max_per_unit is None and not quotas.min_per_unit:
        return
    by_unit: dict[str, list[int]] = {unit: [] for unit in units_of(candidates)}
    for column, place in here:
        by_unit[candidates[place].unit].append(column)
    for unit, columns in by_unit.items():
        if quotas.max_per_unit is not None and columns:
            yield _Row("max_per_unit", columns, 0, quotas.max_per_unit, unit, course)
        if quotas.min_per_unit:
            yield _Row("min_per_unit", columns, quotas.min_per_unit, INFINITY, unit, course)


def _solve(model: _Model, *, elastic: bool = False, allowed: float | None = None) -> list[int] | None:
    """Columns that are picked, None where nothing holds all rows.

    `elastic` lets every row but the seats be missed for a price (then only the misses are minimised); `allowed` bounds
    their sum. No list has more people than seats.
    """
    lp = _programme(model, elastic=elastic, allowed=allowed)
    solver = _Quiet()
    for name, value in (
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 1e-9),
        ("threads", 1),
        ("random_seed", 1),
    ):
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    values = np.asarray(solver.getSolution().col_value)
    return [int(column) for column in np.flatnonzero(values[: len(model.pairs)] > 0.5)]


def _programme(model: _Model, *, elastic: bool, allowed: float | None) -> highspy.HighsLp:
    """The programme in HiGHS's own form, rows compressed; slacks of missed rows stand behind the pairs."""
    pairs, rows = len(model.pairs), model.rows
    with_slacks = elastic or allowed is not None
    slacks = len(rows) if with_slacks else 0
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = pairs + slacks, len(rows) + len(model.exclusive) + (1 if allowed is not None else 0)
    gains = np.zeros(pairs) if elastic else -np.asarray(model.gains, float)
    lp.col_cost_ = np.concatenate([gains, np.ones(slacks) if elastic else np.zeros(slacks)])
    lower = np.asarray(model.fixed, float) if not with_slacks else np.zeros(pairs)
    lp.col_lower_ = np.concatenate([lower, np.zeros(slacks)])
    missable = [0.0 if row.quota == "capacity" else INFINITY for row in rows[:slacks]]
    lp.col_upper_ = np.concatenate([np.ones(pairs), np.asarray(missable, float)])
    integer = highspy.HighsVarType.kInteger
    lp.integrality_ = [integer] * (pairs + slacks)
    starts, index, value, low, high = [0], [], [], [], []
    for number, row in enumerate(rows):
        index += row.columns
        value += [1.0] * len(row.columns)
        if with_slacks:
            index.append(pairs + number)
            value.append(1.0 if row.lower > 0 else -1.0)
        low.append(row.lower if row.lower > 0 else -INFINITY)
        high.append(row.upper)
        starts.append(len(index))
    for columns in model.exclusive:
        index += columns
        value += [1.0] * len(columns)
        low.append(-INFINITY)
        high.append(1.0)
        starts.append(len(index))
    if allowed is not None:
        index += range(pairs, pairs + slacks)
        value += [1.0] * slacks
        low.append(-INFINITY)
        high.append(allowed)
        starts.append(len(index))
    lp.row_lower_, lp.row_upper_ = np.asarray(low, float), np.asarray(high, float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.asarray(starts, np.int32)
    lp.a_matrix_.index_ = np.asarray(index, np.int32)
    lp.a_matrix_.value_ = np.asarray(value, float)
    return lp


def _nearest(model: _Model) -> tuple[list[int], list[tuple[_Row, int]]]:
    """The list that misses the quotas by the least, of those the one of the highest priority; and what it misses."""
    first = _solve(model, elastic=True)
    assert first is not None  # every row but the seats may be missed, and an empty list keeps those
    picked = _solve(model, allowed=sum(missed for _, missed in _missed(model, first)))
    assert picked is not None
    return picked, _missed(model, picked)


def _pins(model: _Model) -> Iterator[_Row]:
    """Pins as quotas of their own: where nothing holds everything, they too may be missed and named."""
    for column, is_fixed in enumerate(model.fixed):
        if is_fixed:
            yield _Row("pinned", [column], 1, INFINITY, course=model.pairs[column][1])


def _missed(model: _Model, picked: Sequence[int]) -> list[tuple[_Row, int]]:
    """The rows that a list misses, with by how many people."""
    chosen = set(picked)
    found = []
    for row in model.rows:
        count = sum(1 for column in row.columns if column in chosen)
        missing = max(row.lower - count, count - row.upper, 0)
        if missing:
            found.append((row, int(missing)))
    return found


def _cohort(
    number: int,
    course: Course,
    candidates: Sequence[Candidate],
    model: _Model,
    picked: Sequence[int],
    missing: Sequence[tuple[_Row, int]],
) -> Cohort:
    here = [column for column in picked if model.pairs[column][1] == number]
    here.sort(key=lambda column: (-model.gains[column], candidates[model.pairs[column][0]].id))
    of_course = [(row, missed) for row, missed in missing if row.course == number]
    conflicts = tuple(_conflicts(model, candidates, of_course)) if of_course else ()
    return Cohort(
        status="infeasible" if conflicts else "optimal" if model.pairs else "empty",
        objective=float(sum(model.gains[column] for column in here)),
        picked=tuple(candidates[model.pairs[column][0]].id for column in here),
        conflicts=conflicts,
    )


def _conflicts(
    model: _Model, candidates: Sequence[Candidate], missing: Sequence[tuple[_Row, int]]
) -> Iterator[Conflict]:
    """For each quota that is missed: the fewest other quotas that it cannot hold together with."""
    for row, missed in missing:
        against = _against(model, row)
        names = tuple(dict.fromkeys([row.quota, *(other.quota for other in against)]))
        yield Conflict(names, _sentence(row, missed, names), missed, row.unit)


def _against(model: _Model, row: _Row) -> list[_Row]:
    """A smallest set of kinds of quotas that leaves no list together with `row`: each is dropped if it need not be."""
    kept = [other for other in model.rows if other is not row and model.pairs]
    quotas = list(dict.fromkeys(other.quota for other in kept))
    for quota in quotas:
        fewer = [other for other in kept if other.quota != quota]
        if _solve(replace(model, rows=[row, *fewer], gains=[0.0] * len(model.pairs))) is None:
            kept = fewer
    return kept


def _sentence(row: _Row, missed: int, quotas: Sequence[Quota]) -> str:
    where = f" ({row.unit})" if row.unit else ""
    label = QUOTA_LABELS[row.quota][:1].upper() + QUOTA_LABELS[row.quota][1:]
    if row.quota in ("capacity", "max_per_unit"):
        said = f"{label}{where} là {row.upper:g}, danh sách gần nhất vượt {missed} người"
    elif row.quota == "pinned":
        said = "Không nhận hết được những người được ấn định"
    else:
        said = f"{label}{where} là {row.lower:g}, danh sách gần nhất còn thiếu {missed} người"
    others = [QUOTA_LABELS[quota] for quota in quotas if quota != row.quota]
    if not others:
        return f"{said}: không đủ người để chọn."
    return f"{said}: mâu thuẫn với {', '.join(others)}."
