"""Discipline that lapses, job positions, ceilings, standards of titles, certificates, incomplete records."""

from __future__ import annotations

import pytest

from hrdb.kernel.parameters import DatedValue
from personnel.choices import AssignmentKind, DisciplineRegime, QualificationKind, TitleGroup
from personnel.models import (
    Assignment,
    Discipline,
    DisciplineForm,
    JobPosition,
    QualificationLevel,
    Title,
    TitleStandard,
    Unit,
    UnitKind,
)
from personnel.policies import Role
from personnel.rules.law import LAW
from personnel.statistics.completeness import completeness_of
from personnel.statistics.due import DUE_LISTS, due_counts
from personnel.statistics.due.query import asked
from tests.factories.personnel import (
    add_party,
    add_qualification,
    make,
    make_cadre,
    make_code,
    make_title,
    make_unit,
    make_user,
)
from tests.personnel.due.people import DAY, D, change, days, rows


def punish(cadre: object, regime: str = DisciplineRegime.STATE, **period: object) -> Discipline:
    """A reprimand."""
    form = make_code(DisciplineForm, f"x-{regime}", name="Khiển trách", regime=regime)
    return make(Discipline, cadre=cadre, regime=regime, form=form, **period)  # type: ignore[no-any-return]


@pytest.mark.django_db
def test_discipline_lapses_on_its_day_and_needs_no_decision() -> None:
    unit = make_unit("S")
    by_law, recorded, party, over = (make_cadre(unit=unit) for _ in range(4))
    punish(by_law, effective_from=D(2026, 2, 1))
    punish(recorded, effective_from=D(2026, 6, 1), effective_until=D(2027, 6, 1))
    punish(party, DisciplineRegime.PARTY, effective_from=D(2026, 2, 1))
    punish(over, effective_from=D(2024, 2, 1))
    found = rows("discipline_lapse")
    assert days(found) == [
        (by_law.pk, D(2027, 2, 1), D(2027, 2, 1)),
        (recorded.pk, D(2027, 6, 1), D(2027, 6, 1)),
    ], "the Party's has no length that is known, and what has lapsed is no matter any more"
    told = DUE_LISTS["discipline_lapse"]().tell(found, DAY)
    assert told[0].detail == "Hành chính: Khiển trách"
    assert "172/2025/NĐ-CP" in told[0].citation
    assert {one.decision_kind for one in told} == {""}


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "number"), [(Role.UNIT_OFFICER, 1), (Role.INSPECTOR, 1), (Role.APPROVER, 0)])
def test_discipline_is_listed_only_to_who_reads_tier_2(role: Role, number: int) -> None:
    unit = make_unit("S")
    punish(make_cadre(unit=unit), effective_from=D(2026, 2, 1))
    user = make_user(role, unit=unit)
    assert len(rows("discipline_lapse", user=user)) == number
    assert len(due_counts(asked(user=user, day=DAY, kinds=["discipline_lapse"]))) == number


@pytest.mark.django_db
def test_cadres_and_civil_servants_without_a_job_position_have_until_the_day_of_the_law() -> None:
    unit = make_unit("S")
    position = make(JobPosition, unit=unit, code="V1", name="Chuyên viên", group="shared", effective_from=D(2025, 7, 1))
    placed, waiting = make_cadre(unit=unit), make_cadre(unit=unit, category="cadre")
    change(placed.assignment_set.get(), job_position=position)
    make_cadre(unit=unit, category="public_employee")
    assert days(rows("no_job_position")) == [(waiting.pk, D(2027, 7, 1), D(2027, 7, 1))]
    assert rows("no_job_position", day=D(2026, 1, 5)) == [], "further away than a year"
    overdue = rows("no_job_position", day=D(2027, 8, 1))
    assert "80/2025/QH15" in DUE_LISTS["no_job_position"]().tell(overdue, D(2027, 8, 1))[0].citation


def deputies(unit: Unit, number: int, title: Title) -> None:
    """So many deputies of a unit, one of them beside another post."""
    for place in range(number):
        cadre = make_cadre(unit=unit, title=None if place == 0 else title)
        if place == 0:
            kind = AssignmentKind.CONCURRENT
            make(Assignment, cadre=cadre, unit=unit, kind=kind, title=title, effective_from=D(2024, 1, 1))


@pytest.mark.django_db
def test_without_a_confirmed_ceiling_no_unit_is_judged() -> None:
    unit = make_unit("S")
    deputies(unit, 9, make_title(group=TitleGroup.DEPUTY))
    assert rows("over_deputy_ceiling") == []
    assert "Số lượng cấp phó tối đa" in DUE_LISTS["over_deputy_ceiling"]().unjudged(DAY)


