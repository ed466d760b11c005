"""Who decides on whom: by the titles of the effective day and by those of today, and who enters may take it back."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from personnel.choices import DecisionState
from personnel.models import Assignment, Decision
from personnel.services.decisions.cases import DecisionRefused
from personnel.services.errors import ServiceRefusal
from tests.factories.personnel import make, make_cadre, make_title
from tests.personnel.decisions.making import D, enter
from tests.personnel.decisions.pages import SINCE, Office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_conditions")]


def test_an_old_day_opens_nobody_whose_title_is_managed_above_today(office: Office) -> None:
    deputy = make_title("PGD-X", group="deputy", is_leadership=True, managing_level="provincial_standing")
    person = make_cadre(unit=office.unit, since=SINCE)
    post = Assignment.objects.get(cadre=person)
    make(Assignment, cadre=person, kind="concurrent", unit=office.unit, title=deputy, effective_from=D(2024, 1, 1))
    assert post.title is None
    said = {"acting_user": office.officer, "drawn_up_by": office.unit, "year": 2016}
    for day in (D(2016, 1, 1), D(2026, 4, 1)):
        with pytest.raises(DecisionRefused) as refused:
            enter("commendation", [person], effective_on=day, detail="Thành tích", **said)
        assert "Không thuộc thẩm quyền" in refused.value.faults[0][0]


def test_a_title_above_is_given_by_nobody_below_on_an_old_day(office: Office) -> None:
    deputy = make_title("PGD-X", group="deputy", is_leadership=True, managing_level="provincial_standing")
    with pytest.raises(DecisionRefused, match="chưa đủ điều kiện") as refused:
        enter(
            "concurrent",
            [office.people[0]],
            title=deputy,
            unit=office.unit,
            effective_on=D(2016, 1, 1),
            acting_user=office.officer,
            drawn_up_by=office.unit,
        )
    assert "cấp khác" in refused.value.faults[0][0]


def test_who_entered_takes_it_back_within_his_authority(office: Office) -> None:
    person, title = office.people[0], make_title()
    said = {"acting_user": office.officer, "drawn_up_by": office.unit}
    target = enter("concurrent", [person], title=title, unit=office.division, effective_on=D(2026, 1, 5), **said)
    assert Decision.objects.filter(pk=target.pk).revisable_by(office.officer, timezone.localdate()).exists()
    enter("annulment", [], target=target, cause="nhập nhầm", effective_on=timezone.localdate(), **said)
    target.refresh_from_db()
    assert target.state == DecisionState.ANNULLED


def test_an_old_day_revises_nothing_of_who_is_managed_above_today(office: Office) -> None:
    person = office.people[0]
    said = {"acting_user": office.officer, "drawn_up_by": office.unit}
    target = enter("commendation", [person], detail="Thành tích", **said)
    head = make_title("GD-X", group="head", is_leadership=True, managing_level="provincial_standing")
    day = timezone.localdate() - datetime.timedelta(days=3)
    make(Assignment, cadre=person, kind="concurrent", unit=office.unit, title=head, effective_from=day)
    with pytest.raises(ServiceRefusal, match="cấp tỉnh thực hiện"):
        enter("annulment", [], target=target, cause="nhầm", effective_on=D(2026, 4, 2), **said)
