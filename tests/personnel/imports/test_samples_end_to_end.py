"""Rosters as offices make them, from the file to the record, beside the truth about them."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db.models import QuerySet

from hrdb.kernel.history import history_model
from personnel.choices import AssignmentKind, QualificationKind
from personnel.imports.roster.importing import (
    ComparedRoster,
    RosterOptions,
    commit_roster,
    compare_roster,
    new_batch,
    read_roster,
)
from personnel.imports.roster.rejected import write_rejected
from personnel.imports.units import import_units
from personnel.models import (
    Assignment,
    Cadre,
    ImportBatch,
    PayStep,
    Qualification,
    Unit,
    UnitVersion,
)
from personnel.services.reference import load_reference
from personnel.services.rosters import undo_roster
from tests.once import made_once
from tests.personnel.imports.test_units import _file as units_file

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parent / "roster" / "samples"
DAY = datetime.date(2025, 12, 31)
KINDS = {
    "degree": QualificationKind.PROFESSIONAL,
    "politics": QualificationKind.POLITICAL_THEORY,
    "state": QualificationKind.STATE_MANAGEMENT,
}


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The code lists and the units that the samples speak of, for all tests of this module."""
    with made_once(django_db_blocker):
        _make_province(tmp_path_factory.mktemp("units"))
        yield


def _make_province(folder: Path) -> None:
    load_reference()
    offices = [
        "Văn phòng UBND tỉnh", "Sở Nội vụ", "Sở Tài chính", "Sở Y tế", "Sở Giáo dục và Đào tạo", "Sở Xây dựng",
        "Sở Nông nghiệp và Môi trường", "Sở Khoa học và Công nghệ", "Sở Tư pháp", "Sở Công Thương",
        "Sở Văn hóa, Thể thao và Du lịch", "Sở Dân tộc và Tôn giáo", "Thanh tra tỉnh",
    ]  # fmt: skip
    rows: list[list[object]] = [
        [f"UBND.{n:02d}", name, "UBND", "Sở, ban, ngành", "Tỉnh", "01/07/2025", "", "", ""]
        for n, name in enumerate(offices, 1)
    ]
    rows += [
        ["XP.1", "Ủy ban nhân dân phường Lào Cai", "UBND", "Ủy ban nhân dân", "Xã", "01/07/2025", "", "", ""],
        ["XP.2", "Ủy ban nhân dân xã Bát Xát", "UBND", "Ủy ban nhân dân", "Xã", "01/07/2025", "", "", ""],
        ["TH.1", "Trường THPT số 1", "UBND.05", "Đơn vị sự nghiệp công lập", "Tỉnh", "01/01/1995", "", "", ""],
    ]
    assert import_units(units_file(folder, *rows), acting_user=None, commit=True).committed


def _truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"roster-{name}.truth.json").read_text(encoding="utf-8"))
    return found


def _import(name: str, **options: Any) -> ComparedRoster:
    path = SAMPLES / f"roster-{name}.xlsx"
    unit = Unit.objects.get(code=options.pop("unit")) if "unit" in options else None
    read = read_roster(path, user=None, options=RosterOptions(unit=unit, skip_bad_rows=True, **options))
    return commit_roster(read, batch=new_batch(path, user=None, unit=unit))


