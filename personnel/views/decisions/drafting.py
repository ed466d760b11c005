"""Changing a draft (sửa dự thảo): its head and what it says for everybody; its people and what it says of each."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from hrdb.kernel.keys import typed_keys
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.forms import add_errors
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from personnel.forms.decision_people import WHO, Found, PeopleTable, find_people
from personnel.forms.decision_values import ActControls, Choices, kept_keys
from personnel.forms.decisions import DraftForm, earlier_signatures
from personnel.imports.decision_list import read_list
from personnel.models import Cadre, Unit
from personnel.policies import Action
from personnel.services.decisions.fields import ActField
from personnel.services.decisions.kinds import DecisionAct, act_of, said_of_people
from personnel.services.decisions.register import add_people, change_draft, remove_people, set_values, take_list
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.views.decisions.opening import DecisionScreen, OpenedDecision
from personnel.views.decisions.rows import visible_items

ROWS_PER_PAGE = 50
#: People whom one search offers.
OFFERED = 300
STALE = (
    "Dự thảo này vừa được người khác sửa. Những gì bạn gõ vẫn còn dưới đây, chỗ khác nhau được nêu rõ; "
    "lưu lại để ghi theo bản của bạn."
)


class DraftScreen(DecisionScreen):
    """A page that changes a draft; once it is submitted or signed it leads back to the decision."""

    def is_open_to(self, opened: OpenedDecision) -> bool:
        """The office that drew it up."""
        return opened.may_write

    @property
    def act(self) -> DecisionAct:
        """The class of its kind; every draft has one."""
        assert self.opened.act is not None
        return self.opened.act

    @property
    def user(self) -> Any:
        """Who changes it."""
        return self.opened.user

    def back(self) -> HttpResponseRedirect:
        """To the decision."""
        return HttpResponseRedirect(self.link(self.opened.url))

    def no_draft(self) -> HttpResponseBase | None:
        """The way back, when there is nothing to change any more."""
        if self.decision.is_open and self.opened.act is not None:
            return None
        messages.warning(self.request, "Quyết định này không còn là dự thảo nên không sửa được.")
        return self.back()


class EditDraft(DraftScreen):
    """Head and common terms of a draft."""

    title = "Sửa nội dung"
    template_name = "personnel/decision/edit.html"

    @cached_property
    def choices(self) -> Choices:
        """The lists to choose from, with what the draft names already."""
        stored = [self.decision.terms, self.decision.terms.get("corrected", {})]
        return Choices(user=self.user, day=self.decision.effective_on, kept=kept_keys(self.said_fields, stored))

    @property
    def said_fields(self) -> list[ActField]:
        """What may be said for everybody: of a correction also what it puts right."""
        mended = self.mended
        said = list(self.act.fields)
        if mended is not None:
            said += [item for item in mended.common_fields if item.key not in {one.key for one in said}]
        return [item for item in said if item.key not in WHO]

    @property
    def mended(self) -> DecisionAct | None:
        """The kind of the decision that a correction puts right."""
        target = self.decision.target
        return act_of(target) if self.act.key == "correction" and target is not None else None

    @cached_property
    def controls(self) -> ActControls:
        """Controls of the terms."""
        return ActControls(self.said_fields, self.choices)

    def make_form(self, data: Any = None) -> DraftForm:
        """The head."""
        names = ("effective_on", "summary", "classification", "issuer", "signer", "signer_title", "rests_on", "target")
        initial = {name: getattr(self.decision, f"{name}_id", None) or getattr(self.decision, name) for name in names}
        has_target = self.act.is_revision
        return DraftForm(
            data, initial=initial, act=self.act, user=self.user, day=self.day, decision=self.decision,
            has_target=has_target,
        )  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form."""
        held = {**self.decision.terms, **self.decision.terms.get("corrected", {})} if self.opened.act else {}
        return self.no_draft() or self.show(self.make_form(), self.controls.shown(held))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save; another's change is shown beside what was typed."""
        if (away := self.no_draft()) is not None:
            return away
        form, raw = self.make_form(request.POST), self.controls.raw("t", request.POST)
        said, faults = self.controls.clean(raw)
        if not form.is_valid() or faults:
            return self.show(form, raw, status=422, term_faults=faults)
        try:
            change_draft(
                decision=self.decision,
                act=self.act,
                terms=self._terms(said),
                head={"effective_on": form.cleaned_data["effective_on"], **form.head()},
                version=self.sent_version_number,
                acting_user=self.user,
            )
        except StaleVersion:
            return self._stale(form, raw)
        except ServiceRefusal as refused:
            form.add_error(None, ValidationError(refused.message, code=refused.code))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Đã lưu nội dung; dự thảo cần kiểm tra lại.")
            return self.back()
        return self.show(form, raw, status=422)

    def _terms(self, said: Mapping[str, Any]) -> dict[str, Any]:
        own = {item.key for item in self.act.fields}
        if self.mended is None:
            return dict(said)
        corrected = {key: value for key, value in said.items() if key not in own and value is not None}
        return {**{key: value for key, value in said.items() if key in own}, "corrected": corrected}

    def _stale(self, form: DraftForm, raw: Mapping[str, Any]) -> HttpResponseBase:
        """What stands in the draft now, beside what was typed."""
        for name in ("opened", "choices", "controls"):
            self.__dict__.pop(name, None)
        held = self.controls.shown({**self.decision.terms, **self.decision.terms.get("corrected", {})})
        cells, now = self.controls.cells("t", raw), self.controls.cells("t", held)
        differs = [
            (one.label, _words(other.value, other), _words(one.value, one))
            for one, other in zip(cells, now, strict=True)
            if _words(one.value, one) != _words(other.value, other)
        ]
        fresh = self.make_form()
        for name, field in form.fields.items():
            now = fresh.get_initial_for_field(field, name)
            held, sent = field.prepare_value(now), form[name].data
            if field.has_changed(held, sent):
                differs.append((str(form[name].label), _shown(field, held), _shown(field, sent)))
        return self.show(form, raw, status=409, is_stale=True, differs=differs)

    def show(self, form: forms.Form, raw: Mapping[str, Any], *, status: int = 200, **extra: Any) -> HttpResponseBase:
        """The page."""
        cells = self.controls.cells("t", raw)
        for cell in cells:
            cell.errors = extra.get("term_faults", {}).get(cell.act_field.key, [])
        return self.respond(
            status=status,
            **{
                "form": form,
                "decision": self.decision,
                "version": self.version,
                "term_cells": [cell for cell in cells if not cell.act_field.of_person],
                "shared_cells": [cell for cell in cells if cell.act_field.of_person],
                "listed": dict(self.controls.option_lists()) | earlier_signatures(self.user),
                "is_stale": False,
                "differs": [],
            }
            | extra,
        )


