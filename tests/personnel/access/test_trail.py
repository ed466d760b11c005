"""Who sees which events of the audit trail, and what an event changed, field by field."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hrdb.kernel.audit import log, writing
from hrdb.kernel.history import tracked_models
from hrdb.kernel.models import AuditEvent, User
from personnel.models import Assignment, Cadre, Custody, Grant, Relative, RelativeKind, Unit
from personnel.models.trail import events_about, events_about_units, events_visible_to, tracked
from personnel.models.written import RowChange, changes_of
from personnel.policies import Role
from personnel.services.cadres import correct_cadre
from personnel.services.reading import log_export, log_reading
from personnel.services.receiving import accept, ask
from personnel.services.records import add_row, correct_row, remove_row
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_code, make_unit, make_user, move_cadre

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return make_unit(parent=make_unit("GOC"))


@pytest.fixture
def inspector(unit: Unit) -> User:
    return make_user(Role.INSPECTOR, unit=unit)


def seen(user: User | None) -> set[int]:
    return set(events_visible_to(user).values_list("pk", flat=True))


def last_event() -> AuditEvent:
    return AuditEvent.objects.order_by("id").last()  # type: ignore[return-value]


def texts(change: RowChange) -> set[tuple[str, str, str]]:
    return {(field.label, field.before, field.after) for field in change.fields}


def test_an_inspector_sees_what_was_done_to_and_read_of_people_in_scope_only(unit: Unit, inspector: User) -> None:
    inside, outside = make_cadre(unit=unit), make_cadre()
    officer = make_user(Role.PROVINCE_OFFICER)
    mine, theirs = [], []
    for person, kept in ((inside, mine), (outside, theirs)):
        correct_cadre(cadre=person, values={"phone": "0203"}, version=None, acting_user=officer, reason="bổ sung")
        kept.append(last_event())
        kept.append(log_reading(user=officer, cadre=person, parts=["sức khỏe"]))
        kept.append(log_export(user=officer, what="Danh sách", people=[person.pk]))
    found = seen(inspector)
    assert {event.pk for event in mine} <= found
    assert not {event.pk for event in theirs} & found


def test_an_event_that_names_nobody_is_about_whose_rows_it_wrote(unit: Unit, inspector: User) -> None:
    inside, outside = make_cadre(unit=unit), make_cadre()
    with writing(acting_user=None, reason="nhập danh sách", action=AuditEvent.Action.IMPORT) as both:
        for person in (inside, outside):
            person.phone = "0203"
            person.save()
    with writing(acting_user=None, reason="nhập danh sách khác", action=AuditEvent.Action.IMPORT) as foreign:
        outside.phone = "0204"
        outside.save()
    assert both.pk in seen(inspector)
    assert foreign.pk not in seen(inspector)
    shown = changes_of(both, user=inspector)
    assert [change.person_id for change in shown] == [inside.pk]
    assert {change.person_id for change in changes_of(both, user=None)} == {inside.pk, outside.pk}
    assert changes_of(foreign, user=inspector) == []


def test_accounts_with_roles_in_scope_are_followed_and_others_are_not(unit: Unit, inspector: User) -> None:
    here, there = make_user(Role.UNIT_OFFICER, unit=unit), make_user(Role.UNIT_OFFICER)
    mine = log(AuditEvent.Action.LOGIN, user=here, subject=here)
    theirs = log(AuditEvent.Action.LOGIN, user=there, subject=there)
    assert mine.pk in seen(inspector)
    assert theirs.pk not in seen(inspector)


def test_only_the_action_audit_opens_the_trail(unit: Unit) -> None:
    make_cadre(unit=unit)
    for role in Role:
        user = make_user(role, unit=unit if role in {Role.UNIT_OFFICER, Role.APPROVER, Role.INSPECTOR} else None)
        assert bool(seen(user)) is (role is Role.INSPECTOR), role


def test_an_inspector_of_every_tree_sees_the_whole_trail() -> None:
    top, other = make_unit(), make_unit()
    inspector = make_user(Role.INSPECTOR, unit=top)
    event = log(AuditEvent.Action.LOGIN_FAILED, user=None, known_account=False)
    assert event.pk not in seen(inspector)
    make(Grant, user=inspector, role=Role.INSPECTOR, unit=other, effective_from=LONG_AGO)
    inspector = User.objects.get(pk=inspector.pk)
    assert event.pk in seen(inspector)
    assert seen(inspector) == seen(None)


def test_who_has_moved_away_takes_the_trail_along(unit: Unit, inspector: User) -> None:
    person = make_cadre(unit=unit)
    event = log_reading(user=make_user(), cadre=person, parts=["kỷ luật"])
    assert event is not None
    assert event.pk in seen(inspector)
    move_cadre(person, make_unit(), timezone.localdate())
    assert event.pk not in seen(inspector)


def test_a_change_shows_each_field_before_and_after() -> None:
    person = make_cadre(phone="0203", main_work="Văn thư")
    correct_cadre(
        cadre=person, values={"phone": "0912", "main_work": "Văn thư"}, version=None, acting_user=None, reason="đổi số"
    )
    (change,) = changes_of(last_event(), user=None)
    assert (change.model, change.kind, change.person_id) == (Cadre, "~", person.pk)
    assert texts(change) == {("số điện thoại", "0203", "0912")}


def test_added_and_removed_rows_show_what_they_held() -> None:
    person = make_cadre()
    kind = make_code(RelativeKind, "01", name="Bố đẻ")
    row = add_row(
        cadre=person,
        model=Relative,
        values={"kind": kind, "full_name": "Nguyễn Văn Cha", "birth_year": 1950},
        acting_user=None,
        reason="kê khai",
    )
    (added,) = changes_of(last_event(), user=None)
    assert (added.model, added.kind, added.act) == (Relative, "+", "thêm")
    assert ("họ và tên", "—", "Nguyễn Văn Cha") in texts(added)
    assert any(after == "Bố đẻ" for _, _, after in texts(added)), "a code is shown by its name"
    remove_row(row=row, version=None, acting_user=None, reason="ghi nhầm")
    (removed,) = changes_of(last_event(), user=None)
    assert (removed.kind, removed.act) == ("-", "xóa")
    assert ("họ và tên", "Nguyễn Văn Cha", "—") in texts(removed)


def test_units_choices_and_days_are_shown_in_words() -> None:
    here = make_unit("SO-X", name="Sở Xây dựng")
    person = make_cadre(unit=make_unit())
    row = Assignment.objects.get(cadre=person)
    correct_row(
        row=row,
        values={"unit": here, "effective_from": datetime.date(2021, 3, 1)},
        version=None,
        acting_user=None,
        reason="sai đơn vị",
    )
    change = next(one for one in changes_of(last_event(), user=None) if one.model is Assignment)
    after = {field.label: field.after for field in change.fields}
    assert after["đơn vị"] == "Sở Xây dựng (SO-X)"
    assert after["từ ngày"] == "01/03/2021"


def test_two_writes_of_one_row_in_one_event_are_told_apart() -> None:
    person = make_cadre(phone="1")
    with writing(acting_user=None, reason="hai lần") as event:
        for phone in ("2", "3"):
            person.phone = phone
            person.save()
    steps = [next(iter(change.fields)) for change in changes_of(event, user=None)]
    assert [(step.before, step.after) for step in steps] == [("1", "2"), ("2", "3")]


def test_events_about_a_person_are_found_by_name_by_row_and_by_list() -> None:
    person, other = make_cadre(), make_cadre()
    with writing(acting_user=None, reason="không nêu tên") as written:
        custody = Custody.objects.get(cadre=person)
        custody.basis = "sổ gốc"
        custody.save()
    named = log_reading(user=None, cadre=person, parts=["tài sản"])
    listed = log_export(user=None, what="Danh sách", people=[person.pk, other.pk])
    foreign = log_export(user=None, what="Danh sách", people=[other.pk])
    assert named is not None
    found = set(AuditEvent.objects.filter(events_about([person.pk])).values_list("pk", flat=True))
    assert {written.pk, named.pk, listed.pk} <= found
    assert foreign.pk not in found


def test_events_about_a_unit_are_found_by_name_and_by_row() -> None:
    unit, other = make_unit(), make_unit()
    found = set(AuditEvent.objects.filter(events_about_units([unit.pk])))
    assert len(found) == 2, "the unit and its first version"
    assert not found & set(AuditEvent.objects.filter(events_about_units([other.pk])))


def test_a_request_for_a_person_elsewhere_is_the_asking_units_affair(unit: Unit, inspector: User) -> None:
    person = make_cadre(personal_number="010080000123")
    row = ask(
        unit=unit,
        personal_number="010080000123",
        full_name="Trần Thị Mai",
        acting_user=make_user(Role.UNIT_OFFICER, unit=unit),
    )
    asked = last_event()
    assert asked.pk in seen(inspector)
    assert [change.person_id for change in changes_of(asked, user=inspector)] == [None]
    foreign = make_user(Role.INSPECTOR, unit=Custody.objects.get(cadre=person).unit)
    assert asked.pk not in seen(foreign)
    accept(request=row, acting_user=make_user(Role.PROVINCE_OFFICER))
    moved = {change.model for change in changes_of(last_event(), user=inspector)}
    assert Custody in moved


def test_every_table_with_history_is_followed() -> None:
    followed = {one.model for one in tracked()}
    assert followed == set(tracked_models())
    people = {one.model for one in tracked() if one.person}
    from personnel.models.cadres import OfCadre

    assert {model for model in tracked_models() if issubclass(model, OfCadre)} | {Cadre} <= people


def test_what_an_event_changed_costs_few_queries_however_many_rows(unit: Unit) -> None:
    counts = []
    for number in (2, 20):
        people = [make_cadre(unit=unit) for _ in range(number)]
        with writing(acting_user=None, reason="nhiều người") as event:
            for person in people:
                person.phone = "0203"
                person.save()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(changes_of(event, user=None)) == number
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8
