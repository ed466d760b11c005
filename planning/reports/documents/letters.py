"""The submission letter (tờ trình) and the draft of the approval (dự thảo quyết định phê duyệt) of a round.

Both are wordings of the kind that papers of decisions have, so that Word, PDF and an office's own templates come from
one declaration. What the round does not say (number, day, who signs) stays blank.
"""

from __future__ import annotations

from collections import Counter
from typing import ClassVar, Final

from hrdb.kernel.findings import Citation
from hrdb.kernel.screens.formats import number_text, percent_text
from personnel.choices import ManagingLevel
from personnel.models import Decision
from personnel.reports.decision_texts.grounds import documents_of, law_words
from personnel.reports.decision_texts.heads import BLANK, NO_PLACE, Head, day_words, named, number_of, signing_day
from personnel.reports.decision_texts.phrases import write
from personnel.reports.decision_texts.reading import DecisionText
from personnel.reports.decision_texts.wording import TextKind, text_kinds
from personnel.services.decisions.text_fields import TextField, text_fields
from planning.choices import RoundKind
from planning.models import PlanningRound
from planning.reports.documents.lists import seat_name
from planning.reports.documents.tables import PaperTable, RoundPaper
from planning.rules.forms import row_label, rows_of
from planning.rules.law import LAW
from planning.statistics.listing import RoundListing

for _field in (
    TextField("round_name", "dot_quy_hoach", "Đợt quy hoạch", "quy hoạch nhiệm kỳ 2030-2035"),
    TextField("round_before", "dot_truoc", "Đợt quy hoạch được thay; trống với đợt xây dựng lần đầu", ""),
    TextField("seat_count", "so_chuc_danh", "Số chức danh quy hoạch", "120"),
    TextField("bare_count", "so_chuc_danh_trong", "Số chức danh chưa có người; trống khi không có", "4"),
    TextField("entry_count", "so_luot_nguoi", "Số lượt người trong quy hoạch", "310"),
    TextField("planned_count", "so_can_bo", "Số người trong quy hoạch, mỗi người tính một lần", "265"),
    TextField("first_count", "so_doi_tuong_mot", "Số lượt người là đối tượng 1", "180"),
    TextField("second_count", "so_doi_tuong_hai", "Số lượt người là đối tượng 2", "130"),
    TextField("structure_words", "co_cau_danh_sach", "Cơ cấu danh sách, viết liền", "nữ 68 người (25,7%)"),
    TextField("planned_title", "chuc_danh_quy_hoach", "Chức danh quy hoạch", "Phó Giám đốc sở", of_person=True),
    TextField("planned_object", "doi_tuong_quy_hoach", "Đối tượng quy hoạch", "1", of_person=True),
):
    text_fields.register(_field)

LETTER: Final = TextKind(
    key="planning-letter",
    label="Tờ trình phê duyệt quy hoạch",
    subject="phê duyệt {round_name}",
    articles=(
        (
            "{issuer_name} kính trình {addressee} xem xét, phê duyệt {round_name} như sau:",
            (
                "1. Danh sách trình phê duyệt gồm {entry_count} lượt người ({planned_count} người) ở {seat_count} "
                "chức danh; trong đó đối tượng 1: {first_count} lượt người, đối tượng 2: {second_count} lượt người."
            ),
            "2. Cơ cấu danh sách, mỗi người tính một lần: {structure_words}.",
            "[3. Còn {bare_count} chức danh chưa có người được quy hoạch.]",
            "Kèm theo: danh sách trích ngang; tổng hợp theo chức danh; tổng hợp theo cơ cấu; biên bản kiểm phiếu.",
            "Kính trình {addressee} xem xét, quyết định./.",
        ),
    ),
    is_notice=True,
    is_letter=True,
)
APPROVAL: Final = TextKind(
    key="planning-approval",
    label="Quyết định phê duyệt quy hoạch",
    subject="phê duyệt {round_name}",
    articles=(
        (
            "Phê duyệt {round_name} gồm {entry_count} lượt người ở {seat_count} chức danh, có danh sách kèm theo.",
            "[Danh sách này thay danh sách đã phê duyệt của {round_before}.]",
        ),
        (
            (
                "Các cơ quan, đơn vị có liên quan quản lý, đào tạo, bồi dưỡng, thử thách cán bộ trong quy hoạch và "
                "rà soát, bổ sung quy hoạch hằng năm theo quy định."
            ),
        ),
    ),
    columns=("planned_title", "planned_object"),
)
for _kind in (LETTER, APPROVAL):
    text_kinds.register(_kind)

