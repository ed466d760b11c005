"""The full difference that a case makes, part by part: what stood before, what stands after; kept for the pages."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from personnel.choices import (
    AssignmentKind,
    EmploymentCategory,
    EmploymentState,
    PlacementOutcome,
    UnitLevel,
)
from personnel.models import Delegation, Grant, Reorganisation, ReorganisationPlacement
from personnel.services.reorganisation.people import Leader, NewPost, PostMove
from personnel.services.reorganisation.planning import Plan
from personnel.services.reorganisation.rights import right_label
from personnel.services.reorganisation.tree import PlannedUnit

#: Parts in the order in which pages show them.
PARTS: dict[str, str] = {
    "units": "Đơn vị",
    "leaders": "Lãnh đạo",
    "people": "Hồ sơ cán bộ",
    "posts": "Vị trí công tác",
    "states": "Tình trạng",
    "seats": "Ghế chức danh",
    "positions": "Vị trí việc làm",
    "establishment": "Biên chế",
    "grants": "Phân quyền",
    "other": "Khác",
}
#: Written in place of what is not there.
NOTHING = "—"
OWN_DECISION = "Cần quyết định riêng"
#: Parts whose lines are about people, kept by their ids.
OF_PEOPLE = ("leaders", "people", "posts", "states")


@dataclass(frozen=True, slots=True)
class Line:
    """One difference: of what, before, after; `cadre` the person it is about, `unit` the code of the unit."""

    subject: str
    before: str
    after: str
    note: str = ""
    cadre: int | None = None
    unit: str = ""

    def as_json(self) -> list[Any]:
        """As plain values, in the order of the fields."""
        return [self.subject, self.before, self.after, self.note, self.cadre, self.unit]


@dataclass
class DifferencePart:
    """The lines of one part, and what is counted before and after."""

    key: str
    lines: list[Line] = field(default_factory=list)
    before: int = 0
    after: int = 0

    @property
    def label(self) -> str:
        """The part in words."""
        return PARTS[self.key]


@dataclass
class Difference:
    """All parts of what a case does."""

    parts: dict[str, DifferencePart]

    @property
    def digest(self) -> str:
        """By what the same difference is known again."""
        content = [[line.as_json() for line in part.lines] for part in self.parts.values()]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    def counts(self) -> dict[str, dict[str, int]]:
        """Counts by part."""
        return {
            key: {"lines": len(part.lines), "before": part.before, "after": part.after}
            for key, part in self.parts.items()
        }

    def as_json(self) -> dict[str, Any]:
        """Counts and lines of every part."""
        names = ("subject", "before", "after", "note", "cadre", "unit")
        return {
            key: {**self.counts()[key], "items": [dict(zip(names, one.as_json(), strict=True)) for one in part.lines]}
            for key, part in self.parts.items()
        }


class DifferenceWriter:
    """Puts a plan into words."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.tree = plan, plan.tree
        self.names = plan.people.names

    def write(self) -> Difference:
        """All parts."""
        makers: dict[str, Callable[[DifferencePart], Iterator[Line]]] = {
            "units": self._units,
            "leaders": self._leaders,
            "people": self._people,
            "posts": self._posts,
            "states": self._states,
            "seats": self._seats,
            "positions": self._positions,
            "establishment": self._establishment,
            "grants": self._grants,
            "other": self._other,
        }
        parts = {key: DifferencePart(key) for key in PARTS}
        for key, part in parts.items():
            part.lines = list(makers[key](part))
        return Difference(parts)

    def _units(self, part: DifferencePart) -> Iterator[Line]:
        part.before = sum(unit.held is not None for unit in self.tree.units.values())
        part.after = sum(unit.is_open for unit in self.tree.units.values())
        for unit in sorted(self.tree.touched, key=lambda one: (not one.is_founded, one.is_open, one.code)):
            yield Line(unit.code, self._stood(unit), self._stands(unit), self._fate(unit), unit=unit.code)

    def _stood(self, unit: PlannedUnit) -> str:
        if unit.held is None:
            return NOTHING
        above = unit.held["parent"]
        return _standing(unit.held["name"], self.tree.held_name(above) if above else "", unit.held["level"])

    def _stands(self, unit: PlannedUnit) -> str:
        if not unit.is_open:
            return NOTHING
        return _standing(unit.name, self.tree.name_of(unit.parent) if unit.parent else "", unit.level)

    def _fate(self, unit: PlannedUnit) -> str:
        if unit.is_founded:
            return "Thành lập"
        if not unit.is_open:
            heirs = [one.heirs for one in self.tree.passings if one.source is unit]
            names = [self.tree.name_of(code) for codes in heirs for code in codes]
            return f"Kết thúc, đơn vị nhận: {', '.join(names)}" if names else "Kết thúc"
        held = unit.held or {}
        changed = [
            word
            for word, names in (
                ("đổi tên", ("name", "short_name")),
                ("đổi cấp trên", ("parent",)),
                ("đổi loại, cấp, khối", ("kind", "level", "bloc", "position")),
            )
            if any(getattr(unit, name) != held.get(name) for name in names)
        ]
        return ", ".join(changed).capitalize()

    def _leaders(self, part: DifferencePart) -> Iterator[Line]:
        part.before = len(self.plan.people.leaders)
        part.after = sum(
            post.placement.outcome in (PlacementOutcome.HEAD, PlacementOutcome.DEPUTY) for post in self._new()
        )
        for leader in sorted(self.plan.people.leaders, key=lambda one: (one.placement is not None, one.source)):
            yield self._leader(leader)

    def _new(self) -> list[NewPost]:
        return self.plan.people.new_posts

    def _leader(self, leader: Leader) -> Line:
        before = f"{leader.title.name} · {self.tree.held_name(leader.source)}"
        placement = leader.placement
        if placement is None:
            return Line(self.names.get(leader.cadre_id, ""), before, NOTHING, OWN_DECISION, leader.cadre_id)
        note = str(placement.decision) if placement.decision else "Chưa có quyết định"
        return Line(self.names.get(leader.cadre_id, ""), before, self._placed(placement), note, leader.cadre_id)

    def _placed(self, placement: ReorganisationPlacement) -> str:
        post = next((one for one in self._new() if one.placement is placement), None)
        if post is None:
            return str(placement.get_outcome_display())
        title = post.title_text or (post.title.name if post.title else str(placement.get_outcome_display()))
        return f"{title} · {self.tree.name_of(post.target)}"

    def _people(self, part: DifferencePart) -> Iterator[Line]:
        people = self.plan.people
        part.before = part.after = len(people.moved)
        for move in people.custody:
            note = "đã nghỉ, chỉ chuyển hồ sơ" if move.cadre_id in people.gone else ""
            if move.since > self.plan.day:
                note = f"từ ngày {move.since:%d/%m/%Y}"
            names = self.tree.held_name(move.source), self.tree.name_of(move.target)
            yield Line(self.names.get(move.cadre_id, ""), *names, note, move.cadre_id)

    def _posts(self, part: DifferencePart) -> Iterator[Line]:
        people = self.plan.people
        part.before = len(people.posts)
        part.after = sum(post.target is not None for post in people.posts) + len(people.new_posts)
        for post in people.posts:
            yield self._post(post)
        for new in people.new_posts:
            cadre_id = new.placement.cadre_id
            yield Line(self.names.get(cadre_id, ""), NOTHING, self._placed(new.placement), "Theo phương án", cadre_id)

    def _post(self, post: PostMove) -> Line:
        row = post.row
        words = row["title_text"] or (post.title.name if post.title else AssignmentKind(row["kind"]).label)
        place = self.tree.held_name(post.source) if post.source else row["organisation"]
        before = f"{words} · {place}" if place else words
        after = f"{words} · {self.tree.name_of(post.target)}" if post.target else "Kết thúc"
        return Line(self.names.get(row["cadre_id"], ""), before, after, "", row["cadre_id"])

    def _states(self, part: DifferencePart) -> Iterator[Line]:
        part.before = part.after = len(self.plan.people.states)
        for change in self.plan.people.states:
            cadre_id = change.placement.cadre_id
            before, after = EmploymentState(change.held["state"]).label, EmploymentState.AWAITING_POSTING.label
            note = str(change.placement.decision) if change.placement.decision else "Chưa có quyết định"
            yield Line(self.names.get(cadre_id, ""), str(before), str(after), note, cadre_id)

    def _seats(self, part: DifferencePart) -> Iterator[Line]:
        what = self.plan.belongings
        part.before = sum(one.number for one in what.ended_seats)
        part.after = sum(one.number for one in what.new_seats.values())
        for one in what.ended_seats:
            yield Line(one.label, f"{self.tree.held_name(one.unit)}: {one.number}", NOTHING, unit=one.unit)
        for seat in what.new_seats.values():
            note = "theo số ghế lớn nhất của các đơn vị trước"
            yield Line(seat.label, NOTHING, f"{self.tree.name_of(seat.unit)}: {seat.number}", note, unit=seat.unit)

    def _positions(self, part: DifferencePart) -> Iterator[Line]:
        what = self.plan.belongings
        part.before = sum(one.number for one in what.ended_positions)
        part.before += sum(one.before for one in what.new_positions.values())
        part.after = sum(one.number for one in what.new_positions.values())
        for one in what.ended_positions:
            yield Line(one.label, f"{self.tree.held_name(one.unit)}: {one.number}", NOTHING, unit=one.unit)
        for position in what.new_positions.values():
            label, unit = f"{position.code} · {position.values['name']}", self.tree.name_of(position.unit)
            before = f"{unit}: {position.before}" if position.replaces else NOTHING
            yield Line(label, before, f"{unit}: {position.number}", unit=position.unit)

    def _establishment(self, part: DifferencePart) -> Iterator[Line]:
        what = self.plan.belongings
        part.before = sum((one.before or 0) + sum(number for _, number in one.coming) for one in what.quotas)
        part.after = sum(one.number for one in what.quotas)
        for quota in what.quotas:
            label = f"Năm {quota.year} · {EmploymentCategory(quota.category).label}"
            numbers = [(self.tree.held_name(code), number) for code, number in quota.coming]
            if quota.before is not None:
                numbers.insert(0, (self.tree.held_name(quota.unit), quota.before))
            before = "; ".join(f"{name}: {number}" for name, number in numbers)
            yield Line(label, before or NOTHING, f"{self.tree.name_of(quota.unit)}: {quota.number}", unit=quota.unit)

    def _grants(self, part: DifferencePart) -> Iterator[Line]:
        rights = self.plan.rights
        part.before = sum(one.model is Grant for one in rights.ended)
        part.after = sum(one.model is Grant for one in rights.new)
        for one in rights.ended:
            heirs = ", ".join(self.tree.name_of(code) for code in one.heirs)
            note = "" if heirs else "không chuyển tiếp, cần cấp lại nếu còn dùng"
            label = f"{_right_word(one.model)}: {right_label(one, rights.users)}"
            yield Line(label, self.tree.held_name(one.source), heirs or "Kết thúc", note, unit=one.source)

    def _other(self, part: DifferencePart) -> Iterator[Line]:
        rights = self.plan.rights
        for one in self.plan.belongings.ended_mandates:
            yield Line(f"Nhiệm kỳ: {one.label}", self.tree.held_name(one.unit), "Kết thúc", unit=one.unit)
        for paper in rights.papers:
            names = self.tree.held_name(paper.source), self.tree.name_of(paper.target)
            yield Line(paper.label, *names, unit=paper.target)
        for _, unit, values in rights.taught:
            label = f"Cách hiểu đã khai: «{values.get('header') or values.get('text')}»"
            yield Line(label, NOTHING, self.tree.name_of(unit), unit=unit)
        part.before = len(self.plan.belongings.ended_mandates) + len(rights.papers)
        part.after = len(rights.papers) + len(rights.taught)


