"""Papers of a class: roster, summons, the draft of the decision that sends people, the report on the class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from appraisal.reports.tables import Head, ReportTable
from hrdb.kernel.screens.formats import number_text, percent_text
from personnel.choices import Sex
from personnel.forms.decision_lookups import posts_of
from planning.statistics.names import unit_names
from training.choices import MemberState
from training.models import ClassMember, TrainingClass
from training.reports.letters import BLANK, Letter, ListHead

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADS: Final = (
    Head("STT", "integer", 10),
    Head("Họ và tên", "text", 44),
    Head("Ngày sinh", "text", 24),
    Head("Giới tính", "text", 16),
    Head("Chức vụ, đơn vị", "text", 62),
    Head("Đơn vị cử", "text"),
)
#: With results there is room for less: the sex is left out.
RESULT_HEADS: Final = (
    Head("STT", "integer", 10),
    Head("Họ và tên", "text", 38),
    Head("Ngày sinh", "text", 22),
    Head("Chức vụ, đơn vị", "text", 52),
    Head("Đơn vị cử", "text"),
    Head("Buổi dự", "integer", 12),
    Head("Điểm", "decimal", 12),
    Head("Xếp loại", "text", 20),
    Head("Kết quả", "text", 18),
    Head("Số chứng chỉ", "text", 30),
)
LIST_HEADS: Final = (
    ListHead("STT", 10),
    ListHead("Họ và tên", 42),
    ListHead("Ngày sinh", 24),
    ListHead("Chức vụ, đơn vị"),
)

#: Whose paper it is stays open: the office that issues it writes itself in.
OPEN_HEAD: Final[dict[str, Any]] = {
    "superior": "",
    "issuer": BLANK,
    "number": "………",
    "dated": "…………, ngày …… tháng …… năm ………",
}


@dataclass(frozen=True)
class ClassPeople:
    """A class with those who attend, in the order of names, their posts on a day and the units that sent them."""

    training_class: TrainingClass
    rows: Sequence[ClassMember]
    posts: Mapping[int, str]
    units: Mapping[int, str]

    @classmethod
    def read(cls, training_class: TrainingClass, rows: Iterable[ClassMember], day: date) -> ClassPeople:
        """Read the names for some members."""
        listed = list(rows)
        return cls(
            training_class,
            listed,
            posts_of([row.cadre_id for row in listed], day),
            unit_names({row.unit_id for row in listed}, day),
        )

    @property
    def ids(self) -> list[int]:
        """Whom the paper names."""
        return [row.cadre_id for row in self.rows]

    def count(self, state: MemberState) -> int:
        """How many stand so."""
        return sum(row.state == state for row in self.rows)


def roster_table(people: ClassPeople, *, with_results: bool) -> ReportTable:
    """The roster (danh sách học viên), with results once the class ran."""
    one = people.training_class
    rows = tuple(
        _with_result(number, row, people) if with_results else _person(number, row, people)
        for number, row in enumerate(people.rows, 1)
    )
    return ReportTable(
        "Danh sách học viên",
        "Học viên",
        RESULT_HEADS if with_results else HEADS,
        rows,
        caption=(f"{one.name} ({one.programme.name})", when_words(one)),
    )


def summons(people: ClassPeople) -> Letter:
    """The summons (giấy triệu tập) to those who were chosen."""
    one = people.training_class
    count = number_text(len(people.rows))
    return Letter(
        **OPEN_HEAD,
        title="Giấy triệu tập",
        about=f"Tham dự lớp {one.name}",
        paragraphs=(
            (
                f"{_ground(one)}, cơ quan tổ chức lớp trân trọng triệu tập {count} học viên có tên trong danh sách "
                f"kèm theo tham dự lớp {one.name} theo chương trình {one.programme.name}."
            ),
            f"Thời gian: {when_words(one).lower()}.",
            f"Địa điểm: {one.place or BLANK}.",
            f"Hình thức: {one.get_mode_display().lower()}; cơ sở đào tạo: {one.host or BLANK}.",
            (
                "Đề nghị các cơ quan, đơn vị bố trí công việc, thông báo và tạo điều kiện để học viên tham dự đầy đủ, "
                "đúng thành phần. Trường hợp có thay đổi, báo về cơ quan tổ chức lớp trước ngày khai giảng."
            ),
        ),
        heads=LIST_HEADS,
        rows=_listed(people),
        list_title=f"Học viên lớp {one.name}",
        receivers=("Các cơ quan, đơn vị có học viên", "Các học viên", "Lưu: VT"),
    )


def sending_decision(people: ClassPeople) -> Letter:
    """The draft of the decision that sends people to the class."""
    one = people.training_class
    count = number_text(len(people.rows))
    plan = one.planned.plan if one.planned is not None else None
    grounds = [f"Căn cứ {BLANK};"]
    if plan is not None:
        cited = f" (phê duyệt tại {plan.decision})" if plan.decision is not None else ""
        grounds.append(f"Căn cứ {plan.name}{cited};")
    if one.basis:
        grounds.append(f"Căn cứ {one.basis};")
    return Letter(
        **OPEN_HEAD,
        title="Quyết định",
        about="Về việc cử cán bộ, công chức, viên chức đi đào tạo, bồi dưỡng",
        grounds=(*grounds, f"Theo đề nghị của {BLANK}."),
        decree="QUYẾT ĐỊNH:",
        paragraphs=(
            (
                f"Điều 1. Cử {count} cán bộ, công chức, viên chức có tên trong danh sách kèm theo tham dự lớp "
                f"{one.name} (chương trình {one.programme.name}), {when_words(one).lower()}, "
                f"do {one.host or BLANK} tổ chức."
            ),
            (
                "Điều 2. Người được cử đi học chấp hành nội quy, quy chế của cơ sở đào tạo; được hưởng chế độ theo "
                "quy định hiện hành và báo cáo kết quả sau khi hoàn thành khóa học."
            ),
            (
                f"Điều 3. {BLANK}, thủ trưởng các cơ quan, đơn vị liên quan và người có tên tại Điều 1 chịu "
                "trách nhiệm thi hành Quyết định này."
            ),
        ),
        heads=LIST_HEADS,
        rows=_listed(people),
        list_title="Kèm theo Quyết định cử đi đào tạo, bồi dưỡng",
        receivers=("Như Điều 3", "Lưu: VT"),
    )


def class_report(people: ClassPeople, *, sessions: int) -> Letter:
    """The report on a class (báo cáo kết quả lớp học)."""
    one, total = people.training_class, len(people.rows)
    passed, failed = people.count(MemberState.PASSED), people.count(MemberState.FAILED)
    women = sum(row.cadre.sex == Sex.FEMALE for row in people.rows)
    marked = [row for row in people.rows if row.attendance]
    came = sum(row.attended or 0 for row in marked)
    asked = sum(len(row.attendance) for row in marked)
    certified = sum(bool(row.certificate_number) for row in people.rows)
    results = [f"Kết quả: {number_text(passed)} người đạt, {number_text(failed)} người không đạt"]
    if total - passed - failed:
        results.append(f"{number_text(total - passed - failed)} người chưa có kết quả")
    share = f" ({percent_text(passed / total)} học viên đạt)" if total else ""
    attendance = f"Số buổi học: {number_text(sessions)}"
    if asked:
        attendance += f"; tỷ lệ tham dự của các lượt đã điểm danh: {percent_text(came / asked)}"
    heads = (*LIST_HEADS[:3], ListHead("Chức vụ, đơn vị"), ListHead("Điểm", 16), ListHead("Kết quả", 28))
    return Letter(
        **OPEN_HEAD,
        title="Báo cáo",
        about=f"Kết quả lớp {one.name}",
        paragraphs=(
            (
                f"1. Chương trình: {one.programme.name}. Cơ sở đào tạo: {one.host or BLANK}. {when_words(one)}. "
                f"Hình thức: {one.get_mode_display().lower()}. Giảng viên: {one.trainers or BLANK}."
            ),
            (
                f"2. Số chỗ: {number_text(one.capacity)}; học viên: {number_text(total)} người, trong đó "
                f"{number_text(women)} nữ."
            ),
            f"3. {attendance}.",
            f"4. {', '.join(results)}{share}. Đã cấp {number_text(certified)} chứng chỉ.",
            f"5. Kinh phí thực hiện: {f'{number_text(one.cost)} đồng' if one.cost is not None else BLANK}.",
            f"6. Đánh giá, kiến nghị: {BLANK}",
        ),
        heads=heads,
        rows=tuple(
            (*line, _score(row), row.get_state_display())
            for line, row in zip(_listed(people), people.rows, strict=True)
        ),
        list_title=f"Kết quả học viên lớp {one.name}",
        receivers=(BLANK, "Lưu: VT"),
    )


def summary_table(people: ClassPeople, *, sessions: int) -> ReportTable:
    """The report's paragraphs as the first sheet of its workbook."""
    letter = class_report(people, sessions=sessions)
    rows = tuple((int(number), text) for number, _, text in (line.partition(". ") for line in letter.paragraphs))
    return ReportTable(
        "Báo cáo kết quả lớp", "Báo cáo", (Head("TT", "integer"), Head("Nội dung")), rows, (letter.about,)
    )