#: The office that approves, by level: as its papers name it, and the body in whose name they are signed.
_APPROVERS: Final[dict[str, tuple[str, str]]] = {
    ManagingLevel.PROVINCIAL_STANDING: ("Tỉnh ủy", "Ban Thường vụ Tỉnh ủy"),
    ManagingLevel.PROVINCIAL_COMMITTEE: ("Đảng ủy Ủy ban nhân dân tỉnh", "Đảng ủy Ủy ban nhân dân tỉnh"),
}
#: Groups of parameters whose texts are the ground of a list.
_GROUPS: Final = ("age", "reference_days", "places", "conditions", "standards", "structure", "votes")
#: Which people the letter counts, with the words for them.
_COUNTED: Final = ("female", "minority", "age_first", "age_second", "age_third", "age_unknown")
_SMALL: Final = {"female": "nữ", "minority": "người dân tộc thiểu số"}


class RoundLetter(RoundPaper):
    """A paper of sentences: in Word and as PDF."""

    formats = ("docx", "pdf")
    kind: ClassVar[TextKind]
    form_name: ClassVar[str] = ""

    def tables(self) -> list[PaperTable]:
        """It has none."""
        return []

    def text(self) -> DecisionText:
        """What the paper says."""
        raise NotImplementedError

    def _text(self, decision: Decision, head: Head, values: dict[str, str], **more: tuple[str, ...]) -> DecisionText:
        told = {**_facts(self.listing), **values, "form_name": self.form_name, "place": head.place}
        told["subject"] = f"Về việc {write(self.kind.subject, told)}"
        return DecisionText(
            decision=decision,
            kind=self.kind,
            head=head,
            values=told,
            lists=more,
            rows=self.rows(),
            names=(),
            people=tuple(sorted(self.people)),
        )

    def rows(self) -> tuple[dict[str, str], ...]:
        """The appended list."""
        return ()


class SubmissionLetter(RoundLetter):
    """The letter that submits the list to its approval."""

    key, label = "to-trinh", "Tờ trình"
    icon = "send"
    about = "Tờ trình cấp có thẩm quyền phê duyệt danh sách, với số liệu và cơ cấu của đợt."
    layout = "Thể thức theo Nghị định 30/2020/NĐ-CP hoặc văn bản của Đảng theo cấp phê duyệt; mẫu riêng chưa được đọc."
    kind, form_name = LETTER, "TỜ TRÌNH"

    def text(self) -> DecisionText:
        """Who submits, number, day and signer are left to the office."""
        is_party, approver = _approver(self.listing.round)
        head = Head(is_party=is_party, issuer_name="", superior_name="", place=NO_PLACE)
        grounds = _grounds(self.listing.round, is_party=is_party, ends=(";", "."))
        return self._text(
            Decision(effective_on=self.listing.day),
            head,
            {
                "issuer": BLANK,
                "issuer_name": BLANK,
                "number": "…-TTr/…" if is_party else "…/TTr-…",
                "signed_on": signing_day(None),
                "addressee": approver or BLANK,
            },
            grounds=grounds,
            recipients=("- Như trên;", "- ……………………;", "- Lưu: VP, ……" if is_party else "- Lưu: VT, ……"),
            signed_as=(BLANK,),
        )


