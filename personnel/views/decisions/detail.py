"""The page of one decision: head, chain, people and what it wrote for them, history, and what may be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.core.paginator import Page, Paginator
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from hrdb.kernel.history import history_model
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Crumb
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import Fact, FindingLine, TimelineEntry
from personnel.choices import Classification, DecisionState
from personnel.forms.decision_lookups import posts_of
from personnel.forms.identity import TIER_1_FIELDS
from personnel.models import Cadre, Decision, DecisionItem, UnitVersion
from personnel.policies import TIER_2_TABLES
from personnel.record_parts import record_parts
from personnel.reports.changes import RowChange, changes_of_signing
from personnel.services.decisions.fields import ActField, resolve
from personnel.services.decisions.kinds import act_of, said_of_people
from personnel.services.reading import log_export, log_list_reading
from personnel.views.decisions.checked import kept_line, rule_label
from personnel.views.decisions.opening import DecisionScreen
from personnel.views.decisions.papers import papers_of
from personnel.views.decisions.register import may_draw_up
from personnel.views.decisions.rows import CLOSED_TEXT, state_label, visible_items

PEOPLE_PER_PAGE = 50
#: What a reading of tier 2 data on these pages is called in the log.
READ_PART = "nội dung quyết định"
REVISIONS = (
    ("withdrawal", "Thu hồi", "undo-2"),
    ("annulment", "Hủy bỏ", "x"),
    ("correction", "Đính chính", "pencil"),
)


class PersonOfDecision:
    """One person as the page shows him: what is said, what was found, what was written."""

    def __init__(self, item: DecisionItem, said: Sequence[tuple[str, str]]) -> None:
        self.item, self.said = item, said
        self.post = ""
        self.findings: list[FindingLine] = []
        self.passed: list[tuple[str, str]] = []
        self.changes: tuple[RowChange, ...] = ()
        self.is_closed = False

    @property
    def name(self) -> str:
        """Who it is."""
        return str(self.item) or "Người mới"

    @property
    def cadre_id(self) -> int | None:
        """The id of the record."""
        found: int | None = self.item.cadre_id
        return found


class DecisionPage(DecisionScreen):
    """A decision or a draft in the reader's scope."""

    template_name = "personnel/decision/detail.html"
    fragments = {"people": "personnel/decision/people.html"}

    def get_title(self) -> str:
        """Number and day, or that it is a draft."""
        return str(self.decision)

    def get_lead(self) -> str:
        """The summary where it is open, else the kind."""
        if self.opened.is_stub:
            return CLOSED_TEXT
        kind = self.decision.kind.name if self.decision.kind else "Chưa phân loại"
        return (self.decision.summary if self.opened.is_text_open else "") or kind

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the register."""
        return [Crumb("Sổ quyết định", reverse("personnel:decision-list")), Crumb(self.get_title())]

    def get_actions(self) -> Sequence[Button]:
        """What may be done in this state, the next step last."""
        return [*self._papers(), *(self._acts_on_draft() if not self.decision.is_issued else self._acts_on_signed())]

    def _papers(self) -> list[Button]:
        if self.opened.is_stub or not self.opened.is_text_open:
            return []
        buttons = [paper.button() for paper in papers_of(self.request, self.opened)]
        if self.decision.file:
            buttons.append(self._button("Bản quét", "decision-scan", "file-text", download=True))
        return buttons

    def _acts_on_draft(self) -> list[Button]:
        opened, buttons = self.opened, []
        if opened.may_change:
            buttons += [
                self._button("Bỏ dự thảo", "decision-drop", "trash-2"),
                self._button("Sửa nội dung", "decision-edit", "pencil"),
                self._button("Sửa danh sách", "decision-people", "users"),
            ]
        if self.decision.state == DecisionState.SUBMITTED and opened.may_return:
            buttons.append(self._button("Trả lại", "decision-return", "undo-2"))
        if opened.may_write:
            buttons += [
                self._button("Vào sổ đã ký", "decision-sign", "badge-check", main=not opened.decision.is_open),
                self._button("Kiểm tra", "decision-check", "list-checks", main=opened.decision.is_open),
            ]
        return buttons

    def _acts_on_signed(self) -> list[Button]:
        opened, buttons = self.opened, []
        if opened.may_write and opened.is_only_cited:
            buttons.append(self._button("Bổ sung thông tin", "decision-describe", "pencil"))
        if opened.may_write and not opened.is_stub:
            buttons.append(self._button("Gắn bản quét", "decision-scan-attach", "file-up"))
        if opened.may_revise:
            enter = reverse("personnel:decision-enter")
            asked = [(key, label, icon) for key, label, icon in REVISIONS]
            kind = opened.act.key if opened.act is not None and not opened.act.is_revision else ""
            asked += [(kind, "Thay thế", "arrow-right")] if kind else []
            buttons += [
                Button(label=label, url=with_query(enter, kind=key, target=self.decision.pk), icon=icon)
                for key, label, icon in asked
                if not (key == "correction" and opened.act is not None and opened.act.is_revision)
            ]
        return buttons

    def _button(self, label: str, view: str, icon: str, **more: Any) -> Button:
        return Button(label=label, url=reverse(f"personnel:{view}", args=[self.decision.pk]), icon=icon, **more)

    def facts(self) -> list[Fact]:
        """The head as facts."""
        decision, opened = self.decision, self.opened
        office = UnitVersion.objects.standing_on(self.day).filter(unit=decision.unit_id).first()
        signer = ", ".join(filter(None, [decision.signer, decision.signer_title]))
        facts = [
            Fact("Số, ký hiệu", decision.number or None),
            Fact("Ngày ký", decision.signed_on),
            Fact("Cơ quan ban hành", decision.issuer or None),
            Fact("Người ký", signer or None),
            Fact("Hiệu lực từ ngày", decision.effective_on),
        ]
        if decision.classification != Classification.PLAIN:
            facts.append(Fact("Độ mật", decision.get_classification_display()))
        if not opened.is_stub:
            facts.append(Fact("Loại", decision.kind.name if decision.kind else None))
        facts.append(Fact("Đơn vị lập", office.name if office else None))
        if decision.drafted_by is not None:
            facts.append(Fact("Người lập", decision.drafted_by))
        if decision.signing is not None:
            who = decision.signing.user.get_full_name() if decision.signing.user else ""
            facts.append(Fact("Ghi vào hồ sơ", f"{decision.signing.moment:%d/%m/%Y}", who))
        return facts

    @cached_property
    def said_fields(self) -> list[ActField]:
        """The fields of its kind."""
        return list(self.opened.act.fields) if self.opened.act is not None else []

    def terms(self) -> list[Fact]:
        """What it says for everybody; free texts only where they are open, as they may name anybody."""
        if self.opened.is_stub or (self.opened.tells_discipline and not self.opened.is_text_open):
            return []
        held, label = self.decision.terms, ""
        fields = self.said_fields
        if "corrected" in held and self.decision.target is not None:
            mended = act_of(self.decision.target)
            fields = [*fields, *(mended.fields if mended else ())]
            held, label = {**held, **held["corrected"]}, "đính chính"
        values = resolve(fields, [held])[0]
        return [
            Fact(item.label, item.shown(values[item.key]) if item.model is None else self._named(values[item.key]),
                 label if item.key in self.decision.terms.get("corrected", {}) else "",
                 wide=item.input == "long_text")
            for item in fields
            if values[item.key] not in (None, "")
            and (item.input not in ("text", "long_text") or self.opened.is_text_open)
        ]  # fmt: skip

    def _named(self, row: Any) -> str:
        """A row by its name; units by the one of the asked day."""
        return self._unit_names.get(row.pk, str(row)) if row._meta.label_lower == "personnel.unit" else str(row)

    @cached_property
    def _unit_names(self) -> dict[int, str]:
        """Names of the units that the decision speaks of."""
        told = [self.decision.terms, self.decision.terms.get("corrected", {})]
        told += [item.values for item in self.page.object_list]
        keys = [item.key for item in self._all_fields if item.model is not None and item.model.__name__ == "Unit"]
        ids = {values[key] for values in told for key in keys if isinstance(values.get(key), int)}
        if not ids:
            return {}
        return dict(UnitVersion.objects.standing_on(self.day).filter(unit__in=ids).values_list("unit_id", "name"))

    @cached_property
    def _all_fields(self) -> list[ActField]:
        act = self.opened.act
        return [*self.said_fields, *(said_of_people(self.decision, act) if act is not None else ())]

    @cached_property
    def page(self) -> Page[Any]:
        """A page of the people whom the reader sees; of a stub nobody."""
        items: QuerySet[Any] = visible_items(self.opened.user).filter(decision=self.decision)
        words = " ".join(self.request.GET.get("q", "").split())[:100]
        if words:
            found = Cadre.objects.visible_to(self.opened.user).search(words, self.opened.user)
            items = items.filter(cadre__in=found.order_by().values("pk"))
        if self.opened.is_stub:
            items = items.none()
        page = Paginator(items.select_related("cadre").order_by("position", "pk"), PEOPLE_PER_PAGE)
        found_page: Page[Any] = page.get_page(self.request.GET.get("page"))
        found_page.object_list = list(found_page.object_list)
        return found_page

    def people(self) -> list[PersonOfDecision]:
        """The people of the page; what is tier 2 only where it is open, and then its reading is logged."""
        opened, items = self.opened, self.page.object_list
        ids = [item.cadre_id for item in items if item.cadre_id is not None]
        opens = opened.open_in_tier_2(ids) if opened.judges_by_tier_2 and ids else set(ids)
        fields = said_of_people(self.decision, opened.act) if opened.act is not None else []
        values = resolve(fields, [item.values for item in items])
        posts = posts_of(ids, self.day)
        written = self._written(ids, opens)
        made = []
        for item, said in zip(items, values, strict=True):
            is_open = item.cadre_id is None or item.cadre_id in opens
            told = [] if opened.tells_discipline and not is_open else self._said(fields, said)
            person = PersonOfDecision(item, told)
            person.post = posts.get(item.cadre_id or 0, "")
            person.is_closed = not is_open
            if is_open:
                person.findings = [kept_line(one) for one in item.findings]
                person.passed = [(rule_label(key), text) for key, text in item.overrides.items()]
            person.changes = written.get(item.cadre_id or 0, ())
            made.append(person)
        if opened.judges_by_tier_2 and opens and (any(item.findings for item in items) or opened.tells_discipline):
            log_list_reading(
                user=opened.user, people=opens, parts=[READ_PART], what=f"quyết định {self.decision.pk}", day=self.day
            )
        return made

    def _said(self, fields: Sequence[ActField], values: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [
            (item.label, self._named(values[item.key]) if item.model is not None else item.shown(values[item.key]))
            for item in fields
            if values[item.key] not in (None, "", False)
        ]

    def _written(self, ids: Sequence[int], opens: set[int]) -> dict[int, tuple[RowChange, ...]]:
        """What its signing wrote to the records of the page's people, as far as the reader may see it."""
        if self.decision.signing_id is None or self.opened.is_stub or not ids:
            return {}
        tables: list[type[Model]] = [Cadre, *(part.model for part in record_parts)]
        secret = [table for table in tables if table._meta.label_lower in TIER_2_TABLES]
        event = self.decision.signing_id
        people: Any = Cadre.objects.filter(pk__any=list(ids)).with_tier_1(self.opened.user).only("pk")
        is_tier_1_open = all(one.is_tier_1_open for one in people)
        closed = () if is_tier_1_open else TIER_1_FIELDS
        plain = [table for table in tables if table not in secret]
        written = changes_of_signing(event, ids, plain, closed_fields=closed)
        if self.opened.judges_by_tier_2:
            for pk, rows in changes_of_signing(event, sorted(opens), secret).items():
                written[pk] = (*written.get(pk, ()), *rows)
        return written

    def chain(self) -> list[tuple[str, Decision]]:
        """Decisions that this one is tied to, as far as the reader sees them."""
        seen = Decision.objects.visible_to(self.opened.user).select_related("kind")
        pk = self.decision.pk
        asked = (
            ("Căn cứ", seen.filter(pk=self.decision.rests_on_id or 0)),
            ("Sửa quyết định", seen.filter(pk=self.decision.target_id or 0)),
            ("Được căn cứ bởi", seen.filter(rests_on=pk)),
            ("Được sửa bởi", seen.filter(target=pk)),
        )
        return [(label, one) for label, rows in asked for one in rows.order_by("signed_on", "pk")[:20]]

    def history(self) -> list[TimelineEntry]:
        """Who did what to it, newest first; of a stub and of closed texts only when."""
        model: Any = history_model(Decision)
        earlier = model.objects.filter(id=OuterRef("id"), event_id=OuterRef("event_id"),
                                       history_id__gt=OuterRef("history_id"))  # fmt: skip
        rows = model.objects.filter(id=self.decision.pk).exclude(Exists(earlier))
        entries = []
        for row in rows.select_related("history_user").order_by("-history_id")[:40]:
            who = row.history_user.get_full_name() if row.history_user else "Người vận hành máy chủ"
            reason = row.history_change_reason if self.opened.is_text_open else ""
            entries.append(
                TimelineEntry(
                    when=f"{row.history_date.astimezone():%d/%m/%Y %H:%M}",
                    title=str(DecisionState(row.state).label),
                    detail=" · ".join(filter(None, [who, reason])),
                )
            )
        return entries

    def context(self, **extra: Any) -> dict[str, Any]:
        """Everything of the page; a fragment needs only its people."""
        seen = self.page.paginator.count
        return (
            super().context(
                opened=self.opened,
                decision=self.decision,
                state=state_label(self.decision, self.decision.state_on(self.day)),
                facts=self.facts(),
                terms=self.terms(),
                people=self.people(),
                people_page=self.page,
                people_count=number_text(seen),
                words=self.request.GET.get("q", ""),
                chain=self.chain(),
                history=self.history(),
                next_url=self._next_url(),
                why_not_revised=self.opened.why_not_revised if may_draw_up(self.request) else "",
            )
            | extra
        )

    def _next_url(self) -> str:
        """Entering the next one of the same kind, for who has just entered this."""
        act = self.opened.act
        if not self.opened.may_write or act is None or act.is_revision or self.decision.signing_id is None:
            return ""
        return with_query(reverse("personnel:decision-enter"), kind=act.key)


class DecisionScan(DecisionScreen):
    """The scan, to who may read the text; each taking is logged."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The PDF; without one, or where the text is closed, there is no such page."""
        decision = self.decision
        if not decision.file or not self.opened.is_text_open or not default_storage.exists(decision.file):
            raise Http404
        people = decision.items.filter(cadre__isnull=False).values_list("cadre_id", flat=True)
        log_export(
            user=self.opened.user, what=f"bản quét {decision}", people=list(people), day=self.day, file_format="pdf"
        )
        name = quote(f"{decision.number.replace('/', '-')}.pdf")
        response = FileResponse(default_storage.open(decision.file), content_type="application/pdf")
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
