"""What the paper of a decision says: one wording for Word and PDF, blanks where nothing is known, lists of many."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import override_settings

from hrdb.kernel.text import nfc
from personnel.choices import Bloc, Classification, UnitLevel
from personnel.exports.decision_texts import text_docx
from personnel.models import Decision, Rank, Unit
from personnel.reports.decision_texts.paper import text_html, text_parts, text_pdf
from personnel.reports.decision_texts.phrases import facts_of, needs, with_tags, write
from personnel.reports.decision_texts.reading import read_text, read_texts_by_person
from personnel.reports.decision_texts.wording import EXECUTION, text_kinds
from personnel.services.decisions.kinds import decision_acts
from personnel.services.decisions.text_fields import tags, text_fields
from personnel.services.errors import ServiceRefusal
from tests.factories.personnel import add_pay_step, make, make_cadre, make_code, make_title, make_unit
from tests.personnel.decision_texts.papers import draft, paragraphs
from tests.personnel.decisions.making import EFFECTIVE, D, enter
from tests.personnel.reports.reading import pages_of, squeezed, text_of, text_of_html

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Unit:
    top = make_unit("TINH", name="Ủy ban nhân dân tỉnh")
    return make_unit("SNV", parent=top, name="Sở Nội vụ")


def _said(decision: Decision) -> list[str]:
    return [line for article in read_text(decision).articles for line in article]


def test_every_kind_of_decision_has_a_wording_or_says_that_it_has_none() -> None:
    assert {act.template for act in decision_acts if act.template} <= set(text_kinds.keys())
    assert [act.key for act in decision_acts if not act.template] == ["death"]


@pytest.mark.parametrize("key", text_kinds.keys())
def test_a_wording_says_only_facts_that_are_known_and_each_article_begins_with_one_that_stays(key: str) -> None:
    kind = text_kinds[key]
    for phrase in (kind.subject, *(phrase for article in (*kind.articles, EXECUTION) for phrase in article)):
        assert all(fact in text_fields for fact in facts_of(phrase)), phrase
        assert nfc(phrase) == phrase
    assert all(not needs(article[0]) for article in kind.articles)
    assert set(kind.columns) | set(kind.needs) <= set(text_fields.keys())


def test_a_tag_stands_for_one_field() -> None:
    told = [field.tag for field in text_fields]
    assert len(set(told)) == len(told)
    assert all(re.fullmatch(r"[a-z_]+", tag) for tag in told)
    assert set(tags()) == {*told, "danh_sach"}


def test_a_bracket_falls_away_without_its_facts() -> None:
    phrase = "Bổ nhiệm {who}[, giữ chức vụ {title}][, {unit}]."
    assert write(phrase, {"who": "ông A", "title": "Trưởng phòng"}) == "Bổ nhiệm ông A, giữ chức vụ Trưởng phòng."
    assert with_tags("{who}[, {unit}]") == "{{ nguoi }}{% if don_vi %}, {{ don_vi }}{% endif %}"


def test_one_person_stands_in_the_text_and_what_is_not_known_stays_blank(office: Unit) -> None:
    person = make_cadre(unit=office, name="Trần Thị Bình", sex="female", born=D(1985, 3, 2), title_text="Chuyên viên")
    title = make_title(name="Phó Giám đốc Sở", is_leadership=True, rank=5)
    text = read_text(draft("appointment", [person], unit=office, title=title))
    assert text.articles[0][0] == (
        "Bổ nhiệm bà Trần Thị Bình, sinh ngày 02/03/1985, Chuyên viên, Sở Nội vụ, giữ chức vụ Phó Giám đốc Sở, "
        "Sở Nội vụ, kể từ ngày 01 tháng 4 năm 2026."
    )
    assert text.articles[0][1] == "Thời hạn giữ chức vụ đến ngày 01 tháng 4 năm 2031."
    assert text.values["subject"] == "Về việc bổ nhiệm bà Trần Thị Bình giữ chức vụ Phó Giám đốc Sở"
    assert text.values["number"] == "…/QĐ-…"
    assert text.values["signed_on"] == "ngày … tháng … năm ……"
    assert text.values["signer"] == ""
    assert set(text.values["authority"]) == set(text.values["place"]) == {"…"}
    assert text.rows == ()
    assert text.people == (person.pk,)


def test_word_and_pdf_say_the_same(office: Unit) -> None:
    person = make_cadre(unit=office, name="Trần Thị Bình & Con")
    text = read_text(draft("appointment", [person], unit=office, title=make_title(name="Trưởng phòng")))
    in_word, in_pdf = paragraphs(text_docx(text)), text_of_html(text_html(text))
    for number, article in enumerate(text.articles, 1):
        for place, line in enumerate(article):
            lead = f"Điều {number}. " if place == 0 else ""
            assert f"{lead}{line}" in in_word
            assert squeezed(f"{lead}{line}") in in_pdf
    for line in (*text.lists["grounds"], *text.lists["recipients"], "Độc lập - Tự do - Hạnh phúc", "SỞ NỘI VỤ"):
        assert line in in_word
        assert squeezed(line) in in_pdf
    assert "DANH SÁCH" not in in_word


@pytest.mark.parametrize("key", sorted({act.template for act in decision_acts if act.template}))
def test_every_kind_is_written_in_word_as_in_pdf(key: str, office: Unit) -> None:
    act = next(one for one in decision_acts if one.template == key)
    people = [make_cadre(unit=office, name=f"Nguyễn Văn {letter}") for letter in "AB"]
    target = enter("commendation", [people[0]], detail="Giấy khen") if act.is_revision else None
    head = {"target": target} if target else {}
    for chosen in (people[:1], people):
        text = read_text(draft(act.key, chosen, unit=office, head=head))
        in_word, in_pdf = "\n".join(paragraphs(text_docx(text))), text_of_html(text_html(text))
        for line in (line for article in text.articles for line in article):
            assert line in in_word
            assert squeezed(line) in in_pdf
            assert "{" not in line
            assert "  " not in line
        assert ("DANH SÁCH" in in_word) == ("DANHSÁCH" in in_pdf) == (len(chosen) > 1)


def test_many_people_are_in_the_appended_list_with_what_is_their_own(office: Unit) -> None:
    titles = [make_title(name="Trưởng phòng"), make_title(name="Phó Trưởng phòng")]
    people = [make_cadre(unit=office, name=f"Nguyễn Văn {letter}") for letter in "ABC"]
    pairs = [(person, {"title": titles[place % 2]}) for place, person in enumerate(people)]
    text = read_text(draft("appointment", pairs, unit=office))
    assert text.articles[0][0].startswith("Bổ nhiệm 03 ông, bà có tên trong danh sách kèm theo, Sở Nội vụ, kể từ ngày")
    assert [row["title"] for row in text.rows] == ["Trưởng phòng", "Phó Trưởng phòng", "Trưởng phòng"]
    told = paragraphs(text_docx(text))
    assert told.count("Nguyễn Văn B") == 1
    assert "STT" in told
    assert squeezed("2NguyễnVănB") in text_of_html(text_html(text))
    by_person = read_texts_by_person(draft("appointment", pairs, unit=office))
    assert [one.names for one in by_person] == [("Nguyễn Văn A",), ("Nguyễn Văn B",), ("Nguyễn Văn C",)]
    assert "Nguyễn Văn B" in by_person[1].articles[0][0]


def test_a_long_list_is_printed_in_parts_that_number_on(office: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("personnel.reports.decision_texts.paper.LONGEST_AT_ONCE", 2)
    monkeypatch.setattr("personnel.reports.decision_texts.paper.ROWS_IN_PART", 2)
    people = [make_cadre(unit=office, name=f"Nguyễn Văn {letter}") for letter in "ABC"]
    first, second, third = map(text_of_html, text_parts(read_text(draft("recruitment", people, unit=office))))
    assert "DANHSÁCH" not in first
    assert "DANHSÁCH" in second
    assert "2NguyễnVănB" in second
    assert third.count("NguyễnVăn") == 1
    assert "3NguyễnVănC" in third


def test_the_pdf_is_laid_out_as_the_decree_says(office: Unit) -> None:
    people = [make_cadre(unit=office, name=f"Nguyễn Thị Hồng Ngọc Phương {place}") for place in range(40)]
    content = text_pdf(read_text(draft("transfer", people, unit=office)))
    pages = pages_of(content)
    assert len(pages) >= 3
    assert squeezed(pages[0]).startswith(squeezed("ỦY BAN NHÂN DÂN TỈNH"))
    assert "Trang" not in text_of(content)
    assert "2" in [line.strip() for line in pages[1].splitlines()]
    assert "1" not in [line.strip() for line in pages[0].splitlines()]


def test_the_law_of_the_day_and_the_chain_are_the_grounds(office: Unit) -> None:
    conclusion = make(
        Decision, number="12-KL/TU", signed_on=D(2026, 2, 3), issuer="Ban Thường vụ Tỉnh ủy", effective_on=D(2026, 2, 3)
    )
    party = make(
        Decision,
        number="34-QĐ/TU",
        signed_on=D(2026, 3, 5),
        issuer="Ban Thường vụ Tỉnh ủy",
        effective_on=D(2026, 3, 5),
        rests_on=conclusion,
        summary="Bí mật",
    )
    person = make_cadre(unit=office)
    title = make_title(is_leadership=True, rank=5, group="head")
    decision = draft("appointment", [person], unit=office, title=title, head={"rests_on": party})
    grounds = read_text(decision).lists["grounds"]
    assert grounds[0].startswith("Căn cứ …")
    assert "Căn cứ Nghị định số 170/2025/NĐ-CP ngày 30 tháng 6 năm 2025 của Chính phủ;" in grounds
    chain = [line for line in grounds if "TU" in line]
    assert chain == [
        "Căn cứ Kết luận số 12-KL/TU ngày 03 tháng 02 năm 2026 của Ban Thường vụ Tỉnh ủy;",
        "Căn cứ Quyết định số 34-QĐ/TU ngày 05 tháng 3 năm 2026 của Ban Thường vụ Tỉnh ủy;",
    ]
    assert grounds[-1].startswith("Theo đề nghị của …")
    assert len(set(grounds)) == len(grounds)


def test_a_signed_decision_says_number_day_and_signer_and_what_it_wrote(office: Unit) -> None:
    person = make_cadre(unit=office, name="Lê Văn Chín")
    rank = make_code(Rank, "01.003", name="Chuyên viên", scale="A1")
    add_pay_step(person, rank, step=3, coefficient="3.00", effective_from=D(2023, 4, 1))
    signed = {"number": "7/QĐ-SNV", "signed_on": D(2026, 3, 9), "issuer": "Sở Nội vụ"}
    decision = enter("pay_step", [person], signed={**signed, "signer_title": "Phó Giám đốc", "signer": "Mai Thị Ký"})
    decision.unit = office
    text = read_text(decision)
    assert text.articles[0][0] == (
        f"Nâng bậc lương thường xuyên đối với ông Lê Văn Chín, sinh ngày 10/05/1980, Sở Nội vụ, từ ngạch Chuyên viên "
        f"(mã số 01.003), bậc 3, hệ số 3,00 lên ngạch Chuyên viên (mã số 01.003), bậc 4, hệ số 3,33, "
        f"kể từ ngày {EFFECTIVE.day:02d} tháng 4 năm 2026."
    )
    assert text.values["number"] == "7/QĐ-SNV"
    assert text.values["signed_on"] == "ngày 09 tháng 3 năm 2026"
    assert text.values["authority"] == "GIÁM ĐỐC SỞ NỘI VỤ"
    assert text.lists["signed_as"] == ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    assert text.values["signer"] == "Mai Thị Ký"


def test_a_party_office_writes_under_the_partys_head() -> None:
    top = make_unit("TU", name="Tỉnh ủy", bloc=Bloc.PARTY)
    body = make_unit("TU.TC", parent=top, name="Ban Tổ chức Tỉnh ủy", bloc=Bloc.PARTY)
    person = make_cadre(unit=body, name="Hoàng Văn Đảng")
    text = read_text(draft("designation", [person], unit=body, title=make_title(name="Phó Bí thư")))
    assert text.head.is_party
    assert "Chỉ định đồng chí Hoàng Văn Đảng" in text.articles[0][0]
    assert text.values["number"] == "…-QĐ/…"
    in_word, in_pdf = paragraphs(text_docx(text)), text_of_html(text_html(text))
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in in_word
    assert "Độc lập - Tự do - Hạnh phúc" not in in_word
    assert "ĐẢNGCỘNGSẢNVIỆTNAM" in in_pdf
    assert "CỘNGHÒA" not in in_pdf
    assert all(line.startswith("- ") for line in text.lists["grounds"])


@override_settings(SITE_PLACE="Tỉnh Lâm Giang")
def test_the_place_is_the_provinces_or_the_communes(office: Unit) -> None:
    commune = make_unit("XA", name="Ủy ban nhân dân xã Bản Mới", level=UnitLevel.COMMUNE)
    division = make_unit("XA.01", parent=commune, name="Phòng Văn hóa - Xã hội", level=UnitLevel.COMMUNE)
    for unit, place in ((office, "Lâm Giang"), (commune, "Bản Mới"), (division, "Bản Mới")):
        assert read_text(draft("leaving", [make_cadre(unit=unit)], unit=unit)).values["place"] == place


def test_a_revision_names_what_it_revises_and_needs_no_people(office: Unit) -> None:
    person = make_cadre(unit=office)
    target = enter("commendation", [person], detail="Giấy khen")
    text = read_text(draft("withdrawal", [], unit=office, head={"target": target}, cause="Không đúng đối tượng"))
    assert text.articles[0] == [
        (
            f"Thu hồi Quyết định số {target.number} ngày 20 tháng 3 năm 2026 của UBND tỉnh, kể từ ngày 01 tháng 4 năm "
            "2026."
        ),
        "Lý do: Không đúng đối tượng.",
    ]
    assert text.articles[-1][-1] == (
        "Thủ trưởng các cơ quan, đơn vị có liên quan chịu trách nhiệm thi hành Quyết định này."
    )


def test_a_notice_has_no_articles_and_tells_the_day_of_the_law(office: Unit) -> None:
    person = make_cadre(unit=office, name="Đỗ Văn Già", born=D(1964, 5, 10))
    text = read_text(draft("retirement_notice", [person], unit=office))
    assert text.values["form_name"] == "THÔNG BÁO"
    assert text.values["number"] == "…/TB-…"
    assert "sẽ nghỉ hưu để hưởng chế độ bảo hiểm xã hội kể từ ngày 01 tháng" in text.articles[0][0]
    assert "QUYẾT ĐỊNH:" not in paragraphs(text_docx(text))


def test_a_secret_text_is_marked_and_a_highly_secret_one_is_not_written(office: Unit) -> None:
    person = make_cadre(unit=office)
    secret = draft("leaving", [person], unit=office, head={"classification": Classification.SECRET})
    assert read_text(secret).values["classification"] == "MẬT"
    assert "MẬT" in paragraphs(text_docx(read_text(secret)))
    hidden = draft("leaving", [person], unit=office, head={"classification": Classification.HIGHLY_SECRET})
    with pytest.raises(ServiceRefusal, match="chỉ có trên giấy"):
        read_text(hidden)
    stub = make_cadre(unit=office, classification=Classification.TOP_SECRET, paper_pointer="Kho 1")
    with pytest.raises(ServiceRefusal, match="chỉ có trên giấy"):
        read_text(draft("leaving", [stub], unit=office))


def test_a_newcomer_is_called_by_what_the_decision_says(office: Unit) -> None:
    values: dict[str, Any] = {
        "full_name": "LÝ THỊ MỚI", "born": D(2001, 9, 5), "sex": "female", "category": "civil_servant", "unit": office,
    }  # fmt: skip
    text = read_text(draft("recruitment", [(None, values)], unit=office))
    assert text.articles[0][0].startswith("Tuyển dụng bà Lý Thị Mới, sinh ngày 05/09/2001, vào làm việc tại Sở Nội vụ")
    assert text.people == ()
