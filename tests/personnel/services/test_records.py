"""Add, succeed, correct, remove: what holds, what is refused, and that custody follows."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from hrdb.kernel.history import history_model, version_of
from personnel.choices import AssignmentKind, EmploymentCategory, EmploymentState
from personnel.models import (
    Allowance,
    AllowanceKind,
    Assignment,
    Cadre,
    Commendation,
    Custody,
    Decision,
    Employment,
    EthnicGroup,
    PayStep,
    Qualification,
    Rank,
)
from personnel.policies import Role
from personnel.services.cadres import correct_cadre, create_cadre
from personnel.services.errors import NeedsProvince, StaleVersion
from personnel.services.records import add_row, correct_row, remove_row, succeed_row
from tests.factories.personnel import add_party, make, make_cadre, make_code, make_unit, make_user

pytestmark = pytest.mark.django_db

D = datetime.date


def _periods(model: type, cadre: Cadre) -> list[tuple[D, D | None]]:
    rows = model.objects.filter(cadre=cadre).order_by("effective_from")
    return [(row.effective_from, row.effective_until) for row in rows]


def test_succeeding_ends_one_period_and_opens_the_next() -> None:
    cadre = make_cadre(since=D(2010, 1, 1))
    other = make_unit()
    succeed_row(
        cadre=cadre,
        model=Assignment,
        values={"kind": AssignmentKind.MAIN, "unit": other, "title_text": "Chuyên viên"},
        effective_from=D(2020, 7, 1),
        acting_user=None,
    )
    expected = [(D(2010, 1, 1), D(2020, 7, 1)), (D(2020, 7, 1), None)]
    assert _periods(Assignment, cadre) == expected
    assert _periods(Custody, cadre) == expected
    assert Custody.objects.filter(cadre=cadre).in_force(D(2020, 7, 1)).get().unit == other


def test_a_period_placed_before_a_later_one_takes_over_only_what_was_left() -> None:
    cadre = make_cadre(since=D(2010, 1, 1))
    for day in (D(2020, 1, 1), D(2015, 1, 1)):
        succeed_row(
            cadre=cadre,
            model=Employment,
            values={"category": EmploymentCategory.CADRE},
            effective_from=day,
            acting_user=None,
        )
    assert _periods(Employment, cadre) == [
        (D(2010, 1, 1), D(2015, 1, 1)),
        (D(2015, 1, 1), D(2020, 1, 1)),
        (D(2020, 1, 1), None),
    ]


def test_who_has_retired_holds_no_post_and_the_last_unit_keeps_the_record() -> None:
    unit = make_unit()
    cadre = make_cadre(unit=unit, since=D(2010, 1, 1))
    succeed_row(
        cadre=cadre,
        model=Employment,
        values={"category": EmploymentCategory.CIVIL_SERVANT, "state": EmploymentState.RETIRED},
        effective_from=D(2026, 3, 1),
        acting_user=None,
    )
    assert _periods(Assignment, cadre) == [(D(2010, 1, 1), D(2026, 3, 1))]
    assert Custody.objects.filter(cadre=cadre).in_force(D(2026, 6, 1)).get().unit == unit


def test_a_second_act_on_the_first_day_is_a_correction_linked_to_both_decisions() -> None:
    cadre = make_cadre(since=D(2010, 1, 1))
    first, second = (
        make(Decision, number=n, signed_on=D(2020, 1, 1), effective_on=D(2020, 1, 1), issuer="UBND tỉnh")
        for n in ("1/QĐ-UBND", "2/QĐ-UBND")
    )
    for decision, state in ((first, EmploymentState.MATERNITY), (second, EmploymentState.WORKING)):
        succeed_row(
            cadre=cadre,
            model=Employment,
            values={"category": EmploymentCategory.CIVIL_SERVANT, "state": state},
            effective_from=D(2020, 1, 1),
            decision=decision,
            acting_user=None,
        )
    row = Employment.objects.filter(cadre=cadre).in_force(D(2020, 1, 1)).get()
    assert (row.state, row.decision, "1/QĐ-UBND" in row.basis) == (EmploymentState.WORKING, second, True)
    assert len(_periods(Employment, cadre)) == 2


def test_overlapping_periods_are_refused_in_vietnamese() -> None:
    cadre = make_cadre(since=D(2010, 1, 1))
    with pytest.raises(ValidationError) as refusal:
        add_row(
            cadre=cadre,
            model=Employment,
            values={"category": EmploymentCategory.CADRE, "effective_from": D(2015, 1, 1)},
            acting_user=None,
        )
    assert "Đã có đối tượng, tình trạng" in str(refusal.value)


def test_a_correction_needs_a_reason_and_the_version_that_was_shown() -> None:
    cadre = make_cadre()
    row = Employment.objects.get(cadre=cadre)
    shown = version_of(row)
    with pytest.raises(ValidationError):
        correct_row(row=row, values={"note": "a"}, version=shown, acting_user=None, reason="  ")
    correct_row(row=row, values={"note": "người thứ nhất"}, version=shown, acting_user=None, reason="nhầm")
    with pytest.raises(StaleVersion) as stale:
        correct_row(row=row, values={"note": "người thứ hai"}, version=shown, acting_user=None, reason="nhầm")
    assert stale.value.current.note == "người thứ nhất"  # type: ignore[attr-defined]


def test_closed_codes_stay_readable_and_are_refused_on_new_rows() -> None:
    cadre = make_cadre()
    rank = make_code(Rank, "15.113", name="Mã cũ", valid_until=D(2021, 3, 20))
    old = add_row(cadre=cadre, model=PayStep, values={"rank": rank, "effective_from": D(2020, 1, 1)}, acting_user=None)
    correct_row(row=old, values={"step": 2}, version=None, acting_user=None, reason="thiếu bậc")
    with pytest.raises(ValidationError) as refusal:
        succeed_row(cadre=cadre, model=PayStep, values={"rank": rank}, effective_from=D(2022, 1, 1), acting_user=None)
    assert "không còn dùng từ ngày 20/03/2021" in str(refusal.value)


def test_removing_keeps_the_history() -> None:
    cadre = make_cadre()
    row = Employment.objects.get(cadre=cadre)
    remove_row(row=row, version=version_of(row), acting_user=None, reason="nhập nhầm người")
    kept = history_model(Employment).objects.filter(cadre_id=cadre.pk).order_by("history_id")
    assert [item.history_type for item in kept] == ["+", "-"]


def test_out_of_scope_cadres_do_not_exist_for_writing() -> None:
    inside, outside = make_unit(), make_unit()
    officer = make_user(Role.UNIT_OFFICER, unit=inside)
    cadre = make_cadre(unit=outside)
    with pytest.raises(Cadre.DoesNotExist):
        add_row(
            cadre=cadre,
            model=Employment,
            values={"category": EmploymentCategory.CADRE, "effective_from": D(2030, 1, 1)},
            acting_user=officer,
        )


def test_an_officer_cannot_move_a_person_out_of_his_own_scope() -> None:
    inside, outside = make_unit(), make_unit()
    officer = make_user(Role.UNIT_OFFICER, unit=inside)
    cadre = make_cadre(unit=inside)
    with pytest.raises(PermissionDenied):
        succeed_row(
            cadre=cadre,
            model=Assignment,
            values={"kind": AssignmentKind.MAIN, "unit": outside},
            effective_from=D(2020, 1, 1),
            acting_user=officer,
        )
    assert Custody.objects.get(cadre=cadre).unit == inside


def test_a_number_held_outside_the_scope_gets_the_neutral_answer() -> None:
    inside, outside = make_unit(), make_unit()
    officer = make_user(Role.UNIT_OFFICER, unit=inside)
    taken = make_cadre(unit=outside)
    with pytest.raises(NeedsProvince):
        create_cadre(
            values={"full_name": "Lò Thị Mai", "personal_number": taken.personal_number},
            unit=inside,
            day=D(2026, 1, 1),
            employment={"category": EmploymentCategory.CIVIL_SERVANT},
            acting_user=officer,
        )


def test_creating_a_record_opens_custody_employment_and_assignment() -> None:
    unit = make_unit()
    kinh = make_code(EthnicGroup, "01", name="Kinh", is_minority=False)
    cadre = create_cadre(
        values={"full_name": "LÒ  THỊ MAI", "ethnicity": kinh, "first_recruited_on": D(2015, 9, 1)},
        unit=unit,
        day=D(2026, 1, 1),
        employment={"category": EmploymentCategory.CIVIL_SERVANT},
        assignment={"title_text": "Chuyên viên"},
        acting_user=None,
    )
    assert cadre.full_name == "Lò Thị Mai"
    assert _periods(Employment, cadre) == [(D(2015, 9, 1), None)]
    assert _periods(Custody, cadre) == [(D(2015, 9, 1), None)]
    assert _periods(Assignment, cadre) == [(D(2026, 1, 1), None)]


def test_correcting_identity_writes_one_history_row_with_the_reason() -> None:
    cadre = make_cadre(name="Lò Thị Mai")
    correct_cadre(
        cadre=cadre, values={"full_name": "Lò Thị May"}, version=version_of(cadre), acting_user=None, reason="sai tên"
    )
    newest = history_model(Cadre).objects.filter(id=cadre.pk).first()
    assert (newest.full_name, newest.history_change_reason) == ("Lò Thị May", "sai tên")


def test_nothing_of_a_record_begins_before_birth() -> None:
    cadre = make_cadre(since=D(2010, 1, 1), born=D(1980, 5, 10))
    held = Employment.objects.get(cadre=cadre)
    early = {"effective_from": D(1950, 1, 1), "effective_until": D(1951, 1, 1), "category": EmploymentCategory.CADRE}
    with pytest.raises(ValidationError) as added:
        add_row(cadre=cadre, model=Employment, values=early, acting_user=None)
    with pytest.raises(ValidationError) as succeeded:
        succeed_row(
            cadre=cadre,
            model=Employment,
            values={"category": EmploymentCategory.CADRE},
            effective_from=D(1980, 5, 9),
            acting_user=None,
        )
    with pytest.raises(ValidationError) as corrected:
        correct_row(row=held, values={"effective_from": D(1979, 1, 1)}, version=None, acting_user=None, reason="sai")
    for refused in (added, succeeded, corrected):
        assert refused.value.message_dict == {"effective_from": ["Phải sau ngày sinh."]}
    assert _periods(Employment, cadre) == [(D(2010, 1, 1), None)]


# Births ---------------------------------------------------------------------------------------------------------------

CIVIL_SERVANT = {"category": EmploymentCategory.CIVIL_SERVANT}


@pytest.mark.parametrize(
    ("born", "recruited", "text"),
    [
        (D(2015, 1, 1), None, "chưa đủ 15 tuổi khi bắt đầu làm việc (ngày 01/01/2026)"),
        (D(2008, 1, 2), D(2025, 1, 1), "chưa đủ 18 tuổi khi về đơn vị (ngày 01/01/2026)"),
        (D(1990, 1, 1), D(2004, 12, 31), "chưa đủ 15 tuổi khi bắt đầu làm việc (ngày 31/12/2004)"),
    ],
)
def test_a_record_of_someone_under_age_is_refused(born: D, recruited: D | None, text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        create_cadre(
            values={"full_name": "Lò Thị Mai", "born": born, "first_recruited_on": recruited},
            unit=make_unit(),
            day=D(2026, 1, 1),
            employment=CIVIL_SERVANT,
            acting_user=None,
        )
    assert text in refused.value.message_dict["born"][0]
    assert not Cadre.objects.exists()


def test_an_old_day_is_not_judged_by_an_age_that_no_law_of_it_is_known_for() -> None:
    cadre = create_cadre(
        values={"full_name": "Lò Thị Mai", "born": D(1962, 1, 1)},
        unit=make_unit(),
        day=D(1978, 6, 1),
        employment=CIVIL_SERVANT,
        acting_user=None,
    )
    assert _periods(Custody, cadre) == [(D(1978, 6, 1), None)]


def _move_birth(cadre: Cadre, born: D, **values: object) -> str:
    """The sentence with which a corrected birth is refused, empty when it is taken."""
    try:
        correct_cadre(
            cadre=cadre, values={"born": born, **values}, version=None, acting_user=None, reason="theo giấy khai sinh"
        )
    except ValidationError as error:
        (told,) = error.message_dict["born"]
        return str(told)
    return ""


@pytest.mark.parametrize(
    ("born", "told"),
    [
        (
            D(2011, 1, 1),
            "Ngày sinh 01/01/2011 muộn hơn một việc đã ghi trong hồ sơ: bắt đầu làm việc (ngày 01/09/2010).",
        ),
        (D(1995, 9, 2), "Sinh 02/09/1995: chưa đủ 15 tuổi khi bắt đầu làm việc (ngày 01/09/2010)."),
        (D(1992, 9, 2), "Sinh 02/09/1992: chưa đủ 18 tuổi khi giữ vị trí công tác ở đơn vị (ngày 01/09/2010)."),
        (D(1992, 9, 1), ""),
    ],
)
def test_a_birth_does_not_move_past_what_the_record_tells(born: D, told: str) -> None:
    cadre = make_cadre(since=D(2010, 9, 1), born=D(1980, 5, 10))
    assert _move_birth(cadre, born) == told
    cadre.refresh_from_db()
    assert cadre.born == (D(1980, 5, 10) if told else born)


def test_each_part_of_the_record_is_asked() -> None:
    told = {
        "vào Đảng (ngày 03/02/1991)": lambda cadre: add_party(cadre, D(1991, 2, 3)),
        "có văn bằng, chứng chỉ (năm 1990)": lambda cadre: make(
            Qualification, cadre=cadre, kind="professional", effective_from=D(1990, 1, 1), start_precision="year"
        ),
        "hưởng lương (tháng 03/1990)": lambda cadre: make(
            PayStep, cadre=cadre, step=1, effective_from=D(1990, 3, 1), start_precision="month"
        ),
        "hưởng phụ cấp (ngày 01/01/1991)": lambda cadre: make(
            Allowance, cadre=cadre, kind=make_code(AllowanceKind), effective_from=D(1991, 1, 1)
        ),
        "được khen thưởng (năm 1990)": lambda cadre: make(Commendation, cadre=cadre, year=1990),
        "được tuyển dụng lần đầu (ngày 01/01/1991)": lambda cadre: correct_cadre(
            cadre=cadre,
            values={"first_recruited_on": D(1991, 1, 1)},
            version=None,
            acting_user=None,
            reason="bổ sung",
        ),
    }
    for what, tell in told.items():
        cadre = make_cadre(since=D(2012, 9, 1), born=D(1970, 5, 10))
        tell(cadre)
        assert what in _move_birth(cadre, D(1991, 6, 1)), what


def test_an_earlier_birth_is_taken_and_a_day_known_in_part_counts_at_its_latest() -> None:
    cadre = make_cadre(since=D(2010, 9, 1), born=D(1996, 5, 10))  # too young as it stands
    assert _move_birth(cadre, D(1995, 5, 10)) == ""
    held = Employment.objects.get(cadre=cadre)
    known = {"effective_from": D(2010, 1, 1), "start_precision": "year"}
    correct_row(row=held, values=known, version=None, acting_user=None, reason="chỉ biết năm")
    assert "giữ vị trí công tác ở đơn vị (ngày 01/09/2010)" in _move_birth(cadre, D(1995, 9, 2))
    assert "bắt đầu làm việc (năm 2010)" in _move_birth(cadre, D(1996, 1, 1))


@time_machine.travel("2026-06-15 09:00 +07:00", tick=False)
def test_who_works_today_is_of_age_today() -> None:
    cadre = make_cadre(since=D(2008, 1, 1), born=D(1985, 1, 1))
    for row in (*Custody.objects.filter(cadre=cadre), *Employment.objects.filter(cadre=cadre)):
        correct_row(
            row=row, values={"effective_from": D(2025, 6, 1)}, version=None, acting_user=None, reason="ghi nhầm ngày"
        )
    remove_row(row=Assignment.objects.get(cadre=cadre), version=None, acting_user=None, reason="ghi nhầm")
    assert "chưa đủ 18 tuổi khi đang làm việc" in _move_birth(cadre, D(2008, 6, 16))
    assert _move_birth(cadre, D(2008, 6, 15)) == ""


def test_a_date_of_the_own_row_that_contradicts_the_birth_is_refused_at_its_field() -> None:
    cadre = make_cadre(born=D(1980, 5, 10))
    with pytest.raises(ValidationError) as refused:
        correct_cadre(
            cadre=cadre,
            values={"first_recruited_on": D(1990, 1, 1)},
            version=None,
            acting_user=None,
            reason="theo quyết định tuyển dụng",
        )
    assert refused.value.message_dict == {
        "first_recruited_on": ["Sinh 10/05/1980: chưa đủ 15 tuổi khi được tuyển dụng lần đầu (ngày 01/01/1990)."]
    }
