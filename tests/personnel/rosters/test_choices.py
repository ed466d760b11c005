"""What an officer chooses from on the pages of a roster: values with what was inferred, columns, units."""

from __future__ import annotations

import datetime
import re

from django.test import Client
from django.urls import reverse

from hrdb.kernel.audit import writing
from personnel.imports.kept import checked
from personnel.models import Assignment, Decision, Employment, ValueMapping
from tests.factories.personnel import make, make_unit
from tests.factories.rosters import MAI, PAO, line, roster
from tests.personnel.cadres.pages import show
from tests.personnel.rosters.conftest import Office

DAY = datetime.date(2025, 12, 31)
BASIS = "Đối tượng suy ra từ chức danh «Lái xe»"
ROSTER = roster(line(1, "Nguyễn Thị Mai", MAI, sex="Nữ", post="Lái xe"), line(2, "Giàng A Páo", PAO, post="Lái xe"))


def test_an_inferred_category_is_asked_about_once_decided_and_remembered(office: Office) -> None:
    batch = office.send(ROSTER)
    found = checked(batch)
    assert found is not None
    assert [(value["text"], value["count"]) for value in found["unknown_values"]] == [("Lái xe", 2), (BASIS, 2)]
    page = show(office.client, "personnel:roster-detail", batch.pk, part="values")
    assert f'{BASIS} <span class="sub">Đối tượng</span></td>' in page
    assert "Công chức (suy ra)" in page
    assert page.count("Giữ nguyên chữ") == 1

    office.post("decide", batch, kind="values", **{"value-1": "-"})
    assert not ValueMapping.objects.exists()
    batch = office.post("decide", batch, kind="values", **{"value-1": "contract_111"})
    assert [value["text"] for value in (checked(batch) or {})["unknown_values"]] == ["Lái xe"]
    assert ValueMapping.objects.get().code == "contract_111"
    office.post("confirm", batch)
    assert set(Employment.objects.exclude(cadre=office.known).values_list("category", flat=True)) == {"contract_111"}


def test_columns_are_offered_by_part_of_the_record_and_units_in_vietnamese_order(
    office: Office, province: Client
) -> None:
    batch = office.send(ROSTER)
    page = show(office.client, "personnel:roster-detail", batch.pk, part="columns")
    first = page[page.index("<select") : page.index("</select>")]
    assert first.count("<optgroup") == 8
    assert (
        first.index("Không đọc cột này") < first.index("Họ và tên") < first.index("Dân tộc") < first.index("Bậc lương")
    )
    assert first.count(" selected") == 1
    for name in ("Ủy ban Mặt trận", "Đảng ủy", "Sở Y tế", "Ban Dân tộc"):
        make_unit(name=name)
    sent = province.get(reverse("personnel:roster-upload")).content.decode()
    names = [name for name in re.findall(r'<option value="[^"]*"[^>]*>([^<]+)</option>', sent) if name != "Theo tệp"]
    wanted = ["Ban Dân tộc", "Đảng ủy", "Sở Nội vụ", "Sở Y tế", "Ủy ban Mặt trận", "Ủy ban nhân dân tỉnh"]
    assert [name for name in names if name in wanted] == wanted


def test_a_correction_that_nobody_confirms_is_not_said_to_be_written(office: Office) -> None:
    known = office.known
    content = roster(line(1, known.full_name, known.personal_number, born="10/05/1981", ethnicity="", degree=""))
    batch = office.send(content)
    assert [batch.report[name] for name in ("changed", "pending")] == [1, 1]
    page = show(office.client, "personnel:roster-detail", batch.pk)
    assert "đính chính, chờ xác nhận" in page
    assert "0 hồ sơ mới và 0 hồ sơ thay đổi" in page
    office.post("confirm", batch)
    assert batch.state == "checked"
    batch = office.post("confirm", batch, accept_corrections="on")
    assert [batch.report[name] for name in ("changed", "pending")] == [1, 0]
    known.refresh_from_db()
    assert known.born.year == 1981


def test_what_a_decision_keeps_is_no_change(office: Office) -> None:
    decision = make(Decision, number="15/QĐ", signed_on=DAY, effective_on=DAY, issuer="Sở Nội vụ")
    held = Assignment.objects.get(cadre=office.known)
    with writing(acting_user=None, reason="gắn quyết định"):
        held.decision = decision
        held.save()
    known = line(1, office.known.full_name, office.known.personal_number, born="10/05/1980", ethnicity="", degree="",
                 post="Trưởng phòng")  # fmt: skip
    batch = office.send(roster(known))
    page = show(office.client, "personnel:roster-detail", batch.pk)
    assert batch.report["same"] == 1
    assert "Sẽ ghi" not in page
    assert "Danh sách ghi «Trưởng phòng, Sở Nội vụ», theo quyết định số 15/QĐ ngày 31/12/2025" in page


def test_those_not_listed_are_told_apart_and_do_not_leave_on_a_day_to_come(office: Office) -> None:
    batch = office.send(ROSTER)
    page = show(office.client, "personnel:roster-detail", batch.pk, part="missing")
    assert "Sinh 10/05/1980" in page
    office.post("missing", batch, cadre=office.known.pk, answer="left", day="01/01/2090")
    assert Employment.objects.get(cadre=office.known).effective_until is None
    office.post("missing", batch, cadre=office.known.pk, answer="left", day="01/10/2026")
    assert Employment.objects.filter(cadre=office.known).count() == 2


def test_a_sex_in_figures_is_decided_once(office: Office) -> None:
    batch = office.send(roster(line(1, "Nguyễn Thị Mai", MAI, sex="0"), line(2, "Giàng A Páo", PAO, sex="1")))
    assert batch.report["rejected"] == 2
    values = (checked(batch) or {})["unknown_values"]
    assert {
        value["text"]: [code for code, _ in value["nearest"]] for value in values if value["list_name"] == "sex"
    } == {
        "0": ["male", "female"],
        "1": ["male", "female"],
    }
    answers = {f"value-{n}": {"0": "female", "1": "male"}.get(value["text"], "") for n, value in enumerate(values)}
    batch = office.post("decide", batch, kind="values", **answers)
    assert (batch.report["created"], batch.report["rejected"]) == (2, 0)
