"""A roster from file to record: understand, compare, report; then write all, or the good rows, in one transaction."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from django.db import transaction
from django.utils import timezone

from hrdb.kernel.many import collection_paused
from hrdb.kernel.models import User
from hrdb.kernel.parameters import ParameterUnknown
from hrdb.kernel.spreadsheets.reading import read_workbook
from hrdb.kernel.text import fold
from personnel.choices import PRESENT_STATES, BatchState
from personnel.imports.report import Fault, ImportReport, hash_of
from personnel.imports.roster.categories import CategoryReader, inferred_groups
from personnel.imports.roster.database import Reference, read_reference, taught_mapping
from personnel.imports.roster.facts import Facts
from personnel.imports.roster.issues import RowIssue
from personnel.imports.roster.mapping import RosterMapping
from personnel.imports.roster.reconciling import missing_people, reconcile
from personnel.imports.roster.results import RosterRow, Understanding, UnknownValue
from personnel.imports.roster.translating import facts_of
from personnel.imports.roster.understanding import understand
from personnel.imports.roster.verdicts import Verdict
from personnel.models import Cadre, ImportBatch, Rank, Unit
from personnel.rules.ages import old_enough
from personnel.rules.pay import UnknownStep, coefficient
from personnel.rules.retirement import latest_birth_retired
from personnel.services.batches import office_of
from personnel.services.changes import ChangesRefused
from personnel.services.receiving import Wanted, ask_many
from personnel.services.rosters import lock_subtree, write_roster

Dates = Literal["ask", "as-is", "swap"]


@dataclass(frozen=True)
class RosterOptions:
    """What the officer decided about a roster."""

    unit: Unit | None = None
    day: datetime.date | None = None
    dates: Dates = "ask"
    accept_corrections: bool = False
    #: Corrections confirmed one by one: sheet, row and label.
    confirmed: frozenset[tuple[str, int, str]] = frozenset()
    skip_bad_rows: bool = False
    #: What is decided for this file alone, over what the office has taught before.
    mapping: RosterMapping = field(default_factory=RosterMapping)


@dataclass
class ReadRoster:
    """A file understood for a user: typed rows, and the reference that they were read against."""

    path: Path
    file_name: str
    user: User | None
    options: RosterOptions
    understanding: Understanding
    reference: Reference
    rows: list[RosterRow]
    facts: list[Facts]

    @property
    def day(self) -> datetime.date:
        """The day for which the roster says what held."""
        return self.understanding.day

    @cached_property
    def scales(self) -> dict[int, str]:
        """Pay scales by the key of the rank."""
        return dict(Rank.objects.exclude(scale="").values_list("pk", "scale"))

    @cached_property
    def retired_births(self) -> dict[str, datetime.date | None]:
        """By sex the last day of birth of those who had reached retirement age on the roster's day."""
        return {sex: latest_birth_retired(sex=sex, day=self.day) for sex in ("male", "female")}


@dataclass
class ComparedRoster:
    """A roster beside the record: verdict by place of good rows, faults, whom it does not list, and the report."""

    read: ReadRoster
    verdicts: dict[int, Verdict]
    missing: list[Cadre]
    report: ImportReport
    #: Categories that were inferred, to be decided about like unknown values.
    inferred: list[UnknownValue] = field(default_factory=list)

    @property
    def asking(self) -> list[int]:
        """The places of the rows that only the province can settle."""
        return [
            place
            for place, verdict in self.verdicts.items()
            if any(code == "needs-province" for _, code, _, _ in verdict.errors)
        ]


@collection_paused()
def read_roster(path: Path, *, user: User | None, options: RosterOptions, file_name: str = "") -> ReadRoster:
    """Understand a file. Raises UnreadableFile with a sentence."""
    today = timezone.localdate()
    reference = read_reference(user=user, day=options.day or today)
    mapping = _together(taught_mapping(office_of(user, options.unit)), options.mapping)
    understanding = understand(
        read_workbook(path, name=Path(file_name).stem),
        lookups=reference.lookups,
        today=today,
        mapping=mapping,
        dates=options.dates,
        day=options.day,
        default_unit=options.unit.code if options.unit else None,
    )
    rows = list(understanding.rows)
    categories = CategoryReader(reference, mapping.chosen(), understanding.day)
    facts = [facts_of(row, place, reference, categories) for place, row in enumerate(rows)]
    return ReadRoster(path, file_name or path.name, user, options, understanding, reference, rows, facts)


def _together(taught: RosterMapping, chosen: RosterMapping) -> RosterMapping:
    """What was taught before, and over it what is chosen now."""
    lists = {*taught.values, *chosen.values}
    return RosterMapping(
        columns={**taught.columns, **chosen.columns},
        header_rows=chosen.header_rows,
        values={name: {**taught.values.get(name, {}), **chosen.values.get(name, {})} for name in lists},
        dates=chosen.dates,
        skipped_sheets=chosen.skipped_sheets,
    )


