"""Drawing a decision up on one page: entered after the fact (the normal case), or as a draft.

Head, what it says for everybody, and a list of people are typed and saved at once. Whatever is refused, everything
typed stays; what is wrong stands beside each person. Buttons add and remove people without saving.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from hrdb.kernel.keys import typed_keys
from hrdb.kernel.screens import Crumb
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.forms import add_errors
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from personnel.forms.decision_people import Found, PeopleTable, find_people, sent_table
from personnel.forms.decisions import EntryForm, HeadFields, earlier_signatures
from personnel.imports.decision_list import read_list
from personnel.models import Cadre, Decision, Unit
from personnel.policies import Action
from personnel.services.decisions.cases import DecisionRefused, Planned
from personnel.services.decisions.days import long_before
from personnel.services.decisions.kinds import acts_in_order
from personnel.services.decisions.register import draw_up
from personnel.services.decisions.scans import WaitingScan, filed, keep_scan, refuse_stub, waiting_scan
from personnel.services.decisions.signing import enter_signed, rehearse
from personnel.services.errors import ServiceRefusal
from personnel.views.decisions.checked import CheckedPerson, Sums, checked_people, obstacles, tell_changes
from personnel.views.decisions.drawn_up import DrawnUp
from personnel.views.decisions.revised import Revised, teller
from personnel.views.decisions.rows import read_about

#: What is left empty for one person is not another value: it is what the decision says for everybody.
NOTHING_CORRECTED = (
    "Chưa sửa nội dung nào. Ô để trống của từng người lấy theo nội dung chung: muốn bỏ một giá trị chung, hãy ghi giá "
    "trị khác ở nội dung chung hoặc cho từng người."
)


class EntryScreen(DrawnUp):
    """What both ways of drawing up share.

    POST `action`: add, find, remove:KEY, blank, upload, kind change the rows; check, draft and save judge everything.
    """

    template_name = "personnel/decision/entry.html"
    fragments = {"decision-people": "personnel/decision/entry_people.html"}
    is_signed: ClassVar[bool] = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page with whom and what the address names; without a kind it is chosen first."""
        if self.act is None:
            return HttpResponseRedirect(self._to_choice())
        if (standing := self.not_to_be_revised()) is not None:
            return self._on_to(standing)
        held = self.common.shown(self.target.terms) if self.repeats_target and self.target is not None else {}
        asked = {item.key: request.GET.get(f"t-{item.key}") for item in self.common.fields}
        return self.show(self.make_form(), {**held, **{k: v for k, v in asked.items() if v}}, self.first_table())

    def _to_choice(self) -> str:
        carried = {key: values for key, values in self.request.GET.lists() if key != "kind"}
        url = with_query(reverse("personnel:decision-choose"), signed="1" if self.is_signed else None, **carried)
        return self.link(url)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Change the rows, check, or save."""
        if self.act is None:
            return HttpResponseRedirect(self._to_choice())
        action, _, key = request.POST.get("action", "save").partition(":")
        table = sent_table(PeopleTable(self.own, self.day), request.POST, self.user)
        rows: dict[str, Callable[[], HttpResponseBase]] = {
            "add": lambda: self._add(table),
            "find": lambda: self._find(table),
            "remove": lambda: self._remove(table, key),
            "blank": lambda: self._blank(table),
            "upload": lambda: self._upload(table),
            "kind": lambda: self._unsaved(table),
        }
        return rows[action]() if action in rows else self._send(table, action)

    def _unsaved(self, table: PeopleTable, **extra: Any) -> HttpResponseBase:
        """The page with everything as typed, judged by nobody yet."""
        typed: dict[str, Any] = {name: self.request.POST.get(name) for name in self.make_form().fields}
        scan, fault = self._scan()
        form = self.make_form(initial=typed)
        terms = self.common.raw("t", self.request.POST)
        return self.show(form, terms, table, scan=scan, scan_fault=fault, **extra)

    def _add(self, table: PeopleTable) -> HttpResponseBase:
        """Take in who was typed, pasted or ticked."""
        lines = [self.request.POST.get("who", ""), *self.request.POST.get("paste", "").splitlines()]
        found = find_people(lines, self.user)
        ticked = typed_keys(self.request.POST.getlist("pick"))
        picked = Cadre.objects.visible_to(self.user, Action.DECIDE).filter(pk__any=ticked).order_by("sort_key", "pk")
        taken = self._take(table, [*found.people, *picked])
        who = lines[0] if lines[0].strip() in found.nobody else ""
        left = [text for text in found.nobody if text != lines[0].strip()]
        return self._unsaved(table, found=found, who=who, paste="\n".join(left), **taken)

    def _take(self, table: PeopleTable, people: Sequence[Cadre]) -> dict[str, Any]:
        """Rows for people, as far as the page takes them."""
        if not self.takes_people:
            return {}
        there = {row.cadre.pk for row in table.rows if row.cadre is not None}
        new = [cadre for cadre in dict.fromkeys(people) if cadre.pk not in there]
        room = max(0, self.most_rows - len(table.rows))
        table.add_people(new[:room])
        return {"added": min(len(new), room), "is_full": len(new) > room}

    def _find(self, table: PeopleTable) -> HttpResponseBase:
        """Offer the people of a unit, or who fits what was typed, with boxes to tick."""
        mine = Cadre.objects.visible_to(self.user, Action.DECIDE)
        code, words = self.request.POST.get("pick_unit", "").strip(), self.request.POST.get("who", "").strip()
        if code:
            code = code.rpartition("(")[2].rstrip(")") if code.endswith(")") else code
            unit = Unit.objects.visible_to(self.user, Action.DECIDE).filter(code__iexact=code).first()
            mine = mine.in_units([unit.pk], self.day).present_on(self.day) if unit else mine.none()
        asked = mine.search(words, self.user) if code or words else mine.none()
        people = list(asked.order_by("sort_key", "pk")[: self.most_rows])
        label = "Chọn trong danh sách" if people else ""
        found = Found(several=[(label, people)] if people else [], nobody=[] if people else [words or code])
        return self._unsaved(table, found=found, is_picking=True)

    def _remove(self, table: PeopleTable, key: str) -> HttpResponseBase:
        """Take somebody off."""
        table.rows = [row for row in table.rows if row.key != key]
        return self._unsaved(table)

    def _blank(self, table: PeopleTable) -> HttpResponseBase:
        """A row for somebody who has no record yet."""
        if self.act is not None and self.act.is_of_newcomers and len(table.rows) < self.most_rows:
            table.add(table.free_key(), None, {})
        return self._unsaved(table)

    def _upload(self, table: PeopleTable) -> HttpResponseBase:
        """Take in the rows of a workbook."""
        upload = self.request.FILES.get("list_file")
        if upload is None or not self.takes_people:
            return self._unsaved(table, list_refused="Hãy chọn tệp danh sách.")
        try:
            read = read_list(upload, controls=self.own, act=self.said_act, user=self.user)
        except UnreadableFile as refused:
            return self._unsaved(table, list_refused=str(refused))
        there = {row.cadre.pk: row for row in table.rows if row.cadre is not None}
        room = self.most_rows - len(table.rows)
        for line in read.lines:
            known = there.get(line.cadre.pk) if line.cadre is not None else None
            if known is not None:
                said = {key: value for key, value in line.raw.items() if value not in (None, "")}
                table.tell(known, {**known.raw, **said})
            elif room > 0:
                row = table.add(table.free_key(), line.cadre, line.raw)
                room -= 1
                if line.cadre is not None:
                    there[line.cadre.pk] = row
        return self._unsaved(table, list_faults=read.faults, added=len(read.lines), is_full=room <= 0)

    def _send(self, table: PeopleTable, action: str) -> HttpResponseBase:
        """Check or save; what is refused is shown with everything typed."""
        form = self.make_form(self.request.POST, self.request.FILES, is_signed=action == "save")
        terms = self.common.raw("t", self.request.POST)
        scan, fault = self._scan()
        if fault:
            form.add_error("scan", fault)
        said, faults = self.common.clean(terms)
        is_good = form.is_valid() and not faults
        is_good = table.clean([said.get("unit"), said.get("new_unit")]) and is_good
        shown: dict[str, Any] = {"scan": scan, "term_faults": faults, "reasons": self._reasons()}
        pairs = self._pairs(table, said)
        if is_good and self.has_people and not pairs and not (self.said_act is not self.act and self._corrected(said)):
            words = "Chưa có người nào." if self.takes_people else NOTHING_CORRECTED
            form.add_error(None, ValidationError(words, code="nobody"))
            is_good = False
        if not is_good:
            return self.show(form, terms, table, status=422, **shown)
        try:
            return self._write(form, said, table, pairs, scan, action, shown)
        except DecisionRefused as refused:
            return self._refused(form, terms, table, refused, shown)
        except ServiceRefusal as refused:
            form.add_error(None, ValidationError(refused.message, code=refused.code))
        except PermissionDenied as error:
            form.add_error(None, ValidationError(str(error) or "Không có quyền làm việc này.", code="denied"))
        except ValidationError as error:
            add_errors(form, _by_field(error))
        return self.show(form, terms, table, status=422, **shown)

    def _write(
        self,
        form: HeadFields,
        said: Mapping[str, Any],
        table: PeopleTable,
        pairs: Sequence[tuple[Cadre | None, Mapping[str, Any]]],
        scan: WaitingScan | None,
        action: str,
        shown: dict[str, Any],
    ) -> HttpResponseBase:
        """Hand everything to the services."""
        asked: dict[str, Any] = {
            "act": self.act,
            "unit": form.cleaned_data["unit"],
            "effective_on": form.cleaned_data["effective_on"],
            "terms": self._terms(said),
            "people": pairs,
            "acting_user": self.user,
            "overrides": self._reasons(),
            **form.head(),
        }
        if self.target is not None:
            asked["target"] = self.target
        if asked_about := long_before(form.cleaned_data["effective_on"], form.cleaned_data.get("signed_on")):
            messages.warning(self.request, asked_about)
        if action == "check":
            told: Revised = []
            planned = rehearse(
                **asked,
                signed_on=form.cleaned_data.get("signed_on"),
                is_entered=self.is_signed,
                tell=teller(self.target, told),
            )
            people = self._reported(table, planned, {})
            terms, is_clear = self.common.raw("t", self.request.POST), not people or Sums.of(people).is_clear
            return self.show(form, terms, table, checked=people, is_clear=is_clear, revised=told, **shown)
        if action == "draft" or not self.is_signed or not isinstance(form, EntryForm):
            decision = draw_up(**asked)
            messages.success(self.request, "Đã lập dự thảo.")
            return self._on_to(decision)
        if scan is not None:
            refuse_stub(form.cleaned_data["classification"])
        with filed(scan) as stored:
            decision = enter_signed(**asked, signature=form.signature(stored))
        count = f" của {number_text(len(pairs))} người" if pairs else ""
        messages.success(self.request, f"Đã vào sổ {decision} và ghi vào hồ sơ{count}.")
        return self._on_to(decision)

    def _on_to(self, decision: Decision) -> HttpResponseRedirect:
        return HttpResponseRedirect(self.link(reverse("personnel:decision", args=[decision.pk])))

    def _terms(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """What is said for everybody; of a correction, what it puts right stands apart."""
        if self.said_act is self.act:
            return dict(said)
        assert self.act is not None
        own = {item.key for item in self.act.fields}
        return {**{key: value for key, value in said.items() if key in own}, "corrected": self._corrected(said)}

    def _corrected(self, said: Mapping[str, Any]) -> dict[str, Any]:
        assert self.act is not None
        own = {item.key for item in self.act.fields}
        return {key: value for key, value in said.items() if key not in own and value is not None}

    def _pairs(self, table: PeopleTable, said: Mapping[str, Any]) -> list[tuple[Cadre | None, Mapping[str, Any]]]:
        """People with their values; of a correction those who are told something else than before."""
        if self.takes_people or self.target is None:
            return table.pairs()
        told = self.target.items.filter(cadre__in=[row.cadre for row in table.rows if row.cadre is not None])
        before = {item.cadre_id: item.values for item in told}
        changed: list[tuple[Cadre | None, Mapping[str, Any]]] = []
        for row in table.rows:
            own = before.get(row.cadre.pk if row.cadre is not None else None, {})
            held = {**self.target.terms, **own}
            new = {
                item.key: row.values[item.key]
                for item in self.own.fields
                if item.stored(row.values[item.key]) != (own if row.values[item.key] is None else held).get(item.key)
            }
            if new:
                changed.append((row.cadre, new))
        return changed

    def _refused(
        self,
        form: HeadFields,
        terms: Mapping[str, Any],
        table: PeopleTable,
        refused: DecisionRefused,
        shown: dict[str, Any],
    ) -> HttpResponseBase:
        """Faults beside each person, conditions in the way under the list."""
        people = self._reported(table, refused.planned, refused.faults)
        if not refused.planned:
            for place, sentences in refused.faults.items():
                if place < len(table.rows):
                    table.rows[place].faults += sentences
        form.add_error(None, ValidationError(refused.message, code=refused.code))
        return self.show(form, terms, table, status=422, checked=people, **shown)

    @staticmethod
    def _reported(
        table: PeopleTable, planned: Sequence[Planned], faults: Mapping[int, Sequence[str]]
    ) -> list[CheckedPerson]:
        """What the check found, beside the rows of the form."""
        people = checked_people(planned, faults=faults)
        tell_changes(people)
        by_cadre = {row.cadre.pk: row for row in table.rows if row.cadre is not None}
        for place, person in enumerate(people):
            in_place = table.rows[place] if place < len(table.rows) else None
            row = by_cadre.get(person.cadre_id or 0) or (in_place if person.is_new else None)
            if row is not None:
                row.report = person
                row.faults += person.faults
        return people

    def _reasons(self) -> dict[str, str]:
        """Reasons for passing over conditions, by rule."""
        told = {key.removeprefix("reason-"): str(text).strip() for key, text in self.request.POST.items()
                if key.startswith("reason-")}  # fmt: skip
        return {rule: text[:500] for rule, text in told.items() if text}

    def _scan(self) -> tuple[WaitingScan | None, str]:
        """The scan that came now or waits since an earlier try, and what is wrong with it."""
        upload = self.request.FILES.get("scan")
        if upload is not None and self.is_signed:
            try:
                return keep_scan(upload=upload, acting_user=self.user), ""
            except ValidationError as error:
                return None, " ".join(error.messages)
        return waiting_scan(self.request.POST.get("scan_token", ""), acting_user=self.user), ""

    def get_title(self) -> str:
        """The kind."""
        label = self.act.label if self.act else ""
        return f"Vào sổ: {label}" if self.is_signed else f"Dự thảo: {label}"

    def get_lead(self) -> str:
        """What it does to the record, and to which decision."""
        assert self.act is not None
        effect = self.act.effect
        return f"{self.target}: {effect[:1].lower()}{effect[1:]}" if self.target is not None else effect

    def get_crumbs(self) -> Sequence[Crumb]:
        """The register, the choice of a kind, this."""
        return [
            Crumb("Sổ quyết định", reverse("personnel:decision-list")),
            Crumb("Vào sổ quyết định đã ký" if self.is_signed else "Lập dự thảo", self._to_choice()),
            Crumb(self.get_title()),
        ]

    def show(
        self, form: forms.Form, terms: Mapping[str, Any], table: PeopleTable, *, status: int = 200, **extra: Any
    ) -> HttpResponseBase:
        """The page."""
        assert self.act is not None
        table.describe()
        cells = self.common.cells("t", terms)
        for cell in cells:
            cell.errors = extra.get("term_faults", {}).get(cell.act_field.key, [])
        checked: Sequence[CheckedPerson] = extra.get("checked", ())
        listed = {name: values for cell in (self.common, self.own) for name, values in cell.option_lists()}
        context: dict[str, Any] = {
            "form": form,
            "act": self.act,
            "kinds": acts_in_order(),
            "target": self.target,
            "term_cells": [cell for cell in cells if not cell.act_field.of_person],
            "shared_cells": [cell for cell in cells if cell.act_field.of_person],
            "table": table,
            "found": Found(),
            "who": "",
            "paste": "",
            "added": 0,
            "is_full": self.is_cut,
            "is_picking": False,
            "reasons": {},
            "scan": None,
            "scan_fault": "",
            "sums": Sums.of(checked) if checked else None,
            "obstacles": obstacles(checked, extra.get("reasons", {})),
            "listed": listed | earlier_signatures(self.user),
            "most_rows": self.most_rows,
            "is_signed": self.is_signed,
            "template_url": with_query(reverse("personnel:decision-list-template"), kind=self.said_act.key),
            "list_faults": (),
            "list_refused": "",
            "is_clear": False,
            "revised": (),
            "target_about": read_about([self.target.pk], self.user).get(self.target.pk) if self.target else None,
        }
        return self.respond(status=status, **context | {"checked": checked} | extra)


def _by_field(error: ValidationError) -> ValidationError:
    """Who gave the number already is said at the number."""
    if hasattr(error, "error_dict"):
        named: dict[str, list[ValidationError]] = dict(error.error_dict)
        rest = named.pop("__all__", [])
        for fault in rest:
            named.setdefault("number" if fault.code == "decision_once" else "__all__", []).append(fault)
        return ValidationError(named)
    return error


class CreateDraft(EntryScreen):
    """A draft (dự thảo): checked, submitted and signed later."""


class EnterSigned(EntryScreen):
    """A decision that was signed on paper: register and record in one step."""

    form_class = EntryForm
    is_signed = True
