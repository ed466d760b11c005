"""The steps of a case, carried out one after another on the units in memory, with every fault by step and field."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hrdb.kernel.text import clean_text, fold
from personnel.choices import Bloc, StepKind, UnitLevel, UnitSuccessionKind
from personnel.models import ReorganisationStep
from personnel.services.reorganisation.faults import CaseFault
from personnel.services.reorganisation.tree import STANDING, Passing, PlannedTree, PlannedUnit, later_versions

LONGEST_CODE = 40
LONGEST_NAME = 250


@dataclass
class StepRun:
    """One step on its way through the tree."""

    tree: PlannedTree
    step: ReorganisationStep
    place: int
    decision_id: int | None

    def fault(self, field: str, code: str, message: str, value: str = "") -> None:
        """Note what is wrong with the step."""
        self.tree.faults.append(CaseFault("step", self.place, field, code, message, value))

    def warn(self, field: str, code: str, message: str, value: str = "") -> None:
        """Note what is odd about the step."""
        self.tree.warnings.append(CaseFault("step", self.place, field, code, message, value))

    def unit(self, code: str, field: str) -> PlannedUnit | None:
        """An open unit in reach; unknown, closed and out of scope are one and the same fault."""
        found = self.tree.units.get(code)
        if found is None or not self.tree.may_touch(found):
            day = f"{self.tree.day:%d/%m/%Y}"
            self.fault(
                field,
                "unknown-unit",
                f"Không có đơn vị mã «{code}» hoạt động vào ngày {day} trong phạm vi được giao.",
                code,
            )
            return None
        if not found.is_open:
            ended = (found.ended_by or 0) + 1
            self.fault(field, "ended-unit", f"Đơn vị «{found.name}» đã kết thúc hoạt động ở bước {ended}.", code)
            return None
        return found

    def sources(self) -> list[PlannedUnit]:
        """The units that the step is about, each once."""
        if not self.step.sources:
            self.fault("sources", "missing-unit", "Chưa nói đơn vị nào.")
        for code, times in Counter(self.step.sources).items():
            if times > 1:
                self.fault("sources", "named-twice", f"Đơn vị mã «{code}» được nêu hai lần.", code)
        found = (self.unit(code, "sources") for code in dict.fromkeys(self.step.sources))
        return [unit for unit in found if unit is not None]

    def change(self, unit: PlannedUnit, values: dict[str, Any]) -> None:
        """Call a unit otherwise, or let it stand elsewhere."""
        if any(getattr(unit, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(unit, name, value)
            unit.changed_by, unit.decision_id = self.place, self.decision_id

    def end(self, unit: PlannedUnit) -> bool:
        """End a unit; what the case itself founds has no day on which it stood and cannot end."""
        if unit.is_founded:
            self.fault("sources", "founded-here", f"Đơn vị «{unit.name}» do chính phương án lập ra.", unit.code)
            return False
        unit.ended_by, unit.decision_id = self.place, self.decision_id
        return True

    def pass_on(
        self, source: PlannedUnit, heirs: Sequence[str], kind: UnitSuccessionKind, *, keeps: bool = False
    ) -> None:
        """Let others follow a unit."""
        self.tree.passings.append(Passing(source, tuple(heirs), kind, self.place, self.decision_id, keeps))

    def values(self) -> dict[str, Any]:
        """What the step says of a unit, checked: only what it says."""
        said = {name: self.step.values[name] for name in STANDING if self.step.values.get(name) not in (None, "")}
        for name in ("name", "short_name"):
            if name in said:
                said[name] = clean_text(str(said[name]))
        if len(said.get("name", "")) > LONGEST_NAME:
            self.fault("name", "too-long", f"Tên đơn vị dài quá {LONGEST_NAME} ký tự.")
        if "parent" in said and self.unit(said["parent"], "parent") is None:
            del said["parent"]
        self._check_choice(said, "kind", self.tree.kinds, "Loại đơn vị «{}» không có trong danh mục.")
        self._check_choice(said, "bloc", set(Bloc.values), "Khối «{}» không có.")
        self._check_choice(said, "level", set(UnitLevel.values), "Cấp «{}» không có.")
        return said

    def _check_choice(self, said: dict[str, Any], name: str, known: Iterable[str], message: str) -> None:
        if name in said and said[name] not in known:
            self.fault(name, "unknown-value", message.format(said[name]), str(said.pop(name)))

    def found(self, code: str, like: PlannedUnit | None) -> PlannedUnit | None:
        """Found a unit; what the step does not say is as with the unit that it follows, or as with the one above."""
        values = self.values()
        code = clean_text(code)
        if not code or len(code) > LONGEST_CODE:
            self.fault("targets", "bad-code", f"Mã đơn vị cần từ 1 đến {LONGEST_CODE} ký tự.", code)
            return None
        if code in self.tree.known or code in self.tree.units:
            self.fault("targets", "code-taken", f"Mã đơn vị «{code}» đã dùng.", code)
            return None
        if not values.get("name"):
            self.fault("name", "missing-name", "Thiếu tên đơn vị mới.", code)
            return None
        above = self.tree.units.get(values["parent"]) if "parent" in values else None
        pattern = like or above
        taken = {name: getattr(pattern, name) for name in ("bloc", "level", "position")} if pattern else {}
        if like is not None:
            taken |= {"parent": like.parent, "kind": like.kind}
        given = {"bloc": Bloc.GOVERNMENT.value, "level": UnitLevel.PROVINCE.value, **taken, **values}
        unit = PlannedUnit(code, None, **given, changed_by=self.place, decision_id=self.decision_id)
        self.tree.units[code] = unit
        return unit


def _create(run: StepRun) -> None:
    """Thành lập: a unit with nobody in it yet."""
    if len(run.step.targets) != 1:
        run.fault("targets", "missing-unit", "Cần đúng một mã đơn vị mới.")
        return
    run.found(run.step.targets[0], None)


def _change(run: StepRun) -> None:
    """Đổi tên, chuyển cấp trên: the unit stays the same unit, with its people, seats and grants."""
    needed, missing = ("name", "tên mới") if run.step.kind == StepKind.RENAME else ("parent", "đơn vị cấp trên mới")
    values = run.values()
    if not run.step.values.get(needed):
        run.fault(needed, f"missing-{needed}", f"Chưa nói {missing}.")
    sources = run.sources()
    if "name" in values and len(sources) > 1:
        run.fault("sources", "one-only", "Mỗi bước chỉ đổi tên một đơn vị.")
        return
    for unit in sources:
        if all(getattr(unit, name) == value for name, value in values.items()):
            run.warn("sources", "same", f"Đơn vị «{unit.name}» đã như vậy, bước này không đổi gì.", unit.code)
        run.change(unit, values)


def _merge(run: StepRun) -> None:
    """Sáp nhập, hợp nhất: everything of the sources goes to one unit, a new one or one that goes on.

    With `with_below` the units of one name below them are merged as well; all others stand below the new one.
    """
    sources = run.sources()
    if len(run.step.targets) != 1:
        run.fault("targets", "missing-unit", "Cần đúng một mã đơn vị nhận.")
        return
    if not sources:
        return
    code = clean_text(run.step.targets[0])
    target = run.tree.units.get(code)
    if target is None and code not in run.tree.known:
        target = run.found(code, sources[0])
        kind = UnitSuccessionKind.MERGE if len(sources) > 1 else UnitSuccessionKind.RENAME
    else:
        target = run.unit(code, "targets")
        kind = UnitSuccessionKind.MERGE
        if target is not None:
            run.change(target, run.values())
    if target is None:
        return
    ended = [unit for unit in sources if unit is not target]
    if not ended:
        run.fault("sources", "missing-unit", "Cần ít nhất một đơn vị khác nhập vào.")
    if run.step.values.get("with_below"):
        _merge_below(run, [unit for unit in ended if not unit.is_founded], target)
    for unit in ended:
        if run.end(unit):
            run.pass_on(unit, [target.code], kind)
            for child in run.tree.children(unit.code):
                if child is not target:
                    run.change(child, {"parent": target.code})


def _merge_below(run: StepRun, ended: list[PlannedUnit], target: PlannedUnit) -> None:
    """Units of one name directly below those that are merged become one too, or join the one of the target."""
    named: dict[str, list[PlannedUnit]] = {}
    for unit in ended:
        for child in run.tree.children(unit.code):
            if child is not target and not child.is_founded:
                named.setdefault(fold(child.name), []).append(child)
    own = {fold(child.name): child for child in run.tree.children(target.code)}
    for name, children in named.items():
        joined = own.get(name)
        if joined is None and len(children) < 2:
            continue
        if joined is None:
            like = children[0]
            joined = PlannedUnit(_code_below(run, like, target), None, like.name, changed_by=run.place)
            for column in ("short_name", "kind", "bloc", "level", "position"):
                setattr(joined, column, getattr(like, column))
            joined.parent, joined.decision_id = target.code, run.decision_id
            run.tree.units[joined.code] = joined
        for child in children:
            if child is not joined and run.end(child):
                run.pass_on(child, [joined.code], UnitSuccessionKind.MERGE)
                for below in run.tree.children(child.code):
                    run.change(below, {"parent": joined.code})


def _code_below(run: StepRun, like: PlannedUnit, target: PlannedUnit) -> str:
    """A code that is free, made as the one of a unit that it follows."""
    ending = like.code.removeprefix(like.parent or "") if like.code.startswith(f"{like.parent}.") else f".{like.code}"
    wanted = f"{target.code}{ending}"[:LONGEST_CODE]
    code, number = wanted, 2
    while code in run.tree.known or code in run.tree.units:
        code = f"{wanted[: LONGEST_CODE - 4]}-{number}"
        number += 1
    return code


def _split(run: StepRun) -> None:
    """Chia, tách: people go to the heirs by name, all others to the first; with `keeps` the unit goes on."""
    sources = run.sources()
    if len(sources) != 1 or len(run.step.sources) != 1:
        run.fault("sources", "one-only", "Mỗi bước chỉ chia, tách một đơn vị.")
        return
    source, keeps = sources[0], bool(run.step.values.get("keeps"))
    heirs = [run.unit(code, "targets") for code in dict.fromkeys(run.step.targets)]
    if source in heirs:
        run.fault("targets", "own-heir", "Đơn vị không thể là đơn vị nhận của chính mình; hãy chọn giữ lại đơn vị cũ.")
        return
    if not run.step.targets or (len(run.step.targets) < 2 and not keeps):
        run.fault("targets", "missing-unit", "Cần các đơn vị nhận: từ hai đơn vị khi chia, từ một đơn vị khi tách.")
        return
    if any(heir is None for heir in heirs):
        return
    codes = [heir.code for heir in heirs if heir is not None]
    if keeps:
        run.pass_on(source, codes, UnitSuccessionKind.SPLIT, keeps=True)
    elif run.end(source):
        run.pass_on(source, codes, UnitSuccessionKind.SPLIT)
        for child in run.tree.children(source.code):
            if child.code not in codes:
                run.change(child, {"parent": codes[0]})


def _dissolve(run: StepRun) -> None:
    """Giải thể: what stands in it goes to the unit that takes its records, if one is named."""
    heirs = [run.unit(code, "targets") for code in run.step.targets]
    if len(heirs) > 1:
        run.fault("targets", "one-only", "Chỉ một đơn vị nhận hồ sơ và nhiệm vụ.")
        return
    if None in heirs:
        return
    codes = [heir.code for heir in heirs if heir is not None]
    for unit in run.sources():
        below = list(run.tree.below(unit.code)) if run.step.values.get("with_below") else []
        for one in (unit, *below):
            if one.code in codes:
                run.fault("targets", "own-heir", f"Đơn vị nhận «{one.name}» cũng bị giải thể.", one.code)
            elif run.end(one):
                run.pass_on(one, codes, UnitSuccessionKind.TRANSFER)


RUNS: dict[str, Callable[[StepRun], None]] = {
    StepKind.CREATE: _create,
    StepKind.RENAME: _change,
    StepKind.MOVE: _change,
    StepKind.MERGE: _merge,
    StepKind.SPLIT: _split,
    StepKind.DISSOLVE: _dissolve,
}


def carry_out(tree: PlannedTree, steps: Sequence[ReorganisationStep], first_decision: int | None) -> None:
    """Let the steps change the tree, then judge what came of it."""
    for place, step in enumerate(steps):
        RUNS[step.kind](StepRun(tree, step, place, step.decision_id or first_decision))
    if not steps:
        tree.faults.append(CaseFault("case", 0, "steps", "no-steps", "Phương án chưa có bước nào."))
    _judge(tree)


def _judge(tree: PlannedTree) -> None:
    """What must hold of the tree at the end: everybody stands below an open unit, no circle, no later fact upset."""
    touched = tree.touched
    for unit in touched:
        _judge_place(tree, unit)
    for unit in list(tree.units.values()):
        above = tree.units.get(unit.parent or "")
        if unit.is_open and above is not None and not above.is_open:
            message = f"Đơn vị «{unit.name}» còn trực thuộc «{above.name}» là đơn vị kết thúc hoạt động."
            tree.faults.append(CaseFault("step", above.ended_by or 0, "sources", "has-children", message, unit.code))
    _judge_periods(tree, touched)
    _judge_names(tree, touched)


def _judge_place(tree: PlannedTree, unit: PlannedUnit) -> None:
    place = unit.ended_by if unit.ended_by is not None else (unit.changed_by or 0)
    if not tree.may_found_roots and unit.parent is None and (unit.is_founded or not unit.is_open):
        message = "Chỉ cấp tỉnh được lập hoặc kết thúc đơn vị gốc."
        tree.faults.append(CaseFault("step", place, "parent", "root", message, unit.code))
    over = tree.units.get(unit.parent or "")
    if unit.is_founded and over is not None and not tree.may_touch(over):
        message = f"Đơn vị cấp trên của «{unit.name}» ngoài phạm vi được giao."
        tree.faults.append(CaseFault("step", place, "parent", "outside-scope", message, unit.code))
    seen, here = {unit.code}, unit.parent
    while here is not None and unit.is_open:
        if here in seen:
            message = "Đơn vị cấp trên không được nằm dưới chính đơn vị này."
            tree.faults.append(CaseFault("step", place, "parent", "loop", message, unit.code))
            return
        seen.add(here)
        above = tree.units.get(here)
        here = above.parent if above else None


def _judge_periods(tree: PlannedTree, touched: list[PlannedUnit]) -> None:
    """A unit ends after it began, and nothing is already known of it from a later day."""
    ended = [unit for unit in touched if not unit.is_open and unit.held]
    later = later_versions([unit.unit_id for unit in ended if unit.unit_id], tree.day)
    for unit in ended:
        begun: datetime.date = unit.held["effective_from"] if unit.held else tree.day
        since = later.get(unit.unit_id or 0)
        message = ""
        if begun >= tree.day:
            message = (
                f"Đơn vị «{unit.name}» mới hoạt động từ ngày {begun:%d/%m/%Y} nên không kết thúc được trong ngày đó."
            )
        elif since is not None:
            message = f"Đã ghi thông tin về «{unit.name}» từ ngày {since:%d/%m/%Y}; hãy sửa thông tin đó trước."
        if message:
            tree.faults.append(CaseFault("step", unit.ended_by or 0, "sources", "period-order", message, unit.code))


def _judge_names(tree: PlannedTree, touched: list[PlannedUnit]) -> None:
    """Two open units of one name below one unit are odd."""
    beside: dict[tuple[str | None, str], list[PlannedUnit]] = {}
    parents = {unit.parent for unit in touched if unit.is_open}
    for unit in tree.units.values():
        if unit.is_open and unit.parent in parents:
            beside.setdefault((unit.parent, fold(unit.name)), []).append(unit)
    for (parent, _), units in beside.items():
        changed = [unit for unit in units if unit.differs]
        if len(units) > 1 and changed:
            message = f"{len(units)} đơn vị cùng tên «{units[0].name}» trực thuộc «{tree.name_of(parent)}»."
            place = changed[0].changed_by or 0
            tree.warnings.append(CaseFault("step", place, "name", "same-name", message, units[0].code))
