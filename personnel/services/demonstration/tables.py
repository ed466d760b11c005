"""Drawn records on their way into the tables: codes become keys, rows travel by COPY, their history follows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, models

from hrdb.kernel.history import write_history
from hrdb.kernel.text import fold, sort_key
from personnel.demonstration import records as drawn
from personnel.models import (
    Allowance,
    AllowanceKind,
    Asset,
    Assignment,
    Cadre,
    Commendation,
    CommendationForm,
    Commune,
    Custody,
    Decision,
    DecisionItem,
    DecisionKind,
    Discipline,
    DisciplineForm,
    Employment,
    Establishment,
    EthnicGroup,
    FamilyBackground,
    HealthCheck,
    HonourTitle,
    JobPosition,
    Language,
    LifeHistory,
    Mandate,
    PartyMembership,
    PayStep,
    PolicyStatus,
    PoliticalReview,
    PropertyKind,
    Qualification,
    QualificationLevel,
    Rank,
    Relative,
    RelativeKind,
    Religion,
    Schooling,
    Seat,
    StudyForm,
    Title,
    Unit,
    UnitKind,
    UnitSuccession,
    UnitVersion,
)

Codes = Mapping[Any, int]


@dataclass(slots=True)
class CodeKeys:
    """Primary keys by code, as the records name things."""

    lists: dict[type[models.Model], dict[Any, int]]
    levels: dict[tuple[str, str], int]
    titles: dict[str, int]
    units: dict[str, int]
    seats: dict[tuple[str, str], int]
    positions: dict[tuple[str, str], int]
    mandates: dict[tuple[str, int], int]
    decisions: dict[str, int]

    @classmethod
    def read(cls) -> CodeKeys:
        """The code lists and titles that `prepare` loaded."""
        models_of_codes = (
            AllowanceKind,
            CommendationForm,
            Commune,
            DecisionKind,
            DisciplineForm,
            EthnicGroup,
            FamilyBackground,
            HonourTitle,
            Language,
            PolicyStatus,
            PropertyKind,
            Rank,
            RelativeKind,
            Religion,
            Schooling,
            StudyForm,
            UnitKind,
        )
        return cls(
            lists={model: dict(model.objects.values_list("code", "pk")) for model in models_of_codes},
            levels={
                (kind, code): pk for kind, code, pk in QualificationLevel.objects.values_list("kind", "code", "pk")
            },
            titles=dict(Title.objects.values_list("code", "pk")),
            units=dict(Unit.objects.values_list("code", "pk")),
            seats={},
            positions={},
            mandates={},
            decisions={},
        )


class _Table:
    """Sends drawn records of one kind to a model's table by COPY and writes their history."""

    def __init__(
        self, model: type[models.Model], record: type[Any], links: Mapping[str, Codes] | None = None, *extra: str
    ) -> None:
        """`links` turns codes of a field into keys; `extra` are columns that stand before those of the record."""
        fields = {field.name: field for field in model._meta.concrete_fields}
        links = links or {}
        self.model = model
        self.maps = [links.get(name) for name in record._fields]
        named = [*extra, *record._fields]
        columns = ["id", *(fields[name].column for name in named)]
        rest = [field for name, field in fields.items() if name not in {*named, "id"} and not field.null]
        columns += [field.column for field in rest]
        self.constants = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
        quote = connection.ops.quote_name
        self.sql = (
            f"COPY {quote(model._meta.db_table)} ({', '.join(quote(str(column)) for column in columns)}) FROM STDIN"
        )

    def mapped(self, record: Sequence[Any]) -> list[Any]:
        """The values of a record with keys in the place of codes."""
        return [
            value if known is None or value is None else known[value]
            for value, known in zip(record, self.maps, strict=True)
        ]

    def write(self, rows: Sequence[Sequence[Any]]) -> range:
        """COPY rows (extra columns, then the mapped record) and write their history; answers their keys."""
        keys = self._reserve(len(rows))
        with connection.cursor() as cursor, cursor.copy(self.sql) as copy:
            for key, row in zip(keys, rows, strict=True):
                copy.write_row((key, *row, *self.constants))
        if keys:
            write_history(self.model, keys)
        return keys

    def _reserve(self, count: int) -> range:
        """The next `count` keys of the table's sequence."""
        if not count:
            return range(0)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(seq, nextval(seq) + %s - 1) FROM pg_get_serial_sequence(%s, 'id') AS seq",
                [count, self.model._meta.db_table],
            )
            last = int(cursor.fetchone()[0])
        return range(last - count + 1, last + 1)


