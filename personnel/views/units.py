"""The page of one unit (cơ quan, đơn vị) on any day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.registries import Registry
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Crumb, DetailScreen, Tab
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import asked_day, link
from hrdb.kernel.screens.palette import Hit, SearchSource, search_sources
from hrdb.kernel.screens.pieces import Fact
from hrdb.kernel.text import fold
from personnel.choices import EmploymentCategory
from personnel.models import Assignment, Cadre, Unit, UnitSuccession, UnitVersion
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.statistics.headcounts import ESTABLISHED, Headcount, Headcounts, Quota
from personnel.views.unit_parts import (
    ESTABLISHMENTS,
    JOB_POSITIONS,
    MANDATES,
    SEATS,
    UnitPart,
    draw_part,
    may_edit_unit,
)
from personnel.views.unit_tree import Branches, UnitScreen, people_url, tree_in_scope

unit_tabs: Registry[type[Tab]] = Registry("thẻ của đơn vị")


class UnitPage(UnitScreen, DetailScreen):
    """One unit on the asked day: what it is, who works there, its posts, its structure, where it came from."""

    template_name = "personnel/unit/detail.html"
    tabs = unit_tabs
    slug_field = "code"
    summary_template = "personnel/unit/summary.html"

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Units in scope."""
        user = reader(request)
        return Unit.objects.visible_to(user)

    @property
    def version(self) -> UnitVersion | None:
        """What the unit was on the day, or last."""
        if not hasattr(self, "_version"):
            standing = UnitVersion.objects.standing_on(self.day).filter(unit=self.record)
            self._version = standing.select_related("kind", "parent").first() or self.record.versions.first()
        return self._version

    def get_title(self) -> str:
        """The unit's name on the day."""
        return self.version.name if self.version else self.record.code

    def get_crumbs(self) -> Sequence[Crumb]:
        """The units above it within the reader's scope."""
        tree = tree_in_scope(self.request, self.day)
        placed = tree.by_code(self.record.code)
        above = tree.path(placed)[:-1] if placed else []
        home = Crumb("Đơn vị", link(self.request, "personnel:unit-tree"))
        return [home, *(Crumb(unit.name, link(self.request, "personnel:unit-detail", unit.code)) for unit in above)]

    def get_actions(self) -> Sequence[Button]:
        """To the people, the structure, and for editors a roster of this unit."""
        code = self.record.code
        return [
            Button(label="Xem cơ cấu", url=link(self.request, "personnel:structure", unit=code), icon="chart-column"),
            Button(label="Xem cán bộ", url=people_url(self.request, code), icon="users", main=True),
        ]

    def context(self, **extra: Any) -> dict[str, Any]:
        """The facts of the heading."""
        tree = tree_in_scope(self.request, self.day)
        placed = tree.by_code(self.record.code)
        counted = Headcounts(tree, self.day).of(placed) if placed else None
        return super().context(version=self.version, summary_facts=self._facts(counted), counted=counted) | extra

    def _facts(self, counted: Headcount | None) -> list[Fact]:
        version = self.version
        if version is None:
            return []
        gone = version.last_day if not version.holds_on(self.day) else None
        return [
            Fact("Mã đơn vị", self.record.code),
            Fact("Loại", version.kind.name if version.kind else ""),
            Fact("Cấp", version.get_level_display()),
            Fact("Khối", version.get_bloc_display()),
            Fact("Hoạt động từ", version.effective_from, note=f"kết thúc {gone:%d/%m/%Y}" if gone else ""),
            *(self._count_facts(counted) if counted else ()),
        ]

    def _count_facts(self, counted: Headcount) -> list[Fact]:
        """People and establishment, each of the unit and everything below it, with the lists of the people."""
        present, code = people_url(self.request, self.record.code), self.record.code
        established = link(self.request, "personnel:cadre-list", unit=code, category=ESTABLISHED)
        return [
            Fact("Có mặt", counted.present, note="kể cả đơn vị trực thuộc", url=present),
            Fact("Đang tính biên chế", counted.on_establishment, note="cán bộ, công chức, viên chức", url=established),
            Fact("Biên chế được giao", counted.assigned, note=_gap_text(counted)),
        ]


def _gap_text(counted: Headcount) -> str:
    if counted.gap is None:
        return ""
    if counted.gap > 0:
        return f"vượt {number_text(counted.gap)} người"
    return f"còn {number_text(-counted.gap)} chỉ tiêu" if counted.gap < 0 else "vừa đủ"


@unit_tabs.register
class BelowTab(Tab):
    """The units directly below."""

    key, label, template_name, order = "below", "Đơn vị trực thuộc", "personnel/unit/below.html", 10

    def context(self) -> dict[str, Any]:
        """Children as nodes."""
        day = asked_day(self.request)
        tree = tree_in_scope(self.request, day)
        placed = tree.by_code(self.record.code)
        children = tree.existing_children(placed) if placed else []
        nodes, more = Branches(self.request, Headcounts(tree, day)).page(children, below=self.record.code)
        return {"nodes": nodes, "more": more, "count": f"{len(children)} đơn vị"}


