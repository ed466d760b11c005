"""A reorganisation from its workbook: read, kept as a case, rehearsed, and carried out when asked; all or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from hrdb.kernel.models import User
from hrdb.kernel.text import fold
from personnel.choices import AssignmentKind, ReorganisationState, StepKind
from personnel.imports.reorganisation.columns import Column
from personnel.imports.reorganisation.reading import Line, ReadReorganisation, read_reorganisation
from personnel.imports.report import Fault, ImportReport, hash_of
from personnel.models import Cadre, Custody, Reorganisation, Unit
from personnel.services.reorganisation.applying import Outcome, apply_case, rehearse_case
from personnel.services.reorganisation.cases import SaidPlacement, SaidStep, fill_case, open_case
from personnel.services.reorganisation.faults import CaseFault, CaseRefused

NOT_IN_CASE = "Không có người này trong các đơn vị được sắp xếp."
#: Columns of a step whose key is not the key in the step's values.
VALUE_KEYS = {"unit_kind": "kind"}
STEP_VALUES = ("name", "short_name", "unit_kind", "level", "bloc", "position", "keeps", "with_below")
#: Columns at which faults of a case stand that its services know by another field.
FIELD_COLUMNS = {"decision": "decision_number", "cadre": "personal_number", "kind": "post_kind"}


@dataclass
class FileOfCase:
    """A workbook read for a day and a user, with the people whom it names."""

    path: Path
    name: str
    day: datetime.date
    user: User | None
    read: ReadReorganisation
    steps: list[SaidStep] = field(default_factory=list)
    placements: list[SaidPlacement] = field(default_factory=list)
    #: The rows of the placements, in their order.
    placed: list[Line] = field(default_factory=list)
    report: ImportReport = field(default_factory=lambda: ImportReport("", ""))

    @property
    def has_faults(self) -> bool:
        """Whether a cell cannot be read or a person cannot be found."""
        return bool(self.report.errors)


def read_file(path: Path, *, day: datetime.date, acting_user: User | None, file_name: str = "") -> FileOfCase:
    """Read a workbook and find its people. Raises UnreadableFile."""
    read = read_reorganisation(path, day=day)
    file = FileOfCase(path, file_name or path.name, day, acting_user, read)
    file.report = ImportReport(file=file.name, sha256=hash_of(path), rows=len(read.lines))
    file.steps = [_step(line) for line in read.steps]
    _find_people(file)
    file.report.errors = [*read.faults, *(fault for line in read.lines for fault in line.faults)]
    file.report.rejected = sum(bool(line.faults) for line in read.lines)
    file.report.extra = {"day": day.isoformat(), "case": None}
    return file


def open_file(file: FileOfCase, *, title: str, unit: Unit | None, acting_user: User | None) -> Reorganisation:
    """Keep what a readable workbook says as a case that is not carried out yet."""
    case = open_case(
        title=title or Path(file.name).stem,
        day=file.day,
        unit=unit,
        acting_user=acting_user,
        file_name=file.name,
        file_hash=file.report.sha256,
    )
    fill_case(case=case, steps=file.steps, placements=file.placements, acting_user=acting_user)
    return case


def reorganise(
    path: Path,
    *,
    day: datetime.date,
    acting_user: User | None,
    commit: bool,
    title: str = "",
    unit: Unit | None = None,
) -> ImportReport:
    """Check a workbook against the record and, when asked and faultless, carry it out. Raises UnreadableFile.

    Without faults and without `commit` everything is tried and taken back. The same file for the same day again
    changes nothing.
    """
    file = read_file(path, day=day, acting_user=acting_user)
    report = file.report
    if _is_carried_out(file):
        report.errors, report.rejected = [], 0
        report.same, report.committed = report.rows, commit
        return report
    if file.has_faults:
        return report
    with transaction.atomic():
        case = open_file(file, title=title, unit=unit, acting_user=acting_user)
        outcome = _try(case, acting_user, commit)
        _tell(file, outcome)
        if commit and not report.errors:
            report.committed, report.extra["case"] = True, case.pk
        else:
            transaction.set_rollback(True)
    return report


def _try(case: Reorganisation, acting_user: User | None, commit: bool) -> Outcome:
    if not commit:
        return rehearse_case(case=case, acting_user=acting_user)
    try:
        return apply_case(case=case, acting_user=acting_user)
    except CaseRefused as refused:
        outcome = rehearse_case(case=case, acting_user=acting_user)
        return Outcome(outcome.plan, outcome.difference, outcome.faults or refused.faults)


def _is_carried_out(file: FileOfCase) -> bool:
    done = Reorganisation.objects.visible_to(file.user).filter(state=ReorganisationState.APPLIED, day=file.day)
    return done.filter(file_hash=file.report.sha256).exists()


def _step(line: Line) -> SaidStep:
    values: dict[str, Any] = {
        VALUE_KEYS.get(key, key): line.values[key]
        for key in STEP_VALUES
        if line.values.get(key) not in (None, "", False)
    }
    if line.values["parent"]:
        values["parent"] = line.values["parent"][0]
    return SaidStep(
        kind=line.values["kind"],
        sources=line.values["sources"] or [],
        targets=line.values["targets"] or [],
        values=values,
        cited=line.cited,
    )


# People ---------------------------------------------------------------------------------------------------------------


def _find_people(file: FileOfCase) -> None:
    """Tie rows to people whom the user sees: by number, else by name in the unit that keeps the record."""
    lines = [line for line in file.read.people if not line.faults]
    numbers = {line.values["personal_number"] for line in lines if line.values["personal_number"]}
    people = Cadre.objects.visible_to(file.user)
    by_number = {
        str(number): (pk, key)
        for number, pk, key in people.filter(personal_number__any=list(numbers)).values_list(
            "personal_number", "pk", "search_key"
        )
    }
    by_name = _people_by_name(file, lines)
    said: dict[tuple[int, str], Line] = {}
    for line in lines:
        cadre_id = _person(line, by_number, by_name)
        if cadre_id is None:
            continue
        kind = line.values["post_kind"] or AssignmentKind.MAIN.value
        first = said.setdefault((cadre_id, kind), line)
        if first is not line:
            message = f"Người này đã có ở trang «{first.sheet}», dòng {first.row}."
            line.fault("full_name", "duplicate-in-file", message)
            continue
        file.placements.append(SaidPlacement(cadre_id=cadre_id, values=_placement(line, kind), cited=line.cited))
        file.placed.append(line)


def _people_by_name(file: FileOfCase, lines: Sequence[Line]) -> dict[tuple[str, str], list[int]]:
    """People by unit code and folded name, of the units that rows without a number name."""
    codes = {line.values["source"][0] for line in lines if not line.values["personal_number"]}
    if not codes:
        return {}
    eve = file.day - datetime.timedelta(days=1)
    visible = Cadre.objects.visible_to(file.user)
    rows = Custody.objects.in_force(eve).filter(unit__code__in=codes, cadre__in=visible)
    found: dict[tuple[str, str], list[int]] = {}
    for code, key, pk in rows.values_list("unit__code", "cadre__search_key", "cadre_id"):
        found.setdefault((code, key), []).append(pk)
    return found


def _person(line: Line, by_number: dict[str, tuple[int, str]], by_name: dict[tuple[str, str], list[int]]) -> int | None:
    number, name = line.values["personal_number"], line.values["full_name"]
    if number:
        found = by_number.get(number)
        if found is None:
            line.fault("personal_number", "not-in-case", NOT_IN_CASE)
        elif name and fold(name) != found[1]:
            line.fault("full_name", "name-mismatch", "Họ và tên không khớp với hồ sơ của số định danh này.")
        else:
            return found[0]
        return None
    people = by_name.get((line.values["source"][0], fold(name)), [])
    if len(people) > 1:
        line.fault("full_name", "ambiguous", "Có nhiều người cùng họ và tên trong đơn vị; hãy ghi số định danh.")
    elif not people:
        line.fault("full_name", "not-in-case", NOT_IN_CASE)
    return people[0] if len(people) == 1 else None


def _placement(line: Line, kind: str) -> dict[str, Any]:
    values = line.values
    return {
        "outcome": values["outcome"],
        "kind": kind,
        "unit_code": values["unit_code"][0] if values["unit_code"] else "",
        "title": values.get("title"),
        "title_text": values.get("title_text") or "",
        "term_ends_on": values.get("term_ends_on"),
    }


# The report -----------------------------------------------------------------------------------------------------------


def _tell(file: FileOfCase, outcome: Outcome) -> None:
    """What became of every row."""
    report = file.report
    report.errors = [_fault(file, one) for one in outcome.faults]
    report.warnings = [_fault(file, one) for one in outcome.plan.warnings]
    bad = {(fault.sheet, fault.row) for fault in report.errors if fault.row}
    idle = {(one.place) for one in outcome.plan.warnings if one.part == "step" and one.code == "same"}
    for place, line in enumerate(file.read.steps):
        if (line.sheet, line.row) in bad:
            continue
        founds = file.steps[place].kind == StepKind.CREATE
        name = "same" if place in idle else "created" if founds else "changed"
        setattr(report, name, getattr(report, name) + 1)
    report.changed += sum((line.sheet, line.row) not in bad for line in file.placed)
    report.rejected = sum((line.sheet, line.row) in bad for line in file.read.lines)
    report.errors.sort(key=lambda fault: (fault.sheet, fault.row))
    report.extra |= {
        "leaders_waiting": len(outcome.plan.people.waiting),
        "difference": outcome.difference.as_json(),
    }


def _fault(file: FileOfCase, fault: CaseFault) -> Fault:
    """A fault of the case at the row and column of the file that says it."""
    lines = {"step": file.read.steps, "placement": file.placed}.get(fault.part, [])
    line = lines[fault.place] if fault.place < len(lines) else None
    if line is None:
        return Fault("", 0, "", fault.code, fault.value, fault.message)
    key = fault.field if fault.part == "step" else FIELD_COLUMNS.get(fault.field, fault.field)
    if fault.part == "step" and fault.field == "kind":
        key = "unit_kind"
    column: Column | None = next((one for one in line.kind.columns if one.key == key), None)
    value = fault.value or line.texts.get(key, "")
    return Fault(line.sheet, line.row, column.heading if column else "", fault.code, value, fault.message)