def write_structure(structure: drawn.Structure, codes: CodeKeys) -> int:
    """Units with their versions, successions, establishment, seats, job positions and mandates."""
    rows = _write_decisions(structure.decisions, codes)
    units = [unit for unit in structure.units.values() if unit.code not in codes.units]
    keys = _Table(Unit, _UnitRow).write([(unit.code,) for unit in units])
    codes.units.update(zip((unit.code for unit in units), keys, strict=True))
    kinds = codes.lists[UnitKind]
    links: dict[str, Codes] = {"parent": codes.units, "kind": kinds, "decision": codes.decisions}
    versions = _Table(UnitVersion, drawn.UnitVersionRecord, links, "unit", "search_key")
    version_rows = [
        (codes.units[unit.code], fold(version.name), *versions.mapped(version))
        for unit in units
        for version in unit.versions
    ]
    rows += len(units) + len(versions.write(version_rows))
    both: dict[str, Codes] = {"predecessor": codes.units, "successor": codes.units, "decision": codes.decisions}
    rows += _write_plain(UnitSuccession, drawn.SuccessionRecord, both, structure.successions)
    of_unit: dict[str, Codes] = {"unit": codes.units, "decision": codes.decisions}
    rows += _write_plain(Establishment, drawn.EstablishmentRecord, of_unit, structure.establishments)
    keys = _write_keyed(Seat, drawn.SeatRecord, {"unit": codes.units, "title": codes.titles}, structure.seats)
    codes.seats.update(zip(((seat.unit, seat.title) for seat in structure.seats), keys, strict=True))
    ranked: dict[str, Codes] = {"unit": codes.units, "required_rank": codes.lists[Rank]}
    positions = structure.job_positions
    keys = _write_keyed(JobPosition, drawn.JobPositionRecord, ranked, positions)
    codes.positions.update(zip(((item.unit, item.code) for item in positions), keys, strict=True))
    keys = _write_keyed(Mandate, drawn.MandateRecord, {"body": codes.units}, structure.mandates)
    codes.mandates.update(zip(((item.body, item.begins_on.year) for item in structure.mandates), keys, strict=True))
    return rows + len(codes.seats) + len(codes.positions) + len(codes.mandates)


class _UnitRow(NamedTuple):
    """The one column of a unit."""

    code: str


class _CadreExtra(NamedTuple):
    """Keys derived from the name, beside the record of a person."""

    search_key: str
    sort_key: str


def _write_keyed(
    model: type[models.Model], record: type[Any], links: Mapping[str, Codes], records: Sequence[Any]
) -> range:
    table = _Table(model, record, links)
    return table.write([table.mapped(item) for item in records])


def _write_plain(
    model: type[models.Model], record: type[Any], links: Mapping[str, Codes], records: Sequence[Any]
) -> int:
    return len(_write_keyed(model, record, links, records))


class _DecisionRow(NamedTuple):
    """A decision without the key by which records point to it."""

    number: str
    signed_on: datetime.date
    issuer: str
    signer: str
    kind: str
    effective_on: datetime.date
    summary: str


def _write_decisions(decisions: Iterable[drawn.DecisionRecord], codes: CodeKeys) -> int:
    """Decisions, each once; people may share one."""
    new = {decision.key: decision for decision in decisions if decision.key not in codes.decisions}
    table = _Table(Decision, _DecisionRow, {"kind": codes.lists[DecisionKind]})
    keys = table.write([table.mapped(decision[1:]) for decision in new.values()])
    codes.decisions.update(zip(new, keys, strict=True))
    return len(new)


@dataclass(frozen=True, slots=True)
class RecordTable:
    """One kind of rows of a record: the attribute of a person that holds them and how they are written."""

    attribute: str
    table: _Table


