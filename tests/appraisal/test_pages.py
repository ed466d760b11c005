"""The pages of appraisal: cycles, the sheet of a unit and its cells, submission, what is frozen, who sees what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appraisal.models import ConfidenceVote, Rating, RatingCycle, UnitRating, UnitSubmission
from appraisal.services.entering import enter_rating, rate_unit
from appraisal.services.submitting import approve_unit, publish_unit, submit_unit
from hrdb.kernel.history import version_of
from hrdb.kernel.models import AuditEvent, User
from hrdb.kernel.screens.forms import VERSION_KEY
from personnel.models import Cadre, Unit
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from tests.appraisal.making import D, correction, head_title, make_cycle, rate_own, staff
from tests.factories.personnel import make, make_cadre, make_unit, make_user, move_cadre
from tests.factories.workbooks import rows_of

pytestmark = pytest.mark.django_db


@dataclass
class Office:
    """A department with its people, its officer and an approver above, in an open cycle."""

    cycle: RatingCycle
    top: Unit
    unit: Unit
    people: list[Cadre]
    users: dict[str, User]

    def client(self, who: str = "officer") -> Client:
        """A browser of one of them."""
        client = Client()
        client.force_login(self.users[who])
        return client

    def url(self, name: str = "unit", *args: Any) -> str:
        """A page of the unit."""
        return reverse(f"appraisal:{name}", args=[self.cycle.code, self.unit.code, *args])

    def send(self, cadre: Cadre, field: str, value: str, version: int = 0, who: str = "officer") -> Any:
        """Send one cell; answers the response with what its header tells as `told`."""
        data = {"row": cadre.pk, "field": field, "value": value, "version": version}
        response = self.client(who).post(self.url("cell"), data)
        told = response.headers.get("HX-Trigger")
        response.told = json.loads(told)["hr:cell"] if told else None
        return response

    def rate_all(self, level: str = "good", score: int = 80) -> None:
        """Rate everybody."""
        for cadre in self.people:
            values = {"level": level, "score": Decimal(score)}
            enter_rating(cycle=self.cycle, cadre=cadre, values=values, version=None, acting_user=None)

    def approve(self, *, publish: bool = False) -> UnitSubmission:
        """Submit and approve, and publish where asked."""
        self.rate_all()
        rate_own(self.cycle, self.unit)
        args: dict[str, Any] = {"cycle": self.cycle, "unit": self.unit}
        submit_unit(**args, acting_user=self.users["officer"])
        row = approve_unit(**args, day=D(2026, 12, 10), acting_user=self.users["approver"])
        return publish_unit(**args, acting_user=self.users["officer"]) if publish else row


@pytest.fixture
def office() -> Office:
    """Six people of Sở Nội vụ."""
    load_default_delegations()
    top = make_unit("UBND", name="UBND tỉnh")
    unit = make_unit("SNV", name="Sở Nội vụ", parent=top)
    users = {
        "officer": make_user(Role.UNIT_OFFICER, unit=unit),
        "province": make_user(Role.PROVINCE_OFFICER),
        "approver": make_user(Role.APPROVER, unit=top),
        "inspector": make_user(Role.INSPECTOR, unit=top),
        "cadre": make_user(Role.CADRE),
    }
    people = staff(unit, 5)
    people.append(make_cadre(unit=unit, name="Lò Văn Chính Mình", account=users["cadre"]))
    return Office(make_cycle(), top, unit, people, users)


def test_a_cell_saves_itself_and_its_row_and_checks_come_back(office: Office) -> None:
    cadre = office.people[0]
    response = office.send(cadre, "score", "91,5")
    row = Rating.objects.get(cadre=cadre)
    assert (response.status_code, row.score, row.level) == (200, Decimal("91.5"), "excellent")
    assert response.told["values"]["score"] == "91,5"
    assert response.told["values"]["level"] == "excellent"
    assert response.told["version"] == version_of(row)
    content = response.content.decode()
    assert "vượt 1 người" in content
    assert 'id="checks"' in content
    office.send(cadre, "level", "good", version=version_of(row))
    row.refresh_from_db()
    assert row.level == "good"
    assert office.send(cadre, "level", "x:leave", version=version_of(row)).status_code == 422
    office.send(cadre, "score", "", version=version_of(row))
    row.refresh_from_db()
    told = office.send(cadre, "level", "x:leave", version=version_of(row)).told
    row.refresh_from_db()
    assert (row.level, row.exclusion, told["values"]["level"]) == ("", "leave", "x:leave")


def test_the_second_of_two_is_told_and_may_overwrite_knowingly(office: Office) -> None:
    cadre = office.people[0]
    office.send(cadre, "score", "70")
    response = office.send(cadre, "score", "80", version=0, who="province")
    assert response.status_code == 409
    assert "Người khác vừa sửa dòng này: ô «Điểm» nay là 70." in response.told["refused"]
    assert response.told["values"]["score"] == "70"
    assert Rating.objects.get(cadre=cadre).score == 70
    again = office.send(cadre, "score", "80", version=response.told["version"], who="province")
    assert (again.status_code, Rating.objects.get(cadre=cadre).score) == (200, 80)


def test_a_cell_that_is_refused_says_why(office: Office) -> None:
    cadre = office.people[0]
    assert "từ 0 đến 100" in office.send(cadre, "score", "101").told["refused"]
    assert "Cần viết một số" in office.send(cadre, "score", "tốt").told["refused"]
    assert "Cần viết một số" in office.send(cadre, "score", "1e2").told["refused"]
    assert "phải từ 0 đến 30" in office.send(cadre, "general_score", "31").told["refused"]
    assert "phải từ 0 đến 70" in office.send(cadre, "results_score", "170").told["refused"]
    assert "không phải là đảng viên" in office.send(cadre, "party_level", "good").told["refused"]
    assert office.send(cadre, "khong-co", "1").status_code == 404
    assert office.send(make_cadre(), "score", "1").status_code == 404
    assert not Rating.objects.exists()
    office.approve()
    refused = office.send(cadre, "score", "60")
    assert (refused.status_code, Rating.objects.get(cadre=cadre).score) == (422, 80)
    assert "đã trình hoặc đã duyệt" in refused.told["refused"]


def test_without_scripts_the_grid_is_one_form(office: Office) -> None:
    one, two, three = office.people[:3]
    client = office.client()
    page = client.get(office.url()).content.decode()
    assert f'name="r{one.pk}-score"' in page
    office.send(three, "score", "60")
    sent = {
        f"v{one.pk}": "0",
        f"r{one.pk}-score": "85",
        f"v{two.pk}": "0",
        f"r{two.pk}-score": "185",
        f"v{three.pk}": "0",
        f"r{three.pk}-score": "90",
    }
    response = client.post(office.url(), sent)
    content = response.content.decode()
    assert response.status_code == 422
    assert "Điểm phải từ 0 đến 100." in content
    assert 'value="185"' in content
    assert "vừa được người khác sửa" in content
    assert {row.cadre_id: row.score for row in Rating.objects.all()} == {one.pk: 85, three.pk: 60}
    sent[f"r{two.pk}-score"], sent[f"r{three.pk}-score"] = "75", "60"
    sent[f"v{one.pk}"] = str(version_of(Rating.objects.get(cadre=one)))
    assert client.post(office.url(), sent).status_code == 302
    assert Rating.objects.get(cadre=two).score == 75


def test_who_is_managed_above_is_shown_and_not_entered(office: Office) -> None:
    head = make_cadre(unit=office.unit, title=head_title(), name="Vàng Thị Trưởng")
    mine, above = (office.client(who).get(office.url()).content.decode() for who in ("officer", "province"))
    assert "cấp trên xếp loại" in mine
    assert f'name="r{head.pk}-score"' not in mine
    assert f'name="r{head.pk}-score"' in above
    assert office.send(head, "score", "80").status_code == 404
    for who in ("approver", "inspector"):
        assert "data-hr-cell=" not in office.client(who).get(office.url()).content.decode()


def test_who_came_during_the_year_brings_the_scores_of_the_old_unit(office: Office) -> None:
    old = make_unit("STC", name="Sở Tài chính", parent=office.top)
    moved = make_cadre(unit=old, name="Hà Thị Chuyển")
    move_cadre(moved, office.unit, D(2026, 7, 1))
    assert "từ Sở Tài chính" in office.client().get(office.url()).content.decode()
    form = {"previous_scores": "Sở Tài chính; 87,5; quý I, II", "score": "88", VERSION_KEY: "0", "level": ""}
    assert office.client().post(office.url("person", moved.pk), form).status_code == 302
    row = Rating.objects.get(cadre=moved)
    assert row.previous_scores == [{"unit": "Sở Tài chính", "score": "87.5", "note": "quý I, II"}]
    assert row.level == "good"
    assert "Sở Tài chính; 87,5; quý I, II" in office.client().get(office.url()).content.decode()


def test_scores_of_the_quarters_are_shown_beside_the_year_and_their_mean_is_one_click_away(office: Office) -> None:
    old = make_unit("STC", name="Sở Tài chính", parent=office.top)
    moved = make_cadre(unit=old, name="Hà Thị Chuyển")
    quarters = [("Q1", "Quý I", D(2026, 1, 1), D(2026, 3, 31)), ("Q2", "Quý II", D(2026, 4, 1), D(2026, 6, 30))]
    for (code, name, begins, ends), score in zip(quarters, (85, 90), strict=True):
        quarter = make_cycle(code=code, name=name, kind="quarter", begins_on=begins, ends_on=ends)
        args: dict[str, Any] = {"cycle": quarter, "acting_user": None}
        enter_rating(**args, cadre=moved, values={"score": Decimal(score), "level": "good"}, version=None)
        if score == 90:  # a score that is not approved is not told
            continue
        rate_own(quarter, old)
        submit_unit(**args, unit=old)
        approve_unit(**args, unit=old, day=D(2026, 4, 10))
    move_cadre(moved, office.unit, D(2026, 7, 1))
    url = office.url("person", moved.pk)
    client = office.client()
    beside = client.get(url).content.decode().split('id="shorter-cycles"')[1].split("</section>")[0]
    assert "Quý I" in beside
    assert "Sở Tài chính" in beside
    assert "Quý II" not in beside
    opened = client.get(url, {"trung-binh-quy": "1"}).content.decode()
    assert 'value="85"' in opened
    assert not Rating.objects.filter(cycle=office.cycle).exists()
    asked = f"{url}?trung-binh-quy=1"
    assert client.post(asked, {"score": "85", "level": "", VERSION_KEY: "0"}).status_code == 302
    assert Rating.objects.get(cycle=office.cycle).score == 85


def test_everything_of_a_person_has_its_form(office: Office) -> None:
    cadre = office.people[0]
    url = office.url("person", cadre.pk)
    form = {
        "score": "80",
        "level": "good",
        "collective_opinion": "nhất trí",
        "degraded": "on",
        VERSION_KEY: "0",
    }
    assert office.client().post(url, form).status_code == 302
    row = Rating.objects.get(cadre=cadre)
    assert (row.grounds, row.collective_opinion) == ({"degraded": True}, "nhất trí")
    assert "thuộc trường hợp không hoàn thành nhiệm vụ" in office.client().get(office.url()).content.decode()
    assert office.client().post(url, form).status_code == 409
    bad = {**form, "previous_scores": "Sở; nhiều", VERSION_KEY: str(version_of(row))}
    assert "không phải là điểm" in office.client().post(url, bad).content.decode()


def test_a_unit_is_rated_by_the_level_above(office: Office) -> None:
    url = office.url("unit-rate")
    assert office.client().get(url).status_code == 404
    form = {"level": "good", "percent_done": "98,5", "targets_missed": "0", VERSION_KEY: "0"}
    assert office.client("province").post(url, form).status_code == 302
    assert UnitRating.objects.get(unit=office.unit).percent_done == Decimal("98.5")
    assert "hoàn thành 98,5%" in office.client().get(office.url()).content.decode()


def test_submit_return_approve_publish(office: Office) -> None:
    officer, approver = office.client(), office.client("approver")
    assert "Còn 6 người chưa xếp loại" in officer.get(office.url("submit")).content.decode()
    assert officer.post(office.url("submit")).status_code == 422
    office.rate_all()
    rate_own(office.cycle, office.unit)
    assert officer.post(office.url("submit")).status_code == 302
    waiting = approver.get(reverse("appraisal:approval-list")).content.decode()
    assert "Sở Nội vụ" in waiting
    assert officer.get(reverse("appraisal:approval-list")).status_code == 403
    assert approver.post(office.url("return"), {"comment": "xem lại nhóm phó phòng"}).status_code == 302
    assert "xem lại nhóm phó phòng" in officer.get(office.url()).content.decode()
    assert officer.post(office.url("submit")).status_code == 302
    assert officer.post(office.url("approve")).status_code == 403
    assert approver.post(office.url("approve")).status_code == 302
    row = UnitSubmission.objects.get()
    page = officer.get(office.url()).content.decode()
    assert row.sha256 in page
    assert "Nội dung khớp mã băm" in page
    assert officer.post(office.url("publish")).status_code == 302
    row.refresh_from_db()
    assert row.state == "published"
    Rating.objects.filter(cadre=office.people[0]).update(level="excellent")
    touched = officer.get(office.url()).content.decode()
    assert "Nội dung khớp mã băm" in touched
    assert f"không do đính chính: {office.people[0].full_name}" in touched
    row.content["people"][0]["level"] = "excellent"
    row.save_base(raw=True)
    assert "Nội dung không khớp mã băm" in officer.get(office.url()).content.decode()


def test_nobody_approves_whom_the_level_above_manages(office: Office) -> None:
    below = make_user(Role.APPROVER, unit=office.unit)
    office.users["below"] = below
    make_cadre(unit=office.unit, title=head_title())
    for cadre in Cadre.objects.filter(custody_set__unit=office.unit):
        values = {"level": "good", "score": Decimal(80)}
        enter_rating(cycle=office.cycle, cadre=cadre, values=values, version=None, acting_user=None)
    rate_unit(cycle=office.cycle, unit=office.unit, values={"level": "good"}, version=0, acting_user=None)
    submit_unit(cycle=office.cycle, unit=office.unit, acting_user=None)
    refused = office.client("below").get(office.url("approve")).content.decode()
    assert "cấp trên duyệt" in refused
    assert ">Duyệt</button>" not in refused
    assert ">Duyệt</button>" in office.client("approver").get(office.url("approve")).content.decode()
    assert "cấp trên duyệt" in office.client("below").post(office.url("approve")).content.decode()
    assert office.client("approver").post(office.url("approve")).status_code == 302


def test_a_correction_is_entered_by_an_approver_on_its_decision_and_frozen_anew(office: Office) -> None:
    cadre = office.people[0]
    url = office.url("correct", cadre.pk)
    assert office.client("approver").get(url).status_code == 404
    before = office.approve()
    assert office.client().get(office.url("person", cadre.pk)).status_code == 404
    assert office.client().get(url).status_code == 403
    decision = correction(office.unit, cadre)
    other = correction(office.unit, office.people[1])
    form = {
        "score": "60",
        "level": "completed",
        "reason": "khiếu nại đúng",
        VERSION_KEY: str(version_of(Rating.objects.get(cadre=cadre))),
    }
    approver = office.client("approver")
    assert approver.post(url, {**form, "decision": other.pk}).status_code == 422
    assert (
        "mức xếp loại không đúng với điểm"
        in approver.post(url, {**form, "level": "good", "decision": decision.pk}).content.decode().lower()
    )
    assert approver.post(url, {**form, "decision": decision.pk}).status_code == 302
    page = office.client().get(office.url()).content.decode()
    assert "Đã đính chính: trước là 80 điểm, Hoàn thành tốt nhiệm vụ; theo Quyết định" in page
    assert "theo quyết định Quyết định" not in page
    assert "Nội dung khớp mã băm" in page
    assert "Dữ liệu đang dùng khác" not in page
    assert before.sha256 not in page
    assert approver.post(url, {**form, "decision": decision.pk}).status_code == 409


def test_the_own_result_is_seen_when_it_is_published_and_not_before(office: Office) -> None:
    own = office.people[-1]
    profile = reverse("personnel:cadre-detail", args=[own.pk]) + "?tab=rating"
    sheet = reverse("appraisal:result-sheet", args=[office.cycle.code, own.pk])
    office.approve()
    mine = office.client("cadre").get(profile).content.decode()
    assert "Chưa có kết quả nào được công khai" in mine
    assert office.client("cadre").get(sheet).status_code == 404
    assert "Hoàn thành tốt nhiệm vụ" in office.client().get(profile).content.decode()
    assert office.client().get(sheet)["Content-Type"] == "application/pdf"
    publish_unit(cycle=office.cycle, unit=office.unit, acting_user=office.users["officer"])
    assert "Hoàn thành tốt nhiệm vụ" in office.client("cadre").get(profile).content.decode()
    assert office.client("cadre").get(sheet).content.startswith(b"%PDF")
    other = reverse("appraisal:result-sheet", args=[office.cycle.code, office.people[0].pk])
    assert office.client("cadre").get(other).status_code == 404
    assert AuditEvent.objects.filter(action="print").count() == 2


def test_the_person_scores_himself_until_the_unit_submits_and_sees_nothing_else(office: Office) -> None:
    own = office.people[-1]
    url = reverse("appraisal:own-score", args=[office.cycle.code])
    values = {"score": Decimal(81), "level": "good"}
    enter_rating(cycle=office.cycle, cadre=own, values=values, version=None, acting_user=None)
    profile = reverse("personnel:cadre-detail", args=[own.pk]) + "?tab=rating"
    assert url in office.client("cadre").get(profile).content.decode()
    page = office.client("cadre").get(url).content.decode()
    assert "81" not in page.split("<form")[-1]
    row = Rating.objects.get(cadre=own)
    form = {"self_score": "88,5", VERSION_KEY: str(version_of(row))}
    assert office.client("cadre").post(url, form).status_code == 302
    row.refresh_from_db()
    assert (row.self_score, row.score, row.level) == (Decimal("88.5"), 81, "good")
    assert office.client().get(url).status_code == 404
    office.approve()
    assert office.client("cadre").get(url).status_code == 404
    assert office.client("cadre").post(url, form).status_code == 404
    assert url not in office.client("cadre").get(profile).content.decode()


def test_an_officer_of_the_unit_does_not_see_the_own_result_before_it_is_published(office: Office) -> None:
    own = make_cadre(unit=office.unit, name="Cán bộ tổ chức", account=office.users["officer"])
    office.people.append(own)
    office.rate_all(score=81)
    page = office.client().get(office.url()).content.decode()
    assert "kết quả của bạn" in page
    row = page.split(f'id="row-{own.pk}"')[1].split("</tr>")[0]
    assert "81" not in row
    summary = office.client().get(office.url("unit-summary")).content.decode()
    assert summary.count("Hoàn thành tốt nhiệm vụ") > 0
    assert "81" not in summary.split("Cán bộ tổ chức")[1].split("</tr>")[0]


def test_the_cycle_lists_its_units_with_how_far_they_are(office: Office) -> None:
    other = make_unit("STC", name="Sở Tài chính", parent=office.top)
    staff(other, 2)
    office.send(office.people[0], "score", "80")
    url = reverse("appraisal:cycle-detail", args=[office.cycle.code])
    page = office.client("province").get(url).content.decode()
    assert "1 / 6" in page
    assert "0 / 2" in page
    assert "2 đơn vị · phải xong trước ngày 15/12/2026" in page
    assert "Sở Tài chính" not in office.client().get(url).content.decode()
    filtered = office.client("province").get(url, {"q": "tai chinh"}).content.decode()
    assert "0 / 2" in filtered
    assert "1 / 6" not in filtered
    book = office.client("province").get(url, {"export": "xlsx"})
    assert any("Sở Nội vụ" in map(str, row) for row in rows_of(book.content))
    office.cycle.due_on = D(2026, 1, 1)
    office.cycle.save_base(raw=True)
    overdue = office.client("province").get(url, {"only": "overdue"}).content.decode()
    assert overdue.count("quá hạn") == 2


def test_the_province_opens_and_closes_cycles(office: Office) -> None:
    form = {
        "kind": "quarter",
        "code": "2027-Q1",
        "name": "Quý I/2027",
        "begins_on": "01/01/2027",
        "ends_on": "31/03/2027",
    }
    url = reverse("appraisal:cycle-open")
    assert office.client().post(url, form).status_code == 403
    assert office.client("province").post(url, {**form, "code": "2027/Q1"}).status_code == 422
    assert office.client("province").post(url, form).status_code == 302
    assert office.client("province").post(url, form).status_code == 422
    switch = reverse("appraisal:cycle-switch", args=[office.cycle.code])
    assert office.client("province").post(switch, {"reason": "hết hạn nhập"}).status_code == 302
    assert "Kỳ đã khóa" in office.client().get(office.url()).content.decode()
    deadline = reverse("appraisal:cycle-deadline", args=[office.cycle.code])
    given = {"due_on": "20/12/2026", "reason": "theo văn bản của tỉnh"}
    assert office.client("province").post(deadline, given).status_code == 302
    office.cycle.refresh_from_db()
    assert (office.cycle.state, office.cycle.due_on) == ("closed", D(2026, 12, 20))


def test_votes_show_what_follows_from_them(office: Office) -> None:
    for low, cadre in zip((5, 16, 21), office.people, strict=False):
        counts = {"summoned": 32, "cast": 30, "high": 0, "medium": 30 - low, "low": low}
        make(ConfidenceVote, cadre=cadre, held_on=D(2026, 6, 1), body="Hội nghị", **counts)
    make(ConfidenceVote, cadre=make_cadre(), held_on=D(2026, 6, 1), body="Nơi khác", summoned=1, cast=1)
    page = office.client().get(reverse("appraisal:vote-list")).content.decode()
    assert [page.count(word) for word in ("Không phải xem xét", "Xem xét từ chức", "Xem xét miễn nhiệm")] == [1, 1, 1]
    assert "Nơi khác" not in page
    add = reverse("personnel:record-add", args=[office.people[3].pk, "confidence-votes"])
    counts = {"summoned": "32", "cast": "33", "high": "10", "medium": "10", "low": "10"}
    form = {"held_on": "01/06/2026", "body": "Hội nghị", **counts}
    assert "nhiều hơn số người được triệu tập" in office.client().post(add, form).content.decode()
    later = office.client().post(add, {**form, "cast": "30", "held_on": "01/06/2099"})
    assert "không thể ở tương lai" in later.content.decode()
    assert office.client().post(add, {**form, "cast": "30"}).status_code == 302
    tab = reverse("personnel:cadre-detail", args=[office.people[3].pk]) + "?tab=rating"
    assert "Không phải xem xét" in office.client().get(tab).content.decode()


def test_the_sheet_of_a_unit_costs_the_same_queries_for_few_and_many(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    client = office.client()
    client.get(office.url())
    for _ in range(2):
        with django_assert_max_num_queries(36):
            assert client.get(office.url()).status_code == 200
        for cadre in staff(office.unit, 12):
            values = {"level": "good", "score": Decimal(80)}
            enter_rating(cycle=office.cycle, cadre=cadre, values=values, version=None, acting_user=None)
