"""Adding, changing and taking out a move: the kind and the person first, then what the decision says, judged as one
types with everything that the other moves change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from hrdb.kernel.keys import typed_key
from hrdb.kernel.screens import ActionScreen
from hrdb.kernel.screens.links import with_query
from personnel.choices import AssignmentKind
from personnel.forms.decision_lookups import posts_of
from personnel.forms.decision_people import find_people
from personnel.forms.decision_values import ActControls, Cell, Choices, kept_keys
from personnel.forms.lookups import lookup_sources
from personnel.models import Assignment, Cadre
from personnel.services.decisions.kinds import DecisionAct
from personnel.services.errors import ServiceRefusal, StaleVersion
from planning.forms.rounds import PlainForm
from planning.forms.slates import NewMoveForm, act_choices
from planning.models import Slate, SlateMove
from planning.reports.slates import slate_report
from planning.services.slates.rehearsing import moves_of, slate_act
from planning.services.slates.writing import add_move, change_move, movable_by, remove_move, said_move
from planning.views.slates.acting import SlateForms
from planning.views.slates.detail import ShownMove, shown_moves
from planning.views.slates.opening import OpenSlateScreen, UndrawnMoveScreen

#: People offered where a word does not tell one.
OFFERED = 20


class MoveForm(OpenSlateScreen):
    """What adding and changing share: the controls of the kind's fields, the judgement of what is typed."""

    template_name = "planning/slate_move.html"
    fragments: ClassVar[dict[str, str]] = {"preview": "planning/slate_preview.html"}  # type: ignore[misc]
    #: The stored move that is changed.
    kept: SlateMove | None = None

    @property
    def act(self) -> DecisionAct | None:
        """The kind that was chosen."""
        return slate_act(self.request.POST.get("act") or self.request.GET.get("act", ""))

    @property
    def person(self) -> Cadre | None:
        """The person whom the move is about."""
        raise NotImplementedError

    @cached_property
    def controls(self) -> ActControls:
        """Controls of what the decision says, on the slate's day."""
        fields = self.act.fields if self.act is not None else ()
        stored = [self.kept.stored] if self.kept is not None else []
        choices = Choices(user=self.reader, day=self.slate.day, kept=kept_keys(list(fields), stored))
        return ActControls(list(fields), choices)

    def near(self) -> list[int | None]:
        """The unit in which the person works, whose job positions are meant first."""
        held = Assignment.objects.in_force(self.slate.day).filter(cadre=self.person, kind=AssignmentKind.MAIN)
        return [held.values_list("unit_id", flat=True).first()]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Judge what was typed, or save it."""
        if self.act is None or self.person is None:
            raise Http404
        raw = self.controls.raw("t", request.POST)
        values, faults = self.controls.clean(raw, self.near())
        if request.POST.get("action") == "preview" or faults:
            preview = self.preview(values) if not faults else None
            is_asked = request.POST.get("action") == "preview"
            return self.show(raw, faults=faults, preview=preview, status=200 if is_asked else 422)
        try:
            self.write(self.act, self.person, values)
        except StaleVersion:
            self.__dict__.pop("slate", None)
            return self.show(raw, preview=self.preview(values), is_stale=True, status=409)
        except (Cadre.DoesNotExist, Slate.DoesNotExist, SlateMove.DoesNotExist) as error:
            raise Http404 from error
        except (ServiceRefusal, PermissionDenied) as refused:
            return self.show(raw, problems=[str(refused) or "Không có quyền làm việc này."], status=422)
        except ValidationError as error:
            return self.show(raw, problems=list(error.messages), status=422)
        messages.success(request, "Đã lưu bước của phương án.")
        return HttpResponseRedirect(self.link(self.slate.get_absolute_url()))

    def write(self, act: DecisionAct, person: Cadre, values: Mapping[str, Any]) -> None:
        """Call the service."""
        raise NotImplementedError

    def preview(self, values: Mapping[str, Any]) -> ShownMove | None:
        """The move as it is typed, judged among the others; nothing is written."""
        act, person = self.act, self.person
        if act is None or person is None:
            return None
        moves = moves_of(self.slate)
        own = next((row for row in moves if self.kept is not None and row.pk == self.kept.pk), None)
        others = [row for row in moves if row.cadre_id != person.pk]
        place = moves.index(own) if own is not None else len(others)
        typed = said_move(slate=self.slate, act=act, cadre=person, values=values, position=place + 1)
        listed = [*others[:place], typed, *others[place:]]
        report = slate_report(self.slate, self.reader, moves=listed)
        self.log_seen({row.cadre_id for row in listed})
        return next((one for one in shown_moves(report) if one.line.one.move is typed), None)

    def show(
        self,
        raw: Mapping[str, Any],
        *,
        status: int = 200,
        faults: Mapping[str, Sequence[str]] | None = None,
        **extra: Any,
    ) -> HttpResponseBase:
        """The page with everything as typed."""
        cells: list[Cell] = self.controls.cells("t", raw)
        for cell in cells:
            cell.errors = list((faults or {}).get(cell.act_field.key, ()))
        posts = posts_of([self.person.pk], self.slate.day) if self.person is not None else {}
        shown: dict[str, Any] = {
            "slate": self.slate,
            "version": self.get_version(),
            "act": self.act,
            "person": self.person,
            "post": posts.get(self.person.pk, "") if self.person is not None else "",
            "cells": cells,
            "listed": dict(self.controls.option_lists()),
            "kinds": act_choices()[1:],
            "kept": self.kept,
            "chooser": None,
            "found": (),
            "problems": (),
            "preview": None,
            "is_stale": False,
        }
        return self.respond(status=status, **(shown | extra))


class MoveAdd(MoveForm):
    """Add a move: without a kind and a person the page asks for these first."""

    title = "Thêm bước"

    @cached_property
    def person(self) -> Cadre | None:  # type: ignore[override]
        """The person whom the address or the form names by key; 404 out of scope."""
        text = self.request.POST.get("cadre") or self.request.GET.get("cadre", "")
        if not text:
            return None
        found: Cadre = get_object_or_404(movable_by(self.reader), pk=typed_key(text) or 0)
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The fields of the kind for the person, or the questions before."""
        if self.person is not None and self.act is not None:
            return self.show({})
        is_sent = "who" in request.GET
        who = lookup_sources["person"].written(self.person.pk, self.day) if self.person is not None else ""
        initial = {"act": request.GET.get("act", ""), "who": who}
        chooser = NewMoveForm(request.GET if is_sent else None, initial=initial)
        found: list[tuple[Cadre, str, str]] = []
        if is_sent and chooser.is_valid():
            people = self._people(chooser.cleaned_data["who"])
            here = reverse("planning:slate-move-add", args=[self.slate.pk])
            urls = {
                one.pk: self.link(with_query(here, act=chooser.cleaned_data["act"], cadre=str(one.pk)))
                for one in people
            }
            if len(people) == 1:
                return HttpResponseRedirect(urls[people[0].pk])
            posts = posts_of([one.pk for one in people], self.slate.day)
            found = [(one, posts.get(one.pk, ""), urls[one.pk]) for one in people]
            if not people:
                chooser.add_error("who", "Không có ai như vậy trong phạm vi được giao.")
        return self.show({}, chooser=chooser, found=found)

    def _people(self, text: str) -> list[Cadre]:
        """Whom a line names, of those whom the user may move."""
        asked = find_people([text], self.reader)
        people = [*asked.people, *(one for _, fitting in asked.several for one in fitting)]
        mine = movable_by(self.reader).filter(pk__any=[one.pk for one in people])
        return list(mine.order_by("sort_key", "pk")[:OFFERED])

    def write(self, act: DecisionAct, person: Cadre, values: Mapping[str, Any]) -> None:
        """Add it."""
        add_move(
            slate=self.slate,
            act=act,
            cadre=person,
            values=values,
            version=self.sent_number,
            acting_user=self.reader,
        )


