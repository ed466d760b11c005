"""What a reason may pass over: each rule by its ground, each standard by itself, and what is not known by a word."""

from __future__ import annotations

from typing import Any

import pytest

from hrdb.kernel.findings import Citation, Finding
from personnel.choices import DecisionState
from personnel.models import Cadre, DecisionKind
from personnel.rules.appointment import FREE_SEAT, POLITICAL_REVIEW
from personnel.rules.discipline import NO_PROCEDURE
from personnel.rules.judging import RULES, unknown
from personnel.rules.standards import STANDARD
from personnel.services.decisions.cases import DecisionRefused, label_of
from personnel.services.decisions.kinds import decision_acts
from personnel.services.decisions.register import answer_rule, check_draft, draw_up, override_rule, submit_decision
from personnel.services.decisions.signing import sign_decision
from personnel.services.errors import ServiceRefusal
from tests.factories.personnel import make_cadre, make_code, make_unit
from tests.personnel.decisions.making import EFFECTIVE, D, enter, signature
from tests.personnel.decisions.pages import Office, draft_of, page

pytestmark = pytest.mark.django_db

LAW = Citation("170/2025/NĐ-CP", D(2025, 6, 30))


def _not_met(rule: str, subject: str = "") -> Finding:
    return Finding(rule=rule, outcome="not_met", citation=LAW, subject=subject)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """The findings of everybody."""
    listed: list[Finding] = []
    for act in decision_acts:
        monkeypatch.setattr(type(act), "findings", lambda self, case: list(listed))
    return listed


def _draft(*people: Cadre) -> Any:
    act = decision_acts["transfer"]
    make_code(DecisionKind, act.code, name=act.label)
    pairs = [(one, {}) for one in people]
    return draw_up(
        act=act, unit=None, effective_on=EFFECTIVE, terms={}, people=[(one, {"unit": make_unit()}) for one, _ in pairs],
        acting_user=None,
    )  # fmt: skip


def test_each_standard_has_a_reason_of_its_own(found: list[Finding]) -> None:
    found += [_not_met(STANDARD.key, "professional_level"), _not_met(STANDARD.key, "state_management")]
    draft = _draft(make_cadre())
    item = draft.items.get()
    override_rule(item=item, rule=STANDARD.key, reason="một lý do cho cả hai", acting_user=None)
    override_rule(item=item, rule=found[0].key, reason="đang học thạc sĩ", acting_user=None)
    (planned,) = check_draft(decision=draft, acting_user=None)
    assert planned.blocking == [found[1]]
    assert label_of(found[1]) == "Đạt tiêu chuẩn chức danh: trình độ quản lý nhà nước"
    override_rule(item=item, rule=found[1].key, reason="bổ sung sau", acting_user=None)
    check_draft(decision=draft, acting_user=None)
    assert draft.state == DecisionState.CHECKED


def test_what_the_law_bounds_is_not_passed_over_in_a_draft_but_entered_as_signed(found: list[Finding]) -> None:
    found.append(_not_met(FREE_SEAT.key))
    person = make_cadre()
    draft = _draft(person)
    with pytest.raises(ServiceRefusal, match="không cho bỏ qua"):
        override_rule(item=draft.items.get(), rule=FREE_SEAT.key, reason="cứ làm", acting_user=None)
    with pytest.raises(ServiceRefusal, match="không cho bỏ qua"):
        answer_rule(decision=draft, key=FREE_SEAT.key, reason="cứ làm", acting_user=None)
    with pytest.raises(DecisionRefused):
        enter("transfer", [person], unit=make_unit())
    made = enter("transfer", [person], unit=make_unit(), overrides={FREE_SEAT.key: "đã ký từ trước"})
    assert made.items.get().overrides == {FREE_SEAT.key: "đã ký từ trước"}


def test_not_known_is_not_met_until_somebody_says_why_it_may_go_on(found: list[Finding]) -> None:
    found += [unknown(POLITICAL_REVIEW, {}, "kết luận"), unknown(NO_PROCEDURE, {}, "xác nhận")]
    draft = _draft(make_cadre(), make_cadre())
    check_draft(decision=draft, acting_user=None)
    assert draft.state == DecisionState.DRAFT
    with pytest.raises(ServiceRefusal):
        submit_decision(decision=draft, acting_user=None)
    with pytest.raises(DecisionRefused) as refused:
        sign_decision(decision=draft, signature=signature(), acting_user=None)
    assert "Chưa rõ, cần ghi lý do" in refused.value.faults[0][0]
    for one in found:
        assert answer_rule(decision=draft, key=one.key, reason="đã có văn bản giấy", acting_user=None) == 2
    check_draft(decision=draft, acting_user=None)
    submit_decision(decision=draft, acting_user=None)
    sign_decision(decision=draft, signature=signature(), acting_user=None)
    for item in draft.items.all():
        assert set(item.overrides) == {one.key for one in found}


def test_a_signed_paper_is_entered_with_what_is_not_known(found: list[Finding]) -> None:
    found.append(unknown(POLITICAL_REVIEW, {}, "kết luận"))
    made = enter("transfer", [make_cadre()], unit=make_unit())
    assert made.items.get().findings[0]["outcome"] == "unknown"


def test_discipline_is_never_passed_over(found: list[Finding]) -> None:
    found.append(_not_met(NO_PROCEDURE.key))
    with pytest.raises(DecisionRefused):
        enter("transfer", [make_cadre()], unit=make_unit(), overrides={NO_PROCEDURE.key: "cứ ghi"})


def test_what_may_never_be_waived_in_a_draft() -> None:
    bounded = {
        "free-seat", "dossier-complete", "procedure-complete", "age-for-title", "term-length", "retired-by",
        "retirement-deferral", "rotation-time-left", "political-review",
    }  # fmt: skip
    assert {key for key in bounded if RULES[key].is_overridable} == set()


def test_the_page_takes_one_reason_for_all(found: list[Finding], office: Office) -> None:
    found.append(unknown(POLITICAL_REVIEW, {}, "kết luận"))
    draft = draft_of(office, "commendation", detail="x")
    shown = office.client.get(page("decision-check", draft)).content.decode()
    assert "Ghi cho tất cả" in shown
    sent = {"rule": POLITICAL_REVIEW.key, "reason": "đã kết luận bằng văn bản"}
    assert office.client.post(page("decision-override", draft), sent).status_code == 302
    assert {item.overrides[POLITICAL_REVIEW.key] for item in draft.items.all()} == {"đã kết luận bằng văn bản"}
