"""What is drawn up on the page of a decision: kind, target, lists to choose from, and whom it names at first."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.http import Http404

from hrdb.kernel.accounts import reader
from hrdb.kernel.forms import read_partial
from hrdb.kernel.keys import typed_key, typed_keys
from hrdb.kernel.screens import Screen
from personnel.filters.cadres import CadreFilters
from personnel.forms.decision_people import WHO, PeopleTable
from personnel.forms.decision_values import ActControls, Choices, kept_keys
from personnel.forms.decisions import DraftForm, EntryForm, HeadFields
from personnel.models import Cadre, Decision, UnitVersion
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.decisions.fields import ActField
from personnel.services.decisions.kinds import DecisionAct, decision_acts
from personnel.views.decisions.register import may_draw_up

#: Fields that a form may carry in all, and rows at most: longer lists go into a draft.
MOST_FIELDS, MOST_ROWS = 4_300, 300
#: Of whom a revision says something, by its key.
PEOPLE_OF_TARGET, NO_PEOPLE = frozenset({"correction"}), frozenset({"withdrawal", "annulment"})


class DrawnUp(Screen):
    """A decision that is being drawn up, as its address and the sent form say."""

    form_class: ClassVar[type[HeadFields]] = DraftForm
    #: Whether the address names more people than the page takes.
    is_cut: bool = False

    def may_open(self) -> bool:
        """Whoever draws up decisions."""
        return may_draw_up(self.request)

    @cached_property
    def act(self) -> DecisionAct | None:
        """The kind that was chosen."""
        return decision_acts.get(self.request.POST.get("kind") or self.request.GET.get("kind", ""))

    @cached_property
    def target(self) -> Decision | None:
        """The decision that is revised, when the address names one; 404 when the user may not revise it."""
        asked = self.request.POST.get("of") or self.request.GET.get("target", "")
        if not asked:
            return None
        mine = Decision.objects.visible_to(self.user, Action.DECIDE).revisable_by(self.user, self.day)
        found: Decision | None = mine.select_related("kind").filter(pk=typed_key(asked) or 0).first()
        if found is None:
            raise Http404
        return found

    def not_to_be_revised(self) -> Decision | None:
        """The decision that the address names, when the user sees it but may not revise it: its page says why."""
        asked = typed_key(self.request.GET.get("target"))
        if asked is None:
            return None
        seen: Decision | None = Decision.objects.visible_to(self.user, Action.DECIDE).filter(pk=asked).first()
        revisable = Decision.objects.filter(pk=asked).revisable_by(self.user, self.day)
        return None if seen is None or revisable.exists() else seen

    @property
    def repeats_target(self) -> bool:
        """Whether a replacement says of the same people what its target said, until it is changed."""
        kind = self.target.kind if self.target is not None else None
        return self.takes_people and kind is not None and self.act is not None and kind.code == self.act.code

    @property
    def user(self) -> Any:
        """Who draws it up."""
        return reader(self.request)

    @cached_property
    def said_act(self) -> DecisionAct:
        """The kind whose fields are said: of a correction, that of the decision it puts right."""
        assert self.act is not None
        if self.act.key in PEOPLE_OF_TARGET and self.target is not None and self.target.kind is not None:
            code = self.target.kind.code
            return next((act for act in decision_acts if act.code == code), self.act)
        return self.act

    @property
    def has_people(self) -> bool:
        """Whether the decision names people of its own."""
        return self.act is not None and self.act.key not in NO_PEOPLE

    @property
    def takes_people(self) -> bool:
        """Whether people may be added: a correction is about those of its target."""
        return self.has_people and self.act is not None and self.act.key not in PEOPLE_OF_TARGET

    @cached_property
    def choices(self) -> Choices:
        """The lists to choose from, as of the effective day."""
        typed = (self.request.POST.get(name, "") for name in ("effective_on", "signed_on"))
        kept: Mapping[Any, set[int]] = {}
        if self.target is not None:
            told = [self.target.terms, *self.target.items.values_list("values", flat=True)]
            kept = kept_keys(self.said_act.fields, told)
        return Choices(user=self.user, day=first_day(typed) or self.day, kept=kept)

    @cached_property
    def common(self) -> ActControls:
        """Controls of what is said for everybody."""
        assert self.act is not None
        said: list[ActField] = list(self.act.fields)
        if self.said_act is not self.act:
            said += [item for item in self.said_act.common_fields if item.key not in {one.key for one in said}]
        return ActControls([item for item in said if item.key not in WHO], self.choices)

    @cached_property
    def own(self) -> ActControls:
        """Controls of what is said of each person."""
        return ActControls(self.said_act.person_fields if self.has_people else [], self.choices, is_table=True)

    @property
    def most_rows(self) -> int:
        """How many people one page takes."""
        return min(MOST_ROWS, MOST_FIELDS // (len(self.own.fields) + 2))

    def make_form(
        self, data: Any = None, files: Any = None, initial: Mapping[str, Any] | None = None, **more: Any
    ) -> HeadFields:
        """The head, filled with what was sent."""
        assert self.act is not None
        more = more if self.form_class is EntryForm else {}
        return self.form_class(
            data,
            files,
            initial=self.get_initial() if initial is None else initial,
            act=self.act,
            user=self.user,
            day=self.day,
            has_target=self.target is not None,
            **more,
        )

    def get_initial(self) -> dict[str, Any]:
        """The only unit of the scope, the top of the province, or the office of the target; the day of the address."""
        scope = scope_of(self.user, Action.DECIDE)
        tops = UnitVersion.objects.in_force(self.day).filter(parent=None).order_by("position", "unit_id")
        first = tops.values_list("unit_id", flat=True).first() if scope.is_whole_province else None
        initial: dict[str, Any] = {"unit": scope.roots[0] if len(scope.roots) == 1 else first}
        if self.target is not None and self.target.unit_id is not None:
            initial["unit"] = self.target.unit_id
        return initial | {"effective_on": first_day([self.request.GET.get("effective_on", "")])}

    def first_table(self) -> PeopleTable:
        """The people whom the address names: `cadre`, the list of people (`list=1` and its filters), a target."""
        table = PeopleTable(self.own, self.day)
        if not self.has_people:
            return table
        if not self.takes_people or (self.repeats_target and "cadre" not in self.request.GET):
            return self._table_of_target(table)
        mine = Cadre.objects.visible_to(self.user, Action.DECIDE)
        ids = typed_keys(part for value in self.request.GET.getlist("cadre") for part in value.split(","))
        people = {cadre.pk: cadre for cadre in mine.filter(pk__any=ids)} if ids else {}
        table.add_people(people[pk] for pk in dict.fromkeys(ids) if pk in people)
        if self.request.GET.get("list") == "1":
            marked = typed_keys(self.request.GET.getlist("people"))
            narrowed = CadreFilters(self.request.GET, self.request).narrow
            listed = mine.filter(pk__any=marked) if marked else narrowed(mine)
            chosen = list(listed.order_by("sort_key", "pk")[: self.most_rows + 1])
            self.is_cut = len(chosen) > self.most_rows
            table.add_people(chosen[: self.most_rows])
        return table

    def _table_of_target(self, table: PeopleTable) -> PeopleTable:
        if self.target is None:
            return table
        common = {} if self.repeats_target else self.target.terms
        items = self.target.items.filter(cadre__in=Cadre.objects.visible_to(self.user, Action.DECIDE))
        for item in items.select_related("cadre").order_by("position", "pk")[: self.most_rows]:
            table.add(str(item.pk), item.cadre, self.own.shown({**common, **item.values}))
        return table


def first_day(texts: Iterable[str]) -> datetime.date | None:
    """The first whole day among typed texts."""
    read = (read_partial(text) for text in texts)
    return next((one.value for one in read if one is not None and one.precision == "day"), None)