def _standing(name: str, above: str, level: str) -> str:
    words = str(UnitLevel(level).label) if level in UnitLevel.values else ""
    return " · ".join(filter(None, (name, f"trực thuộc {above}" if above else "", words)))


def _right_word(model: Any) -> str:
    return "Phân cấp" if model is Delegation else "Phân quyền"


def difference_of(plan: Plan) -> Difference:
    """The difference that a plan makes."""
    return DifferenceWriter(plan).write()


# Kept for the pages ---------------------------------------------------------------------------------------------------


def keep_difference(case: Reorganisation, difference: Difference) -> None:
    """Keep the lines of the last rehearsal outside the web's root, a file a part."""
    folder = _folder(case)
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    for key, part in difference.parts.items():
        with gzip.open(folder / f"{key}.json.gz", "wt", encoding="utf-8", compresslevel=3) as file:
            json.dump([line.as_json() for line in part.lines], file, ensure_ascii=False)


def kept_lines(case: Reorganisation, key: str) -> list[Line]:
    """The lines of one part, empty before the first rehearsal."""
    path = _folder(case) / f"{key}.json.gz"
    if not path.is_file():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [Line(*values) for values in json.load(file)]


def _folder(case: Reorganisation) -> Path:
    return Path(default_storage.path(f"reorganisations/{case.pk}"))
