"""What is missing to judge (dữ kiện còn thiếu): which facts of how many people, and which standards of the titles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from personnel.rules.standards import REQUIREMENTS
from planning.rules.eligibility import STANDARD_PARAMETERS, Person, Target, rating_years
from planning.rules.law import LAW

#: Groups of what is missing, with how each is supplied.
RECORD: Final = "record"
RATINGS: Final = "ratings"
STANDARDS: Final = "standards"
LAW_GROUP: Final = "law"

GROUP_LABELS: Final = {
    STANDARDS: "Tiêu chuẩn của chức danh",
    RECORD: "Dữ liệu trong hồ sơ",
    RATINGS: "Xếp loại hằng năm",
    LAW_GROUP: "Con số của quy định",
}


@dataclass(frozen=True, slots=True)
class Lacking:
    """One fact that is missing: of how many people, or of how many titles, and of whom."""

    group: str
    label: str
    count: int
    ids: tuple[int, ...] = field(default=(), repr=False)


def missing_facts(people: Mapping[int, Person], target: Target, day: date) -> list[Lacking]:
    """What is missing to judge some people for a title, the most frequent first within its group."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for pk, person in people.items():
        for key in _of_person(person, target, day):
            found[key].append(pk)
    listed = [Lacking(group, label, len(ids), tuple(ids)) for (group, label), ids in found.items()]
    listed += [Lacking(group, label, 1) for group, label in _of_title(target)]
    order = list(GROUP_LABELS)
    return sorted(listed, key=lambda one: (order.index(one.group), -one.count, one.label))


def standards_lacking(targets: Iterable[Target]) -> dict[str, list[str]]:
    """The kinds of standards that titles lack, with the titles."""
    found: dict[str, list[str]] = defaultdict(list)
    for target in targets:
        for kind in STANDARD_PARAMETERS:
            if _lacks(target, kind) and target.title not in found[kind]:
                found[kind].append(target.title)
    return dict(found)


def _of_person(person: Person, target: Target, day: date) -> Iterable[tuple[str, str]]:
    if person.sex is None:
        yield RECORD, "Giới tính"
    if person.born is None:
        yield RECORD, "Ngày sinh"
    if person.holds_title and person.title_rank is None:
        yield RECORD, "Bậc của chức danh đang giữ"
    if person.review[0] is None:
        yield RECORD, "Kết luận tiêu chuẩn chính trị"
    for kind, asked in target.standards.items():
        if kind in STANDARD_PARAMETERS and asked.required is not None and person.levels.get(kind) is None:
            yield RECORD, REQUIREMENTS[kind].label
    for label in person.missing_rows:
        yield RECORD, f"{label} (hồ sơ đầy đủ)"
    held = LAW["conditions/ratings"].at(day)
    if held is not None and held.value is not None:
        said = person.ratings or {}
        for year in rating_years(said, day, int(held.value)):
            if not said.get(year):
                yield RATINGS, f"Xếp loại năm {year}"


def _of_title(target: Target) -> Sequence[tuple[str, str]]:
    found = [(STANDARDS, REQUIREMENTS[kind].label) for kind in STANDARD_PARAMETERS if _lacks(target, kind)]
    if target.rank is None:
        found.append((STANDARDS, "Bậc của chức danh trong danh mục"))
    if target.reference_day is None:
        found.append((LAW_GROUP, "Mốc tính tuổi của nhiệm kỳ"))
    return found


def _lacks(target: Target, kind: str) -> bool:
    asked = target.standards.get(kind)
    if kind == "political_theory" and target.object == 2:
        return False
    return asked is None or asked.required is None


def people_lacking(lacking: Iterable[Lacking]) -> Counter[str]:
    """How many people lack something, by the group of what is missing."""
    ids: dict[str, set[int]] = defaultdict(set)
    for one in lacking:
        ids[one.group] |= set(one.ids)
    return Counter({group: len(found) for group, found in ids.items()})
