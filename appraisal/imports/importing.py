"""A sheet of ratings from file to record: read, judge, rehearse, report; then write all or nothing.

The rehearsal writes through the real services and takes it back, so that the caps are counted as they would stand.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from appraisal.imports.judging import Judge, Judged
from appraisal.imports.reading import read_ratings
from appraisal.models import RatingCycle
from appraisal.services.batches import write_ratings
from appraisal.services.entering import Entry, enter_many
from appraisal.statistics.checking import UnitCheck, check_units
from appraisal.statistics.groups import GroupCheck
from appraisal.statistics.rated import HEADS, Agencies
from hrdb.kernel.many import collection_paused
from hrdb.kernel.models import User
from personnel.imports.report import Fault, ImportReport, hash_of
from personnel.imports.roster.database import read_reference
from personnel.models import ImportBatch, Unit
from personnel.policies import Action
from personnel.services.errors import ServiceRefusal
from personnel.services.rosters import lock_subtree


@dataclass
class ComparedRatings:
    """A file beside the record: each row, and the report with the caps as they would stand."""

    rows: list[Judged]
    report: ImportReport
    groups: list[dict[str, Any]] = field(default_factory=list)
    units: list[dict[str, Any]] = field(default_factory=list)


@collection_paused()
def import_ratings(
    path: Path,
    *,
    cycle: RatingCycle,
    acting_user: User | None,
    file_name: str = "",
    unit: Unit | None = None,
    batch: ImportBatch | None = None,
) -> ComparedRatings:
    """Check a sheet of ratings and, with a batch and without a fault, write it as that batch.

    A sheet that says what stands already writes nothing, not even an event. Raises UnreadableFile.
    """
    reference = read_reference(user=acting_user, day=cycle.ends_on)
    read = read_ratings(
        path, lookups=reference.lookups, name=Path(file_name).stem, default_unit=unit.code if unit else None
    )
    with transaction.atomic():
        if batch is not None:
            lock_subtree(unit)
        rows = Judge(cycle, reference, user=acting_user).judge(read.lines)
        report = _report(rows, file=file_name or path.name, digest=hash_of(path))
        report.warnings = [*read.warnings, *report.warnings]
        report.extra["notes"] = read.notes
        if not cycle.is_open and report.writes_anything:
            report.errors.append(Fault("", 0, "", "cycle-closed", cycle.code, f"Kỳ {cycle.name} đã khóa."))
        compared = ComparedRatings(rows, report)
        if batch is not None and not report.errors:
            _write(compared, cycle, batch, acting_user)
        else:
            _rehearse(compared, cycle, acting_user)
    return compared


def _rehearse(compared: ComparedRatings, cycle: RatingCycle, user: User | None) -> None:
    """Enter the good rows, count, and take everything back."""
    entries = _entries(compared)
    with transaction.atomic():
        if entries and cycle.is_open:
            try:
                enter_many(cycle=cycle, entries=entries, acting_user=user, reason="Kiểm tra bảng xếp loại")
            except ServiceRefusal as refusal:
                compared.report.errors.append(Fault("", 0, "", refusal.code, "", str(refusal)))
        _tell_groups(compared, cycle, user)
        transaction.set_rollback(True)


def _write(compared: ComparedRatings, cycle: RatingCycle, batch: ImportBatch, user: User | None) -> None:
    report = compared.report
    report.committed = True
    batch.day = cycle.ends_on
    if report.writes_anything:
        write_ratings(batch=batch, cycle=cycle, entries=_entries(compared), acting_user=user)
    _tell_groups(compared, cycle, user)
    if report.writes_anything:
        batch.report = report.as_json()
        batch.save(update_fields=["report"])


def _entries(compared: ComparedRatings) -> list[Entry]:
    return [one.entry for one in compared.rows if one.entry and one.outcome in ("created", "changed")]


def _report(rows: list[Judged], *, file: str, digest: str) -> ImportReport:
    report = ImportReport(file=file, sha256=digest, rows=len(rows))
    outcomes = [one.outcome for one in rows]
    for name in ("created", "changed", "same", "rejected"):
        setattr(report, name, outcomes.count(name))
    report.errors = [fault for one in rows for fault in one.line.errors]
    report.warnings = [fault for one in rows for fault in one.line.warnings]
    return report


def _tell_groups(compared: ComparedRatings, cycle: RatingCycle, user: User | None) -> None:
    """The caps of every comparable group of the units that the file touches, and how far these units are."""
    touched = {one.rated.unit_id for one in compared.rows if one.rated is not None}
    agencies = Agencies(cycle.ends_on)
    checks = check_units(cycle, touched, agencies=agencies) if touched else {}
    codes = dict(Unit.objects.filter(pk__in={*agencies.all(), *touched}).values_list("pk", "code"))
    within = set(Unit.objects.visible_to(user, Action.APPRAISE).values_list("pk", flat=True))
    groups = {
        (group.key, group.regime): group
        for unit_id in sorted(checks)
        for group in checks[unit_id].groups
        if is_told(group, within)
    }
    compared.groups = [_told(group, agencies.names, codes) for group in groups.values()]
    compared.units = [_progress(checks[unit_id], agencies.names, codes) for unit_id in sorted(checks)]
    compared.report.extra |= {
        "cycle": cycle.code,
        "groups": compared.groups,
        "caps_exceeded": sum(group["too_many"] > 0 for group in compared.groups),
        "units": compared.units,
    }


def is_told(group: GroupCheck, units: Collection[int]) -> bool:
    """Whether a group may be told to who sees these units: heads are counted below the authority over them."""
    return group.key[0] != HEADS or group.key[1] in units


def _told(group: GroupCheck, names: Mapping[int, str], codes: Mapping[int, str]) -> dict[str, Any]:
    finding = group.finding
    code = codes.get(group.key[1], "")
    return {
        "key": f"{group.key[0]}:{code}:{group.regime}",
        "label": group.label,
        "unit": code,
        "unit_name": names.get(group.key[1], ""),
        "regime": group.regime,
        "people": group.people,
        "excellent": group.excellent,
        "good": group.good,
        "allowed": group.allowed,
        "too_many": group.too_many,
        "outcome": finding.outcome,
        "percent": finding.value,
        "missing": list(finding.missing),
        "citation": finding.citation.text if finding.citation else None,
        "confidence": finding.confidence,
    }


def _progress(check: UnitCheck, names: Mapping[int, str], codes: Mapping[int, str]) -> dict[str, Any]:
    return {
        "unit": codes.get(check.unit_id, ""),
        "name": names.get(check.unit_id, ""),
        "people": len(check.rated),
        "done": check.done,
        "missing": len(check.missing),
    }
