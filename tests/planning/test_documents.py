"""Papers of a round: one computation for page, workbook and PDF; frozen with the approval; taking out is logged."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from docx import Document
from pypdf import PdfReader

from hrdb.kernel.jobs import run_job
from hrdb.kernel.models import AuditEvent, Job
from personnel.choices import ManagingLevel, TitleGroup
from personnel.models import Cadre, EthnicGroup, Unit
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from planning.choices import RoundState
from planning.models import Candidate, PlanningRound, VoteStep
from planning.reports.documents import printing
from planning.reports.documents.lists import DEFAULT, chosen_columns
from planning.reports.documents.printing import PAPERS, paper_of
from planning.rules.forms import COLUMNS, ROWS, column_of, form_of, rows_of
from planning.services.rounds import is_intact, move_round
from planning.services.votes import record_tallies
from planning.statistics.listing import CLOSED, round_listing
from tests.factories.personnel import make, make_cadre, make_code, make_title, make_unit, make_user
from tests.planning.making import DAY, approve, make_round, make_seat, open_round, put_on
from tests.planning.test_pages import browser, queries, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Unit:
    load_default_delegations()
    return make_unit("SO-A", parent=make_unit("GOC"), name="Sở Anh")


def listed(office: Unit, count: int = 2) -> tuple[PlanningRound, list[Cadre]]:
    """An open round with people on one seat, and a seat without any."""
    made = make_round()
    seat = make_seat(made, office, make_title("TP-X", name="Trưởng phòng X", group=TitleGroup.DIVISION_HEAD, rank=8))
    make_seat(made, office, make_title("TP-Y", name="Trưởng phòng Y", group=TitleGroup.DIVISION_HEAD, rank=8))
    open_round(made)
    people = [make_cadre(unit=office, name=f"Trần Thị Nguồn {place}", sex="female") for place in range(count)]
    put_on(seat, *people)
    return made, people


def paper(made: PlanningRound, key: str, **asked: str) -> tuple[str, dict[str, str]]:
    return url("document", made.pk, key), asked


def book_rows(content: bytes, sheet: int = 0) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[sheet].iter_rows(values_only=True))


def pdf_text(content: bytes) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def test_the_list_says_the_same_on_the_page_in_the_workbook_and_on_paper(office: Unit) -> None:
    made, people = listed(office)
    client = browser(make_user(Role.PROVINCE_OFFICER))
    asked = {"columns": ["born_female", "planned_title", "source"]}
    where = url("document", made.pk, "trich-ngang")
    page = client.get(where, asked).content.decode()
    rows = book_rows(client.get(where, {**asked, "export": "xlsx"}).content)
    head = next(row for row in rows if "Họ và tên" in row)
    paper_words = pdf_text(client.get(where, {**asked, "export": "pdf"}).content)
    assert [words for words in head if words] == [
        *("Nhóm", "STT", "Họ và tên", "Ngày, tháng, năm sinh: Nữ", "Chức danh quy hoạch", "Nguồn"),
    ]
    for person in people:
        assert person.full_name in page
        assert any(person.full_name in row and "Trưởng phòng X, Sở Anh" in row for row in rows)
        assert person.full_name.replace(" ", "") in paper_words
    assert "Dân tộc" not in str(head)
    assert 'value="born_female" checked' in page
    assert 'value="ethnicity" checked' not in page


def test_columns_are_those_of_the_address_in_the_order_of_the_list_or_the_usual_ones() -> None:
    assert chosen_columns(["object,born_male", "note"]) == ("born_male", "object", "note")
    assert chosen_columns([]) == chosen_columns(["gi-do"]) == DEFAULT


def test_an_approved_list_s_papers_do_not_follow_the_record(office: Unit) -> None:
    made, (one, _) = listed(office)
    approve(made)
    assert is_intact(made)
    client, (where, asked) = (
        browser(make_user(Role.PROVINCE_OFFICER)),
        paper(made, "trich-ngang", columns="home_town,post"),
    )
    before = client.get(where, asked).content.decode()
    one.full_name, one.home_town_text, one.sex = "Người Đã Đổi Tên", "Quê mới", "male"
    Cadre.objects.filter(pk=one.pk).update(full_name="Người Đã Đổi Tên", sex="male")
    made.refresh_from_db()
    after = client.get(where, asked).content.decode()
    assert "Người Đã Đổi Tên" not in after
    assert "Trần Thị Nguồn 0" in before
    assert "Trần Thị Nguồn 0" in after
    assert "giữ nguyên như khi phê duyệt" in after
    form = paper_of(PlanningRound.objects.get(pk=made.pk), "bieu-12", (), None).tables()[0]
    assert next(row.cells[1] for row in form.rows if row.cells and row.cells[0] == "Nữ") == 2


def test_a_list_that_was_approved_before_people_were_kept_with_it_says_where_they_come_from(office: Unit) -> None:
    made, _ = listed(office)
    approve(made)
    for seat in made.content["seats"]:  # type: ignore[index]
        for key in ("name", "unit_name", "is_body", "places", "level", "branch", "group", "office"):
            del seat[key]
        for person in seat["people"]:
            del person["told"]
    PlanningRound.objects.filter(pk=made.pk).update(content=made.content)
    made.refresh_from_db()
    told = round_listing(made, None)
    assert told.is_refilled
    assert told.seats[0].title == "Trưởng phòng X"
    page = browser(make_user(Role.PROVINCE_OFFICER)).get(url("document", made.pk, "trich-ngang")).content.decode()
    assert "chưa được lưu kèm" in page
    PlanningRound.objects.filter(pk=made.pk).update(content={})
    made.refresh_from_db()
    assert round_listing(made, None).entries == 2


def test_what_leaves_the_server_is_logged_with_whom_and_only_planners_see_the_log(office: Unit) -> None:
    made, people = listed(office)
    client = browser(make_user(Role.PROVINCE_OFFICER))
    ids = sorted(person.pk for person in people)
    for key, kind in PAPERS.items():
        for ending in kind.formats:
            last = AuditEvent.objects.latest("pk").pk
            answer = client.get(url("document", made.pk, key), {"export": ending})
            assert answer.status_code == 200, (key, ending)
            event = AuditEvent.objects.filter(pk__gt=last).latest("pk")
            is_print = ending == "pdf"
            assert event.action == (AuditEvent.Action.PRINT if is_print else AuditEvent.Action.EXPORT), (key, ending)
            assert event.details["needs"] == "plan"
            assert event.details.get("people", []) == (ids if kind.names_people else [])
    last = AuditEvent.objects.latest("pk").pk
    client.get(url("document", made.pk, "trich-ngang"))
    assert AuditEvent.objects.filter(pk__gt=last, action=AuditEvent.Action.READ_SENSITIVE, details__people=ids).exists()
    assert client.get(url("document", made.pk, "trich-ngang"), {"export": "docx"}).status_code == 404
    assert client.get(url("document", made.pk, "khong-co")).status_code == 404


def test_papers_are_of_what_the_reader_sees(office: Unit) -> None:
    made, _ = listed(office)
    other = make_unit("SO-B", parent=Unit.objects.get(code="GOC"), name="Sở Bình")
    far = make_seat(made, other, make_title("TP-Z", name="Trưởng phòng Z", group=TitleGroup.DIVISION_HEAD, rank=8))
    stranger = make_cadre(unit=other, name="Lê Văn Ngoài")
    put_on(far, stranger)
    officer = browser(make_user(Role.UNIT_OFFICER, unit=office))
    for key in PAPERS:
        answer = officer.get(url("document", made.pk, key))
        told = answer.content.decode()
        assert answer.status_code == (404 if key == "quyet-dinh" else 200), key
        assert "Lê Văn Ngoài" not in told
        assert "Sở Bình" not in told
    assert "phạm vi được xem" in officer.get(url("document", made.pk, "trich-ngang")).content.decode()
    assert "tai-lieu/quyet-dinh" not in officer.get(url("documents", made.pk)).content.decode()
    for role in (Role.INSPECTOR, Role.ADMINISTRATOR, Role.CADRE):
        client = browser(make_user(role, unit=office if role == Role.INSPECTOR else None))
        assert client.get(url("documents", made.pk)).status_code in (403, 404), role
        assert client.get(url("document", made.pk, "trich-ngang")).status_code in (403, 404), role


def test_who_approves_reads_the_list_without_ethnic_group_and_religion(office: Unit) -> None:
    made, (one, _) = listed(office)
    Cadre.objects.filter(pk=one.pk).update(ethnicity=make_code(EthnicGroup, "02", name="Tày", is_minority=True))
    move_round(planning_round=made, to=RoundState.SUBMITTED, acting_user=None)
    where, asked = paper(made, "trich-ngang", columns="ethnicity")
    leader = browser(make_user(Role.APPROVER, unit=office)).get(where, asked).content.decode()
    planner = browser(make_user(Role.PROVINCE_OFFICER)).get(where, asked).content.decode()
    assert one.full_name in leader
    assert CLOSED in leader
    assert "Tày" not in leader
    assert "Tày" in planner


def test_nobody_finds_himself_on_a_paper_before_it_is_announced(office: Unit) -> None:
    made, (one, two) = listed(office)
    planner = make_user(Role.PROVINCE_OFFICER)
    Cadre.objects.filter(pk=one.pk).update(account=planner)
    approve(made)
    where, _ = paper(made, "trich-ngang")
    told = browser(planner).get(where).content.decode()
    assert one.full_name not in told
    assert two.full_name in told
    assert one.full_name not in str(book_rows(browser(planner).get(where, {"export": "xlsx"}).content))


def test_votes_are_told_with_their_share_of_those_summoned(office: Unit) -> None:
    made, _ = listed(office)
    row = Candidate.objects.filter(seat__round=made).order_by("pk")[0]
    make(VoteStep, round=made, unit=office, number=1, name="Bước một", body="Lãnh đạo", summoned=8, present=8)
    record_tallies(part=row.seat.part, votes={(row.pk, 1): 7}, acting_user=None)  # type: ignore[arg-type]
    assert round_listing(made, None).seats[0].people[0].votes == "B1: 7 (87,5%)"


def test_the_summary_by_seat_counts_each_seat_and_adds_up(office: Unit) -> None:
    made, _ = listed(office)
    (table,) = paper_of(made, "tong-hop-chuc-danh", (), None).tables()
    keys = [column.key for column in table.columns]
    told = [dict(zip(keys, row.cells, strict=True)) for row in table.rows]
    assert [(row["title"], row["entries"], row["female"], row["places"]) for row in told[:2]] == [
        ("Trưởng phòng X", 2, 2, 3),
        ("Trưởng phòng Y", 0, 0, 3),
    ]
    assert (told[2]["entries"], told[2]["number"], told[2]["first"]) == (2, 2, 2)


@pytest.mark.parametrize(
    ("code", "branch", "group", "column"),
    [
        ("UVBCH-TU", "party", "head", "committee"),
        ("UVBTV-DU-XA", "party", "division_head", "standing"),
        ("UV-UBKT-TU", "party", "division_head", "inspection"),
        ("BT-DU-XA", "party", "head", "secretary"),
        ("PBT-TT-TU", "party", "deputy", "deputy_secretary"),
        ("BT-CB", "party", "specialist", "other"),
        ("PCT-HDND-XA", "council", "deputy", "council_deputy"),
        ("CT-UBND-XA", "government", "head", "government_head"),
        ("TB-TU", "party", "head", "party_head"),
        ("PCT-MTTQ-TINH", "front", "deputy", "party_deputy"),
        ("GD-SO", "government", "head", "agency_head"),
        ("PHT", "public_service", "deputy", "service_deputy"),
        ("TP-SO", "government", "division_head", "other"),
    ],
)
def test_a_title_stands_in_one_column_of_the_form(code: str, branch: str, group: str, column: str) -> None:
    assert column_of(code, branch, group) == column
    assert column in COLUMNS


def test_rows_of_the_form_divide_everybody_by_age_and_learning() -> None:
    counts = {"sex": "female", "is_minority": True, "age": 40, "degree": "master", "theory": "senior", "academic": "02"}
    rows = rows_of(counts, DAY)
    assert set(rows) == {
        *("total", "female", "minority", "age_first", "degree_master", "theory_senior", "associate"),
    }
    assert rows_of({**counts, "age": 41}, DAY)[1] == "age_second"
    assert rows_of({**counts, "age": 51}, DAY)[1] == "age_third"
    assert rows_of({}, DAY) == ("total", "age_unknown", "degree_lower", "theory_lower")
    assert {row for one in (counts, {}) for row in rows_of(one, DAY)} <= set(ROWS)
    assert (form_of("commune"), form_of("")) == ("commune", "province")


def test_forms_stand_by_the_level_of_units_and_their_columns_add_up(office: Unit) -> None:
    made, _ = listed(office)
    form, people = paper_of(made, "bieu-12", (), None).tables()
    assert form.title.startswith("Biểu 12A")
    for row in form.rows:
        if not row.head:
            assert row.cells[1] == sum(row.cells[2:])
    assert people.rows[0].cells[:2] == ("Tổng số", 2)


def test_letter_and_decision_say_the_same_in_word_and_pdf_and_leave_blank_what_is_not_known(office: Unit) -> None:
    made, people = listed(office)
    client = browser(make_user(Role.PROVINCE_OFFICER))
    for key, words in (
        (
            "to-trinh",
            ("Kính gửi:", "gồm 2 lượt người (2 người) ở 2 chức danh", "Còn 1 chức danh chưa có người", "nữ 2"),
        ),
        (
            "quyet-dinh",
            ("Phê duyệt quy hoạch nhiệm kỳ 2030-2035 gồm 2 lượt người", "Trưởng phòng X, Sở Anh", "377-QĐ/TW"),
        ),
    ):
        where = url("document", made.pk, key)
        document = Document(io.BytesIO(client.get(where, {"export": "docx"}).content))
        in_word = "\n".join(one.text for one in document.paragraphs)
        in_word += "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
        in_pdf = pdf_text(client.get(where, {"export": "pdf"}).content)
        for text in (*words, "…"):
            assert text in in_word, (key, text)
            assert re.sub(r"\s+", "", text) in in_pdf, (key, text)
        assert "{" not in in_word
    assert all(person.full_name in in_word for person in people)


def test_the_letter_goes_to_the_body_that_approves(office: Unit) -> None:
    made = make_round("QH-BTV", level=ManagingLevel.PROVINCIAL_STANDING)
    text = paper_of(made, "to-trinh", (), None).text()  # type: ignore[attr-defined]
    assert text.values["addressee"] == "Ban Thường vụ Tỉnh ủy"
    assert text.head.is_party
    draft = paper_of(made, "quyet-dinh", (), None).text()  # type: ignore[attr-defined]
    assert draft.lists["signed_as"][0] == "T/M BAN THƯỜNG VỤ TỈNH ỦY"


def test_a_long_list_is_printed_by_a_job_of_the_same_lines(office: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    made, people = listed(office, 3)
    monkeypatch.setattr(printing, "MOST_ROWS", 2)
    monkeypatch.setattr(printing, "ROWS_IN_PART", 2)
    client = browser(make_user(Role.PROVINCE_OFFICER))
    answer = client.get(url("document", made.pk, "trich-ngang"), {"export": "pdf", "columns": "planned_title"})
    assert answer.status_code == 302
    job = Job.objects.get()
    run_job.func(job.pk)
    job.refresh_from_db()
    told = pdf_text((Path(settings.RESULTS_ROOT) / job.result_file).read_bytes())
    assert all(person.full_name.replace(" ", "") in told for person in people)
    assert "(tiếp)" in told
    event = AuditEvent.objects.filter(action=AuditEvent.Action.PRINT).latest("pk")
    assert event.details["people"] == sorted(person.pk for person in people)
    assert event.details["needs"] == "plan"


@pytest.mark.parametrize("key", ["trich-ngang", "tong-hop-chuc-danh", "bieu-12", "to-trinh", "quyet-dinh"])
def test_papers_cost_the_same_queries_for_few_and_for_many(office: Unit, key: str) -> None:
    client = browser(make_user(Role.PROVINCE_OFFICER))
    made, _ = listed(office, 3)
    where = url("document", made.pk, key)
    client.get(where)
    few = queries(client, where)
    for place in range(9):
        seat = make_seat(made, office, make_title(f"TP-{place}", group=TitleGroup.DIVISION_HEAD, rank=8))
        put_on(seat, *(make_cadre(unit=office) for _ in range(3)))
    assert queries(client, where) == few
