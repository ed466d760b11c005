"""The list of people (danh sách cán bộ): what every officer opens first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import Case, Exists, F, QuerySet, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import masked_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.palette import Hit, SearchSource, search_sources
from hrdb.kernel.templatetags.hr_screens import label
from personnel.choices import AssignmentKind, EmploymentState
from personnel.filters.cadres import CadreFilters
from personnel.models import Assignment, Cadre, UnitVersion
from personnel.models.scope import CadreQuerySet, scope_of
from personnel.policies import Action
from personnel.services.reading import log_export
from personnel.statistics.completeness import Probed, percent_of
from personnel.statistics.people import needs_of
from personnel.views.cadre_rows import LEVEL_COLUMNS, Shown, read_shown

MASKED = "•••"
#: Names of coded facts, read with the person.
NAMES = {
    "ethnicity_name": Case(When(ethnicity__short_name="", then="ethnicity__name"), default="ethnicity__short_name"),
    "religion_name": F("religion__name"),
}
#: People of a workbook are read by so many.
CHUNK = 2_000
COMPLETE, NEARLY = 90, 70


def _is_open(cadre: Cadre) -> bool:
    return bool(cadre.is_tier_1_open)  # type: ignore[attr-defined]


def _number(cadre: Cadre) -> str:
    """The personal number as the list shows it: masked; whole in the export of those who may see it."""
    return masked_text(cadre.personal_number) if cadre.personal_number else ""


def _whole_number(cadre: Cadre) -> str:
    return (cadre.personal_number or "") if _is_open(cadre) else _number(cadre)


def _ethnicity(cadre: Cadre) -> str:
    return (cadre.ethnicity_name or "") if _is_open(cadre) else MASKED  # type: ignore[attr-defined]


def _religion(cadre: Cadre) -> str:
    return (cadre.religion_name or "") if _is_open(cadre) else MASKED  # type: ignore[attr-defined]


def _born_and_ethnicity(cadre: Cadre) -> str:
    birth = cadre.birth
    return " · ".join(filter(None, [birth.text if birth else "", _ethnicity(cadre)]))


def _shown(cadre: Cadre) -> Shown:
    """What was read beside the person."""
    shown: Shown = cadre.shown  # type: ignore[attr-defined]
    return shown


def _unit(cadre: Cadre) -> str:
    post = _shown(cadre).main_post
    return post.unit if post else ""


def _level_of(key: str) -> Callable[[Cadre], str]:
    """The value of a column of levels."""
    kind = LEVEL_COLUMNS[key]
    return lambda cadre: _shown(cadre).levels.get(kind, "")


def _pay_of(name: str) -> Callable[[Cadre], Any]:
    """The value of a column of pay."""
    return lambda cadre: getattr(_shown(cadre).pay, name, None)


def _category(cadre: Cadre) -> SafeString | str:
    held = _shown(cadre)
    if not held.category:
        return ""
    badge = label(held.category_name, "act" if held.state == EmploymentState.WORKING else "warn")
    if held.state == EmploymentState.WORKING:
        return badge
    return format_html('{}<span class="sub">{}</span>', badge, held.state_name)


def _completeness(cadre: Cadre) -> SafeString:
    percent: int = cadre.completeness  # type: ignore[attr-defined]
    tone = "good" if percent >= COMPLETE else "warn" if percent >= NEARLY else "bad"
    return label(f"{percent}%", tone)


class CadreList(ListScreen):
    """People in scope on the asked day: who works there, by what filters, in Vietnamese order."""

    title = "Cán bộ, công chức, viên chức"
    noun = "người"
    default_sort = "name"
    export_name = "can-bo"
    filter_class = CadreFilters
    columns = (
        Column(
            key="name",
            label="Họ và tên",
            value="full_name",
            second=_born_and_ethnicity,
            link=lambda row: row.url_on_day,
            sort=("sort_key",),
            fixed=True,
        ),
        Column(
            key="post",
            label="Chức vụ, đơn vị",
            value=lambda row: row.shown.titles,
            second=_unit,
            second_label="Đơn vị",
            wide=True,
        ),
        Column(key="degree", label="Chuyên môn", value=_level_of("degree")),
        Column(key="theory", label="Lý luận chính trị", value=_level_of("theory")),
        Column(key="number", label="Số định danh", value=_number, export=_whole_number),
        Column(
            key="category",
            label="Đối tượng",
            render=_category,
            value=lambda row: row.shown.category_name,
        ),
        Column(
            key="completeness",
            label="Hồ sơ",
            render=_completeness,
            value=lambda row: f"{row.completeness}%",
            align="right",
            sort="completeness",
        ),
        Column(key="born", label="Ngày sinh", value="birth", sort="born", hidden=True, align="right"),
        Column(key="sex", label="Giới tính", value="get_sex_display", sort="sex", hidden=True),
        Column(key="ethnicity", label="Dân tộc", value=_ethnicity, hidden=True),
        Column(key="religion", label="Tôn giáo", value=_religion, hidden=True),
        Column(key="home", label="Quê quán", value="home_town", hidden=True),
        Column(
            key="state",
            label="Tình trạng",
            value=lambda row: row.shown.state_name,
            hidden=True,
        ),
        Column(key="management", label="Quản lý nhà nước", value=_level_of("management"), hidden=True),
        Column(key="language", label="Ngoại ngữ", value=_level_of("language"), hidden=True),
        Column(key="rank", label="Ngạch", value=_pay_of("rank"), hidden=True),
        Column(key="step", label="Bậc", value=_pay_of("step"), hidden=True, align="right"),
        Column(key="coefficient", label="Hệ số", value=_pay_of("coefficient"), hidden=True, align="right"),
        Column(key="party", label="Ngày vào Đảng", value=lambda row: row.shown.party_from, hidden=True, align="right"),
        Column(
            key="recruited", label="Ngày tuyển dụng", value="first_recruited", sort="first_recruited_on", hidden=True
        ),
        Column(key="officer_code", label="Số hiệu", value="officer_code", sort="officer_code", hidden=True),
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """People held on the asked day within the reader's scope."""
        cadres: CadreQuerySet = Cadre.objects.held_on(reader(request), self.day)
        return cadres.annotate(completeness=percent_of(self.day, Exists)) if self._is_by_completeness else cadres

    @property
    def _is_by_completeness(self) -> bool:
        column, _ = self.sort
        return column is not None and column.key == "completeness"

    def with_details(self, rows: QuerySet[Any]) -> Iterator[Cadre]:
        """People with what the columns show; how full a record is asks many tables, so only of those who are shown."""
        is_page = rows.query.is_sliced
        people: Any = rows
        if is_page:
            people = Cadre.objects.filter(pk__in=rows.values("pk"))
            people = people.order_by(*rows.query.order_by) if rows.query.order_by else people
        people = people.with_tier_1(reader(self.request)).annotate(**NAMES)
        keys = {column.key for column in self.shown_columns}
        if "completeness" in keys or self._is_by_completeness:
            people = people.annotate(completeness=percent_of(self.day, Probed if is_page else Exists))
        people = list(people) if is_page else people.iterator(chunk_size=CHUNK)
        shown = read_shown([cadre.pk for cadre in people] if is_page else rows, self.day, keys)
        for cadre in people:
            cadre.shown = shown[cadre.pk]
            yield cadre

    def drawn_rows(self) -> list[Any]:
        """Rows with the address of each person for the asked day."""
        for record in self.page.object_list:
            record.url_on_day = self.link(reverse("personnel:cadre-detail", args=[record.pk]))
        return super().drawn_rows()

    def lead_for(self, count: str) -> str:
        """How many people, and where."""
        return f"{count} người {self._place()}"

    def _place(self) -> str:
        chip = next((chip.text for chip in self.filters.chips() if chip.key == "unit"), "")
        if chip:
            return f"trong {chip.removeprefix('Đơn vị: ')} và đơn vị trực thuộc"
        scope = scope_of(reader(self.request), Action.VIEW)
        if scope.is_whole_province:
            return "trong toàn tỉnh"
        names = UnitVersion.objects.standing_on(self.day).filter(unit_id__in=scope.roots)
        held = ", ".join(names.values_list("name", flat=True)[:3])
        return f"trong {held} và đơn vị trực thuộc" if held else "trong phạm vi được giao"

    def get_actions(self) -> Sequence[Button]:
        """Export for readers, import and a new record for those who edit."""
        query = self.request.GET.urlencode()
        asked = f"?{query}" if query else ""
        actions = [
            Button(label="In lý lịch", url=reverse("personnel:cadre-print-selection") + asked, icon="printer"),
            Button(label="Xuất Excel", url=self.here(export="xlsx", page=None), icon="download"),
            Button(label="Xuất sổ hồ sơ", url=reverse("personnel:cadre-workbook") + asked, icon="file-spreadsheet"),
        ]
        if not scope_of(reader(self.request), Action.EDIT).is_empty:
            deciding = with_query(reverse("personnel:decision-choose") + asked, signed=1, list=1)
            actions += [
                Button(label="Ra quyết định", url=deciding, icon="file-text"),
                Button(label="Nhập danh sách", url=reverse("personnel:roster-list"), icon="file-up"),
                Button(label="Thêm hồ sơ", url=reverse("personnel:cadre-create"), icon="user-plus", main=True),
            ]
        return actions

    def get_empty(self) -> Empty:
        """Where nobody is kept yet: bring a roster."""
        if scope_of(reader(self.request), Action.EDIT).is_empty:
            return Empty(title="Chưa có hồ sơ nào trong phạm vi được giao", icon="users")
        return Empty(
            title="Chưa có hồ sơ nào",
            text="Nhập danh sách trích ngang của đơn vị, hoặc thêm từng hồ sơ.",
            icon="users",
            action=Button(label="Nhập danh sách", url=reverse("personnel:roster-list"), icon="file-up"),
        )

    def may_open(self) -> bool:
        """Whoever may view people; the administrator and the cadre have no list."""
        return not scope_of(reader(self.request), Action.VIEW).is_empty

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The workbook of what is seen; who left the server is logged, and apart from it what not everyone may know."""
        user, values = reader(self.request), self.filters.values
        needs = needs_of(str(values.get("structure", "")))
        if needs is not None:
            log_export(user=user, what="danh sách theo thống kê", day=self.day, filters=values, needs=needs)
            values = {key: value for key, value in values.items() if key != "structure"}
        log_export(
            user=user,
            what="danh sách cán bộ",
            people=rows,
            day=self.day,
            filters=values,
            columns=[column.label for column in columns],
        )
        return super().export(columns, rows)


@search_sources.register
class CadreSource(SearchSource):
    """People by name, number or code (Ctrl K)."""

    key = "cadres"
    label = "Cán bộ"
    icon = "user-round"
    order = 10

    def may_search(self) -> bool:
        """Those who may view people."""
        return not scope_of(reader(self.request), Action.VIEW).is_empty

    def search(self, text: str, limit: int) -> list[Hit]:
        """People in scope today."""
        user = reader(self.request)
        found = Cadre.objects.visible_to(user).search(text, user)
        people = list(found.order_by("sort_key", "pk")[:limit])
        day = self.request.today  # type: ignore[attr-defined]
        posts = Assignment.objects.in_force(day).filter(cadre__in=people, kind=AssignmentKind.MAIN)
        names = UnitVersion.objects.names_on(day) if people else {}
        by_cadre = {post.cadre_id: post for post in posts.select_related("title")}
        hits = []
        for cadre in people:
            detail = _detail(by_cadre.get(cadre.pk), names)
            hits.append(
                Hit(label=cadre.full_name, url=reverse("personnel:cadre-detail", args=[cadre.pk]), detail=detail)
            )
        return hits


def _detail(post: Assignment | None, names: dict[int, str]) -> str:
    if post is None:
        return ""
    return ", ".join(filter(None, [post.title_name, names.get(post.unit_id or 0, post.organisation)]))