class ApprovalDraft(RoundLetter):
    """The draft of the decision that approves the list, with the list appended."""

    key, label = "quyet-dinh", "Quyết định phê duyệt"
    icon = "stamp"
    about = "Dự thảo quyết định phê duyệt, kèm danh sách; số, ngày, người ký để trống khi chưa có."
    layout = "Mẫu 2B của Hướng dẫn 45-HD/BTCTW (quyết định phê duyệt) chưa được đọc (chưa kiểm chứng)."
    kind, form_name = APPROVAL, "QUYẾT ĐỊNH"
    names_people = True

    def text(self) -> DecisionText:
        """By the decision of the round where it has one, else with blanks."""
        planning_round = self.listing.round
        is_party, approver = _approver(planning_round)
        office, _ = _APPROVERS.get(planning_round.level, ("", ""))
        given = planning_round.decision
        decision = given or Decision(effective_on=planning_round.approved_on or planning_round.day)
        issuer = (given.issuer if given is not None else "") or office
        head = Head(is_party=is_party, issuer_name=issuer, superior_name="", place=NO_PLACE)
        grounds = _grounds(planning_round, is_party=is_party, ends=(";", ";"))
        proposal = f"{'- Xét' if is_party else 'Theo'} đề nghị của {BLANK}{',' if is_party else '.'}"
        return self._text(
            decision,
            head,
            {
                "issuer": issuer.upper() or BLANK,
                "issuer_name": issuer,
                "number": number_of(decision, is_party=is_party, is_notice=False),
                "signed_on": signing_day(decision.signed_on),
                "authority": approver.upper() or BLANK,
                "day": day_words(planning_round.approved_on) if planning_round.approved_on else "… tháng … năm ……",
                "signer": decision.signer,
            },
            grounds=(*grounds, proposal),
            recipients=("- Như Điều 3;", "- ……………………;", "- Lưu: VP, ……" if is_party else "- Lưu: VT, ……"),
            signed_as=(f"T/M {approver.upper()}", BLANK) if is_party and approver else (BLANK,),
        )

    def rows(self) -> tuple[dict[str, str], ...]:
        """Everybody on the list in its order."""
        return tuple(
            {
                "full_name": person.name,
                "born": person.told.get("born", ""),
                "present_title": person.told.get("post", ""),
                "present_unit": person.told.get("unit", ""),
                "planned_title": seat_name(seat),
                "planned_object": str(person.object),
            }
            for seat in self.listing.seats
            for person in seat.people
        )


def _approver(planning_round: PlanningRound) -> tuple[bool, str]:
    """Whether the approving level is of the Party, and its body as a paper names it; empty where it is not known."""
    _, body = _APPROVERS.get(planning_round.level, ("", ""))
    return bool(body) or planning_round.level == ManagingLevel.CENTRAL, body


def _facts(listing: RoundListing) -> dict[str, str]:
    """What sentences say of the list."""
    planning_round = listing.round
    name = planning_round.name
    if planning_round.kind == RoundKind.REVIEW and name.casefold().startswith("rà soát"):
        name = f"Kết quả {name[:1].lower()}{name[1:]}"
    objects = Counter(person.object for seat in listing.seats for person in seat.people)
    bare = sum(not seat.people for seat in listing.seats)
    facts = dict.fromkeys(("superior", "classification", "authority", "signer", "addressee", "day", "executors"), "")
    return facts | {
        "round_name": name if name[1:2].isupper() else name[:1].lower() + name[1:],
        "round_before": _before(planning_round),
        "mandate": planning_round.term,
        "seat_count": number_text(len(listing.seats)),
        "bare_count": number_text(bare) if bare else "",
        "entry_count": number_text(listing.entries),
        "planned_count": number_text(len(listing.people)),
        "first_count": number_text(objects[1]),
        "second_count": number_text(objects[2]),
        "structure_words": _structure(listing),
    }


def _before(planning_round: PlanningRound) -> str:
    before = planning_round.follows
    if before is None:
        return ""
    return f"{before.name} ({named(before.decision)})" if before.decision is not None else before.name


def _structure(listing: RoundListing) -> str:
    """Shares of the list in words, each person once."""
    people = {person.cadre_id: person for seat in listing.seats for person in seat.people}
    if not people:
        return BLANK
    counts = Counter(row for person in people.values() for row in rows_of(person.counts, listing.day))
    told = []
    for row in _COUNTED:
        if row == "age_unknown" and not counts[row]:
            continue
        label = _SMALL.get(row) or row_label(row, listing.day)
        words = label[:1].lower() + label[1:]
        told.append(f"{words} {number_text(counts[row])} người ({percent_text(counts[row] / len(people))})")
    return "; ".join(told)


def _grounds(planning_round: PlanningRound, *, is_party: bool, ends: tuple[str, str]) -> tuple[str, ...]:
    """What gives the office its power (blank), and the texts on planning in force on the round's day."""
    held = [parameter.at(planning_round.day) for group in _GROUPS for parameter in LAW.under(group)]
    cited: list[Citation] = [one.citation for one in held if one is not None]
    texts = [one for one in documents_of(cited) if one.document.endswith(("/TW", "/BTCTW", "/TU"))]
    sentences = [f"Căn cứ {BLANK} (văn bản quy định thẩm quyền của cơ quan ban hành)"]
    sentences += [f"Căn cứ {law_words(one)}" for one in texts]
    mark = "- " if is_party else ""
    last = len(sentences) - 1
    return tuple(f"{mark}{words}{ends[place == last]}" for place, words in enumerate(sentences))
