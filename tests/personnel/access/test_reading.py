"""What leaves the server is logged: sensitive parts opened, lists exported, papers printed."""

from __future__ import annotations

import datetime

import pytest
from django.test import RequestFactory

from hrdb.kernel.models import AuditEvent
from personnel.models import Cadre
from personnel.policies import Role
from personnel.services.reading import SensitivePart, log_export, log_list_reading, log_print, log_reading
from tests.factories.personnel import make_cadre, make_unit, make_user

pytestmark = pytest.mark.django_db

DAY = datetime.date(2025, 12, 31)


def test_a_reading_says_who_saw_which_parts_of_whom() -> None:
    person, user = make_cadre(), make_user(Role.INSPECTOR)
    event = log_reading(user=user, cadre=person, parts=[SensitivePart.HEALTH, SensitivePart.ASSETS], day=DAY)
    assert event is not None
    event.refresh_from_db()
    assert event.action == AuditEvent.Action.READ_SENSITIVE
    assert (event.user, event.subject_type, event.subject_id) == (user, "personnel.cadre", person.pk)
    assert event.details == {"day": "2025-12-31", "parts": ["sức khỏe", "tài sản, thu nhập"]}


def test_one_request_logs_a_part_of_a_record_once() -> None:
    person, other, user = make_cadre(), make_cadre(), make_user(Role.PROVINCE_OFFICER)
    request = RequestFactory().get("/")
    common = {"user": user, "request": request}
    assert log_reading(cadre=person, parts=["sức khỏe"], **common)
    assert log_reading(cadre=person, parts=["sức khỏe"], **common) is None
    again = log_reading(cadre=person, parts=["sức khỏe", "kỷ luật", "kỷ luật"], **common)
    assert again is not None
    assert again.details["parts"] == ["kỷ luật"]
    assert log_reading(cadre=other, parts=["sức khỏe"], **common)
    assert log_reading(user=user, cadre=person, parts=["sức khỏe"], request=RequestFactory().get("/"))


def test_lists_exports_and_prints_name_the_people_they_showed() -> None:
    unit = make_unit()
    people = [make_cadre(unit=unit) for _ in range(3)]
    ids = sorted(person.pk for person in people)
    user = make_user(Role.UNIT_OFFICER, unit=unit)
    seen = Cadre.objects.visible_to(user).order_by("sort_key")
    exported = log_export(
        user=user, what="Danh sách cán bộ", people=seen, day=DAY, filters={"sex": "female"}, columns=["Họ và tên"]
    )
    assert exported.action == AuditEvent.Action.EXPORT
    assert exported.details == {
        "what": "Danh sách cán bộ",
        "day": "2025-12-31",
        "people": ids,
        "count": 3,
        "format": "xlsx",
        "filters": {"sex": "female"},
        "columns": ["Họ và tên"],
    }
    printed = log_print(user=user, what="Sơ yếu lý lịch", cadre=people[0])
    assert (printed.action, printed.subject_id) == (AuditEvent.Action.PRINT, people[0].pk)
    assert "people" not in printed.details
    read = log_list_reading(user=user, people=ids[:2], parts=["kỷ luật"], what="Danh sách kỷ luật")
    assert read.details["people"] == ids[:2]
