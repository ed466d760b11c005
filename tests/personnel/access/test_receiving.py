"""Receiving requests: who asks, who decides, what moves, and that the asker learns nothing."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from hrdb.kernel.history import history_model
from hrdb.kernel.models import User
from personnel.choices import ReceivingState
from personnel.models import Cadre, Custody, Grant, ReceivingRequest, Unit
from personnel.policies import Action, Role
from personnel.services.errors import NeedsProvince
from personnel.services.receiving import Wanted, accept, ask, ask_many, found_record, refuse
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_unit, make_user

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
NUMBER = "010080000777"


@pytest.fixture
def unit() -> Unit:
    return make_unit()


@pytest.fixture
def officer(unit: Unit) -> User:
    return make_user(Role.UNIT_OFFICER, unit=unit)


@pytest.fixture
def province() -> User:
    return make_user(Role.PROVINCE_OFFICER)


def request_of(unit: Unit, officer: User) -> ReceivingRequest:
    return ask(unit=unit, personal_number=NUMBER, full_name="TRẦN THỊ MAI", acting_user=officer)


def test_accepting_moves_the_record_and_the_unit_may_write_it(unit: Unit, officer: User, province: User) -> None:
    elsewhere = make_unit()
    person = make_cadre(unit=elsewhere, personal_number=NUMBER)
    before = make_user(Role.UNIT_OFFICER, unit=elsewhere)
    row = request_of(unit, officer)
    assert not Cadre.objects.visible_to(officer).exists()
    assert row.cadre is None
    assert found_record(row, province) == person
    assert found_record(row, officer) is None
    accepted = accept(request=row, answer="Đồng ý điều động", acting_user=province)
    assert (accepted.state, accepted.cadre, accepted.decided_by) == (ReceivingState.ACCEPTED, person, province)
    assert list(Cadre.objects.visible_to(officer, Action.EDIT)) == [person]
    assert not Cadre.objects.visible_to(before).exists()
    rows = Custody.objects.filter(cadre=person).order_by("effective_from").values_list("unit", "effective_until")
    assert list(rows) == [(elsewhere.pk, TODAY), (unit.pk, None)]
    assert Cadre.objects.filter(personal_number=NUMBER).count() == 1
    assert history_model(ReceivingRequest).objects.filter(id=row.pk).count() == 2


def test_accepting_from_an_earlier_day_but_never_from_a_day_to_come(unit: Unit, officer: User, province: User) -> None:
    person = make_cadre(personal_number=NUMBER)
    row = request_of(unit, officer)
    with pytest.raises(ValidationError, match="sau hôm nay"):
        accept(request=row, day=TODAY + datetime.timedelta(days=1), acting_user=province)
    day = TODAY - datetime.timedelta(days=20)
    accept(request=row, day=day, acting_user=province)
    assert Custody.objects.get(cadre=person, unit=unit).effective_from == day


def test_a_person_who_is_nowhere_may_be_accepted_and_then_recorded(unit: Unit, officer: User, province: User) -> None:
    row = accept(request=request_of(unit, officer), acting_user=province)
    assert row.state == ReceivingState.ACCEPTED
    assert row.cadre is None
    assert not Cadre.objects.exists()


def test_asking_again_answers_the_request_that_waits(unit: Unit, officer: User, province: User) -> None:
    first = request_of(unit, officer)
    assert request_of(unit, officer) == first
    refuse(request=first, answer="Chưa đủ hồ sơ", acting_user=province)
    assert request_of(unit, officer) != first
    wanted = [Wanted(NUMBER, "Trần Thị Mai"), Wanted("010080000778", "Lê Văn An", {"row": 7})]
    assert ask_many(unit=unit, wanted=wanted, acting_user=officer) == 1
    assert ReceivingRequest.objects.get(personal_number="010080000778").details == {"row": 7}
    assert ask_many(unit=unit, wanted=[], acting_user=officer) == 0


def test_the_answer_to_the_asker_is_the_same_whether_the_person_exists_or_not(unit: Unit, officer: User) -> None:
    make_cadre(personal_number=NUMBER)
    real = request_of(unit, officer)
    unreal = ask(unit=unit, personal_number="010080000999", full_name="Trần Thị Mai", acting_user=officer)
    for name in ("state", "full_name", "details", "cadre_id", "answer", "unit_id", "asked_by_id"):
        assert getattr(real, name) == getattr(unreal, name)


def test_only_the_units_own_officer_asks(unit: Unit, province: User) -> None:
    for stranger in (make_user(Role.UNIT_OFFICER), make_user(Role.INSPECTOR, unit=unit), make_user(Role.ADMINISTRATOR)):
        with pytest.raises(Unit.DoesNotExist):
            request_of(unit, stranger)
    with pytest.raises(PermissionDenied):
        ask(unit=unit, personal_number=NUMBER, full_name="Trần Thị Mai", acting_user=None)
    assert request_of(unit, province).asked_by == province


@pytest.mark.parametrize("number", ["", "12345", "01008000077x"])
def test_a_request_needs_a_personal_number(unit: Unit, officer: User, number: str) -> None:
    with pytest.raises(ValidationError):
        ask(unit=unit, personal_number=number, full_name="Trần Thị Mai", acting_user=officer)
    assert not ReceivingRequest.objects.exists()


def test_the_asker_and_other_roles_do_not_decide(unit: Unit, officer: User) -> None:
    make_cadre(personal_number=NUMBER)
    row = request_of(unit, officer)
    for other in (officer, make_user(Role.INSPECTOR, unit=unit), make_user(Role.APPROVER, unit=unit)):
        with pytest.raises(ReceivingRequest.DoesNotExist):
            accept(request=row, acting_user=other)
        with pytest.raises(ReceivingRequest.DoesNotExist):
            refuse(request=row, answer="Không", acting_user=other)
    row.refresh_from_db()
    assert row.state == ReceivingState.PENDING


def test_an_officer_of_one_bloc_gets_one_answer_for_a_stranger_and_for_nobody(unit: Unit, officer: User) -> None:
    bloc = make_user()
    make(Grant, user=bloc, role=Role.PROVINCE_OFFICER, unit=unit, effective_from=LONG_AGO)
    make_cadre(personal_number=NUMBER)
    of_stranger = request_of(unit, officer)
    of_nobody = ask(unit=unit, personal_number="010080000999", full_name="Trần Thị Mai", acting_user=officer)
    answers = set()
    for row in (of_stranger, of_nobody):
        assert found_record(row, bloc) is None
        with pytest.raises(NeedsProvince) as refused:
            accept(request=row, acting_user=bloc)
        answers.add(str(refused.value))
    assert len(answers) == 1
    assert not Cadre.objects.visible_to(officer).exists()


def test_a_decided_request_stays_decided(unit: Unit, officer: User, province: User) -> None:
    row = request_of(unit, officer)
    with pytest.raises(ValidationError):
        refuse(request=row, answer=" ", acting_user=province)
    refuse(request=row, answer="Không thuộc diện tiếp nhận", acting_user=province)
    with pytest.raises(ValidationError, match="đã được xử lý"):
        accept(request=row, acting_user=province)