@collection_paused()
def compare_roster(read: ReadRoster, *, lock: bool = False) -> ComparedRoster:
    """Compare the rows that can be read with the record, and report every row."""
    good = [facts for row, facts in zip(read.rows, read.facts, strict=True) if not row.has_errors]
    verdicts = reconcile(
        good,
        reference=read.reference,
        user=read.user,
        day=read.day,
        accept_corrections=read.options.accept_corrections,
        confirmed=read.options.confirmed,
        lock=lock,
    )
    compared = ComparedRoster(
        read=read,
        verdicts={facts.place: verdict for facts, verdict in zip(good, verdicts, strict=True)},
        missing=_missing(read, verdicts),
        report=ImportReport(file=read.file_name, sha256=hash_of(read.path)),
    )
    _fill_report(compared)
    return compared


@collection_paused()
def commit_roster(read: ReadRoster, *, batch: ImportBatch) -> ComparedRoster:
    """Compare again under the lock and write: everything, or with `skip_bad_rows` the good rows; nothing on a fault.

    Rows that need the province become receiving requests once something of the file may be written.
    """
    with transaction.atomic():
        lock_subtree(read.options.unit)
        compared = compare_roster(read, lock=True)
        report = compared.report
        if (report.errors and not read.options.skip_bad_rows) or read.understanding.needs_decision:
            return compared
        changes = [verdict.changes for verdict in compared.verdicts.values() if not verdict.errors]
        changes = [change for change in changes if not change.is_empty]
        batch.day, batch.unit = read.day, read.options.unit
        try:
            with transaction.atomic():
                write_roster(batch=batch, changes=changes, acting_user=read.user, unit=read.options.unit)
                _ask_province(compared, batch)
        except ChangesRefused as refused:
            _refuse(compared, refused)
            return compared
        report.committed = True
        batch.report = report.as_json()
        batch.save()
    return compared


def _missing(read: ReadRoster, verdicts: Sequence[Verdict]) -> list[Cadre]:
    listed = {facts.personal_number for facts in read.facts if facts.personal_number}
    names = {fold(facts.name) for facts in read.facts}
    known = {verdict.cadre_id for verdict in verdicts if verdict.cadre_id}
    people = missing_people(read.facts, known, user=read.user, day=read.day, tree=read.reference.tree)
    return [
        cadre
        for cadre in people
        if cadre.personal_number not in listed and not (cadre.personal_number is None and cadre.search_key in names)
    ]


def _fill_report(compared: ComparedRoster) -> None:
    read, report = compared.read, compared.report
    report.rows = len(read.rows)
    outcomes = [_outcome(place, row, compared) for place, row in enumerate(read.rows)]
    for name in ("created", "changed", "same", "rejected"):
        setattr(report, name, outcomes.count(name))
    for issue in read.understanding.all_issues:
        (report.errors if issue.severity == "error" else report.warnings).append(_fault(issue))
    report.pending = sum(verdict.is_pending for verdict in compared.verdicts.values())
    letters = _letters(read.understanding)
    for place, verdict in compared.verdicts.items():
        row = read.rows[place]
        report.errors += [_found(row, letters, *fault) for fault in verdict.errors]
        report.warnings += [_found(row, letters, *fault) for fault in verdict.warnings]
        report.warnings += [_found(row, letters, *fault) for fault in _plausibility(row, read.facts[place], read)]
    for value, warning in inferred_groups((read.facts[place], one) for place, one in compared.verdicts.items()):
        compared.inferred.append(value)
        report.warnings.append(warning)
    report.errors.sort(key=lambda fault: (fault.sheet, fault.row))
    report.extra = {
        "day": read.day.isoformat(),
        "missing": [
            {"name": cadre.full_name, "personal_number": cadre.personal_number or ""} for cadre in compared.missing
        ],
        "notes": read.understanding.notes,
    }


def _outcome(place: int, row: RosterRow, compared: ComparedRoster) -> str:
    verdict = compared.verdicts.get(place)
    return "rejected" if verdict is None else verdict.outcome


#: Columns of the roster that comparison speaks of, by the words it uses.
_FIELDS = {
    "Chức vụ, đơn vị": "title",
    "Đơn vị": "unit",
    "Ngạch, bậc, hệ số": "rank",
    "Mã ngạch": "rank",
    "Số định danh cá nhân": "personal_number",
    "Họ và tên": "name",
    "Ngày sinh": "birth_date",
    "Giới tính": "sex",
    "Dân tộc": "ethnicity",
    "Ngày vào Đảng": "party_joined_on",
    "Ngày chính thức": "party_official_on",
    "Đối tượng, tình trạng": "category",
    "Tình trạng": "state",
    "Ngày tuyển dụng": "recruited_on",
}


def _letters(understanding: Understanding) -> dict[tuple[str, str], str]:
    """The letter of the first column of each field, by sheet."""
    found: dict[tuple[str, str], str] = {}
    for table in understanding.tables:
        for column in table.columns:
            if column.column_key is not None:
                found.setdefault((table.sheet, column.column_key.split(":")[0]), column.letter)
    return found


