"""Planning in statistics: counted of what the reader sees of the lists, and not there for who does not plan."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.urls import reverse

from hrdb.kernel.models import AuditEvent, User
from personnel.choices import ManagingLevel, TitleGroup
from personnel.models import Cadre, Unit
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from personnel.statistics import narrow, structure
from planning.models import Candidate
from planning.reports.yearly import yearly_summary
from planning.statistics.populations import NOT_SEEN
from tests.factories.personnel import make_cadre, make_title, make_unit, make_user
from tests.planning.making import DAY, approve, make_round, make_seat, open_round, put_on
from tests.planning.test_pages import browser, queries, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Unit:
    load_default_delegations()
    return make_unit("SO-A", parent=make_unit("GOC"), name="Sở Anh")


@pytest.fixture
def planned(office: Unit) -> tuple[Cadre, Cadre, Cadre]:
    """Somebody planned by the office and by the level above, somebody by the level above alone, somebody by nobody."""
    both, above, nobody = (
        make_cadre(unit=office, name=f"Vũ Thị {name}", sex="female") for name in ("Hai", "Trên", "Ngoài")
    )
    own, upper = make_round("QH-DV"), make_round("QH-BTV", level=ManagingLevel.PROVINCIAL_STANDING)
    head = make_title(
        "GD-X", group=TitleGroup.HEAD, is_leadership=True, rank=5, managing_level=ManagingLevel.PROVINCIAL_STANDING
    )
    seat, head_seat = make_seat(own, office), make_seat(upper, office, head)
    open_round(own)
    open_round(upper)
    put_on(seat, both, object=2)
    put_on(head_seat, both, above)
    approve(own)
    approve(upper)
    return both, above, nobody


def numbers(user: User | None, *, day: datetime.date = DAY, **asked: str) -> dict[str, int]:
    table = structure(user=user, day=day, **asked)
    return {row.key: row.total for row in table.rows if row.total} | {"all": table.total.total}


def test_planned_people_are_counted_by_what_the_reader_plans(office: Unit, planned: tuple[Cadre, ...]) -> None:
    province, officer = make_user(Role.PROVINCE_OFFICER), make_user(Role.UNIT_OFFICER, unit=office)
    assert numbers(province, population="planned")["all"] == 2
    assert numbers(officer, population="planned")["all"] == 1
    assert numbers(None, population="planned")["all"] == 2
    assert numbers(province, population="planned", rows="planned_object") == {"1": 2, "all": 2}
    assert numbers(officer, population="planned", rows="planned_object") == {"2": 1, "all": 1}
    assert numbers(province, rows="planned_group") == {"head": 2, NOT_SEEN[0]: 1, "all": 3}
    assert numbers(officer, rows="planned_group") == {"division_head": 1, NOT_SEEN[0]: 2, "all": 3}


def test_a_number_opens_the_people_whom_it_counts(office: Unit, planned: tuple[Cadre, ...]) -> None:
    both, above, _ = planned
    officer = make_user(Role.UNIT_OFFICER, unit=office)
    people = Cadre.objects.all()
    assert set(narrow(people, "planned:", DAY, None)) == {both, above}
    assert set(narrow(people, "planned:", DAY, officer)) == {both}
    assert set(narrow(people, "present:planned_group=division_head", DAY, officer)) == {both}
    told = browser(officer).get(reverse("personnel:cadre-list"), {"structure": "planned:"}).content.decode()
    assert both.full_name in told
    assert above.full_name not in told


def test_who_does_not_plan_finds_nothing_of_it(office: Unit, planned: tuple[Cadre, ...]) -> None:
    inspector = make_user(Role.INSPECTOR, unit=office)
    client, page = browser(inspector), reverse("personnel:structure")
    told = client.get(page).content.decode()
    assert "trong quy hoạch" not in told
    assert "Đối tượng quy hoạch" not in told
    nothing = client.get(page, {"population": "khong-co"})
    for asked in ({"population": "planned"}, {"rows": "planned_object"}, {"rows": "planned_group"}):
        answer = client.get(page, asked)
        assert (answer.status_code, answer.content) == (nothing.status_code, nothing.content), asked
        with pytest.raises(KeyError):
            structure(user=inspector, day=DAY, **asked)
    for text in ("planned:", "present:planned_object=1", "present:planned_object=none"):
        assert not narrow(Cadre.objects.all(), text, DAY, inspector).exists(), text
    assert "trong quy hoạch" in browser(make_user(Role.UNIT_OFFICER, unit=office)).get(page).content.decode()


def test_nobody_counts_himself_before_it_is_announced(office: Unit, planned: tuple[Cadre, ...]) -> None:
    me = make_user(Role.PROVINCE_OFFICER)
    Cadre.objects.filter(pk=planned[1].pk).update(account=me)
    assert numbers(me, population="planned")["all"] == 1
    assert numbers(me, rows="planned_group")[NOT_SEEN[0]] == 2


def test_planned_is_what_stood_on_the_day(office: Unit, planned: tuple[Cadre, ...]) -> None:
    assert numbers(None, population="planned", day=DAY - datetime.timedelta(1))["all"] == 0
    off = {"state": "removed", "removed_on": DAY + datetime.timedelta(30), "reason": "Bị kỷ luật"}
    Candidate.objects.filter(cadre=planned[1]).update(**off)
    assert numbers(None, population="planned", day=DAY + datetime.timedelta(29))["all"] == 2
    assert numbers(None, population="planned", day=DAY + datetime.timedelta(30))["all"] == 1


def test_taking_the_planned_out_tells_an_inspector_who_left_but_not_why(
    office: Unit, planned: tuple[Cadre, ...]
) -> None:
    last = AuditEvent.objects.latest("pk").pk
    client = browser(make_user(Role.PROVINCE_OFFICER))
    client.get(reverse("personnel:cadre-list"), {"structure": "planned:", "export": "xlsx"})
    open_, closed = [], []
    for event in AuditEvent.objects.filter(pk__gt=last, action=AuditEvent.Action.EXPORT):
        (closed if event.details.get("needs") else open_).append(event.details)
    assert [one["filters"]["structure"] for one in closed] == ["planned:"]
    assert [(one["count"], one.get("filters", {}).get("structure")) for one in open_] == [(2, None)]


def test_a_year_tells_what_stood_at_its_end_and_what_changed_in_it(office: Unit) -> None:
    title = make_title("TP-A", group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8)
    other = make_title("TP-B", group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8)
    made = make_round(day=DAY.replace(year=2025))
    seat = make_seat(made, office, title)
    open_round(made)
    one, two = (make_cadre(unit=office, sex=sex) for sex in ("female", "male"))
    put_on(seat, one, two, object=2)
    put_on(make_seat(made, office, other), one)
    approve(made, day=datetime.date(2025, 12, 1))
    Candidate.objects.filter(cadre=two).update(
        state="removed", removed_on=datetime.date(2026, 5, 1), reason="Bị kỷ luật"
    )
    post = one.assignment_set.get()
    type(post).objects.filter(pk=post.pk).update(title=other, effective_from=datetime.date(2026, 6, 1))
    summary = yearly_summary(make_user(Role.PROVINCE_OFFICER), DAY)
    told = {row.label: [cell.count for cell in row.counts[-3:]] for rows in summary.rows.values() for row in rows}
    assert [span.year for span in summary.years] == [2022, 2023, 2024, 2025, 2026]
    assert told["Chức danh được quy hoạch"] == [0, 2, 2]
    assert told["Lượt người trong quy hoạch"] == [0, 3, 2]
    assert told["Lượt người đối tượng 2"] == [0, 2, 1]
    assert told["Người trong quy hoạch"] == [0, 2, 1]
    assert told["Trong đó: nữ"] == [0, 1, 1]
    assert told["Lượt người đưa vào quy hoạch"] == [0, 3, 0]
    assert told["Lượt người đưa ra khỏi quy hoạch"] == [0, 0, 1]
    assert told["Người được bổ nhiệm, bầu vào chức danh đã quy hoạch"] == [0, 0, 1]
    assert told["Lượt luân chuyển đã thực hiện"] == [0, 0, 0]


def test_the_yearly_page_opens_its_people_and_leaves_as_file_and_paper(
    office: Unit, planned: tuple[Cadre, ...]
) -> None:
    client, page = browser(make_user(Role.PROVINCE_OFFICER)), url("yearly")
    asked = {"day": DAY.isoformat()}
    told = client.get(page, asked).content.decode()
    address = f"structure=planned%3A&amp;day={DAY.isoformat()}"
    assert address in told
    book = openpyxl.load_workbook(io.BytesIO(client.get(page, {**asked, "export": "xlsx"}).content)).worksheets[0]
    assert any(row[1] == "Người trong quy hoạch" and row[-1] == 2 for row in book.iter_rows(values_only=True))
    assert client.get(page, {**asked, "export": "pdf"}).content.startswith(b"%PDF")
    assert client.get(page, {**asked, "export": "csv"}).status_code == 404
    event = AuditEvent.objects.filter(action=AuditEvent.Action.PRINT).latest("pk")
    assert event.details["needs"] == "plan"
    few = queries(client, page)
    made = make_round("QH-NUA")
    seat = make_seat(made, office)
    open_round(made)
    put_on(seat, *(make_cadre(unit=office) for _ in range(3)))
    approve(made)
    assert queries(client, page) == few
    assert browser(make_user(Role.INSPECTOR, unit=office)).get(page).status_code == 403
