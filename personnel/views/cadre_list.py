"""The list of people (danh sách cán bộ): what every officer opens first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Empty, ListScreen
from hrdb.kernel.screens.formats import masked_text
from hrdb.kernel.screens.palette import Hit, SearchSource, search_sources
from hrdb.kernel.templatetags.hr_screens import label
from personnel.choices import AssignmentKind, EmploymentState, QualificationKind
from personnel.filters.cadres import CadreFilters
from personnel.models import (
    Assignment,
    Cadre,
    Employment,
    PartyMembership,
    PayStep,
    Qualification,
    UnitVersion,
)
from personnel.models.scope import CadreQuerySet, scope_of
from personnel.policies import Action
from personnel.services.reading import log_export
from personnel.statistics.completeness import percent_of

MASKED = "•••"
#: Units that are named with the agency above them.
DIVISION_KIND = "x-phong"
COMPLETE, NEARLY = 90, 70


def with_what_lists_show(cadres: CadreQuerySet, day: Any, user: Any, shown: Collection[str]) -> CadreQuerySet:
    """Cadres with everything that the shown columns read, in a constant number of queries."""
    standing = UnitVersion.objects.standing_on(day)
    above = Prefetch("parent__versions", queryset=standing, to_attr="named_on_day")
    named = standing.select_related("kind", "parent").prefetch_related(above)
    names = Prefetch("unit__versions", queryset=named, to_attr="named_on_day")
    posts = Assignment.objects.in_force(day).select_related("title", "unit").prefetch_related(names)
    learnings = Qualification.objects.in_force(day).select_related("level").order_by("level__rank")
    parts = [
        Prefetch("assignment_set", queryset=posts, to_attr="posts_on_day"),
        Prefetch("employment_set", queryset=Employment.objects.in_force(day), to_attr="employment_on_day"),
        Prefetch("qualification_set", queryset=learnings, to_attr="learnings_on_day"),
    ]
    if {"rank", "step", "coefficient"} & set(shown):
        steps = PayStep.objects.in_force(day).select_related("rank")
        parts.append(Prefetch("paystep_set", queryset=steps, to_attr="pay_on_day"))
    if "party" in shown:
        members = PartyMembership.objects.in_force(day)
        parts.append(Prefetch("partymembership_set", queryset=members, to_attr="party_on_day"))
    cadres = cadres.with_tier_1(user).annotate(completeness=percent_of(day))
    return cadres.select_related("ethnicity", "religion").prefetch_related(*parts)


def main_post(cadre: Cadre) -> Assignment | None:
    """The main assignment on the day, of a cadre read by `with_what_lists_show`."""
    posts: list[Assignment] = cadre.posts_on_day  # type: ignore[attr-defined]
    return next((post for post in posts if post.kind == AssignmentKind.MAIN), posts[0] if posts else None)


def unit_name(post: Assignment | None) -> str:
    """The unit of a post by its name on the day, with the agency before a division of it."""
    if post is None:
        return ""
    if post.unit is None:
        return post.organisation
    named = post.unit.named_on_day  # type: ignore[attr-defined]
    if not named:
        return post.unit.code
    version: UnitVersion = named[0]
    above = version.parent.named_on_day if version.parent and _is_division(version) else []  # type: ignore[attr-defined]
    return f"{above[0].short_name or above[0].name} · {version.name}" if above else version.name


def _is_division(version: UnitVersion) -> bool:
    return version.kind is not None and version.kind.code == DIVISION_KIND


def post_title(cadre: Cadre) -> str:
    """Title of the main post, with the Party and concurrent ones beside it."""
    main = main_post(cadre)
    others = [post.title_name for post in cadre.posts_on_day if post is not main]  # type: ignore[attr-defined]
    return "; ".join(filter(None, [main.title_name if main else "", *others]))


def level(cadre: Cadre, kind: str) -> str:
    """The highest qualification of a kind."""
    held: list[Qualification] = [row for row in cadre.learnings_on_day if row.kind == kind]  # type: ignore[attr-defined]
    coded = [row for row in held if row.level is not None and row.level.rank is not None]
    best = min(coded, key=lambda row: row.level.rank or 0, default=held[0] if held else None)  # type: ignore[union-attr]
    return "" if best is None else (best.level.name if best.level else best.level_text)


def employment(cadre: Cadre) -> Employment | None:
    """Category and state on the day."""
    held: list[Employment] = cadre.employment_on_day  # type: ignore[attr-defined]
    return held[0] if held else None


def _category_name(cadre: Cadre) -> str:
    held = employment(cadre)
    return held.get_category_display() if held else ""


def _state_name(cadre: Cadre) -> str:
    held = employment(cadre)
    return held.get_state_display() if held else ""


def pay(cadre: Cadre) -> PayStep | None:
    """The pay step on the day."""
    held: list[PayStep] = cadre.pay_on_day  # type: ignore[attr-defined]
    return held[0] if held else None


def _is_open(cadre: Cadre) -> bool:
    return bool(cadre.is_tier_1_open)  # type: ignore[attr-defined]


def _number(cadre: Cadre) -> str:
    """The personal number as the list shows it: masked; whole in the export of those who may see it."""
    return masked_text(cadre.personal_number) if cadre.personal_number else ""


def _whole_number(cadre: Cadre) -> str:
    return (cadre.personal_number or "") if _is_open(cadre) else _number(cadre)


def _ethnicity(cadre: Cadre) -> str:
    if not _is_open(cadre):
        return MASKED
    return cadre.ethnicity.short_name or cadre.ethnicity.name if cadre.ethnicity else ""


def _religion(cadre: Cadre) -> str:
    if not _is_open(cadre):
        return MASKED
    return cadre.religion.name if cadre.religion else ""


def _born_and_ethnicity(cadre: Cadre) -> str:
    birth = cadre.birth
    return " · ".join(filter(None, [birth.text if birth else "", _ethnicity(cadre)]))


def _category(cadre: Cadre) -> SafeString | str:
    held = employment(cadre)
    if held is None:
        return ""
    tone = "act" if held.state == EmploymentState.WORKING else "warn"
    badge = label(held.get_category_display(), tone)
    if held.state == EmploymentState.WORKING:
        return badge
    return format_html('{}<span class="sub">{}</span>', badge, held.get_state_display())


def _completeness(cadre: Cadre) -> SafeString:
    percent: int = cadre.completeness  # type: ignore[attr-defined]
    tone = "good" if percent >= COMPLETE else "warn" if percent >= NEARLY else "bad"
    return label(f"{percent}%", tone)


def _rank(cadre: Cadre) -> str:
    held = pay(cadre)
    return f"{held.rank.code} {held.rank.name}" if held and held.rank else ""


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
            value=post_title,
            second=lambda row: unit_name(main_post(row)),
            second_label="Đơn vị",
            wide=True,
        ),
        Column(key="degree", label="Chuyên môn", value=lambda row: level(row, QualificationKind.PROFESSIONAL)),
        Column(
            key="theory", label="Lý luận chính trị", value=lambda row: level(row, QualificationKind.POLITICAL_THEORY)
        ),
        Column(key="number", label="Số định danh", value=_number, export=_whole_number),
        Column(
            key="category",
            label="Đối tượng",
            render=_category,
            value=_category_name,
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
            value=_state_name,
            hidden=True,
        ),
        Column(
            key="management",
            label="Quản lý nhà nước",
            value=lambda row: level(row, QualificationKind.STATE_MANAGEMENT),
            hidden=True,
        ),
        Column(
            key="language",
            label="Ngoại ngữ",
            value=lambda row: level(row, QualificationKind.FOREIGN_LANGUAGE),
            hidden=True,
        ),
        Column(key="rank", label="Ngạch", value=_rank, hidden=True),
        Column(key="step", label="Bậc", value=lambda row: getattr(pay(row), "step", None), hidden=True, align="right"),
        Column(
            key="coefficient",
            label="Hệ số",
            value=lambda row: getattr(pay(row), "coefficient", None),
            hidden=True,
            align="right",
        ),
        Column(
            key="party",
            label="Ngày vào Đảng",
            value=lambda row: row.party_on_day[0].effective_from if row.party_on_day else None,
            hidden=True,
            align="right",
        ),
        Column(
            key="recruited", label="Ngày tuyển dụng", value="first_recruited_on", sort="first_recruited_on", hidden=True
        ),
        Column(key="officer_code", label="Số hiệu", value="officer_code", sort="officer_code", hidden=True),
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """People held on the asked day within the reader's scope."""
        cadres: CadreQuerySet = Cadre.objects.held_on(reader(request), self.day)
        return with_what_lists_show(cadres, self.day, reader(request), [column.key for column in self.shown_columns])

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
        printing = reverse("personnel:cadre-print-selection") + (f"?{query}" if query else "")
        actions = [
            Button(label="In lý lịch", url=printing, icon="printer"),
            Button(label="Xuất Excel", url=self.here(export="xlsx", page=None), icon="download", download=True),
        ]
        if not scope_of(reader(self.request), Action.EDIT).is_empty:
            actions += [
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

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> HttpResponseBase:
        """The workbook of what is seen; who left the server is logged."""
        log_export(
            user=reader(self.request),
            what="danh sách cán bộ",
            people=rows,
            day=self.day,
            filters=self.filters.values,
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
