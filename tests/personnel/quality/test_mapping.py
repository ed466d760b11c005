"""The to-map queue: one decision, every row in scope, remembered for the office."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from hrdb.kernel.history import history_model
from personnel.models import Assignment, ValueMapping
from personnel.policies import Role
from personnel.services.mapping import QUEUES, tie_text, waiting_texts
from tests.factories.personnel import make_cadre, make_title, make_unit, make_user

pytestmark = pytest.mark.django_db

TITLES = QUEUES[0]


def test_a_text_is_tied_once_for_every_row_in_scope_and_nowhere_else() -> None:
    unit, other = make_unit(), make_unit()
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    title = make_title("CV", name="Chuyên viên")
    mine = [make_cadre(unit=unit, title_text="chuyên viên") for _ in range(2)]
    theirs = make_cadre(unit=other, title_text="chuyên viên")
    assert waiting_texts(TITLES, officer) == [("chuyên viên", 2)]
    assert tie_text(queue=TITLES, text="chuyên viên", code="CV", acting_user=officer) == 2
    assert {row.title for row in Assignment.objects.filter(cadre__in=mine)} == {title}
    assert Assignment.objects.get(cadre=theirs).title is None
    newest = history_model(Assignment).objects.filter(cadre_id=mine[0].pk).first()
    assert newest.history_change_reason == "Khớp danh mục: «chuyên viên» là «Chuyên viên»"
    assert ValueMapping.objects.get().unit == unit


def test_a_text_that_says_more_than_the_title_is_kept_beside_it() -> None:
    cadre = make_cadre(title_text="Trưởng phòng Kinh tế")
    make_title("TP", name="Trưởng phòng")
    tie_text(queue=TITLES, text="Trưởng phòng Kinh tế", code="TP", acting_user=None)
    row = Assignment.objects.get(cadre=cadre)
    assert (row.title.code, row.title_text) == ("TP", "Trưởng phòng Kinh tế")


def test_an_unknown_code_is_refused_and_nothing_is_written() -> None:
    cadre = make_cadre(title_text="Trưởng phòng")
    with pytest.raises(ValidationError, match="Không có mã"):
        tie_text(queue=TITLES, text="Trưởng phòng", code="KHONG-CO", acting_user=None)
    assert Assignment.objects.get(cadre=cadre).title is None


@pytest.mark.parametrize("name", ["quality", "code-list", "law"])
def test_the_pages_open_for_those_who_keep_records(client: Client, name: str) -> None:
    make_cadre(title_text="Trưởng phòng Kinh tế")
    make_title("TP", name="Trưởng phòng")
    client.force_login(make_user(Role.PROVINCE_OFFICER))
    assert client.get(reverse(f"personnel:{name}")).status_code == 200


def test_the_page_ties_a_text(client: Client) -> None:
    cadre = make_cadre(title_text="Trưởng phòng Kinh tế")
    make_title("TP", name="Trưởng phòng")
    client.force_login(make_user(Role.PROVINCE_OFFICER))
    answer = client.post(
        reverse("personnel:quality"), {"part": "title", "text": "Trưởng phòng Kinh tế", "code": "TP"}, follow=True
    )
    assert "cho 1 dòng" in answer.content.decode()
    assert Assignment.objects.get(cadre=cadre).title.code == "TP"


@pytest.mark.parametrize("role", [Role.APPROVER, Role.INSPECTOR, Role.ADMINISTRATOR, Role.CADRE])
def test_those_who_do_not_keep_records_have_no_queue(client: Client, role: Role) -> None:
    client.force_login(make_user(role))
    assert client.get(reverse("personnel:quality")).status_code == 403
