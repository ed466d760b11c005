"""A department with an officer, somebody whose record is full, and somebody elsewhere."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hrdb.kernel.history import history_model, tracked_models
from hrdb.kernel.models import User
from personnel.imports.report import ImportReport
from personnel.imports.workbook.importing import ComparedBook, commit_book, compare_book, new_batch, read_book
from personnel.models import (
    Allowance,
    AllowanceKind,
    Asset,
    Cadre,
    Commendation,
    Decision,
    Discipline,
    DisciplineForm,
    HealthCheck,
    HonourTitle,
    ImportBatch,
    LifeHistory,
    PartyMembership,
    PayStep,
    PoliticalReview,
    Qualification,
    QualificationLevel,
    Rank,
    Relative,
    RelativeKind,
    Title,
    Unit,
)
from personnel.policies import Role
from tests.factories.personnel import make, make_cadre, make_code, make_title, make_unit, make_user
from tests.factories.record_workbooks import EditedBook

DAY = datetime.date(2015, 3, 1)
NUMBER, AWAY_NUMBER = "010080000001", "010080000002"


@dataclass
class Office:
    """A department: its officer, who is kept there, and who is kept elsewhere."""

    unit: Unit
    away: Unit
    officer: User
    cadre: Cadre
    stranger: Cadre
    title: Title
    level: QualificationLevel
    rank: Rank

    def book(self, user: User | None = None) -> EditedBook:
        """The record as the officer exports it."""
        return EditedBook.exported([self.cadre], user or self.officer)


@pytest.fixture
def office(db: None) -> Office:
    """The department."""
    top = make_unit("GOC", name="Ủy ban nhân dân tỉnh")
    unit = make_unit("SNV", parent=top, name="Sở Nội vụ")
    away = make_unit("SYT", parent=top, name="Sở Y tế")
    title = make_title("CV", name="Chuyên viên")
    level = make_code(QualificationLevel, "DH", kind="professional", name="Đại học")
    make_code(QualificationLevel, "SC", kind="professional", name="Sơ cấp")
    make_code(QualificationLevel, "SC", kind="political_theory", name="Sơ cấp")
    rank = make_code(Rank, "01.003", name="Chuyên viên", scale="")
    make_code(RelativeKind, "01", name="Cha")
    cadre = make_cadre(unit=unit, name="Giàng A Páo", personal_number=NUMBER, title=title, since=DAY)
    stranger = make_cadre(unit=away, name="Lạ Thị Xa", personal_number=AWAY_NUMBER)
    return Office(unit, away, make_user(Role.UNIT_OFFICER, unit=unit), cadre, stranger, title, level, rank)


@pytest.fixture
def full(office: Office) -> Office:
    """The same with a row in every part of the record."""
    of: dict[str, Any] = {"cadre": office.cadre}
    decision = make(Decision, number="15/QĐ", signed_on=DAY, issuer="Sở Nội vụ", effective_on=DAY)
    make(Qualification, **of, kind="professional", level=office.level, effective_from=DAY, start_precision="month")
    make(PayStep, **of, rank=office.rank, step=2, coefficient=Decimal("2.67"), effective_from=DAY, decision=decision)
    make(
        Allowance, **of, kind=make_code(AllowanceKind, "KV", name="Khu vực"), percent=Decimal("25"), effective_from=DAY
    )
    make(PartyMembership, **of, effective_from=DAY, joined_precision="year", card_number="00012345")
    make(Commendation, **of, year=2020, emulation_title=make_code(HonourTitle, "LD", name="Lao động tiên tiến"))
    form = make_code(DisciplineForm, "KT", name="Khiển trách", regime="state")
    make(Discipline, **of, regime="state", form=form, effective_from=DAY, effective_until=DAY.replace(year=2016))
    make(Relative, **of, kind=RelativeKind.objects.get(code="01"), full_name="Giàng A Cha", birth_year=1955)
    make(LifeHistory, **of, kind="foreign_relative", details="Có em ruột ở nước ngoài.\nĐã khai báo.")
    make(HealthCheck, **of, checked_on=DAY, status="Loại II", height_cm=167, weight_kg=Decimal("65.3"))
    make(Asset, **of, kind="income_salary", amount=Decimal("148000000"))
    make(PoliticalReview, **of, authority="Ban Thường vụ", concluded_on=DAY, result="met")
    return office


def history_count() -> int:
    """How many history rows there are in all tables."""
    return sum(history_model(model)._default_manager.count() for model in tracked_models())


Send = Callable[..., ComparedBook]


@pytest.fixture
def check(tmp_path: Path, office: Office) -> Send:
    """Compare an edited workbook with the record, as the officer unless told otherwise."""

    def run(book: EditedBook, user: User | None = office.officer) -> ComparedBook:
        return compare_book(read_book(book.save(tmp_path / "so.xlsx"), user=user))

    return run


@pytest.fixture
def commit(tmp_path: Path, office: Office) -> Send:
    """Write an edited workbook."""

    def run(book: EditedBook, user: User | None = office.officer, reason: str = "sửa theo hồ sơ giấy") -> ComparedBook:
        path = book.save(tmp_path / "so.xlsx")
        read = read_book(path, user=user, reason=reason)
        return commit_book(read, batch=new_batch(path, user=user))

    return run


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """created, changed, same, rejected."""
    return report.created, report.changed, report.same, report.rejected


def codes(report: ImportReport) -> list[tuple[str, int, str]]:
    """Sheet, row and code of each error."""
    return [(fault.sheet, fault.row, fault.code) for fault in report.errors]


def last_batch() -> ImportBatch:
    """The newest batch."""
    found = ImportBatch.objects.order_by("pk").last()
    assert found is not None
    return found
