"""What the pages of needs are asked for; all in the address."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import FilterForm
from hrdb.kernel.screens.links import asked_day
from personnel.choices import TitleGroup
from personnel.filters.structure import unit_choices
from personnel.models import Title
from personnel.statistics import tree_for
from personnel.statistics.tree import PlacedUnit
from planning.models import PlanningRound
from planning.models.scope import may_read_planning
from training.choices import NeedSource, NeedState
from training.models import Programme
from training.statistics.asking import Asking, people_on
from training.statistics.gaps import NO_TITLE, ROWS
from training.statistics.needs import needing, requirements_of
from training.statistics.person_needs import KIND_LABELS, Requirements

#: What a cell of the matrix shows.
SHOWN = (("", "Cần đào tạo (thiếu, sắp hết hạn)"), ("missing", "Còn thiếu"), ("held", "Đã có"), ("unknown", "Chưa rõ"))
#: States of those who need something.
OPEN_STATES = (NeedState.MISSING, NeedState.EXPIRING)


class NeedFilters(FilterForm):
    """What matrix and list share: the unit, what asks."""

    unit = forms.ChoiceField(label="Đơn vị")
    source = forms.MultipleChoiceField(label="Theo", choices=NeedSource.choices)

    def prepare(self, request: HttpRequest) -> None:
        """Units of the reader's scope on the day; plans only for who reads plans."""
        self.day = asked_day(request)
        self.user = reader(request)
        self.tree = tree_for(self.user, self.day)
        chosen = self.tree.by_code(str(self.data.get("unit") or ""))
        self._choose("unit", [("", "Mọi đơn vị được giao"), *unit_choices(self.tree, chosen)])
        self.reads_plans = may_read_planning(self.user)
        if not self.reads_plans:
            self._choose("source", [one for one in NeedSource.choices if one[0] != NeedSource.PLANNED])

    def _choose(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def placed(self) -> PlacedUnit | None:
        """The unit that is asked."""
        return self.tree.by_code(str(self.values.get("unit") or ""))

    def say_unit(self, value: str) -> str:
        """The unit by its name, without the marks of its depth."""
        found = self.tree.by_code(value)
        return f"Đơn vị: {found.name if found else value}"


class MatrixFilters(NeedFilters):
    """The choices of the matrix."""

    primary = ("unit", "rows", "show", "kind", "source")
    rows = forms.ChoiceField(label="Chia theo", choices=[("", "Đơn vị"), *list(ROWS.items())[1:]])
    show = forms.ChoiceField(label="Số liệu", choices=SHOWN)
    kind = forms.ChoiceField(label="Loại trình độ", choices=[("", "Mọi loại"), *KIND_LABELS.items()])

    def prepare(self, request: HttpRequest) -> None:
        """Rounds are rows for who reads plans."""
        super().prepare(request)
        if not self.reads_plans:
            self._choose("rows", [("", "Đơn vị"), *((key, ROWS[key]) for key in ("title", "post"))])


class NeedPeopleFilters(NeedFilters):
    """People by name, unit, requirement, state, what asks, group of title, round."""

    search = "q"
    primary = ("unit", "state", "source")
    defaults = {"state": OPEN_STATES}
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên, không cần dấu"}))
    requirement = forms.CharField(label="Yêu cầu", max_length=80)
    programme = forms.IntegerField(label="Chương trình", min_value=1, max_value=10**15)
    state = forms.MultipleChoiceField(label="Tình trạng", choices=NeedState.choices)
    group = forms.ChoiceField(
        label="Nhóm chức danh", choices=[("", "Tất cả"), *TitleGroup.choices, (NO_TITLE, "Chức danh ngoài danh mục")]
    )
    title = forms.IntegerField(label="Chức danh", min_value=1, max_value=10**15)
    round = forms.IntegerField(label="Đợt quy hoạch", min_value=1, max_value=10**15)
    own = forms.BooleanField(label="Chỉ chính đơn vị, không kể đơn vị trực thuộc")

    @cached_property
    def asking(self) -> Asking:
        """What is asked of everybody whom the reader trains."""
        return Asking(people_on(self.user, self.day), self.day, self.user)

    def people(self) -> Any:
        """Whom the reader trains of those that the filters name."""
        people = people_on(self.user, self.day)
        if not self.is_valid():
            return people.none()
        values = self.values
        if (unit := self.placed) is not None:
            people = people.kept_by([unit.id], self.day) if values.get("own") else people.in_units([unit.id], self.day)
        if words := values.get("q"):
            people = people.search(words, self.user)
        chosen = needing(
            self.asking,
            requirements=self.requirements,
            states=values.get("state", ()),
            sources=values.get("source", ()),
            title_group=values.get("group", ""),
            title_id=values.get("title"),
            round_id=values.get("round"),
        )
        return people.filter(pk__any=chosen)

    @cached_property
    def requirements(self) -> list[str]:
        """The one that is asked, or those that a programme answers; nothing asks for all."""
        asked = [self.values["requirement"]] if "requirement" in self.values else []
        if self._programme is None:
            return asked
        answered = requirements_of(self._programme)
        return [key for key in answered if not asked or key in asked] or ["-"]

    @cached_property
    def _programme(self) -> Programme | None:
        pk = self.values.get("programme")
        return Programme.objects.select_related("level").filter(pk=pk).first() if pk else None

    def say_programme(self, value: int) -> str:
        """The programme by its name."""
        return f"Chương trình: {self._programme or value}"

    def narrow(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """`people` has narrowed already."""
        return queryset if self.is_valid() else queryset.none()

    def say_requirement(self, value: str) -> str:
        """The requirement in words."""
        return Requirements([value]).label(value)

    def say_title(self, value: int) -> str:
        """The title by its name."""
        return f"Chức danh: {Title.objects.filter(pk=value).values_list('name', flat=True).first() or value}"

    def say_round(self, value: int) -> str:
        """The round by its name, as far as the reader reads it."""
        found = PlanningRound.objects.visible_to(self.user).filter(pk=value).values_list("name", flat=True).first()
        return f"Đợt: {found or value}"
