"""A roster beside the record: what corrects, succeeds, adds, conflicts, and what is never changed or told."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hrdb.kernel.audit import writing
from hrdb.kernel.dates import PartialDate
from hrdb.kernel.history import history_model
from hrdb.kernel.models import User
from hrdb.kernel.periods import StartPrecision
from personnel.choices import AssignmentKind, EmploymentState, QualificationKind
from personnel.imports.roster.database import read_reference
from personnel.imports.roster.facts import Facts, Learning, Post
from personnel.imports.roster.reconciling import missing_people, reconcile
from personnel.imports.roster.verdicts import Verdict
from personnel.models import (
    Assignment,
    Cadre,
    Custody,
    Decision,
    Employment,
    ImportBatch,
    PartyMembership,
    PayStep,
    Qualification,
    QualificationLevel,
    Rank,
    Unit,
)
from personnel.policies import Role
from personnel.reports.snapshot import record_snapshots
from personnel.reports.values import identity_values
from personnel.services.rosters import undo_roster, write_roster
from tests.factories.personnel import make, make_cadre, make_code, make_unit, make_user, personal_number

pytestmark = pytest.mark.django_db

D = datetime.date
DAY = D(2025, 12, 31)


def facts(place: int = 0, **values: Any) -> Facts:
    """A row that names a person."""
    return Facts(**{"place": place, "sheet": "Trang", "row": place + 10, "name": "Lò Thị Mai", **values})


def judge(*rows: Facts, user: User | None = None, day: D = DAY, accept: bool = False) -> list[Verdict]:
    """Compare rows with the record."""
    reference = read_reference(user=user, day=day)
    return reconcile(rows, reference=reference, user=user, day=day, accept_corrections=accept)


def write(*verdicts: Verdict, user: User | None = None) -> ImportBatch:
    """Write what the verdicts ask for."""
    batch = ImportBatch.objects.create(user=user, file_name="danh-sach.xlsx", sha256="0" * 64)
    changes = [verdict.changes for verdict in verdicts if not verdict.changes.is_empty]
    write_roster(batch=batch, changes=changes, acting_user=user, unit=None)
    return batch


def main_post(text: str) -> list[Post]:
    return [Post(None, text, AssignmentKind.MAIN)]


@pytest.fixture
def unit() -> Unit:
    return make_unit("SO.01", name="Sở Nội vụ")


def test_a_new_person_gets_a_whole_record_known_from_the_rosters_day(unit: Unit) -> None:
    degree = make_code(QualificationLevel, "04", kind=QualificationKind.PROFESSIONAL, name="Đại học")
    rank = make_code(Rank, "01.003", name="Chuyên viên")
    row = facts(
        personal_number=personal_number(sex="female"),
        sex="female",
        born=PartialDate.parse("1980"),
        unit_id=unit.pk,
        posts=[*main_post("Chuyên viên"), Post(None, "Bí thư Chi bộ", AssignmentKind.PARTY)],
        recruited_on=PartialDate.parse("2004-04-04"),
        party_joined_on=PartialDate.parse("2009-09-21"),
        is_party_member=True,
        learnings=[Learning(QualificationKind.PROFESSIONAL, degree.pk, "Đại học")],
        rank_id=rank.pk,
        step=2,
        coefficient=Decimal("2.67"),
    )
    (verdict,) = judge(row)
    assert verdict.outcome == "created"
    write(verdict)
    cadre = Cadre.objects.get()
    assert (cadre.born, cadre.born_precision, cadre.first_recruited_on) == (D(1980, 1, 1), "year", D(2004, 4, 4))
    assert Employment.objects.get().effective_from == D(2004, 4, 4)
    main, party = Assignment.objects.order_by("kind")
    assert (main.effective_from, main.start_precision, party.kind) == (DAY, "known_from", "party")
    assert "31/12/2025, chưa có quyết định" in main.basis
    assert Custody.objects.get().unit == unit
    assert PartyMembership.objects.get().effective_from == D(2009, 9, 21)
    assert (PayStep.objects.get().rank, Qualification.objects.get().level) == (rank, degree)


def test_a_year_of_recruitment_stays_a_year_until_the_day_is_known(unit: Unit) -> None:
    said = facts(personal_number=personal_number(), sex="male", born=PartialDate.parse("1980-05-10"), unit_id=unit.pk,
                 recruited_on=PartialDate.parse("2016"))  # fmt: skip
    write(*judge(said))
    cadre = Cadre.objects.get()
    assert cadre.first_recruited == PartialDate(D(2016, 1, 1), "year")
    assert (Employment.objects.get().effective_from, Employment.objects.get().start_precision) == (
        D(2016, 1, 1),
        "year",
    )
    (record,) = record_snapshots([cadre], DAY, None)
    assert identity_values(record)["first_recruited_on"] == "2016"
    (verdict,) = judge(replace(said, recruited_on=PartialDate.parse("2016-09-01")))
    write(verdict)
    cadre.refresh_from_db()
    assert cadre.first_recruited == PartialDate(D(2016, 9, 1))
    (verdict,) = judge(replace(said, recruited_on=PartialDate.parse("2016")))
    assert not [found for found in verdict.differences if found.label == "Ngày tuyển dụng"]
    (verdict,) = judge(replace(said, recruited_on=PartialDate.parse("2017")))
    assert [warning[1:3] for warning in verdict.warnings] == [("correction-pending", "2017")]


def test_the_same_rows_again_say_nothing_and_write_no_history(unit: Unit) -> None:
    row = facts(
        personal_number=personal_number(),
        sex="male",
        born=PartialDate.parse("1980-01-01"),
        unit_id=unit.pk,
        posts=main_post("Chuyên viên"),
        learnings=[Learning(QualificationKind.PROFESSIONAL, None, "ĐHSP Toán")],
        coefficient=Decimal("2.67"),
        party_joined_on=PartialDate.parse("2009-09-21"),
        is_party_member=True,
    )
    write(*judge(row))
    (again,) = judge(row)
    assert (again.outcome, again.changes.is_empty, again.differences) == ("same", True, [])


def test_identity_differences_wait_for_consent(unit: Unit) -> None:
    cadre = make_cadre(unit=unit, name="Lò Thị Mai", born=D(1980, 5, 10), sex="female")
    row = facts(personal_number=cadre.personal_number, name="Lò Thị May", sex="male")
    (pending,) = judge(row)
    assert [(item.label, item.how, item.is_written) for item in pending.differences] == [
        ("Họ và tên", "correct", False),
        ("Giới tính", "correct", False),
    ]
    assert pending.changes.is_empty
    (accepted,) = judge(row, accept=True)
    write(accepted)
    cadre.refresh_from_db()
    assert (cadre.full_name, cadre.search_key, cadre.sex) == ("Lò Thị May", "lo thi may", "male")


def member_row(number: str, unit: Unit, place: int = 0, **values: Any) -> Facts:
    """A row about a member of the Party."""
    born = PartialDate.parse("1980-01-01")
    return facts(place, personal_number=number, sex="male", born=born, unit_id=unit.pk, is_party_member=True, **values)


def test_an_official_day_alone_makes_a_member_by_that_day(unit: Unit) -> None:
    row = member_row(personal_number(), unit, party_official_on=D(2011, 2, 3))
    write(*judge(row))
    member = PartyMembership.objects.get()
    assert (member.effective_from, member.official_on) == (D(2011, 2, 3), D(2011, 2, 3))
    assert member.basis.endswith("chưa rõ ngày vào Đảng")
    (again,) = judge(row)
    assert again.outcome == "same"


def test_days_of_the_party_arrive_one_list_after_another(unit: Unit) -> None:
    number = personal_number()
    write(*judge(member_row(number, unit)))
    write(*judge(member_row(number, unit, party_official_on=D(2011, 2, 3))))
    write(*judge(member_row(number, unit, party_joined_on=PartialDate.parse("2010-02-03"))))
    member = PartyMembership.objects.get()
    assert (member.effective_from, member.official_on) == (D(2010, 2, 3), D(2011, 2, 3))
    assert "chưa rõ" not in member.basis
    (verdict,) = judge(member_row(number, unit, party_official_on=D(2009, 2, 3)))
    assert [code for _, code, _, _ in verdict.errors] == ["impossible-order"]


def test_what_a_second_line_adds_about_a_new_person_is_written(unit: Unit) -> None:
    number = personal_number()
    joined = PartialDate.parse("2010-02-03")
    first = member_row(number, unit, party_joined_on=joined)
    second = member_row(number, unit, 1, party_official_on=D(2011, 2, 3), identity={"phone": "0912345678"})
    write(*judge(first, second))
    member = PartyMembership.objects.get()
    assert (member.effective_from, member.official_on) == (D(2010, 2, 3), D(2011, 2, 3))
    assert member.cadre.phone == "0912345678"


def test_another_name_and_another_birth_date_are_somebody_else(unit: Unit) -> None:
    cadre = make_cadre(unit=unit, name="Lò Thị Mai", born=D(1980, 5, 10))
    row = facts(personal_number=cadre.personal_number, name="Giàng A Páo", born=PartialDate.parse("1990-01-01"))
    (verdict,) = judge(row, accept=True)
    assert [code for _, code, _, _ in verdict.errors] == ["number-of-another"]
    assert verdict.changes.is_empty


def test_a_name_that_differs_only_by_tone_place_or_capitals_is_the_same(unit: Unit) -> None:
    cadre = make_cadre(unit=unit, name="Nguyễn Đức Hòa", sex="male")
    (verdict,) = judge(facts(personal_number=cadre.personal_number, name="NGUYỄN ĐỨC HOÀ"))
    assert verdict.outcome == "same"


def test_what_is_missing_is_filled_without_consent_and_a_year_says_nothing_against_a_day(unit: Unit) -> None:
    cadre = make_cadre(unit=unit, name="Lò Thị Mai", born=D(1980, 5, 10), sex="")
    (verdict,) = judge(facts(personal_number=cadre.personal_number, sex="female", born=PartialDate.parse("1980")))
    assert [(item.label, item.how) for item in verdict.differences] == [("Giới tính", "fill")]


def test_another_title_succeeds_from_the_rosters_day(unit: Unit) -> None:
    cadre = make_cadre(unit=unit, since=D(2010, 1, 1), title_text="Chuyên viên")
    other = make_unit("SO.02", name="Sở Y tế")
    row = facts(
        personal_number=cadre.personal_number, name=cadre.full_name, unit_id=other.pk, posts=main_post("Phó Giám đốc")
    )
    (verdict,) = judge(row)
    assert [(item.label, item.how) for item in verdict.differences] == [("Chức vụ, đơn vị", "succeed")]
    write(verdict)
    first, second = Assignment.objects.filter(cadre=cadre).order_by("effective_from")
    assert (first.effective_until, second.effective_from, second.title_text) == (DAY, DAY, "Phó Giám đốc")
    assert Custody.objects.filter(cadre=cadre).in_force(DAY).get().unit == other
    assert Custody.objects.filter(cadre=cadre).in_force(D(2025, 12, 30)).get().unit == unit


def test_a_roster_of_the_department_says_nothing_against_its_division(unit: Unit) -> None:
    division = make_unit("SO.01.01", parent=unit, name="Phòng Tổ chức")
    cadre = make_cadre(unit=division, title_text="Chuyên viên")
    (verdict,) = judge(
        facts(
            personal_number=cadre.personal_number,
            name=cadre.full_name,
            unit_id=unit.pk,
            posts=main_post("Chuyên viên"),
        )
    )
    assert verdict.outcome == "same"


def test_a_signed_decision_is_never_changed_by_a_roster(unit: Unit) -> None:
    cadre = make_cadre(unit=unit, title_text="Trưởng phòng")
    decision = make(Decision, number="15/QĐ-SNV", signed_on=DAY, effective_on=DAY, issuer="Sở Nội vụ")
    held = Assignment.objects.get(cadre=cadre)
    with writing(acting_user=None, reason="gắn quyết định"):
        held.decision = decision
        held.save()
    (verdict,) = judge(
        facts(personal_number=cadre.personal_number, name=cadre.full_name, posts=main_post("Chuyên viên"))
    )
    assert (verdict.outcome, verdict.changes.is_empty) == ("same", True)
    assert [code for _, code, _, _ in verdict.warnings] == ["differs-from-decision"]
    assert "15/QĐ-SNV" in verdict.warnings[0][3]


def test_a_roster_older_than_a_period_that_differs_is_a_conflict(unit: Unit) -> None:
    cadre = make_cadre(unit=unit, since=D(2025, 6, 1), title_text="Trưởng phòng")
    (verdict,) = judge(
        facts(personal_number=cadre.personal_number, name=cadre.full_name, posts=main_post("Chuyên viên")),
        day=D(2024, 12, 31),
    )
    assert [code for _, code, _, _ in verdict.errors] == ["period-conflict"]


def test_an_earlier_roster_of_the_same_value_moves_a_known_from_day_back(unit: Unit) -> None:
    row = facts(
        personal_number=personal_number(),
        sex="male",
        unit_id=unit.pk,
        posts=main_post("Chuyên viên"),
        coefficient=Decimal("3.00"),
    )
    write(*judge(row))
    (verdict,) = judge(row, day=D(2024, 12, 31))
    assert {item.how for item in verdict.differences} == {"earlier"}
    write(verdict)
    assert Assignment.objects.get().effective_from == D(2024, 12, 31)
    assert PayStep.objects.get().effective_from == D(2024, 12, 31)
    for moved in (Assignment.objects.get(), PayStep.objects.get()):
        assert moved.basis == "Theo danh sách tính đến ngày 31/12/2024, chưa có quyết định"


def test_an_earlier_day_does_not_take_a_decision_from_a_period(unit: Unit) -> None:
    cadre = make_cadre(unit=unit, since=D(2025, 6, 1), title_text="Trưởng phòng")
    decision = make(Decision, number="15/QĐ-SNV", signed_on=DAY, effective_on=DAY, issuer="Sở Nội vụ")
    held = Assignment.objects.get(cadre=cadre)
    with writing(acting_user=None, reason="gắn quyết định"):
        held.decision, held.start_precision, held.basis = decision, StartPrecision.KNOWN_FROM, ""
        held.save()
    row = facts(personal_number=cadre.personal_number, name=cadre.full_name, posts=main_post("Trưởng phòng"))
    write(*judge(row, day=D(2024, 12, 31)))
    held.refresh_from_db()
    assert (held.effective_from, held.basis) == (D(2024, 12, 31), "")


def test_another_degree_is_added_and_the_first_kept(unit: Unit) -> None:
    bachelor, master = (
        make_code(QualificationLevel, code, kind=QualificationKind.PROFESSIONAL, name=name)
        for code, name in (("04", "Đại học"), ("03", "Thạc sĩ"))
    )
    cadre = make_cadre(unit=unit)
    for level in (bachelor, master, master):
        learnings = [Learning(QualificationKind.PROFESSIONAL, level.pk, level.name)]
        write(*judge(facts(personal_number=cadre.personal_number, name=cadre.full_name, learnings=learnings)))
    assert Qualification.objects.filter(cadre=cadre).count() == 2


def test_empty_cells_change_nothing(unit: Unit) -> None:
    cadre = make_cadre(unit=unit, title_text="Chuyên viên", state=EmploymentState.MATERNITY)
    (verdict,) = judge(facts(personal_number=cadre.personal_number, name=cadre.full_name))
    assert verdict.outcome == "same"


def test_without_a_number_name_birth_and_unit_find_one_person_and_never_guess(unit: Unit) -> None:
    cadre = make_cadre(unit=unit, name="Lò Thị Mai", born=D(1980, 5, 10), personal_number=None)
    row = facts(born=PartialDate.parse("1980-05-10"), unit_id=unit.pk, personal_number=personal_number(sex="female"))
    (verdict,) = judge(row)
    write(verdict)
    cadre.refresh_from_db()
    assert cadre.personal_number == row.personal_number
    make_cadre(unit=unit, name="Lò Thị Mai", born=D(1980, 5, 10))
    (ambiguous,) = judge(facts(born=PartialDate.parse("1980-05-10"), unit_id=unit.pk))
    assert [code for _, code, _, _ in ambiguous.errors] == ["ambiguous"]


def test_out_of_scope_people_and_units_are_not_told_apart_from_what_does_not_exist(unit: Unit) -> None:
    other = make_unit("SO.09", name="Sở khác")
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    elsewhere = make_cadre(unit=other, name="Giàng A Páo")
    by_number, by_unit, by_name = judge(
        facts(0, personal_number=elsewhere.personal_number, unit_id=unit.pk),
        facts(1, personal_number=personal_number(serial=77), unit_id=other.pk),
        facts(2, name="Giàng A Páo", born=PartialDate.parse("1980-05-10"), unit_id=unit.pk),
        user=officer,
    )
    assert [code for _, code, _, _ in by_number.errors] == ["needs-province"]
    assert [code for _, code, _, _ in by_unit.errors] == ["outside-scope"]
    assert by_name.outcome == "created"
    assert "Páo" not in str(by_number.errors)


def test_a_second_row_about_the_same_person_adds_a_second_title(unit: Unit) -> None:
    number = personal_number()
    other = make_unit("DOAN", name="Tỉnh đoàn")
    rows = [
        facts(0, personal_number=number, sex="male", unit_id=unit.pk, posts=main_post("Chuyên viên")),
        facts(1, personal_number=number, sex="male", unit_id=other.pk, posts=main_post("Phó Bí thư")),
    ]
    verdicts = judge(*rows)
    assert [verdict.outcome for verdict in verdicts] == ["created", "changed"]
    write(*verdicts)
    assert Cadre.objects.count() == 1
    assert sorted(Assignment.objects.values_list("kind", "unit__code")) == [("concurrent", "DOAN"), ("main", "SO.01")]
    assert [verdict.outcome for verdict in judge(*rows)] == ["same", "same"]


def test_whom_the_roster_does_not_list_is_asked_about_and_never_ended(unit: Unit) -> None:
    listed = make_cadre(unit=unit)
    missed = make_cadre(unit=unit)
    make_cadre(unit=unit, state=EmploymentState.RETIRED)
    make_cadre(unit=make_unit("SO.05"))
    reference = read_reference(user=None, day=DAY)
    rows = [facts(personal_number=listed.personal_number, unit_id=unit.pk)]
    assert missing_people(rows, [listed.pk], user=None, day=DAY, tree=reference.tree) == [missed]


def test_a_batch_is_undone_whole(unit: Unit) -> None:
    cadre = make_cadre(unit=unit, title_text="Chuyên viên")
    before = list(Assignment.objects.values())
    batch = write(
        *judge(
            facts(0, personal_number=cadre.personal_number, name=cadre.full_name, posts=main_post("Phó phòng")),
            facts(1, personal_number=personal_number(), sex="male", unit_id=unit.pk, posts=main_post("Chuyên viên")),
        )
    )
    assert Cadre.objects.count() == 2
    undo_roster(batch=batch, acting_user=None)
    assert (Cadre.objects.count(), list(Assignment.objects.values())) == (1, before)
    assert history_model(Cadre).objects.filter(history_type="-").count() == 1


def test_another_officer_cannot_undo_a_batch_of_a_unit_out_of_scope(unit: Unit) -> None:
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    stranger = make_user(Role.UNIT_OFFICER, unit=make_unit())
    batch = write(
        *judge(facts(personal_number=personal_number(), sex="male", unit_id=unit.pk), user=officer), user=officer
    )
    with pytest.raises(PermissionDenied):
        undo_roster(batch=batch, acting_user=stranger)


def test_the_number_of_queries_does_not_grow_with_the_rows(unit: Unit) -> None:
    people = [make_cadre(unit=unit) for _ in range(30)]
    rows = [
        facts(place, personal_number=cadre.personal_number, name=cadre.full_name, posts=main_post("Kế toán"))
        for place, cadre in enumerate(people)
    ]
    counts = []
    for size in (3, 30):
        with CaptureQueriesContext(connection) as queries:
            judge(*rows[:size])
        counts.append(len(queries))
    assert counts[0] == counts[1]
