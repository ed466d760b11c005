"""What a unit has, as its page shows it: one declaration a kind of row gives the table, the forms and the addresses."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.periods import in_force_q
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens.formats import NOTHING, date_text, number_text, period_text
from hrdb.kernel.screens.links import asked_day, link
from personnel.choices import AssignmentKind
from personnel.forms.rows import RecordForm
from personnel.forms.unit_rows import EstablishmentForm, JobPositionForm, MandateForm, SeatForm
from personnel.models import Assignment, Establishment, JobPosition, Mandate, Seat, Unit
from personnel.policies import Action
from personnel.services.unit_rows import rows_of

#: Values of a row by its id that are counted for the whole table at once.
Counted = Mapping[int, int]


@dataclass(frozen=True, kw_only=True)
class UnitColumn:
    """A column of a part: its head and what it shows of a row; the second value is what was counted of it."""

    label: str
    value: Callable[[Any, int], str]
    is_number: bool = False


@dataclass(frozen=True, kw_only=True)
class UnitPart:
    """A kind of rows of a unit.

    `key` stands in the address, `tab` is the tab of the page; `text` names a row in a question; `first_day` gives
    the day from which a row that can be ended holds; `counted` counts people of each row on a day in one query.
    """

    key: str
    model: Any
    label: str
    noun: str
    tab: str
    form_class: type[RecordForm]
    columns: Sequence[UnitColumn]
    text: Callable[[Any], str]
    empty: str
    related: Sequence[str] = ("decision",)
    order: Sequence[str] = ()
    may_succeed: bool = False
    first_day: Callable[[Any], datetime.date] | None = None
    counted: Callable[[Unit, datetime.date], Counted] | None = None

    def rows(self, unit: Unit, day: datetime.date) -> QuerySet[Any]:
        """The rows that hold on the day or later, in order; of those without periods all."""
        rows = rows_of(self.model, unit).select_related(*self.related)
        if self.may_succeed:
            rows = rows.filter(Q(effective_until=None) | Q(effective_until__gt=day))
        return rows.order_by(*self.order)

    def may_end(self, row: Any) -> bool:
        """Whether a row has an end that is still open."""
        if self.first_day is None:
            return False
        return (row.ends_on if isinstance(row, Mandate) else row.effective_until) is None


@dataclass(frozen=True)
class DrawnUnitPart:
    """A part as its card shows it."""

    part: UnitPart
    rows: Sequence[tuple[Sequence[tuple[UnitColumn, str]], Sequence[Button]]]
    add_url: str


def draw_part(request: HttpRequest, part: UnitPart, unit: Unit, *, may_edit: bool) -> DrawnUnitPart:
    """The rows of a unit on the asked day, with what an editor may do with each."""
    day = asked_day(request)
    rows = list(part.rows(unit, day))
    counted = part.counted(unit, day) if part.counted and rows else {}
    drawn = []
    for row in rows:
        cells = [(column, column.value(row, counted.get(row.pk, 0))) for column in part.columns]
        drawn.append((cells, row_buttons(request, part, unit, row) if may_edit else ()))
    add_url = link(request, "personnel:unit-row-add", unit.code, part.key) if may_edit else ""
    return DrawnUnitPart(part, drawn, add_url)


def row_buttons(request: HttpRequest, part: UnitPart, unit: Unit, row: Any) -> list[Button]:
    """What an editor may do with a row."""

    def button(label: str, act: str, icon: str, *, harm: bool = False) -> Button:
        url = link(request, f"personnel:unit-row-{act}", unit.code, part.key, row.pk)
        return Button(label=label, url=url, icon=icon, harm=harm)

    return [
        *([button("Thay đổi từ ngày…", "succeed", "arrow-right")] if part.may_succeed else ()),
        button("Đính chính", "correct", "pencil"),
        *([button("Kết thúc", "end", "calendar-x")] if part.may_end(row) else ()),
        button("Xóa", "remove", "trash-2", harm=True),
    ]


def may_edit_unit(request: HttpRequest, unit: Unit) -> bool:
    """Whether the reader edits what this unit has."""
    user = reader(request)
    return bool(Unit.objects.visible_to(user, Action.EDIT).filter(pk=unit.pk).exists())


def _seat_holders(unit: Unit, day: datetime.date) -> Counted:
    """People who hold the title of each seat in the unit."""
    held = Assignment.objects.in_force(day).filter(unit=unit).exclude(kind=AssignmentKind.ACTING).order_by()
    by_title = dict(held.values_list("title_id").annotate(people=Count("cadre", distinct=True)))
    return {
        pk: by_title.get(title_id, 0) for pk, title_id in Seat.objects.filter(unit=unit).values_list("pk", "title_id")
    }


def _position_holders(unit: Unit, day: datetime.date) -> Counted:
    """People who are assigned to each job position of the unit."""
    held = Assignment.objects.filter(in_force_q(day), job_position__unit=unit).order_by()
    return dict(held.values_list("job_position_id").annotate(people=Count("cadre", distinct=True)))


def _ground(row: Any, _: int) -> str:
    """The decision behind a row, else what stands for it."""
    if row.decision is None:
        return row.basis or "chưa có quyết định"
    return f"{row.decision.number} ngày {date_text(row.decision.signed_on)}"


def _period(row: Any, _: int) -> str:
    if row.effective_until is None:
        return f"từ {date_text(row.effective_from)}"
    return period_text(row.effective_from, row.effective_until, months=False)


GROUND: Final = UnitColumn(label="Quyết định", value=_ground)
PERIOD: Final = UnitColumn(label="Thời gian", value=_period)

SEATS: Final = UnitPart(
    key="seats",
    model=Seat,
    label="Ghế chức danh",
    noun="ghế chức danh",
    tab="posts",
    form_class=SeatForm,
    columns=(
        UnitColumn(label="Chức danh", value=lambda row, _: row.title.name),
        UnitColumn(label="Số lượng", value=lambda row, _: number_text(row.number), is_number=True),
        UnitColumn(label="Đang giữ", value=lambda _, held: number_text(held), is_number=True),
        PERIOD,
        GROUND,
    ),
    text=lambda row: row.title.name,
    empty="Chưa ghi ghế chức danh lãnh đạo, quản lý của đơn vị.",
    related=("title", "decision"),
    order=("title__rank", "title__position", "effective_from"),
    may_succeed=True,
    first_day=lambda row: row.effective_from,
    counted=_seat_holders,
)

MANDATES: Final = UnitPart(
    key="mandates",
    model=Mandate,
    label="Nhiệm kỳ",
    noun="nhiệm kỳ",
    tab="posts",
    form_class=MandateForm,
    columns=(
        UnitColumn(label="Nhiệm kỳ", value=lambda row, _: row.name),
        UnitColumn(label="Từ ngày", value=lambda row, _: date_text(row.begins_on)),
        UnitColumn(label="Đến ngày", value=lambda row, _: date_text(row.ends_on) if row.ends_on else NOTHING),
        GROUND,
    ),
    text=lambda row: row.name,
    empty="Chưa ghi nhiệm kỳ; chỉ cần với cấp ủy, Hội đồng nhân dân và tổ chức bầu cử theo nhiệm kỳ.",
    order=("-begins_on",),
    first_day=lambda row: row.begins_on,
)

JOB_POSITIONS: Final = UnitPart(
    key="job-positions",
    model=JobPosition,
    label="Vị trí việc làm",
    noun="vị trí việc làm",
    tab="positions",
    form_class=JobPositionForm,
    columns=(
        UnitColumn(label="Mã", value=lambda row, _: row.code),
        UnitColumn(label="Vị trí việc làm", value=lambda row, _: row.name),
        UnitColumn(label="Nhóm", value=lambda row, _: row.get_group_display()),
        UnitColumn(label="Ngạch yêu cầu", value=lambda row, _: _rank(row)),
        UnitColumn(label="Được duyệt", value=lambda row, _: number_text(row.number), is_number=True),
        UnitColumn(label="Đã bố trí", value=lambda _, held: number_text(held), is_number=True),
        PERIOD,
        GROUND,
    ),
    text=lambda row: f"{row.code} · {row.name}",
    empty="Chưa ghi vị trí việc làm được phê duyệt.",
    related=("required_rank", "decision"),
    order=("group", "code", "effective_from"),
    may_succeed=True,
    first_day=lambda row: row.effective_from,
    counted=_position_holders,
)

ESTABLISHMENTS: Final = UnitPart(
    key="establishments",
    model=Establishment,
    label="Biên chế, số lượng người làm việc được giao",
    noun="số được giao",
    tab="establishment",
    form_class=EstablishmentForm,
    columns=(
        UnitColumn(label="Năm", value=lambda row, _: str(row.year)),
        UnitColumn(label="Đối tượng", value=lambda row, _: row.get_category_display()),
        UnitColumn(label="Số được giao", value=lambda row, _: number_text(row.number), is_number=True),
        GROUND,
    ),
    text=lambda row: f"{row.year}, {row.get_category_display()}: {number_text(row.number)}",
    empty="Chưa ghi biên chế được giao; nhập ở đây hoặc cùng danh sách đơn vị.",
    order=("-year", "category"),
)


def _rank(row: JobPosition) -> str:
    return f"{row.required_rank.code} · {row.required_rank}" if row.required_rank else NOTHING


UNIT_PARTS: Final[Mapping[str, UnitPart]] = {
    part.key: part for part in (SEATS, MANDATES, JOB_POSITIONS, ESTABLISHMENTS)
}
