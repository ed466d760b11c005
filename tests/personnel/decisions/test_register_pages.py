"""The register: who sees what of it, search, filters, order, pages, days, the workbook; and a decision's own page."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from hrdb.kernel.models import AuditEvent
from personnel.models import Cadre, CommendationForm, Decision, DecisionItem, DecisionKind, DisciplineForm
from personnel.policies import Role
from personnel.services.decisions.kinds import decision_acts
from personnel.services.decisions.scans import keep_scan, waiting_scan
from personnel.services.decisions.signing import Signature, enter_signed
from tests.factories.personnel import make, make_cadre, make_code, make_unit, make_user, move_cadre
from tests.factories.workbooks import rows_of
from tests.personnel.cadres.pages import profile
from tests.personnel.decisions.making import SIGNED, D, enter
from tests.personnel.decisions.pages import SINCE, Office, browser, draft_of, page, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_conditions")]

LIST = "personnel:decision-list"


def _text(response: Any) -> str:
    return html.unescape(response.content.decode())


def _praise(people: list[Cadre], number: str, day: Any = SIGNED, **head: Any) -> Decision:
    act = decision_acts["commendation"]
    make_code(DecisionKind, act.code, name=act.label)
    form = make_code(CommendationForm, "GK", name="Giấy khen")
    return enter_signed(
        act=act, unit=head.pop("unit", None), effective_on=head.pop("effective_on", day), terms={"form": form},
        people=[(cadre, {}) for cadre in people], acting_user=None,
        signature=Signature(number=number, signed_on=day, issuer="Sở Mẫu"), **head,
    )  # fmt: skip


def _numbers(client: Any, **asked: Any) -> list[str]:
    response = client.get(reverse(LIST), asked)
    assert response.status_code == 200
    return [row.record.number or "dự thảo" for row in response.context["rows"]]


def test_drafts_stand_first_then_the_newest(office: Office) -> None:
    _praise(office.people, "1/QĐ", D(2025, 5, 1))
    _praise(office.people[:1], "2/QĐ", D(2026, 2, 1), summary="Khen một người")
    draft_of(office)
    assert _numbers(office.client) == ["dự thảo", "2/QĐ", "1/QĐ"]
    shown = _text(office.client.get(reverse(LIST)))
    assert "Khen một người" in shown
    assert "và 2 người khác" in shown
    assert _numbers(office.client, sort="day") == ["1/QĐ", "2/QĐ", "dự thảo"]
    assert _numbers(office.client, sort="number")[-1] == "2/QĐ"


def test_search_and_filters(office: Office) -> None:
    _praise(office.people[:1], "1/QĐ-X", D(2025, 5, 1), summary="Khen thành tích A")
    _praise(office.people[1:2], "2/QĐ-X", D(2026, 2, 1), effective_on=D(2027, 1, 1))
    enter("transfer", [office.people[2]], unit=office.division, signed={"number": "3/QĐ-Y"})
    draft_of(office, people=office.people[:1])
    client = office.client
    asked = {
        "q": [("lo van an", ["dự thảo", "1/QĐ-X"]), ("qđ-y", ["3/QĐ-Y"]), ("thành tích", ["1/QĐ-X"]), ("zz", [])],
        "state": [
            ("in_effect", ["3/QĐ-Y", "1/QĐ-X"]), ("ahead", ["2/QĐ-X"]), ("not_signed", ["dự thảo"]), ("annulled", []),
        ],
        "group": [("movement", ["dự thảo", "3/QĐ-Y"]), ("reward_discipline", ["2/QĐ-X", "1/QĐ-X"])],
        "kind": [("x-khen-thuong", ["2/QĐ-X", "1/QĐ-X"])],
        "year": [("2025", ["1/QĐ-X"])],
        "issuer": [("sở mẫu", ["2/QĐ-X", "1/QĐ-X"])],
        "unit": [("PHONG-MAU", ["3/QĐ-Y"]), ("SO-MAU", ["dự thảo", "3/QĐ-Y", "2/QĐ-X", "1/QĐ-X"])],
        "classification": [("secret", [])],
        "mine": [("on", ["dự thảo"])],
    }  # fmt: skip
    for name, cases in asked.items():
        for value, expected in cases:
            assert _numbers(client, **{name: value}) == expected, (name, value)


def test_pages_days_and_the_workbook(office: Office) -> None:
    for number in range(55):
        _praise(office.people[:1], f"{number}/QĐ", D(2025, 1, 1 + number % 28))
    client = office.client
    assert len(_numbers(client, page=2)) == 5
    assert _numbers(client, day="2024-12-31") == []
    last = AuditEvent.objects.order_by("-pk")[0].pk
    rows = rows_of(client.get(reverse(LIST), {"export": "xlsx"}).content)
    assert rows[3][1] == "Số"
    assert len([row for row in rows if str(row[1]).endswith("/QĐ")]) == 55
    assert "Lò Văn An" in {cell for row in rows for cell in row}
    (event,) = AuditEvent.objects.filter(pk__gt=last, action=AuditEvent.Action.EXPORT)
    assert event.details["people"] == [office.people[0].pk]


def test_a_past_day_knows_nothing_of_what_came_later(office: Office) -> None:
    target = enter(
        "transfer", office.people, unit=office.division, signed={"number": "3/QĐ"}, effective_on=D(2026, 4, 1)
    )
    enter("annulment", [], target=target, cause="sai", signed={"number": "4/QĐ", "signed_on": D(2026, 6, 1)},
          effective_on=D(2026, 6, 1))  # fmt: skip
    client = office.client
    assert _numbers(client) == ["4/QĐ", "3/QĐ"]
    assert _numbers(client, day="2026-05-01") == ["3/QĐ"]
    assert _numbers(client, day="2026-05-01", state="in_effect") == ["3/QĐ"]
    assert _numbers(client, day="2026-05-01", state="annulled") == []
    assert "Đang có hiệu lực" in _text(client.get(page("decision", target), {"day": "2026-05-01"}))
    assert client.get(page("decision", target), {"day": "2026-01-01"}).status_code == 404


def test_an_empty_register_offers_the_next_step(office: Office) -> None:
    assert "Chưa có quyết định nào" in _text(office.client.get(reverse(LIST)))
    inspector = _text(browser(office.user(Role.INSPECTOR)).get(reverse(LIST)))
    assert reverse("personnel:decision-choose") not in inspector


def test_a_page_of_the_register_costs_the_same_for_three_and_for_thirty(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    client, counts = office.client, []
    for size in (3, 27):
        for _ in range(size):
            _praise([make_cadre(unit=office.unit, since=SINCE) for _ in range(2)], f"{make_user().pk}/QĐ")
        with django_assert_max_num_queries(20) as queries:
            client.get(reverse(LIST))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_people_out_of_scope_are_neither_shown_nor_counted_and_may_be_named_in_no_text(office: Office) -> None:
    outside = [make_cadre(name=name, since=SINCE) for name in ("Thạch Sùng", "Ngoài Cuộc")]
    decision = _praise([*outside, office.people[0]], "9/QĐ", summary="Khen ông Thạch Sùng và hai người",
                       unit=office.unit)  # fmt: skip
    Decision.objects.filter(pk=decision.pk).update(file=default_storage.save("decisions/x.pdf", ContentFile(b"%PDF-")))
    for url in (reverse(LIST), page("decision", decision)):
        shown = _text(office.client.get(url))
        assert "9/QĐ" in shown
        assert "Lò Văn An" in shown
        assert "Thạch Sùng" not in shown
        assert "Ngoài Cuộc" not in shown
        assert "người khác" not in shown
    assert office.client.get(page("decision-scan", decision)).status_code == 404
    assert _numbers(office.client, q="thạch") == []
    everything = browser(make_user(Role.PROVINCE_OFFICER))
    assert "Thạch Sùng" in _text(everything.get(page("decision", decision)))
    assert everything.get(page("decision-scan", decision)).status_code == 200


def test_a_draft_is_seen_by_its_office_alone(office: Office) -> None:
    guest_unit = make_unit("NOI-KHAC")
    officer = make_user(Role.UNIT_OFFICER, unit=guest_unit)
    draft = draft_of(office)
    move_cadre(office.people[0], guest_unit, D(2024, 1, 1))
    assert browser(officer).get(page("decision", draft)).status_code == 404
    assert _numbers(browser(officer)) == []
    person = make_user(Role.CADRE)
    Cadre.objects.filter(pk=office.people[1].pk).update(account=person)
    assert "Dự thảo" not in profile(browser(person), office.people[1], tab="decisions")


def test_a_stub_tells_number_and_day_only(office: Office) -> None:
    decision = _praise(office.people, "77/QĐ", classification="top_secret", summary="điều bí mật", unit=office.unit)
    for url in (reverse(LIST), page("decision", decision)):
        shown = _text(office.client.get(url))
        assert "77/QĐ" in shown
        assert "điều bí mật" not in shown
        assert "Lò Văn An" not in shown
        assert "Chỉ lưu phiếu chỉ dẫn" in shown
    assert _numbers(office.client, q="lo van an") == []
    assert _numbers(office.client, kind="x-khen-thuong") == []
    refused = office.client.post(page("decision-scan-attach", decision), {"scan": pdf()})
    assert refused.status_code == 422
    assert "không lưu tệp" in _text(refused)


def test_discipline_is_told_to_who_reads_tier_2_and_its_reading_is_logged(office: Office) -> None:
    act = decision_acts["discipline"]
    form = make_code(DisciplineForm, "KT", name="Khiển trách", regime="state")
    decision = enter_signed(
        act=act, unit=office.unit, effective_on=D(2026, 3, 20), terms={"regime": "state", "form": form},
        people=[(office.people[0], {"behaviour": "Vi phạm quy tắc ứng xử"})], acting_user=None,
        signature=Signature(number="5/QĐ", signed_on=D(2026, 3, 20), issuer="Sở Mẫu"), summary="Khiển trách ông An",
    )  # fmt: skip
    shown = _text(office.client.get(page("decision", decision)))
    assert "Vi phạm quy tắc ứng xử" in shown
    read = AuditEvent.objects.filter(action=AuditEvent.Action.READ_SENSITIVE, user=office.officer)
    assert any(office.people[0].pk in event.details["people"] for event in read)
    closed = _text(browser(office.user(Role.APPROVER)).get(page("decision", decision)))
    assert "Lò Văn An" in closed
    for secret in ("Vi phạm quy tắc", "Khiển trách"):
        assert secret not in closed


def test_what_facts_only_cite_is_listed_with_its_person_and_may_be_described(office: Office) -> None:
    from personnel.models import Commendation
    from personnel.services.citing import CitedDecision, add_cited

    cited = CitedDecision(number="88/QĐ", signed_on=D(2020, 2, 2), issuer="Sở Mẫu")
    for cadre in office.people[:2]:
        add_cited(cadre=cadre, model=Commendation, values={"year": 2020, "detail": "khen"}, cited=cited,
                  acting_user=office.officer)  # fmt: skip
    decision = Decision.objects.get(number="88/QĐ")
    assert [item.cadre for item in decision.items.all()] == office.people[:2]
    assert _numbers(office.client) == ["88/QĐ"]
    assert office.client.get(page("decision-describe", decision)).status_code == 403
    whole = browser(make_user(Role.PROVINCE_OFFICER))
    kind = make_code(DecisionKind, "x-khen-thuong", name="Khen thưởng")
    data = {"kind": kind.pk, "effective_on": "02/02/2020", "classification": "plain", "summary": "Khen 2020"}
    shown = whole.get(page("decision-describe", decision))
    sent = data | {"record_version": shown.context["version"]}
    assert whole.post(page("decision-describe", decision), sent).status_code == 302
    decision.refresh_from_db()
    assert (decision.kind, decision.summary) == (kind, "Khen 2020")
    assert whole.post(page("decision-describe", decision), sent).status_code == 409


def test_the_profile_lists_the_decisions_and_the_career_leads_to_them(office: Office) -> None:
    decision = enter("transfer", office.people[:1], unit=office.division, signed={"number": "3/QĐ"})
    url = page("decision", decision)
    assert url in profile(office.client, office.people[0], tab="decisions")
    assert url in profile(office.client, office.people[0], tab="career")
    assert "3/QĐ" not in profile(office.client, office.people[1], tab="decisions")
    assert reverse("personnel:decision-choose") in profile(office.client, office.people[0])
    own = make_user(Role.CADRE)
    Cadre.objects.filter(pk=office.people[0].pk).update(account=own)
    read = profile(browser(own), office.people[0], tab="decisions")
    assert "3/QĐ" in read
    assert url not in read
    assert url not in profile(browser(own), office.people[0], tab="career")


def test_the_chain_is_told_up_and_down_within_sight(office: Office) -> None:
    first = _praise(office.people[:1], "1-KL", D(2026, 1, 5))
    hidden = _praise([make_cadre(since=SINCE)], "2-KL", D(2026, 1, 6))
    second = _praise(office.people[:1], "3/QĐ", D(2026, 2, 1), rests_on=first)
    third = _praise(office.people[:1], "4/QĐ", D(2026, 2, 2), rests_on=hidden)
    assert page("decision", first) in _text(office.client.get(page("decision", second)))
    assert page("decision", second) in _text(office.client.get(page("decision", first)))
    assert page("decision", hidden) not in _text(office.client.get(page("decision", third)))


def _active() -> SimpleUploadedFile:
    import io

    writer, buffer = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x")})
    writer._root_object[NameObject("/OpenAction")] = script
    writer.write(buffer)
    return SimpleUploadedFile("a.pdf", buffer.getvalue())


def test_a_scan_is_a_pdf_that_opens_and_runs_nothing(office: Office, settings: Any) -> None:
    decision = _praise(office.people, "1/QĐ", unit=office.unit)
    url = page("decision-scan-attach", decision)
    bad = {
        "không phải là PDF": SimpleUploadedFile("a.pdf", b"PK\x03\x04 xin chao"),
        "bị hỏng": SimpleUploadedFile("a.pdf", b"%PDF-1.4 nothing else"),
        "mã lệnh": _active(),
    }
    for sentence, upload in bad.items():
        response = office.client.post(url, {"scan": upload})
        assert response.status_code == 422
        assert sentence in _text(response)
    settings.SCAN_LARGEST_BYTES = 100
    assert "lớn hơn" in _text(office.client.post(url, {"scan": pdf()}))
    settings.SCAN_LARGEST_BYTES = 20_000_000
    assert office.client.post(url, {"scan": pdf()}).status_code == 302
    last = AuditEvent.objects.order_by("-pk")[0].pk
    taken = office.client.get(page("decision-scan", decision))
    assert taken["Content-Type"] == "application/pdf"
    assert taken["Content-Disposition"].startswith("attachment")
    assert taken["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in taken["Content-Security-Policy"]
    assert AuditEvent.objects.filter(pk__gt=last, action=AuditEvent.Action.EXPORT, user=office.officer).exists()
    assert browser(make_user(Role.UNIT_OFFICER)).get(page("decision-scan", decision)).status_code == 404


def test_a_waiting_scan_is_its_senders_alone(office: Office) -> None:
    scan = keep_scan(upload=pdf(), acting_user=office.officer)
    assert waiting_scan(scan.token, acting_user=office.officer) == scan
    assert waiting_scan(scan.token, acting_user=make_user()) is None
    assert waiting_scan(scan.token + "x", acting_user=office.officer) is None
    assert waiting_scan("", acting_user=office.officer) is None


def test_only_the_office_that_keeps_everybody_revises(office: Office) -> None:
    decision = _praise(office.people, "1/QĐ", unit=office.unit)
    mine = Decision.objects.filter(pk=decision.pk)
    assert mine.revisable_by(office.officer, D(2026, 6, 1)).exists()
    assert "Hủy bỏ" in _text(office.client.get(page("decision", decision)))
    make(DecisionItem, decision=decision, cadre=make_cadre(since=SINCE), position=9)
    assert not mine.revisable_by(office.officer, D(2026, 6, 1)).exists()
    assert "Hủy bỏ" not in _text(office.client.get(page("decision", decision)))
    assert mine.revisable_by(None, D(2026, 6, 1)).exists()


def test_kinds_are_chosen_by_a_word(office: Office) -> None:
    url = reverse("personnel:decision-choose")
    shown = office.client.get(url, {"signed": "1", "find": "dieu dong", "cadre": office.people[0].pk})
    kinds = [act.key for _, acts in shown.context["groups"] for act, _ in acts]
    assert "transfer" in kinds
    assert len(kinds) < 6
    assert f"cadre={office.people[0].pk}" in _text(shown)
    assert {act.key for _, acts in office.client.get(url).context["groups"] for act, _ in acts} == set(
        decision_acts.keys()
    )


def test_a_number_is_no_end_of_a_longer_one(office: Office) -> None:
    for number in ("60/QĐ-A", "160/QĐ-A", "1/QĐ-60A"):
        _praise(office.people[:1], number)
    assert sorted(_numbers(office.client, q="60/qđ")) == ["60/QĐ-A"]
    assert sorted(_numbers(office.client, q="QĐ-A")) == ["160/QĐ-A", "60/QĐ-A"]