class PartsTab(Tab):
    """A tab that shows kinds of rows of the unit, with their forms for who edits them; subclasses name them."""

    parts: ClassVar[Sequence[UnitPart]] = ()

    def context(self) -> dict[str, Any]:
        """The parts as cards; readers see only those that have rows."""
        may_edit = may_edit_unit(self.request, self.record)
        drawn = [draw_part(self.request, part, self.record, may_edit=may_edit) for part in self.parts]
        return {"unit_parts": [one for one in drawn if one.rows or may_edit or len(drawn) == 1]}


@unit_tabs.register
class PostsTab(PartsTab):
    """Leadership posts, their holders on the day, the seats they fill, and the mandates of a body."""

    key, label, template_name, order = "posts", "Chức danh lãnh đạo", "personnel/unit/posts.html", 20
    parts = (SEATS, MANDATES)

    def context(self) -> dict[str, Any]:
        """Holders by rank of title, beside the parts."""
        day = asked_day(self.request)
        user = reader(self.request)
        reachable = Q(cadre__in=Cadre.objects.visible_to(user)) | Q(cadre__in=Cadre.objects.held_on(user, day))
        held = (
            Assignment.objects.in_force(day)
            .filter(reachable, unit=self.record, title__is_leadership=True)
            .select_related("title", "cadre", "decision")
            .order_by("title__rank", "title__position", "cadre__sort_key")
        )
        return super().context() | {"posts": list(held)}


@unit_tabs.register
class PositionsTab(PartsTab):
    """Job positions."""

    key, label, template_name, order = "positions", "Vị trí việc làm", "personnel/unit/parts.html", 25
    parts = (JOB_POSITIONS,)


@unit_tabs.register
class EstablishmentTab(PartsTab):
    """Establishment by year."""

    key, label, template_name, order = "establishment", "Biên chế", "personnel/unit/establishment.html", 30
    parts = (ESTABLISHMENTS,)

    def context(self) -> dict[str, Any]:
        """Numbers assigned, newest first; how those of the year of the asked day are added up."""
        day = asked_day(self.request)
        tree = tree_in_scope(self.request, day)
        placed = tree.by_code(self.record.code)
        counted = Headcounts(tree, day).of(placed) if placed else None
        quotas = [_quota_line(key, quota) for key, quota in counted.quotas.items()] if counted else []
        return super().context() | {"quotas": quotas, "year": day.year}


def _quota_line(category: str, quota: Quota) -> dict[str, Any]:
    """A category's numbers with how they were read."""
    if quota.covers_below:
        reading = "Số giao cho đơn vị đã gồm các đơn vị trực thuộc"
    elif quota.own is None:
        reading = "Cộng số giao cho các đơn vị trực thuộc"
    elif quota.below is None:
        reading = "Chỉ giao cho đơn vị"
    else:
        reading = "Số giao cho đơn vị là của riêng cơ quan, cộng thêm các đơn vị trực thuộc"
    return {"category": EmploymentCategory(category).label, "quota": quota, "reading": reading}


@unit_tabs.register
class HistoryTab(Tab):
    """What the unit was called and where it stood, and whom it follows."""

    key, label, template_name, order = "history", "Quá trình", "personnel/unit/history.html", 40

    def context(self) -> dict[str, Any]:
        """Versions and successions."""
        versions = UnitVersion.objects.filter(unit=self.record).select_related("parent", "decision", "kind")
        names = UnitVersion.objects.names_on(asked_day(self.request))
        before = UnitSuccession.objects.filter(successor=self.record).select_related("predecessor", "decision")
        after = UnitSuccession.objects.filter(predecessor=self.record).select_related("successor", "decision")
        return {
            "versions": [(one, names.get(one.parent_id or 0, "")) for one in versions.order_by("-effective_from")],
            "before": [(one, names.get(one.predecessor_id, one.predecessor.code)) for one in before],
            "after": [(one, names.get(one.successor_id, one.successor.code)) for one in after],
        }


@search_sources.register
class UnitSource(SearchSource):
    """Units by name or code (Ctrl K)."""

    key = "units"
    label = "Đơn vị"
    icon = "building-2"
    order = 20

    def may_search(self) -> bool:
        """Those who may view people of some unit."""
        user = reader(self.request)
        return not scope_of(user, Action.VIEW).is_empty

    def search(self, text: str, limit: int) -> list[Hit]:
        """Units in scope today, by words of the name."""
        user = reader(self.request)
        day = self.request.today  # type: ignore[attr-defined]
        found = UnitVersion.objects.in_force(day).filter(unit__in=Unit.objects.visible_to(user))
        found = found.filter(search_key__contains=fold(text)).select_related("unit").order_by("name")[:limit]
        return [
            Hit(label=one.name, url=reverse("personnel:unit-detail", args=[one.unit.code]), detail=one.unit.code)
            for one in found
        ]
