"""A case on its pages: drawn up, rehearsed, looked through, carried out in the background, undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hrdb.kernel.models import Job
from personnel.choices import PlacementOutcome, ReorganisationState, StepKind
from personnel.models import Reorganisation
from personnel.policies import Role
from tests.factories.personnel import make_cadre, make_user
from tests.personnel.reorganisation.province import (
    DAY,
    Province,
    add_step,
    keeper,
    make_case,
    make_province,
    open_codes,
    place,
)

pytestmark = pytest.mark.django_db

MERGE = (StepKind.MERGE, ["H1.X1", "H1.X2"], ["X.NEW"], {"name": "Xã Mới"})


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> Any:
    """Differences are kept in a folder of the test."""
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "media"}}
    with override_settings(STORAGES=settings.STORAGES | {"default": on_disk}):
        yield


@pytest.fixture
def province() -> Province:
    return make_province()


@pytest.fixture
def officer(client: Client) -> Client:
    """A browser of an officer of the province."""
    client.force_login(make_user(Role.PROVINCE_OFFICER))
    return client


def _url(name: str, *args: Any) -> str:
    return reverse(f"personnel:reorganisation-{name}", args=args)


@pytest.fixture
def work(officer: Client, django_capture_on_commit_callbacks: Any) -> Callable[..., Job]:
    """Sends what starts long work, lets it be done to the end, and answers it."""

    def send(url: str, **values: str) -> Job:
        with django_capture_on_commit_callbacks(execute=True):
            officer.post(url, values)
        return Job.objects.latest("pk")

    return send


def test_a_case_is_drawn_up_rehearsed_carried_out_and_undone(
    province: Province, officer: Client, work: Callable[..., Job]
) -> None:
    decision = {"decision_number": "15/NQ", "decision_signed_on": "16/06/2025", "decision_issuer": "Hội đồng"}
    told = officer.post(_url("create"), {"title": "Sắp xếp xã", "day": "01/07/2025", "unit": "", **decision})
    case = Reorganisation.objects.get()
    assert told["Location"] == _url("detail", case.pk)
    step = {"source_1": "H1.X1", "source_2": "Xã 1-2", "target_1": "X.NEW", "name": "Xã Mới"}
    assert officer.post(_url("step-add", case.pk, "merge"), step).status_code == 302
    assert case.steps.get().sources == ["H1.X1", "H1.X2"]
    head = province.people["H1.X1"][0]
    page = officer.get(_url("detail", case.pk), {"part": "people"}).content.decode()
    assert head.full_name in page
    assert "Cần quyết định riêng" in page
    assert officer.post(_url("place", case.pk, head.pk), {"outcome": "head", "kind": "main"}).status_code == 302
    assert work(_url("rehearse", case.pk)).state == Job.State.DONE
    page = officer.get(
        _url("detail", case.pk), {"part": "difference", "of": "people", "q": head.full_name}
    ).content.decode()
    assert "Xã Mới" in page
    assert "Hồ sơ cán bộ" in page
    assert "cần quyết định riêng" in officer.get(_url("apply", case.pk)).content.decode()
    assert work(_url("apply", case.pk)).state == Job.State.DONE
    case.refresh_from_db()
    assert (case.state, keeper(head, DAY)) == (ReorganisationState.APPLIED, "X.NEW")
    page = officer.get(_url("detail", case.pk), {"part": "people"}).content.decode()
    assert "Chủ tịch UBND xã · Xã Mới" in page
    assert officer.get(_url("step-add", case.pk, "merge")).status_code == 403
    assert work(_url("undo", case.pk), reason="Nhầm phương án").state == Job.State.DONE
    assert "X.NEW" not in open_codes(DAY)


def test_what_changed_since_the_rehearsal_fails_the_work_with_a_sentence(
    province: Province, officer: Client, work: Callable[..., Job]
) -> None:
    case = make_case([MERGE])
    work(_url("rehearse", case.pk))
    make_cadre(unit=province.units["H1.X1"])
    job = work(_url("apply", case.pk))
    assert (job.state, "Hãy chạy thử lại" in job.error) == (Job.State.FAILED, True)
    assert "Hãy chạy thử lại" in officer.get(_url("detail", case.pk)).content.decode()


def test_faults_stand_at_their_steps_and_people_until_they_are_mended(
    province: Province, officer: Client, work: Callable[..., Job]
) -> None:
    case = make_case([MERGE, (StepKind.RENAME, ["H1.X1"], [], {"name": "Phường"})])
    place(case, province.people["H1.X1"][2], PlacementOutcome.HEAD)
    work(_url("rehearse", case.pk))
    page = officer.get(_url("detail", case.pk)).content.decode()
    assert "đã kết thúc hoạt động ở bước 1" in page
    assert (
        "không phải là chức danh cấp trưởng"
        in officer.get(_url("detail", case.pk), {"part": "people"}).content.decode()
    )
    rename = case.steps.last()
    officer.post(_url("step", case.pk, rename.pk), {"source_1": "H1.X3", "name": "Phường"})
    page = officer.get(_url("detail", case.pk)).content.decode()
    assert "đã kết thúc hoạt động" not in page
    assert "Phương án đã sửa từ lần chạy thử" in page
    assert officer.get(_url("apply", case.pk)).status_code == 404


def test_a_form_says_what_is_missing_and_keeps_what_was_typed(province: Province, officer: Client) -> None:
    case = make_case([])
    told = officer.post(_url("step-add", case.pk, "merge"), {"source_1": "Không có", "target_1": "", "name": "Xã Mới"})
    assert told.status_code == 422
    text = told.content.decode()
    assert "Không có «Không có» trong phạm vi được chọn." in text
    assert 'value="Xã Mới"' in text
    assert officer.get(_url("step-add", case.pk, "ban")).status_code == 404
    for kind in StepKind.values:
        assert officer.get(_url("step-add", case.pk, kind)).status_code == 200


def test_steps_are_moved_and_taken_out(province: Province, officer: Client) -> None:
    case = make_case([MERGE, (StepKind.RENAME, ["H1"], [], {"name": "Huyện Mới"})])
    first, second = case.steps.all()
    officer.post(_url("step-act", case.pk, second.pk, "len"))
    assert [step.pk for step in case.steps.all()] == [second.pk, first.pk]
    officer.post(_url("step-act", case.pk, second.pk, "bo"))
    assert [step.pk for step in case.steps.all()] == [first.pk]
    officer.post(_url("remove", case.pk), {"reason": "Lập nhầm phương án"})
    assert not Reorganisation.objects.exists()


def test_people_of_a_divided_unit_are_sent_by_name(province: Province, officer: Client) -> None:
    case = make_case([(StepKind.CREATE, [], ["A"], {"name": "Xã A", "parent": "H1"})])
    add_step(case, StepKind.SPLIT, ["H1.X1"], ["A"], {"keeps": True})
    url = _url("send", case.pk, "H1.X1")
    head, _, *staff = province.people["H1.X1"]
    page = officer.get(url).content.decode()
    assert staff[0].full_name in page
    assert head.full_name not in page
    assert officer.post(url, {"people": [staff[0].pk], "unit_code": "A"}).status_code == 302
    assert officer.post(url, {"people": [province.people["H1.X2"][2].pk], "unit_code": "A"}).status_code == 422
    assert [(one.cadre, one.unit_code) for one in case.placements.all()] == [(staff[0], "A")]
    assert officer.get(_url("send", case.pk, "H1.X2")).status_code == 404


def _workbook(path: Path, *rows: list[str]) -> SimpleUploadedFile:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Các bước")
        for place_, row in enumerate((["Việc", "Mã đơn vị", "Tên mới"], *rows)):
            sheet.write_row(place_, 0, row)
    return SimpleUploadedFile("phuong-an.xlsx", path.read_bytes())


def test_a_case_is_drawn_up_from_its_workbook(province: Province, officer: Client, tmp_path: Path) -> None:
    bad = _workbook(tmp_path / "a.xlsx", ["Bán", "H1", "Huyện Mới"])
    told = officer.post(_url("upload"), {"file": bad, "day": "01/07/2025", "title": "", "unit": ""})
    assert told.status_code == 422
    assert "Không có «Bán»" in told.content.decode()
    assert not Reorganisation.objects.exists()
    good = _workbook(tmp_path / "b.xlsx", ["Đổi tên", "H1", "Huyện Mới"])
    officer.post(_url("upload"), {"file": good, "day": "01/07/2025", "title": "", "unit": ""})
    case = Reorganisation.objects.get()
    assert (case.title, case.file_name, case.steps.get().values) == (
        "phuong-an",
        "phuong-an.xlsx",
        {"name": "Huyện Mới"},
    )
    broken = SimpleUploadedFile("hong.xlsx", b"%PDF-1.4")
    told = officer.post(_url("upload"), {"file": broken, "day": "01/07/2025", "title": "", "unit": ""})
    assert "Tệp là PDF" in told.content.decode()
    assert officer.get(_url("template")).content.startswith(b"PK")


def test_an_officer_of_a_part_sees_the_cases_of_his_part(province: Province, client: Client) -> None:
    inside = make_case([MERGE], unit=province.units["H1"])
    outside = make_case([MERGE])
    client.force_login(make_user(Role.UNIT_OFFICER, unit=province.units["H1"]))
    listed = client.get(_url("list")).content.decode()
    assert _url("detail", inside.pk) in listed
    assert _url("detail", outside.pk) not in listed
    assert client.get(_url("detail", outside.pk)).status_code == 404
    created = client.post(_url("create"), {"title": "Cả tỉnh", "day": "01/07/2025", "unit": ""})
    assert created.status_code == 422


@pytest.mark.parametrize("part", ["steps", "people", "difference"])
def test_a_page_costs_as_many_queries_for_few_people_as_for_many(
    part: str, officer: Client, work: Callable[..., Job]
) -> None:
    taken = []
    for staff in (2, 20):
        mark = connection.savepoint()
        make_province(staff=staff)
        case = make_case([MERGE])
        work(_url("rehearse", case.pk))
        with CaptureQueriesContext(connection) as queries:
            assert officer.get(_url("detail", case.pk), {"part": part, "of": "people"}).status_code == 200
        taken.append(len(queries))
        connection.savepoint_rollback(mark)
    assert taken[0] == taken[1]
