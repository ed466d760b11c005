"""Days that cannot be of somebody: before his birth, before he was of age to work, before his service, ahead."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from personnel.models import Assignment, Cadre, Decision, Employment
from personnel.services.decisions.cases import DecisionRefused
from personnel.services.decisions.days import long_before
from personnel.services.records import correct_row
from tests.factories.personnel import make_cadre, make_unit
from tests.personnel.decisions.making import D, enter
from tests.personnel.decisions.pages import PAPER, Office, enter_url, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_conditions")]


def _refused(person: Cadre, **said: Any) -> str:
    with pytest.raises(DecisionRefused) as refused:
        enter("commendation", [person], detail="Thành tích", **said)
    return " ".join(refused.value.faults[0])


def test_nothing_is_decided_before_the_birth_or_in_childhood() -> None:
    person = make_cadre(born=D(1978, 5, 10), since=D(2005, 1, 1))
    assert "muộn hơn" in _refused(person, effective_on=D(1950, 1, 1))
    assert "chưa đủ" in _refused(person, effective_on=D(1985, 1, 1))
    assert "muộn hơn" in _refused(person, effective_on=D(2026, 1, 1), signed={"signed_on": D(1900, 1, 1)})
    assert "lập thành tích" in _refused(person, effective_on=D(2026, 1, 1), year=1960)
    assert not Decision.objects.exists()


def test_nothing_is_decided_before_the_service_as_far_as_it_is_known() -> None:
    person = make_cadre(born=D(1978, 5, 10), since=D(2005, 1, 1))
    assert "bắt đầu công tác từ ngày 01/01/2005" in _refused(person, effective_on=D(2001, 1, 1))
    known_later = make_cadre(born=D(1978, 5, 10), since=D(2005, 1, 1))
    for model in (Employment, Assignment):
        for row in model.objects.filter(cadre=known_later):
            correct_row(
                row=row, values={"start_precision": "known_from"}, version=None, acting_user=None, reason="chỉ biết vậy"
            )
    enter("commendation", [known_later], detail="Thành tích", effective_on=D(2001, 1, 1))


def test_nobody_is_recruited_as_a_child() -> None:
    with pytest.raises(DecisionRefused, match="chưa đủ điều kiện") as refused:
        enter(
            "recruitment",
            [(None, {"full_name": "Lò Văn Bé", "born": D(2012, 1, 1), "sex": "male", "category": "civil_servant"})],
            unit=make_unit(),
            effective_on=D(2026, 4, 1),
        )
    assert "chưa đủ" in " ".join(refused.value.faults[0])


def test_nothing_is_signed_ahead() -> None:
    ahead = datetime.date.today() + datetime.timedelta(days=2)
    with pytest.raises(ValidationError, match="sau hôm nay"):
        enter("commendation", [make_cadre()], detail="x", signed={"signed_on": ahead})


def test_an_effect_long_before_the_signature_is_asked_about(office: Office) -> None:
    assert long_before(D(2026, 1, 1), D(2026, 12, 1)) == ""
    assert long_before(D(2026, 1, 1), None) == ""
    data = sent(office.people[:1], **PAPER | {"effective_on": "01/02/2017"}, unit="Sở Mẫu (SO-MAU)",
                **{"t-detail": "Thành tích"}, action="check")  # fmt: skip
    shown = office.client.post(enter_url("commendation"), data).content.decode()
    assert "hơn 12 tháng" in shown