def record_tables(codes: CodeKeys) -> list[RecordTable]:
    """Every kind of rows of a record; assignments and qualifications have more to look up and stand apart."""
    lists = codes.lists
    decided: dict[str, Codes] = {"decision": codes.decisions}
    kinds: tuple[tuple[str, type[models.Model], type[Any], dict[str, Codes]], ...] = (
        ("custodies", Custody, drawn.CustodyRecord, {"unit": codes.units}),
        ("employments", Employment, drawn.EmploymentRecord, decided),
        ("pay_steps", PayStep, drawn.PayStepRecord, {"rank": lists[Rank], **decided}),
        ("allowances", Allowance, drawn.AllowanceRecord, {"kind": lists[AllowanceKind]}),
        ("party", PartyMembership, drawn.PartyMembershipRecord, {}),
        (
            "commendations",
            Commendation,
            drawn.CommendationRecord,
            {"emulation_title": lists[HonourTitle], "form": lists[CommendationForm]},
        ),
        ("disciplines", Discipline, drawn.DisciplineRecord, {"form": lists[DisciplineForm]}),
        ("relatives", Relative, drawn.RelativeRecord, {"kind": lists[RelativeKind]}),
        ("life_histories", LifeHistory, drawn.LifeHistoryRecord, {}),
        ("health_checks", HealthCheck, drawn.HealthCheckRecord, {}),
        ("assets", Asset, drawn.AssetRecord, {"property_kind": lists[PropertyKind]}),
        ("political_reviews", PoliticalReview, drawn.PoliticalReviewRecord, {}),
    )
    return [RecordTable(name, _Table(model, record, links, "cadre")) for name, model, record, links in kinds]


def write_people(people: Sequence[drawn.Person], codes: CodeKeys, tables: Sequence[RecordTable]) -> int:
    """A block of people with every row of their records; answers the number of rows."""
    rows = _write_decisions((decision for person in people for decision in person.decisions), codes)
    keys = _write_cadres(people, codes)
    rows += _write_decision_people(people, keys, codes)
    rows += len(keys) + _write_assignments(people, keys, codes) + _write_qualifications(people, keys, codes)
    for kind in tables:
        mapped = kind.table.mapped
        rows += len(
            kind.table.write(
                [
                    (key, *mapped(record))
                    for key, person in zip(keys, people, strict=True)
                    for record in getattr(person, kind.attribute)
                ]
            )
        )
    return rows


class _ItemRow(NamedTuple):
    """A person of a decision."""

    cadre: int
    decision: str


def _write_decision_people(people: Sequence[drawn.Person], keys: range, codes: CodeKeys) -> int:
    """Who the decisions are about, as the register lists them."""
    table = _Table(DecisionItem, _ItemRow, {"decision": codes.decisions})
    pairs = [
        _ItemRow(key, decision)
        for key, person in zip(keys, people, strict=True)
        for decision in dict.fromkeys(decision.key for decision in person.decisions)
    ]
    return len(table.write([table.mapped(pair) for pair in pairs]))


def _write_cadres(people: Sequence[drawn.Person], codes: CodeKeys) -> range:
    lists = codes.lists
    links: dict[str, Codes] = {
        "ethnicity": lists[EthnicGroup],
        "religion": lists[Religion],
        "birth_commune": lists[Commune],
        "home_commune": lists[Commune],
        "family_background": lists[FamilyBackground],
        "policy_status": lists[PolicyStatus],
        "schooling": lists[Schooling],
        "honour": lists[HonourTitle],
    }
    table = _Table(Cadre, drawn.CadreRecord, links, *_CadreExtra._fields)
    return table.write(
        [
            (fold(person.cadre.full_name), sort_key(person.cadre.full_name), *table.mapped(person.cadre))
            for person in people
        ]
    )


def _write_assignments(people: Sequence[drawn.Person], keys: range, codes: CodeKeys) -> int:
    """Assignments, with the seat and the job position that they fill."""
    links: dict[str, Codes] = {
        "unit": codes.units,
        "title": codes.titles,
        "mandate": codes.mandates,
        "decision": codes.decisions,
    }
    table = _Table(Assignment, drawn.AssignmentRecord, links, "cadre", "seat")
    place = drawn.AssignmentRecord._fields.index("job_position")
    rows = []
    for key, person in zip(keys, people, strict=True):
        for record in person.assignments:
            row = table.mapped(record)
            if record.job_position is not None:
                row[place] = codes.positions[record.unit or "", record.job_position]
            seat = codes.seats.get((record.unit or "", record.title or ""))
            rows.append((key, seat, *row))
    return len(table.write(rows))


def _write_qualifications(people: Sequence[drawn.Person], keys: range, codes: CodeKeys) -> int:
    """Qualifications, whose level is named by kind and code."""
    links: dict[str, Codes] = {"language": codes.lists[Language], "study_form": codes.lists[StudyForm]}
    table = _Table(Qualification, drawn.QualificationRecord, links, "cadre")
    place = drawn.QualificationRecord._fields.index("level")
    rows = []
    for key, person in zip(keys, people, strict=True):
        for record in person.qualifications:
            row = table.mapped(record)
            if record.level is not None:
                row[place] = codes.levels[record.kind, record.level]
            rows.append((key, *row))
    return len(table.write(rows))
