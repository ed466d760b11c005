"""The structure of a planning list (cơ cấu danh sách) while it is edited: shares against targets, with people short."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from hrdb.kernel.dates import PartialDate, age_on, counted_day
from personnel.choices import Sex, UnitLevel
from personnel.models import Qualification, UnitVersion
from personnel.rules.standards import confidence_of
from planning.models import PlanningRound, StructureTarget
from planning.rules.structure import (
    METRIC_LABELS,
    Aim,
    Measure,
    Metric,
    age_layers,
    is_of_science,
    national_aim,
    youth_below,
)


@dataclass(frozen=True)
class ListStructure:
    """The measures of a list: each person counts once; `entries` are rows (lượt người)."""

    people: int
    entries: int
    measures: tuple[Measure, ...]

    def measure(self, metric: str) -> Measure | None:
        """One measure by its key."""
        return next((one for one in self.measures if one.metric == metric), None)


def list_structure(candidates: QuerySet[Any], planning_round: PlanningRound, day: date | None = None) -> ListStructure:
    """The structure of some standing candidates of a round on its day; five queries however many they are."""
    at = day or planning_round.day
    rows = candidates.order_by().values_list(
        "cadre_id",
        "seat__unit_id",
        "cadre__born",
        "cadre__born_precision",
        "cadre__sex",
        "cadre__ethnicity__is_minority",
    )
    people: dict[int, tuple[Any, ...]] = {}
    units: dict[int, set[int]] = defaultdict(set)
    entries = 0
    for cadre_id, unit_id, *facts in rows:
        people[cadre_id], entries = tuple(facts), entries + 1
        units[cadre_id].add(unit_id)
    levels = _levels({unit for found in units.values() for unit in found}, at)
    counts: Counter[str] = Counter()
    science = _of_science(people, at)
    layers = age_layers(at)
    below = {level: youth_below(level, at)[0] for level in UnitLevel.values}
    for cadre_id, (born, precision, sex, is_minority) in people.items():
        counts["female"] += sex == Sex.FEMALE
        counts["ethnic_minority"] += bool(is_minority)
        counts["science"] += cadre_id in science
        if born is None:
            continue
        age = age_on(counted_day(PartialDate(born, precision)), at)
        counts["young"] += any(age < below[levels.get(unit, UnitLevel.PROVINCE)] for unit in units[cadre_id])
        if layers is not None:
            counts[layers.layer(age)] += 1
    aims = aims_of(planning_round, at)
    measures = [
        Measure(metric, _label(metric, at), counts[metric], len(people), aims.get(metric), _note(metric, at))
        for metric in METRIC_LABELS
        if layers is not None or not metric.endswith("layer")
    ]
    return ListStructure(len(people), entries, tuple(measures))


def aims_of(planning_round: PlanningRound, day: date) -> dict[str, Aim]:
    """What is asked of each share: the approving level's own target where it set one, else the national one."""
    found: dict[str, Aim] = {}
    for metric in METRIC_LABELS:
        aim = national_aim(metric, day)
        if aim is not None:
            found[metric] = aim
    own = StructureTarget.objects.in_force(day).filter(level=planning_round.level).select_related("decision")
    for row in own:
        source = str(row.decision) if row.decision is not None else row.basis or "chỉ tiêu của cấp phê duyệt"
        found[row.metric] = Aim(row.percent, source, confidence_of(row.confidence), is_own=True)
    return found


def _levels(unit_ids: Iterable[int], day: date) -> dict[int, str]:
    versions = UnitVersion.objects.standing_on(day).filter(unit_id__any=sorted(unit_ids))
    return dict(versions.values_list("unit_id", "level"))


def _of_science(people: Iterable[int], day: date) -> set[int]:
    """People with a professional qualification in a field of science or technology."""
    held = Qualification.objects.in_force(day).filter(cadre_id__any=list(people), kind="professional").exclude(field="")
    fields: dict[int, list[str]] = defaultdict(list)
    for cadre_id, name in held.values_list("cadre_id", "field"):
        fields[cadre_id].append(name)
    return {cadre_id for cadre_id, names in fields.items() if is_of_science(names, day)}


def _label(metric: Metric, day: date) -> str:
    layers = age_layers(day)
    if metric.endswith("layer") and layers is not None:
        return layers.label(metric)
    return METRIC_LABELS[metric]


def _note(metric: Metric, day: date) -> str:
    """How it is counted, where that is not evident."""
    if metric == "young":
        province, commune = youth_below("province", day)[0], youth_below("commune", day)[0]
        return f"Cấp tỉnh dưới {province} tuổi, cấp xã dưới {commune} tuổi"
    if metric == "science":
        return "Theo tên ngành đào tạo ghi trong hồ sơ"
    return ""
