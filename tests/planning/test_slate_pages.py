"""The pages of a slate: from an empty one to signed decisions, judged as one types, the same cost for few and many."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from pypdf import PdfReader

from hrdb.kernel.history import version_of
from hrdb.kernel.models import AuditEvent, User
from personnel.choices import DecisionState, TitleGroup
from personnel.models import Assignment, Cadre, Decision, DecisionKind, Delegation
from personnel.models.trail import NEEDS, PEOPLE
from personnel.policies import Role
from personnel.services.decisions.kinds import decision_acts
from personnel.services.decisions.signing import sign_decision
from planning.choices import SlateState
from planning.models import Slate, SlateMove
from planning.services.slates.drawing import choose_slate
from planning.services.slates.writing import copy_slate, order_move
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_code, make_title, make_unit, make_user
from tests.personnel.decisions.making import signature
from tests.planning.slates import Team, make_slate, make_team, put
from tests.planning.test_pages import browser, queries, url

pytestmark = pytest.mark.django_db

HTMX = {"headers": {"HX-Request": "true", "HX-Target": "slate"}}


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def officer(team: Team) -> User:
    return make_user(Role.UNIT_OFFICER, unit=team.unit)


def filled(team: Team, officer: User, name: str = "Phương án 1") -> Slate:
    """The head steps down, the deputy moves up."""
    slate = make_slate(officer, name=name)
    put(slate, "release", team.head, officer)
    put(slate, "appointment", team.deputy, officer, title=team.head_title, unit=team.division)
    return slate


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_slate_is_drawn_up_by_its_pages(team: Team, officer: User) -> None:
    for key in ("release", "appointment"):
        make_code(DecisionKind, decision_acts[key].code, name=decision_acts[key].label)
    client = browser(officer)
    assert client.post(url("slate-create"), {"name": "", "day": "32/13/2026"}).status_code == 422
    assert client.post(url("slate-create"), {"name": "Phương án A", "day": "01/12/2026"}).status_code == 302
    slate = Slate.objects.get()
    add = url("slate-move-add", slate.pk)
    assert "Không có ai như vậy" in text(client.get(add, {"act": "release", "who": "Người Không Có"}))
    asked = client.get(add, {"act": "release", "who": "Lê Văn Trưởng"})
    assert asked.status_code == 302
    assert f"cadre={team.head.pk}" in asked["Location"]
    sent = {"act": "release", "cadre": team.head.pk, "record_version": version_of(slate)}
    assert client.post(add, sent).status_code == 302
    typed = {
        "act": "appointment",
        "cadre": team.deputy.pk,
        "record_version": version_of(slate),
        "t-title": team.head_title.name,
        "t-unit": f"Phòng Tổ chức ({team.division.code})",
    }
    preview = client.post(add, {**typed, "action": "preview"}, headers={"HX-Request": "true", "HX-Target": "preview"})
    assert preview.status_code == 200
    assert "Còn ghế chức danh" in text(preview)
    assert "<html" not in text(preview)
    assert slate.moves.count() == 1, "trying writes nothing"
    wrong = client.post(add, {**typed, "t-title": "Chức danh không có"})
    assert wrong.status_code == 422
    assert "Không có «Chức danh không có» trong danh mục" in text(wrong)
    assert client.post(add, typed).status_code == 302
    page = text(client.get(url("slate-detail", slate.pk)))
    assert "Trần Thị Phó" in page
    assert "Nguồn kế cận còn lại" in page
    assert [move.act for move in slate.moves.all()] == ["release", "appointment"]


def test_the_order_changes_with_and_without_scripts(team: Team, officer: User) -> None:
    slate, client = filled(team, officer), browser(officer)
    deputy = slate.moves.get(cadre=team.deputy)
    address = url("slate-move-order", deputy.pk)
    answer = client.post(address, {"to": "up", "record_version": version_of(slate)}, **HTMX)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert 'id="slate"' in text(answer)
    assert "<html" not in text(answer)
    assert "chuyển bước 2 lên trước" in text(answer)
    back = client.post(address, {"to": "down", "record_version": version_of(slate)})
    assert back["Location"].endswith(f"#move-{deputy.pk}")
    stale = client.post(address, {"to": "up", "record_version": version_of(slate) - 1}, **HTMX)  # type: ignore[arg-type]
    assert stale.status_code == 409
    assert "vừa được người khác sửa" in text(stale)
    assert [move.cadre for move in slate.moves.all()] == [team.head, team.deputy]


def test_two_who_edit_see_each_other(team: Team, officer: User) -> None:
    slate, client = filled(team, officer), browser(officer)
    move = slate.moves.get(cadre=team.deputy)
    old = version_of(slate)
    order_move(move=move, by=-1, version=None, acting_user=officer)
    sent = {"act": "appointment", "t-title": team.deputy_title.name, "record_version": old}
    answer = client.post(url("slate-move-change", move.pk), sent)
    assert answer.status_code == 409
    assert team.deputy_title.name in text(answer), "what was typed stays"
    for name, data in (
        ("slate-change", {"name": "Khác", "day": "01/12/2026"}),
        ("slate-drop", {"reason": "Không còn cần"}),
        ("slate-choose", {"unit": f"Sở SO-A ({team.unit.code})"}),
    ):
        assert client.post(url(name, slate.pk), {**data, "record_version": old}).status_code == 409
    slate.refresh_from_db()
    assert (slate.name, slate.state) == ("Phương án 1", SlateState.DRAFT)


def test_copies_are_compared_side_by_side(team: Team, officer: User) -> None:
    slate, client = filled(team, officer), browser(officer)
    assert client.post(url("slate-copy", slate.pk), {"name": "Phương án 2"}).status_code == 409, "without its version"
    sent = {"name": "Phương án 2", "record_version": version_of(slate)}
    assert client.post(url("slate-copy", slate.pk), sent).status_code == 302
    copy = Slate.objects.get(copied_from=slate)
    put(copy, "appointment", team.other, officer, title=team.deputy_title, unit=team.division)
    page = text(client.get(url("slate-compare"), {"slates": f"{slate.pk},{copy.pk}"}))
    assert page.index("Phương án 1") < page.index("Phương án 2")
    assert "Không thay đổi" in page
    assert "khác nhau" in page
    assert "Phạm Văn Viên" in page
    assert "So sánh phương án" in text(client.get(url("slate-detail", slate.pk)))
    hidden = make_slate(None)
    put(hidden, "transfer", make_cadre(unit=make_unit()), unit=make_unit())
    asked = {"slates": [str(slate.pk), str(hidden.pk)]}
    assert client.get(url("slate-compare"), asked).status_code == 404
    assert "Chọn từ hai phương án" in text(client.get(url("slate-compare"), {"slates": str(slate.pk)}))


def test_a_chosen_slate_is_followed_until_it_is_in_effect(
    team: Team, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    slate, client = filled(team, officer), browser(officer)
    asked = text(client.get(url("slate-choose", slate.pk)))
    assert "Chọn «Phương án 1» và lập 2 dự thảo quyết định?" in asked
    sent = {"unit": f"Sở SO-A ({team.unit.code})", "issuer_unit": "Sở A", "record_version": version_of(slate)}
    assert client.post(url("slate-choose", slate.pk), sent).status_code == 302
    first, second = Decision.objects.filter(state=DecisionState.DRAFT).order_by("pk")
    assert (first.unit, first.issuer, first.drafted_by) == (team.unit, "Sở A", officer)
    page = text(client.get(url("slate-detail", slate.pk)))
    assert "Quyết định của phương án" in page
    assert "Dự thảo cho thôi giữ chức vụ" in page
    assert client.get(url("slate-choose", slate.pk)).status_code == 404, "nothing is left to draw up"
    assert client.get(url("slate-move-change", slate.moves.get(cadre=team.head).pk)).status_code == 404
    sign_decision(decision=first, signature=signature(), acting_user=officer)
    page = text(client.get(url("slate-detail", slate.pk)))
    assert "Chưa đến ngày hiệu lực" in page
    assert "Đang có hiệu lực" in text(client.get(url("slate-detail", slate.pk), {"day": "2026-12-02"}))
    assert client.get(url("slate-undraw", slate.pk, first.pk)).status_code == 404, "what is signed stays"
    gone = url("slate-undraw", slate.pk, second.pk)
    assert client.post(gone, {"record_version": version_of(slate)}).status_code == 302
    assert not Decision.objects.filter(pk=second.pk).exists()
    sent = {"reason": "Chọn phương án khác", "with_drafts": "on", "record_version": version_of(slate)}
    assert "1 quyết định đã ký giữ nguyên" in text(client.get(url("slate-drop", slate.pk)))
    assert client.post(url("slate-drop", slate.pk), sent).status_code == 302
    assert Decision.objects.get(pk=first.pk).state == DecisionState.SIGNED
    assert client.get(url("slate-change", slate.pk)).status_code == 404
    assert client.post(url("slate-restore", slate.pk), {"record_version": version_of(slate)}).status_code == 302


def test_who_may_not_decide_is_told_so(team: Team) -> None:
    slate = make_slate(None)
    put(slate, "release", team.head)
    boss = make_title(group=TitleGroup.HEAD, is_leadership=True, rank=5, managing_level="provincial_standing")
    slate_above = make_slate(None, name="Trên")
    put(slate_above, "appointment", team.deputy, title=boss, unit=team.unit)
    officer = make_user(Role.UNIT_OFFICER, unit=team.unit)
    assert browser(officer).get(url("slate-detail", slate_above.pk)).status_code == 404
    province = make_user(Role.PROVINCE_OFFICER)
    Delegation.objects.filter(action="decide")._raw_delete("default")
    client = browser(province)
    sent = {"unit": f"Sở SO-A ({team.unit.code})", "record_version": version_of(slate)}
    answer = client.post(url("slate-choose", slate.pk), sent)
    assert answer.status_code == 422
    assert "không được giao lập quyết định của bước 1" in text(answer)


def test_what_leaves_the_server_says_the_same_and_is_logged(team: Team, officer: User) -> None:
    slate, client = filled(team, officer), browser(officer)
    book = openpyxl.load_workbook(io.BytesIO(client.get(url("slate-workbook", slate.pk)).content))
    assert book.sheetnames == ["Các bước", "Biên chế", "Chức vụ", "Tập thể lãnh đạo", "Nguồn kế cận"]
    told = [cell for row in book["Các bước"].iter_rows(values_only=True) for cell in row]
    assert "Trần Thị Phó" in told
    paper = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(client.get(url("slate-print", slate.pk)).content)).pages
    )
    assert "Trần Thị Phó" in paper
    client.get(url("slate-detail", slate.pk))
    for action in (AuditEvent.Action.EXPORT, AuditEvent.Action.PRINT, AuditEvent.Action.READ_SENSITIVE):
        event = AuditEvent.objects.filter(action=action, user=officer).latest("pk")
        assert event.details[NEEDS] == "plan"
        assert {team.head.pk, team.deputy.pk} <= set(event.details[PEOPLE])
        assert slate.name not in str(event.details), "the name may tell what nobody else is to know"


def test_the_page_costs_the_same_for_few_and_many(team: Team, officer: User) -> None:
    client, counts = browser(officer), []
    for count in (2, 12):
        slate = filled(team, officer, name=f"Phương án {count}")
        for _ in range(count):
            home = make_unit(parent=team.unit)
            title = make_title(group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8)
            put(slate, "appointment", make_cadre(unit=home), officer, title=title, unit=home)
        counts.append(queries(client, url("slate-detail", slate.pk)))
    assert counts[0] == counts[1]
    few = queries(client, url("slate-list"))
    for number in range(8):
        make_slate(officer, name=f"Thêm {number}")
    assert queries(client, url("slate-list")) == few


def test_nobody_outside_and_never_the_person_himself(team: Team, officer: User) -> None:
    slate = filled(team, officer)
    elsewhere = make_user(Role.UNIT_OFFICER, unit=make_unit())
    for name in ("slate-detail", "slate-workbook", "slate-print", "slate-choose", "slate-copy"):
        assert browser(elsewhere).get(url(name, slate.pk)).status_code == 404
    assert "Phương án 1" not in text(browser(elsewhere).get(url("slate-list")))
    himself = make_user(Role.UNIT_OFFICER, unit=team.unit)
    Cadre.objects.filter(pk=team.deputy.pk).update(account=himself)
    client: Client = browser(himself)
    assert client.get(url("slate-detail", slate.pk)).status_code == 404
    assert "Phương án 1" not in text(client.get(url("slate-list")))
    move = SlateMove.objects.get(slate=slate, cadre=team.head)
    assert client.get(url("slate-move-change", move.pk)).status_code == 404, "the slate moves himself too"
    copy = copy_slate(slate=slate, name="Bản sao", acting_user=None)
    assert client.get(url("slate-detail", copy.pk)).status_code == 404


def test_other_posts_of_who_moves_show_nobody_outside(team: Team, officer: User) -> None:
    committee = make_unit("DANG", name="Đảng ủy khối")
    member = make_title("UV-DANG", name="Ủy viên Đảng ủy", is_leadership=True, rank=7)
    for person in (team.head, make_cadre(unit=make_unit(), name="Hoàng Văn Ngoài")):
        make(Assignment, cadre=person, unit=committee, title=member, kind="party", effective_from=LONG_AGO)
    slate = make_slate(officer)
    put(slate, "leaving", team.head, officer)
    page = text(browser(officer).get(url("slate-detail", slate.pk)))
    assert "Lê Văn Trưởng" in page
    assert "Hoàng Văn Ngoài" not in page
    choose_slate(slate=slate, unit=team.unit, version=None, acting_user=officer)