def _plain(value: Any) -> str:
    return " ".join(str(value or "").split())


def _shown(field: forms.Field, value: Any) -> str:
    """A value of the head in words."""
    labels = dict(getattr(field, "choices", ()))
    formatted = field.widget.format_value(value) if isinstance(value, datetime.date) else labels.get(value, value)  # type: ignore[attr-defined]
    return _plain(formatted)


def _words(value: Any, cell: Any) -> str:
    """A value of a control in words."""
    if cell.is_flag:
        return "Có" if value else "Không"
    shown = cell.control.prepare_value(value) if hasattr(cell.control, "prepare_value") else value
    formatted = cell.control.widget.format_value(shown) if hasattr(cell.control.widget, "format_value") else shown
    return _plain(formatted[0] if isinstance(formatted, list) and formatted else formatted)


class DraftPeople(DraftScreen):
    """The people of a draft: added, taken off, and each one's own values, a page at a time."""

    title = "Sửa danh sách"
    template_name = "personnel/decision/draft_people.html"

    def get_actions(self) -> Sequence[Button]:
        """To the next step."""
        url = reverse("personnel:decision-check", args=[self.decision.pk])
        return [Button(label="Kiểm tra", url=url, icon="list-checks")]

    @property
    def takes_people(self) -> bool:
        """Whether people may be added: an annulment or withdrawal names nobody."""
        return self.act.key not in ("withdrawal", "annulment")

    @cached_property
    def said_fields(self) -> list[ActField]:
        """The fields that people have of their own."""
        return list(said_of_people(self.decision, self.act))

    @cached_property
    def page(self) -> Page[Any]:
        """A page of the people."""
        items = visible_items(self.user).filter(decision=self.decision).select_related("cadre")
        page: Page[Any] = Paginator(items.order_by("position", "pk"), ROWS_PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        page.object_list = list(page.object_list)
        return page

    @cached_property
    def controls(self) -> ActControls:
        """Controls of the own values."""
        stored = [item.values for item in self.page.object_list]
        kept = kept_keys(self.said_fields, [*stored, self.decision.terms])
        choices = Choices(user=self.user, day=self.decision.effective_on, kept=kept)
        return ActControls(self.said_fields, choices, is_table=True)

    def table(self, typed: bool = False) -> PeopleTable:
        """The rows as they stand, or as they were typed."""
        table = PeopleTable(self.controls, self.decision.effective_on)
        for item in self.page.object_list:
            key = str(item.pk)
            sent = typed and key in self.request.POST.getlist("row")
            raw = self.controls.raw(f"p{key}", self.request.POST) if sent else self.controls.shown(item.values)
            table.add(key, item.cadre, raw)
        return table

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The rows."""
        return self.no_draft() or self.show(self.table())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save the rows, or add or take off people."""
        if (away := self.no_draft()) is not None:
            return away
        action, _, key = request.POST.get("action", "save").partition(":")
        acts: dict[str, Callable[[], HttpResponseBase]] = {
            "add": self._add,
            "find": self._find,
            "upload": self._upload,
            "blank": self._blank,
            "remove": lambda: self._remove(key),
        }
        try:
            return acts.get(action, self._save)()
        except StaleVersion:
            return self._stale()
        except (ServiceRefusal, PermissionDenied) as refused:
            messages.error(request, str(refused) or "Không có quyền làm việc này.")
        except Cadre.DoesNotExist:
            messages.error(request, "Có người không còn trong phạm vi được giao.")
        return self.show(self.table(typed=True), status=422)

    def _save(self) -> HttpResponseBase:
        table = self.table(typed=True)
        terms = self.decision.terms
        near = [terms.get("unit"), terms.get("new_unit")]
        if not table.clean([pk for pk in near if pk]):
            return self.show(table, status=422)
        rows = [row for row in table.rows if row.key in self.request.POST.getlist("row")]
        count = set_values(
            decision=self.decision,
            act=self.act,
            values={int(row.key): row.values for row in rows},
            version=self.sent_version_number,
            acting_user=self.user,
        )
        told = f"Đã lưu nội dung riêng của {number_text(count)} người." if count else "Không có nội dung nào thay đổi."
        messages.success(self.request, told)
        return self._again()

    def _add(self) -> HttpResponseBase:
        lines = [self.request.POST.get("who", ""), *self.request.POST.get("paste", "").splitlines()]
        found = find_people(lines, self.user)
        ticked = typed_keys(self.request.POST.getlist("pick"))
        picked = Cadre.objects.visible_to(self.user, Action.DECIDE).filter(pk__any=ticked).order_by("sort_key", "pk")
        people = list(dict.fromkeys([*found.people, *picked]))
        if people:
            added = add_people(
                decision=self.decision,
                act=self.act,
                people=[(cadre, {}) for cadre in people],
                version=self.sent_version_number,
                acting_user=self.user,
            )
            messages.success(self.request, f"Đã thêm {number_text(len(added))} người.")
        if not found.several and not found.nobody:
            return self._again(page=None)
        self._reread()
        return self.show(self.table(), found=found, paste="\n".join(found.nobody))

    def _blank(self) -> HttpResponseBase:
        """A row for somebody who has no record yet."""
        if self.act.is_of_newcomers:
            add_people(
                decision=self.decision,
                act=self.act,
                people=[(None, {})],
                version=self.sent_version_number,
                acting_user=self.user,
            )
        return self._again(page="9999")

    def _find(self) -> HttpResponseBase:
        mine = Cadre.objects.visible_to(self.user, Action.DECIDE)
        code, words = self.request.POST.get("pick_unit", "").strip(), self.request.POST.get("who", "").strip()
        if code:
            code = code.rpartition("(")[2].rstrip(")") if code.endswith(")") else code
            unit = Unit.objects.visible_to(self.user, Action.DECIDE).filter(code__iexact=code).first()
            mine = mine.in_units([unit.pk], self.day).present_on(self.day) if unit else mine.none()
        there = self.decision.items.filter(cadre__isnull=False).values("cadre")
        asked = mine.search(words, self.user).exclude(pk__in=there) if code or words else mine.none()
        people = list(asked.order_by("sort_key", "pk")[:OFFERED])
        found = Found(several=[("", people)] if people else [], nobody=[] if people else [words or code])
        return self.show(self.table(typed=True), found=found, is_picking=True)

    def _upload(self) -> HttpResponseBase:
        """Take over a list, all or nothing: new people are added, those who are there are told anew."""
        upload = self.request.FILES.get("list_file")
        if upload is None:
            return self.show(self.table(typed=True), list_refused="Hãy chọn tệp danh sách.", status=422)
        act = act_of(self.decision.target) if self.act.key == "correction" and self.decision.target else self.act
        try:
            read = read_list(upload, controls=self.controls, act=act or self.act, user=self.user)
        except UnreadableFile as refused:
            return self.show(self.table(typed=True), list_refused=str(refused), status=422)
        bad = [fault for fault in read.faults if fault.code != "unknown-column"]
        if bad or not read.lines:
            return self.show(self.table(typed=True), list_faults=read.faults, status=422)
        people: list[tuple[Cadre | None, Mapping[str, Any]]] = []
        for line in read.lines:
            values, _ = self.controls.clean(line.raw)
            people.append((line.cadre, {key: value for key, value in values.items() if value is not None}))
        added, told = take_list(
            decision=self.decision,
            act=self.act,
            people=people,
            version=self.sent_version_number,
            acting_user=self.user,
        )
        messages.success(
            self.request, f"Đã thêm {number_text(added)} người, cập nhật {number_text(told)} người từ danh sách."
        )
        return self._again(page=None)

    def _remove(self, key: str) -> HttpResponseBase:
        remove_people(
            decision=self.decision,
            items=typed_keys([key]),
            version=self.sent_version_number,
            acting_user=self.user,
        )
        return self._again()

    def _again(self, **query: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(with_query(self.request.get_full_path(), **query))

    def _reread(self) -> None:
        for name in ("opened", "page", "controls"):
            self.__dict__.pop(name, None)

    def _stale(self) -> HttpResponseBase:
        """Another's change is told beside each value that differs."""
        self._reread()
        table, now = self.table(typed=True), {row.key: row for row in self.table().rows}
        for row in table.rows:
            for cell, held in zip(row.cells, now[row.key].cells, strict=True):
                if _words(cell.value, cell) != _words(held.value, held):
                    cell.errors = [f"Đang có trong dự thảo: {_words(held.value, held) or 'để trống'}"]
        return self.show(table, status=409, is_stale=True)

    def show(self, table: PeopleTable, *, status: int = 200, **extra: Any) -> HttpResponseBase:
        """The page."""
        table.describe()
        terms = self.controls.shown(self.decision.terms)
        said = self.controls.cells("t", terms)
        return self.respond(
            status=status,
            **{
                "decision": self.decision,
                "act": self.act,
                "version": self.version,
                "table": table,
                "said": [(cell.label, _words(cell.value, cell)) for cell in said if cell.value not in (None, "")],
                "page": self.page,
                "found": Found(),
                "who": "",
                "paste": "",
                "is_full": False,
                "is_picking": False,
                "is_stale": False,
                "stale_words": STALE,
                "list_faults": (),
                "list_refused": "",
                "most_rows": OFFERED,
                "listed": dict(self.controls.option_lists()),
                "template_url": with_query(reverse("personnel:decision-list-template"), kind=self.act.key),
            }
            | extra,
        )