@pytest.mark.parametrize(("name", "unit"), [("a", ""), ("b", ""), ("commune", ""), ("school", "TH.1")])
@pytest.mark.usefixtures("province")
def test_what_the_sample_says_stands_in_the_record(name: str, unit: str) -> None:
    truth = _truth(name)
    compared = _import(name, **({"unit": unit} if unit else {}))
    bad = {(sheet, row) for sheet, row, _ in truth["errors"]}
    report = compared.report
    assert sorted((fault.sheet, fault.row, fault.code) for fault in report.errors) == sorted(
        (sheet, row, code) for sheet, row, code in truth["errors"]
    )
    assert (report.rows, report.rejected, report.created) == (truth["rows"], len(bad), truth["rows"] - len(bad))
    names = UnitVersion.objects.names_on(DAY)
    written = {cadre.personal_number: cadre for cadre in _people()}
    for person in truth["people"]:
        if (person["sheet"], person["row"]) in bad:
            continue
        cadre = written.pop(person["citizen_id"])
        assert (cadre.full_name.lower(), cadre.sex, cadre.born.isoformat()) == (
            person["name"].lower(),
            person["sex"],
            person["born"],
        )
        assert cadre.ethnicity.name.startswith(person["ethnicity"])
        if person.get("unit"):
            (custody,) = cadre.custody_set.all()
            assert names[custody.unit_id] == person["unit"]
        _check_post(cadre, person)
        _check_pay_and_party(cadre, person, has_party="party_joined" in person and name != "commune")
        if name == "a":
            _check_learnings(cadre, person)
    assert written == {}


def _people() -> QuerySet[Any]:
    """Everybody with what the samples say of them, in a few queries."""
    parts = ("assignment_set__title", "custody_set", "paystep_set", "partymembership_set", "qualification_set__level")
    return Cadre.objects.select_related("ethnicity").prefetch_related(*parts)


def _check_post(cadre: Cadre, person: dict[str, Any]) -> None:
    posts = sorted(cadre.assignment_set.all(), key=lambda post: post.pk)
    written = ", ".join(post.title_text or post.title.name for post in posts).lower()
    assert [post.kind for post in posts].count(AssignmentKind.MAIN) == 1
    first = person["post"].replace(";", ",").split(",")[0].strip().lower()
    assert first in written or posts[0].title.name.lower().startswith(first)


def _check_pay_and_party(cadre: Cadre, person: dict[str, Any], *, has_party: bool) -> None:
    (pay,) = cadre.paystep_set.all()
    assert pay.coefficient == Decimal(str(person["coefficient"]))
    if has_party:
        joined = [member.effective_from.isoformat() for member in cadre.partymembership_set.all()]
        assert joined == ([person["party_joined"]] if person["party_joined"] else [])


def _check_learnings(cadre: Cadre, person: dict[str, Any]) -> None:
    for key, kind in KINDS.items():
        held = [row for row in cadre.qualification_set.all() if row.kind == kind]
        names = {row.level.name if row.level else row.level_text for row in held}
        wanted = {person[key]} if person[key] else set()
        assert {name.removesuffix(" và tương đương") for name in names} == wanted, (person["row"], key)


@pytest.mark.usefixtures("province")
def test_the_same_file_again_writes_nothing_and_undo_restores_everything() -> None:
    first = _import("b")
    assert first.report.committed
    written = {model: history_model(model).objects.count() for model in (Cadre, Assignment, Qualification, PayStep)}
    again = _import("b")
    assert (again.report.created, again.report.changed) == (0, 0)
    assert {model: history_model(model).objects.count() for model in written} == written
    undo_roster(batch=ImportBatch.objects.order_by("pk").first(), acting_user=None)
    assert not Cadre.objects.exists()
    assert not Assignment.objects.exists()


@pytest.mark.usefixtures("province")
def test_a_file_with_errors_writes_nothing_unless_asked_to_skip_them() -> None:
    path = SAMPLES / "roster-b.xlsx"
    read = read_roster(path, user=None, options=RosterOptions())
    compared = commit_roster(read, batch=new_batch(path, user=None))
    assert (compared.report.committed, compared.report.exit_code, Cadre.objects.count()) == (False, 1, 0)


@pytest.mark.usefixtures("province")
def test_rejected_rows_come_back_with_reasons_and_can_be_sent_again(tmp_path: Path) -> None:
    compared = _import("a")
    path = tmp_path / "loi.xlsx"
    assert write_rejected(compared, path) == 31
    read = read_roster(path, user=None, options=RosterOptions())
    again = compare_roster(read)
    assert (read.day, again.report.rows, again.report.rejected) == (DAY, 31, 31)