def when_words(one: TrainingClass) -> str:
    """From when to when, in words."""
    if one.begins_on is None:
        return "Thời gian chưa định"
    until = f" đến ngày {one.ends_on:%d/%m/%Y}" if one.ends_on else ""
    return f"Từ ngày {one.begins_on:%d/%m/%Y}{until}"


def _ground(one: TrainingClass) -> str:
    if one.decision is not None:
        return f"Thực hiện {one.decision}"
    if one.basis:
        return f"Thực hiện {one.basis}"
    return f"Thực hiện {one.planned.plan.name}" if one.planned is not None else f"Thực hiện {BLANK}"


def _listed(people: ClassPeople) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            str(number),
            row.cadre.full_name,
            row.cadre.birth.text if row.cadre.birth else "",
            people.posts.get(row.cadre_id, "") or people.units.get(row.unit_id, ""),
        )
        for number, row in enumerate(people.rows, 1)
    )


def _person(number: int, row: ClassMember, people: ClassPeople) -> tuple[object, ...]:
    return (
        number,
        row.cadre.full_name,
        row.cadre.birth.text if row.cadre.birth else "",
        row.cadre.get_sex_display(),
        people.posts.get(row.cadre_id, ""),
        people.units.get(row.unit_id, ""),
    )


def _with_result(number: int, row: ClassMember, people: ClassPeople) -> tuple[object, ...]:
    place, name, born, _, post, unit = _person(number, row, people)
    result = (row.attended, row.score, row.grade, row.get_state_display(), row.certificate_number)
    return place, name, born, post, unit, *result


def _score(row: ClassMember) -> str:
    return "" if row.score is None else f"{row.score.normalize():f}".replace(".", ",")
