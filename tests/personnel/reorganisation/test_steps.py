"""Each kind of step, what it refuses and by what words; nothing is written where something is refused."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from personnel.choices import EmploymentState, PlacementOutcome, StepKind, UnitSuccessionKind
from personnel.models import Assignment, Custody, Employment, Reorganisation, Unit, UnitSuccession, UnitVersion
from personnel.policies import Role
from personnel.services.errors import ServiceRefusal
from personnel.services.reorganisation.applying import apply_case, rehearse_case
from personnel.services.reorganisation.cases import move_step, open_case, send_people
from personnel.services.reorganisation.faults import CaseRefused
from tests.factories.personnel import make, make_cadre, make_unit, make_user, move_cadre
from tests.personnel.reorganisation.province import (
    DAY,
    EVE,
    Province,
    Said,
    add_step,
    keeper,
    make_case,
    make_province,
    open_codes,
    place,
)

pytestmark = pytest.mark.django_db

D = datetime.date


@pytest.fixture
def province() -> Province:
    return make_province()


def _standing(code: str, day: datetime.date) -> tuple[str, str | None]:
    version = UnitVersion.objects.in_force(day).get(unit__code=code)
    return version.name, version.parent.code if version.parent else None


def test_a_unit_is_founded_renamed_and_moved(province: Province) -> None:
    case = make_case(
        [
            (StepKind.CREATE, [], ["SO.MOI"], {"name": "Sở  Mới", "parent": "UBND"}),
            (StepKind.RENAME, ["H1.X1"], [], {"name": "Phường Một"}),
            (StepKind.MOVE, ["H1.X1", "H1.X2"], [], {"parent": "SO.MOI"}),
        ]
    )
    apply_case(case=case, acting_user=None)
    assert _standing("SO.MOI", DAY) == ("Sở Mới", "UBND")
    assert (_standing("H1.X1", EVE), _standing("H1.X1", DAY)) == (("Xã 1-1", "H1"), ("Phường Một", "SO.MOI"))
    assert _standing("H1.X2", DAY) == ("Xã 1-2", "SO.MOI")
    head = Assignment.objects.in_force(DAY).get(unit__code="H1.X1", title=province.head)
    assert head.effective_from < DAY, "the unit stays the same unit, its people are not touched"
    assert not UnitSuccession.objects.exists()


def test_a_second_change_on_the_first_day_of_a_version_replaces_it(province: Province) -> None:
    for name in ("Phường Một", "Phường Hai"):
        apply_case(case=make_case([(StepKind.RENAME, ["H1.X1"], [], {"name": name})]), acting_user=None)
    versions = UnitVersion.objects.filter(unit__code="H1.X1").order_by("effective_from")
    assert list(versions.values_list("name", "effective_until")) == [("Xã 1-1", DAY), ("Phường Hai", None)]


def test_a_unit_is_divided_by_name_and_the_rest_goes_to_the_first(province: Province) -> None:
    case = make_case(
        [
            (StepKind.CREATE, [], ["A"], {"name": "Xã A", "parent": "H1"}),
            (StepKind.CREATE, [], ["B"], {"name": "Xã B", "parent": "H1"}),
            (StepKind.SPLIT, ["H1.X1"], ["A", "B"], {}),
        ]
    )
    head, deputy, first, second = province.people["H1.X1"]
    send_people(case=case, cadre_ids=[second.pk], unit_code="B", outcome=PlacementOutcome.FOLLOW, acting_user=None)
    place(case, head, PlacementOutcome.HEAD, "B")
    apply_case(case=case, acting_user=None)
    assert {cadre.pk: keeper(cadre, DAY) for cadre in (head, deputy, first, second)} == {
        head.pk: "B", deputy.pk: "A", first.pk: "A", second.pk: "B",
    }  # fmt: skip
    assert Assignment.objects.in_force(DAY).get(cadre=second).unit.code == "B"
    kinds = UnitSuccession.objects.values_list("predecessor__code", "successor__code", "kind")
    assert set(kinds) == {("H1.X1", "A", UnitSuccessionKind.SPLIT), ("H1.X1", "B", UnitSuccessionKind.SPLIT)}
    assert "H1.X1" not in open_codes(DAY)


def test_a_unit_that_gives_a_part_away_goes_on_with_everybody_else(province: Province) -> None:
    case = make_case(
        [
            (StepKind.CREATE, [], ["A"], {"name": "Xã A", "parent": "H1"}),
            (StepKind.SPLIT, ["H1.X1"], ["A"], {"keeps": True}),
        ]
    )
    head, _, first, second = province.people["H1.X1"]
    send_people(case=case, cadre_ids=[second.pk], unit_code="A", outcome=PlacementOutcome.FOLLOW, acting_user=None)
    apply_case(case=case, acting_user=None)
    assert [keeper(cadre, DAY) for cadre in (head, first, second)] == ["H1.X1", "H1.X1", "A"]
    assert Custody.objects.filter(cadre=first).count() == 1
    assert Assignment.objects.in_force(DAY).get(cadre=head).title == province.head


def test_a_district_ends_with_everything_below_it_and_its_records_are_taken_over(province: Province) -> None:
    apply_case(case=make_case([(StepKind.DISSOLVE, ["H1"], ["UBND"], {"with_below": True})]), acting_user=None)
    assert open_codes(DAY) == {"UBND"}
    assert {keeper(cadre, DAY) for people in province.people.values() for cadre in people} == {"UBND"}


def test_two_steps_of_one_day_lead_to_the_last_unit(province: Province) -> None:
    case = make_case(
        [
            (StepKind.MERGE, ["H1.X1"], ["H1.X2"], {}),
            (StepKind.MERGE, ["H1.X2", "H1.X3"], ["X.NEW"], {"name": "Xã Mới"}),
        ]
    )
    apply_case(case=case, acting_user=None)
    assert {keeper(cadre, DAY) for code in ("H1.X1", "H1.X2", "H1.X3") for cadre in province.people[code]} == {"X.NEW"}
    links = UnitSuccession.objects.values_list("predecessor__code", "successor__code")
    assert set(links) == {("H1.X1", "H1.X2"), ("H1.X2", "X.NEW"), ("H1.X3", "X.NEW")}


def test_what_stands_below_a_merged_unit_stands_below_the_new_one(province: Province) -> None:
    school = make_unit("TRUONG", parent=province.units["H1.X1"], name="Trường")
    teacher = make_cadre(unit=school)
    case = make_case([(StepKind.MERGE, ["H1.X1", "H1.X2"], ["X.NEW"], {"name": "Xã Mới"})])
    apply_case(case=case, acting_user=None)
    assert _standing("TRUONG", DAY) == ("Trường", "X.NEW")
    assert keeper(teacher, DAY) == "TRUONG"


def test_units_of_one_name_below_merged_ones_are_merged_too_where_the_step_says_so(province: Province) -> None:
    offices = [make_unit(f"H1.X{n}.01", parent=province.units[f"H1.X{n}"], name="Văn phòng") for n in (1, 2)]
    clerks = [make_cadre(unit=office) for office in offices]
    school = make_unit("TRUONG", parent=province.units["H1.X1"], name="Trường")
    kept = make_unit("H1.X3.01", parent=province.units["H1.X3"], name="Văn phòng")
    said = {"name": "Xã Mới", "with_below": True}
    apply_case(case=make_case([(StepKind.MERGE, ["H1.X1", "H1.X2"], ["X.NEW"], said)]), acting_user=None)
    assert _standing("X.NEW.01", DAY) == ("Văn phòng", "X.NEW")
    assert {keeper(clerk, DAY) for clerk in clerks} == {"X.NEW.01"}
    assert _standing(school.code, DAY) == ("Trường", "X.NEW")
    joining = (StepKind.MERGE, ["X.NEW"], ["H1.X3"], {"with_below": True})
    case = open_case(title="Nhập tiếp", day=D(2026, 1, 1), unit=None, acting_user=None)
    add_step(case, *joining)
    apply_case(case=case, acting_user=None)
    assert {keeper(clerk, D(2026, 1, 1)) for clerk in clerks} == {kept.code}


def test_rows_that_begin_later_go_over_with_their_day(province: Province) -> None:
    comer = make_cadre(unit=province.root)
    move_cadre(comer, province.units["H1.X1"], D(2025, 9, 1))
    case = make_case([(StepKind.MERGE, ["H1.X1", "H1.X2"], ["X.NEW"], {"name": "Xã Mới"})])
    apply_case(case=case, acting_user=None)
    assert [keeper(comer, day) for day in (EVE, DAY, D(2025, 9, 1))] == ["UBND", "UBND", "X.NEW"]
    assert Custody.objects.filter(cadre=comer).count() == 2


def test_records_of_those_who_have_left_go_over_and_they_are_not_employed_again(province: Province) -> None:
    gone = make_cadre(unit=province.units["H1.X1"], state=EmploymentState.RETIRED)
    case = make_case([(StepKind.MERGE, ["H1.X1", "H1.X2"], ["X.NEW"], {"name": "Xã Mới"})])
    outcome = apply_case(case=case, acting_user=None)
    assert keeper(gone, DAY) == "X.NEW"
    assert Employment.objects.in_force(DAY).get(cadre=gone).state == EmploymentState.RETIRED
    [line] = [one for one in outcome.difference.parts["people"].lines if one.cadre == gone.pk]
    assert line.note == "đã nghỉ, chỉ chuyển hồ sơ"


def test_a_post_held_beside_in_a_unit_that_ends_goes_over_and_the_record_stays(province: Province) -> None:
    guest = make_cadre(unit=province.root)
    make(Assignment, cadre=guest, unit=province.units["H1.X1"], kind="concurrent", effective_from=D(2024, 1, 1))
    case = make_case([(StepKind.MERGE, ["H1.X1", "H1.X2"], ["X.NEW"], {"name": "Xã Mới"})])
    apply_case(case=case, acting_user=None)
    assert keeper(guest, DAY) == "UBND"
    assert Assignment.objects.in_force(DAY).get(cadre=guest, kind="concurrent").unit.code == "X.NEW"


# What is refused ------------------------------------------------------------------------------------------------------

TWO = (StepKind.MERGE, ["H1.X1", "H1.X2"], ["X.NEW"], {"name": "Xã Mới"})


@pytest.mark.parametrize(
    ("steps", "code", "field"),
    [
        ([], "no-steps", "steps"),
        ([(StepKind.MERGE, ["KHONG"], ["X.NEW"], {"name": "Mới"})], "unknown-unit", "sources"),
        ([(StepKind.MERGE, [], ["X.NEW"], {"name": "Mới"})], "missing-unit", "sources"),
        ([(StepKind.MERGE, ["H1.X1", "H1.X2"], ["X.NEW"], {})], "missing-name", "name"),
        ([(StepKind.MERGE, ["H1.X1", "H1.X1"], ["X.NEW"], {"name": "Mới"})], "named-twice", "sources"),
        ([(StepKind.MERGE, ["H1.X1"], ["H1.X1"], {})], "missing-unit", "sources"),
        ([TWO, (StepKind.MERGE, ["H1.X1", "H1.X3"], ["Y"], {"name": "Y"})], "ended-unit", "sources"),
        ([TWO, (StepKind.DISSOLVE, ["X.NEW"], ["H1"], {})], "founded-here", "sources"),
        ([(StepKind.CREATE, [], ["H1"], {"name": "Huyện"})], "code-taken", "targets"),
        ([(StepKind.CREATE, [], ["M"], {"name": "M", "parent": "KHONG"})], "unknown-unit", "parent"),
        ([(StepKind.CREATE, [], ["M"], {"name": "M", "kind": "khong"})], "unknown-value", "kind"),
        ([(StepKind.CREATE, [], ["M"], {"name": "M", "level": "khong"})], "unknown-value", "level"),
        ([(StepKind.RENAME, ["H1"], [], {})], "missing-name", "name"),
        ([(StepKind.MOVE, ["H1"], [], {})], "missing-parent", "parent"),
        ([(StepKind.MOVE, ["H1"], [], {"parent": "H1.X1"})], "loop", "parent"),
        ([(StepKind.SPLIT, ["H1.X1"], ["H1.X2"], {})], "missing-unit", "targets"),
        ([(StepKind.SPLIT, ["H1.X1"], ["H1.X1", "H1.X2"], {})], "own-heir", "targets"),
        ([(StepKind.SPLIT, ["H1.X1", "H1.X2"], ["H1.X3"], {"keeps": True})], "one-only", "sources"),
        ([(StepKind.DISSOLVE, ["H1"], [], {"with_below": True})], "people-left", "targets"),
        ([(StepKind.DISSOLVE, ["H1"], ["UBND"], {})], "has-children", "sources"),
        ([(StepKind.DISSOLVE, ["H1"], ["H1.X1"], {"with_below": True})], "own-heir", "targets"),
    ],
)
def test_each_fault_of_a_step_is_told_by_its_field(
    province: Province, steps: list[Said], code: str, field: str
) -> None:
    case = make_case(steps)
    outcome = rehearse_case(case=case, acting_user=None)
    assert (code, field) in [(fault.code, fault.field) for fault in outcome.faults]
    case.refresh_from_db()
    assert (case.state, case.digest) == ("draft", "")
    with pytest.raises(CaseRefused):
        apply_case(case=case, acting_user=None)
    assert open_codes(DAY) == {"UBND", "H1", "H1.X1", "H1.X2", "H1.X3"}


def _codes(case: Reorganisation) -> list[tuple[str, str]]:
    return [(fault.part, fault.code) for fault in rehearse_case(case=case, acting_user=None).faults]


def test_what_is_said_by_name_is_judged_by_person(province: Province) -> None:
    case = make_case([TWO])
    head, deputy, staff, _ = province.people["H1.X1"]
    other = province.people["H1.X2"][0]
    place(case, head, PlacementOutcome.HEAD)
    place(case, other, PlacementOutcome.HEAD)
    place(case, deputy, PlacementOutcome.FOLLOW)
    place(case, staff, PlacementOutcome.DEPUTY)
    place(case, province.people["H1.X3"][0], PlacementOutcome.AWAITING)
    place(case, province.people["H1.X2"][1], PlacementOutcome.AWAITING, "KHONG")
    assert sorted(_codes(case)) == [
        ("placement", "leader"),
        ("placement", "not-in-case"),
        ("placement", "title-group"),
        ("placement", "two-heads"),
        ("placement", "unknown-unit"),
    ]


def test_a_leader_appointed_from_a_later_day_is_asked_about_first(province: Province) -> None:
    comer = make_cadre(unit=province.root)
    make(
        Assignment, cadre=comer, unit=province.units["H1.X1"], kind="concurrent", title=province.head,
        effective_from=D(2025, 8, 1),
    )  # fmt: skip
    assert _codes(make_case([TWO])) == [("person", "later-post")]


def test_a_unit_of_which_something_is_known_from_later_does_not_end(province: Province) -> None:
    version = UnitVersion.objects.get(unit__code="H1.X1")
    UnitVersion.objects.filter(pk=version.pk).update(effective_until=D(2025, 10, 1))
    make(UnitVersion, unit=version.unit, name="Về sau", search_key="ve sau", effective_from=D(2025, 10, 1))
    assert _codes(make_case([TWO])) == [("step", "period-order")]


def test_a_unit_that_opens_on_the_day_does_not_end_on_it(province: Province) -> None:
    make_unit("NGAY", parent=province.root, effective_from=DAY)
    assert _codes(make_case([(StepKind.MERGE, ["NGAY"], ["H1"], {})])) == [("step", "period-order")]


def test_steps_change_places(province: Province) -> None:
    case = make_case([(StepKind.SPLIT, ["H1.X1"], ["A", "H1.X2"], {})])
    created = add_step(case, StepKind.CREATE, [], ["A"], {"name": "Xã A", "parent": "H1"})
    assert ("step", "unknown-unit") in _codes(case)
    move_step(step=created, up=True, acting_user=None)
    assert _codes(case) == []


# Scope ----------------------------------------------------------------------------------------------------------------


def test_a_case_of_a_part_of_the_tree_reaches_no_further(province: Province) -> None:
    officer = make_user(Role.UNIT_OFFICER, unit=province.units["H1"])
    make_unit("H2", parent=province.root)
    with pytest.raises(PermissionDenied):
        open_case(title="Cả tỉnh", day=DAY, unit=None, acting_user=officer)
    with pytest.raises(Unit.DoesNotExist):
        open_case(title="Huyện khác", day=DAY, unit=Unit.objects.get(code="H2"), acting_user=officer)
    inside = make_case(
        [(StepKind.MERGE, ["H1.X1", "H1.X2"], ["N"], {"name": "N"})], unit=province.units["H1"], user=officer
    )
    faults = {
        fault.code
        for steps in (
            [(StepKind.MOVE, ["H1.X1"], [], {"parent": "H2"})],
            [(StepKind.MERGE, ["H1", "H2"], ["N"], {"name": "N"})],
            [(StepKind.RENAME, ["H2"], [], {"name": "N"})],
        )
        for fault in rehearse_case(
            case=make_case(steps, unit=province.units["H1"], user=officer), acting_user=officer
        ).faults
    }
    assert faults == {"unknown-unit", "outside-scope"}
    root = make_case([(StepKind.CREATE, [], ["N2"], {"name": "N"})], unit=province.units["H1"], user=officer)
    assert [fault.code for fault in rehearse_case(case=root, acting_user=officer).faults] == ["root"]
    apply_case(case=inside, acting_user=officer)
    assert "N" in open_codes(DAY)
    stranger = make_user(Role.UNIT_OFFICER, unit=Unit.objects.get(code="H2"))
    assert not Reorganisation.objects.visible_to(stranger).exists()
    with pytest.raises(Reorganisation.DoesNotExist):
        apply_case(case=root, acting_user=stranger)


def test_what_changed_since_the_rehearsal_is_rehearsed_again(province: Province) -> None:
    case = make_case([TWO])
    rehearse_case(case=case, acting_user=None)
    case.refresh_from_db()
    make_cadre(unit=province.units["H1.X1"])
    with pytest.raises(ServiceRefusal, match="Hãy chạy thử lại"):
        apply_case(case=case, acting_user=None, expected=case.digest)