class MoveChange(UndrawnMoveScreen, MoveForm):
    """Change what a move says; another kind may be chosen, the person stays."""

    title = "Sửa bước"

    @property
    def kept(self) -> SlateMove:  # type: ignore[override]
        """The stored move."""
        return self.move

    @property
    def person(self) -> Cadre:
        """Whom it is about."""
        found: Cadre = self.move.cadre
        return found

    @property
    def act(self) -> DecisionAct | None:
        """The kind that was chosen instead, else the stored one."""
        return super().act or self.move_act

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The fields as they stand, judged."""
        raw = self.controls.shown(self.move.stored)
        values, faults = self.controls.clean(raw, self.near())
        return self.show(raw, preview=None if faults else self.preview(values))

    def write(self, act: DecisionAct, person: Cadre, values: Mapping[str, Any]) -> None:
        """Save it."""
        change_move(move=self.move, act=act, values=values, version=self.sent_number, acting_user=self.reader)


class MoveRemove(UndrawnMoveScreen, SlateForms, ActionScreen):
    """Take a move out of a slate."""

    title, submit_label, success_text = "Bỏ bước", "Bỏ bước", "Đã bỏ bước khỏi phương án."
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm
    is_destructive = True

    def get_question(self) -> str:
        """Which."""
        kind = self.move_act.label.lower() if self.move_act is not None else "bước"
        return f"Bỏ bước {kind} của {self.move.cadre.full_name}?"

    def get_consequences(self) -> Sequence[str]:
        """What follows."""
        return ["Các bước sau được xét lại như không có bước này; lịch sử vẫn giữ."]

    def write(self, form: Any) -> None:
        """Take it out."""
        remove_move(move=self.move, version=self.version_shown, acting_user=self.reader)
