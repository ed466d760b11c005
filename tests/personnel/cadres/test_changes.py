"""The history of a record: who wrote what, when and why, field by field, as far as the reader may see."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hrdb.kernel.models import User
from personnel.models import Assignment, Cadre, EthnicGroup, Rank, Unit
from personnel.policies import Role
from personnel.record_tables import record_parts
from personnel.reports.changes import CLOSED, changes_of_record, changes_of_row
from personnel.services.cadres import correct_cadre
from personnel.services.records import correct_row, remove_row
from tests.factories.personnel import make_cadre, make_code, make_user
from tests.personnel.cadres.pages import profile, signed_in
from tests.personnel.cadres.records import kinh, make_decision, make_full_cadre

pytestmark = pytest.mark.django_db

D = datetime.date
TABLES = [Cadre, *(part.model for part in record_parts)]


def _fields(cadre: Cadre, **kwargs: object) -> dict[str, tuple[str, str]]:
    newest = changes_of_record(cadre.pk, TABLES, **kwargs).acts[0]  # type: ignore[arg-type]
    return {change.label: (change.old_text, change.new_text) for change in newest.rows[0].changes}


def test_a_correction_is_told_field_by_field_in_words(cadre: Cadre, officer: User) -> None:
    group: EthnicGroup = kinh()
    correct_cadre(
        cadre=cadre,
        values={"ethnicity": group, "sex": "male", "id_issued_on": D(2021, 6, 1), "photo": "photos/b.jpg"},
        version=None,
        acting_user=officer,
        reason="theo giấy khai sinh",
    )
    assert _fields(cadre) == {
        "Giới tính": ("Nữ", "Nam"),
        "Dân tộc": ("Tày", "Kinh"),
        "Ngày cấp CCCD": ("01/05/2021", "01/06/2021"),
        "Ảnh": ("có ảnh", "có ảnh"),
    }
    act = changes_of_record(cadre.pk, TABLES).acts[0]
    assert (act.who, act.event.reason) == ("Hoàng Lan", "theo giấy khai sinh")


def test_rows_tell_units_decisions_numbers_and_the_last_day(cadre: Cadre, elsewhere: Unit, officer: User) -> None:
    row = Assignment.objects.get(cadre=cadre, kind="party")
    correct_row(
        row=row,
        values={"unit": elsewhere, "effective_until": D(2026, 7, 1)},
        decision=make_decision("5/QĐ-TU", D(2026, 6, 20)),
        version=None,
        acting_user=officer,
        reason="thiếu ngày thôi",
    )
    assert _fields(cadre) == {
        "Quyết định": ("—", "Quyết định 5/QĐ-TU ngày 20/06/2026"),
        "Đến hết ngày": ("—", "30/06/2026"),
        "Đơn vị": ("—", "Sở Tài chính"),
    }


def test_tier_1_is_told_as_changed_and_no_more(cadre: Cadre, unit: Unit) -> None:
    correct_cadre(cadre=cadre, values={"ethnicity": kinh()}, version=None, acting_user=None, reason="theo khai sinh")
    assert _fields(cadre, closed_fields={"ethnicity"}) == {"Dân tộc": (CLOSED, CLOSED)}
    html = profile(signed_in(make_user(Role.APPROVER, unit=unit)), cadre, tab="changes")
    assert "đã che" in html
    for secret in ("Tày", "Kinh", cadre.personal_number):
        assert secret not in html


def test_a_removed_row_is_told_with_what_it_held(cadre: Cadre, officer: User) -> None:
    row = Assignment.objects.get(cadre=cadre, kind="party")
    remove_row(row=row, version=None, acting_user=officer, reason="nhập nhầm người")
    act = changes_of_record(cadre.pk, TABLES).acts[0]
    assert [(one.act, one.label, one.gist) for one in act.rows] == [
        ("-", "Quá trình công tác", "Đảng bộ Sở Nội vụ, Phó Bí thư")
    ]
    kept = changes_of_row(cadre.pk, Assignment, row.pk)
    assert [one.rows[0].act for one in kept] == ["-", "+"]
    assert changes_of_row(make_cadre().pk, Assignment, row.pk) == ()


def test_a_page_costs_the_same_few_queries_however_much_was_written(cadre: Cadre) -> None:
    def cost(page: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            changes_of_record(cadre.pk, TABLES, page=page, size=5)
        return len(queries)

    before = cost(1)
    rank = make_code(Rank, "01.003", name="Chuyên viên")
    for number in range(12):
        correct_row(
            row=cadre.paystep_set.get(),
            values={"step": number + 1, "rank": rank},
            version=None,
            acting_user=None,
            reason="thử nhiều lần",
        )
    assert cost(1) == before <= 5
    pages = [changes_of_record(cadre.pk, TABLES, page=number, size=5) for number in (1, 2, 3)]
    seen = [act.event.pk for page in pages for act in page.acts]
    assert seen == sorted(set(seen), reverse=True)
    assert [page.has_next for page in pages] == [True, True, True]


def test_the_last_page_has_no_next(unit: Unit) -> None:
    one = make_full_cadre(unit)
    whole = changes_of_record(one.pk, TABLES, size=500)
    assert not whole.has_next
    assert changes_of_record(one.pk, TABLES, page=2, size=500).acts == ()