def _fault(issue: RowIssue) -> Fault:
    return Fault(issue.sheet, issue.row, issue.column, issue.code, str(issue.value), issue.message)


def _found(
    row: RosterRow, letters: dict[tuple[str, str], str], column: str, code: str, value: str, message: str
) -> Fault:
    """A fault that comparison found, at the letter of the column it is about where the sheet has one."""
    return Fault(row.sheet, row.row, letters.get((row.sheet, _FIELDS.get(column, "")), column), code, value, message)


def _plausibility(row: RosterRow, facts: Facts, read: ReadRoster) -> list[tuple[str, str, str, str]]:
    """What the law or the lists find odd about a person who is otherwise fine."""
    found = []
    if facts.born is not None and facts.state in ("", *PRESENT_STATES):
        last = read.retired_births.get(facts.sex)
        if last is not None and facts.born.value <= last:
            message = "Đã quá tuổi nghỉ hưu vào ngày của danh sách."
            found.append(("Ngày sinh", "past-retirement", facts.born.text, message))
    found += _party_age(facts, read.day)
    found += _pay_step(facts, read)
    mismatch = _rank_and_title(row, read.reference)
    if mismatch:
        found.append(("Mã ngạch", "rank-title-mismatch", *mismatch))
    return found


def _party_age(facts: Facts, day: datetime.date) -> list[tuple[str, str, str, str]]:
    """Someone who would have joined the Party as a child."""
    joined = facts.party_joined_on
    if joined is None or facts.born is None or joined.last_day < facts.born.value:
        return []
    finding = old_enough("party", born=facts.born, day=joined.last_day, law_of=day)
    if finding.outcome != "not_met":
        return []
    message = f"Chưa đủ {finding.value} tuổi khi vào Đảng: hãy xem lại ngày sinh, ngày vào Đảng."
    return [("Ngày vào Đảng", "under-party-age", joined.text, message)]


def _pay_step(facts: Facts, read: ReadRoster) -> list[tuple[str, str, str, str]]:
    """A step that the pay table does not have, or with another coefficient."""
    scale = read.scales.get(facts.rank_id or 0, "")
    if not scale or facts.step is None:
        return []
    try:
        due = coefficient(scale, facts.step, read.day)
    except UnknownStep as error:
        return [("Bậc", "step-mismatch", str(facts.step), str(error))]
    except ParameterUnknown:
        return []
    if facts.coefficient is None or facts.coefficient == due:
        return []
    told = f"{facts.coefficient:.2f}".replace(".", ",")
    message = f"Bậc {facts.step} có hệ số {due:.2f}".replace(".", ",") + f", danh sách ghi {told}."
    return [("Hệ số", "step-mismatch", told, message)]


def _rank_and_title(row: RosterRow, reference: Reference) -> tuple[str, str] | None:
    """A title that is the name of one rank beside the code of another."""
    rank, titles = row.code("rank"), row.value("title") or ()
    if not rank:
        return None
    for part in titles:
        named = reference.lookups.match_code("ranks", part.text)
        if named is not None and named != rank:
            return rank, f"Chức danh «{part.text}» không khớp mã ngạch {rank} (ngạch {part.text} có mã {named})."
    return None


def _ask_province(compared: ComparedRoster, batch: ImportBatch) -> None:
    """Rows with the neutral answer become receiving requests of their units; the operator asks nobody."""
    read = compared.read
    if read.user is None:
        return
    wanted: dict[int, list[Wanted]] = {}
    for place in compared.asking:
        facts = read.facts[place]
        unit_id = facts.unit_id or (read.options.unit.pk if read.options.unit else None)
        if unit_id is not None:
            details = {"file": read.file_name, "sheet": facts.sheet, "row": facts.row}
            wanted.setdefault(unit_id, []).append(Wanted(facts.personal_number, facts.name, details))
    for unit in Unit.objects.filter(pk__in=wanted):
        ask_many(unit=unit, wanted=wanted[unit.pk], acting_user=read.user, batch=batch)


def _refuse(compared: ComparedRoster, refused: ChangesRefused) -> None:
    """Rows that only the writing refused join the report; nothing was written."""
    report = compared.report
    for place, message in refused.faults:
        row = compared.read.rows[place]
        report.errors.append(Fault(row.sheet, row.row, "", "refused", str(row.value("name") or ""), message))
        verdict = compared.verdicts.get(place)
        if verdict is not None and verdict.outcome != "rejected":
            setattr(report, verdict.outcome, getattr(report, verdict.outcome) - 1)
            report.rejected += 1
            verdict.errors.append(("", "refused", "", message))


def new_batch(
    path: Path, *, user: User | None, file_name: str = "", unit: Unit | None = None, kind: str = "roster"
) -> ImportBatch:
    """The batch of a file that is about to be read."""
    return ImportBatch.objects.create(
        kind=kind,
        user=user,
        unit=unit,
        file_name=(file_name or path.name)[:250],
        sha256=hash_of(path),
        state=BatchState.UPLOADED,
    )