@pytest.mark.django_db
@pytest.mark.parametrize("ceiling", [3, {"x-so": 3, "x-phong": 9}])
def test_units_over_a_ceiling_that_is_confirmed_are_listed(ceiling: object, monkeypatch: pytest.MonkeyPatch) -> None:
    held = LAW["appointment/deputy_ceiling"].values[0]
    confirmed = DatedValue(held.effective_from, None, ceiling, held.citation, "one source", held.measure, {})
    monkeypatch.setattr(type(LAW["appointment/deputy_ceiling"]), "require", lambda self, day: confirmed)
    kind = make_code(UnitKind, "x-so", name="Sở")
    over, within, title = make_unit("S", kind=kind), make_unit("T", kind=kind), make_title(group=TitleGroup.DEPUTY)
    deputies(over, 4, title)
    deputies(within, 3, title)
    found = rows("over_deputy_ceiling")
    assert [(row.cadre_id, row.unit_id, row.due_on, row.act_by) for row in found] == [(None, over.pk, None, None)]
    assert DUE_LISTS["over_deputy_ceiling"]().tell(found, DAY)[0].detail == "4 cấp phó"
    assert rows("over_deputy_ceiling", user=make_user(Role.UNIT_OFFICER, unit=within)) == []


@pytest.mark.django_db
def test_a_level_that_the_title_asks_for_is_missed_unless_as_high_is_held() -> None:
    unit, title = make_unit("S"), make_title(name="Giám đốc", is_leadership=True)
    theory = QualificationKind.POLITICAL_THEORY
    high = make_code(QualificationLevel, "02", name="Cao cấp", kind=theory, rank=2)
    higher = make_code(QualificationLevel, "01", name="Cử nhân", kind=theory, rank=1)
    lower = make_code(QualificationLevel, "03", name="Trung cấp", kind=theory, rank=3)
    standard = {"title": title, "citation": "Quy định 365-QĐ/TW ngày 30/08/2025", "effective_from": D(2025, 8, 30)}
    make(TitleStandard, **standard, requirement="political_theory", value="02")
    people = [make_cadre(unit=unit, title=title) for _ in range(4)]
    for cadre, level in zip(people, (high, higher, lower), strict=False):
        add_qualification(cadre, theory, level)
    lost = add_qualification(people[3], theory, high)
    change(lost, effective_until=D(2026, 1, 1))
    found = rows("missing_qualification")
    assert {row.cadre_id for row in found} == {people[2].pk, people[3].pk}
    told = DUE_LISTS["missing_qualification"]().tell(found, DAY)
    assert {one.detail for one in told} == {"Giám đốc: Trình độ lý luận chính trị, Cao cấp"}
    assert {one.citation for one in told} == {"Quy định 365-QĐ/TW ngày 30/08/2025"}


@pytest.mark.django_db
def test_a_title_may_ask_for_membership_of_the_party() -> None:
    unit, title = make_unit("S"), make_title(name="Giám đốc", is_leadership=True)
    make(
        TitleStandard, title=title, requirement="party_member", value=True, citation="QĐ", effective_from=D(2025, 8, 30)
    )
    member, other = make_cadre(unit=unit, title=title), make_cadre(unit=unit, title=title)
    add_party(member)
    found = rows("missing_qualification")
    assert [row.cadre_id for row in found] == [other.pk]
    assert DUE_LISTS["missing_qualification"]().tell(found, DAY)[0].detail == "Giám đốc: Đảng viên"


@pytest.mark.django_db
def test_a_certificate_ends_unless_another_of_its_kind_holds_longer() -> None:
    unit = make_unit("S")
    english = make_code(QualificationLevel, "B1", name="Bậc 3", kind=QualificationKind.FOREIGN_LANGUAGE, rank=3)
    ending, renewed, gone = (make_cadre(unit=unit) for _ in range(3))
    kind = QualificationKind.FOREIGN_LANGUAGE
    add_qualification(ending, kind, english, certificate="IELTS", effective_until=D(2027, 2, 1))
    add_qualification(renewed, kind, english, effective_until=D(2027, 2, 1))
    add_qualification(renewed, kind, english, effective_until=D(2029, 2, 1))
    add_qualification(gone, kind, english, effective_until=D(2026, 2, 1))
    found = rows("certificate_expiry")
    assert days(found) == [(gone.pk, D(2026, 2, 1), D(2026, 2, 1)), (ending.pk, D(2027, 2, 1), D(2027, 2, 1))]
    assert DUE_LISTS["certificate_expiry"]().tell(found, DAY)[1].detail == "Ngoại ngữ: IELTS"


@pytest.mark.django_db
def test_incomplete_records_name_what_the_profile_names() -> None:
    cadre = make_cadre(unit=make_unit("S"))
    found = rows("incomplete_records")
    assert [(row.cadre_id, row.due_on, row.act_by) for row in found] == [(cadre.pk, None, None)]
    told = DUE_LISTS["incomplete_records"]().tell(found, DAY)[0]
    missing = completeness_of(cadre, DAY).missing
    assert told.detail.startswith(f"Thiếu: {missing[0].label}, {missing[1].label}")
    assert told.detail.endswith(f"và {len(missing) - 4} mục khác")
    assert "06/2023/TT-BNV" in told.citation
