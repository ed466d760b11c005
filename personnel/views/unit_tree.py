"""The tree of units (cây cơ quan, đơn vị) on any day: opened branch by branch, searched, a page of nodes at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.keys import typed_key
from hrdb.kernel.screens import Crumb, Screen
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import link
from hrdb.kernel.screens.pieces import Tag, TreeMore, TreeNode
from hrdb.kernel.text import fold
from personnel.models import Unit
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.statistics.headcounts import Headcount, Headcounts
from personnel.statistics.tree import PlacedUnit, UnitTree

#: Nodes that one answer shows; the rest follow by «Xem thêm», so that a page stays small at any size of the tree.
NODES = 50


def tree_in_scope(request: HttpRequest, day: Any) -> UnitTree:
    """The tree of the day cut to what the reader may see."""
    user = reader(request)
    scope = scope_of(user, Action.VIEW)
    if scope.is_whole_province:
        return UnitTree.on(day)
    return UnitTree.on(day, set(Unit.objects.visible_to(user).values_list("pk", flat=True)))


def people_url(request: HttpRequest, code: str) -> str:
    """The list of the people of a unit and everything below it."""
    return link(request, "personnel:cadre-list", unit=code)


def count_texts(counted: Headcount) -> list[str]:
    """People present, and those on the establishment of the number assigned: «64 người», «biên chế 61 / 66»."""
    assigned = "—" if counted.assigned is None else number_text(counted.assigned)
    return [
        f"{number_text(counted.present)} người",
        f"biên chế {number_text(counted.on_establishment)} / {assigned}",
    ]


class UnitScreen(Screen):
    """What the pages of units share: who may open them."""

    def may_open(self) -> bool:
        """Whoever may view people of some unit."""
        user = reader(self.request)
        return not scope_of(user, Action.VIEW).is_empty


class Branches:
    """Units of a tree as nodes with their counts."""

    def __init__(self, request: HttpRequest, counts: Headcounts) -> None:
        self.request, self.counts = request, counts
        self.tree = counts.tree

    def page(
        self, units: Sequence[PlacedUnit], first: int = 0, *, most: int = NODES, **query: str
    ) -> tuple[list[TreeNode], TreeMore | None]:
        """The units from place `first` on as closed nodes, at most so many, and the way on, with the same `query`."""
        shown = units[first : first + most]
        left = len(units) - first - len(shown)
        if not left or not shown:
            return [self.node(unit) for unit in shown], None
        url = link(self.request, "personnel:unit-tree", **query, **{"from": first + len(shown)})
        return [self.node(unit) for unit in shown], TreeMore(f"Xem thêm (còn {number_text(left)} đơn vị)", url)

    def opened(self, tops: Sequence[PlacedUnit]) -> tuple[list[TreeNode], TreeMore | None]:
        """The tops, opened in turn as long as there is room: the first shows a part of its children if need be."""
        nodes, more = self.page(tops)
        room = NODES - len(nodes)
        for node, unit in zip(nodes, tops, strict=False):
            children = self.tree.existing_children(unit)
            if not children or not room or (len(children) > room and node is not nodes[0]):
                continue
            node.children, node.more = self.page(children, most=room, below=unit.code)
            node.is_open = True
            room -= len(node.children)
        return nodes, more

    def node(self, unit: PlacedUnit) -> TreeNode:
        """A unit as a closed node, which fetches its children when opened."""
        counted = self.counts.of(unit)
        gap = counted.gap
        has_children = any(child.is_existing for child in self.tree.children(unit))
        return TreeNode(
            key=unit.code,
            label=unit.name,
            url=link(self.request, "personnel:unit-detail", unit.code),
            detail=unit.code,
            end=count_texts(counted),
            tags=[Tag(label=f"vượt {number_text(gap)}", tone="bad")] if gap and gap > 0 else [],
            children_url=link(self.request, "personnel:unit-tree", below=unit.code) if has_children else "",
        )

    def found(self, units: Sequence[PlacedUnit], first: int, words: str) -> tuple[list[TreeNode], TreeMore | None]:
        """What a search found, each with the unit above it: divisions of one name stand in every department."""
        nodes, more = self.page(units, first, q=words)
        for node, unit in zip(nodes, units[first:], strict=False):
            above = self.tree.parent(unit)
            node.detail = f"{unit.code} · {above.short_name}" if above else unit.code
        return nodes, more


class UnitTreePage(UnitScreen):
    """All units of the reader's scope on the asked day, with people present against the establishment."""

    title = "Cơ quan, đơn vị"
    template_name = "personnel/unit/tree.html"

    def context(self, **extra: Any) -> dict[str, Any]:
        """Nodes: the tops opened, the children of one node, or what a search finds; of each the asked part."""
        tree = self.tree
        branches = Branches(self.request, Headcounts(tree, self.day))
        asked, first = self.request.GET.get("q", "").strip()[:100], self._first()
        below = self.below
        if below is not None:
            units = tree.existing_children(below)
            nodes, more = branches.page(units, first, below=below.code)
            heading = f"Đơn vị trực thuộc {below.name}"
        elif asked:
            units = _found(tree, asked)
            nodes, more = branches.found(units, first, asked)
            heading = "Đơn vị tìm thấy"
        else:
            units = [unit for unit in tree.tops() if unit.is_existing]
            nodes, more = branches.page(units, first) if first else branches.opened(units)
            heading = "Cây đơn vị"
        count = len(units) if below is not None or asked else sum(unit.is_existing for unit in tree)
        shown = {"nodes": nodes, "more": more, "asked": asked, "below": below, "heading": heading}
        return super().context(**shown, count=f"{number_text(count)} đơn vị") | extra

    @property
    def tree(self) -> UnitTree:
        """The tree of the day, read once."""
        if not hasattr(self, "_tree"):
            self._tree = tree_in_scope(self.request, self.day)
        return self._tree

    @property
    def below(self) -> PlacedUnit | None:
        """The unit whose children are asked for."""
        return self.tree.by_code(self.request.GET.get("below", ""))

    def _first(self) -> int:
        """The place from which nodes are asked for."""
        typed = self.request.GET.get("from", "")
        return typed_key(typed) or 0

    def respond(self, status: int = 200, **extra: Any) -> Any:
        """The nodes alone when htmx opens a branch or goes on."""
        asked = self.request.GET
        if ("below" in asked or "from" in asked) and getattr(self.request, "htmx", None):
            self.template_name = "personnel/unit/children.html"
        return super().respond(status, **extra)

    def get_lead(self) -> str:
        """What the figures are."""
        return f"Số người có mặt; số đang tính biên chế trên số được giao năm {self.day.year}"

    def get_crumbs(self) -> Sequence[Crumb]:
        """The units above the one whose children are shown."""
        if self.below is None:
            return ()
        path = self.tree.path(self.below)
        home = Crumb("Đơn vị", link(self.request, "personnel:unit-tree"))
        return [home, *(Crumb(unit.name, link(self.request, "personnel:unit-detail", unit.code)) for unit in path)]


def _found(tree: UnitTree, asked: str) -> list[PlacedUnit]:
    words = fold(asked)
    return [unit for unit in tree if unit.is_existing and (words in fold(unit.name) or words in unit.code.lower())]
