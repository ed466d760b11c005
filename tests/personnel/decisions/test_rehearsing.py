"""The check of a revision is its trial: it refuses what saving refuses, and tells what would change."""

from __future__ import annotations

from typing import Any

import pytest

from personnel.choices import DecisionState
from personnel.models import Assignment, Commendation, Decision
from personnel.services.decisions.kinds import decision_acts
from personnel.services.decisions.register import draw_up
from tests.personnel.decisions.making import EFFECTIVE, D, enter
from tests.personnel.decisions.pages import PAPER, Office, enter_url, page, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_conditions")]


def _target(office: Office, key: str = "transfer", **terms: Any) -> Decision:
    said = {"drawn_up_by": office.unit, "acting_user": office.officer}
    return enter(key, office.people[:1], **({"unit": office.division} | terms if key == "transfer" else terms), **said)


def _send(office: Office, kind: str, target: Decision, action: str, day: str) -> Any:
    data = sent([], **PAPER | {"number": "77/QĐ-SO"}, unit="Sở Mẫu (SO-MAU)", effective_on=day, of=target.pk,
                action=action, **{"t-cause": "sai"})  # fmt: skip
    return office.client.post(enter_url(kind, target=target.pk), data)


@pytest.mark.parametrize("action", ["check", "save"])
def test_the_check_refuses_what_saving_refuses(office: Office, action: str) -> None:
    target = _target(office, "commendation", detail="x", effective_on=D(2026, 4, 1))
    response = _send(office, "withdrawal", target, action, "01/06/2026")
    assert response.status_code == 422
    shown = response.content.decode()
    assert "không có thời hạn" in shown
    assert "Không có vướng mắc" not in shown
    assert Commendation.objects.exists()


@pytest.mark.parametrize("kind", ["annulment", "withdrawal"])
def test_the_check_tells_what_a_revision_would_change(office: Office, kind: str) -> None:
    target = _target(office)
    before = list(Assignment.objects.order_by("pk").values())
    response = _send(office, kind, target, "check", "01/06/2026")
    assert response.status_code == 200
    ((name, changes),) = response.context["revised"]
    assert name == office.people[0].full_name
    assert changes
    assert "Hồ sơ sẽ đổi" in response.content.decode()
    assert list(Assignment.objects.order_by("pk").values()) == before


def _drafted(office: Office, target: Decision) -> Decision:
    return draw_up(
        act=decision_acts["annulment"],
        unit=office.unit,
        effective_on=EFFECTIVE,
        terms={"cause": "sai"},
        people=[],
        acting_user=office.officer,
        target=target,
    )


def test_a_draft_of_a_revision_is_tried_and_submitted(office: Office) -> None:
    target = _target(office)
    draft = _drafted(office, target)
    shown = office.client.get(page("decision-check", draft)).content.decode()
    assert "Hồ sơ sẽ đổi" in shown
    assert "Trình ký" in shown
    office.client.post(page("decision-check", draft), {"action": "submit"})
    draft.refresh_from_db()
    assert draft.state == DecisionState.SUBMITTED


def test_a_draft_whose_target_carries_later_decisions_is_not_submitted(office: Office) -> None:
    target = _target(office)
    later = _target(office, unit=office.unit, effective_on=D(2026, 9, 1))
    draft = _drafted(office, target)
    response = office.client.post(page("decision-check", draft), {"action": "submit"})
    assert response.status_code == 422
    assert str(later) in response.content.decode()
    draft.refresh_from_db()
    assert draft.state == DecisionState.DRAFT
