"""One rotation: its page with findings, clock, benefits, evaluations; linking decisions, evaluating, ending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils import timezone

from appraisal.choices import LevelChoice
from hrdb.kernel.dates import format_date
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, ReasonForm
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import Fact, FindingLine
from personnel.choices import DecisionState
from personnel.models import Cadre, Decision, Title
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.reports.unit_names import UnitNames
from personnel.rules.law import LAW as PERSONNEL_LAW
from personnel.statistics.due.base import cited
from personnel.views.decisions.checked import line_of
from planning.choices import CARRIED_OUT, TERM_IS_ENOUGH, RotationOutcome, RotationState
from planning.forms.rotation import DecisionForm, EndForm, EvaluationForm
from planning.models import RotationItem
from planning.rules.law import LAW
from planning.rules.rotation import evaluations_due
from planning.services.reading import log_seen
from planning.services.rotation.course import (
    drop_evaluation,
    end_item,
    evaluate,
    link_decision,
    reopen_item,
    unlink_decision,
)
from planning.statistics.rotation import basis_of
from planning.statistics.rotation_course import (
    Clock,
    clocks,
    decisions_found,
    decisions_of,
    kept_allowance,
    own_benefits,
)
from planning.views.rotation.opening import ItemActScreen, ItemScreen, ShownItem, shown_items


@dataclass(frozen=True)
class ShownEvaluation:
    """What the receiving unit said of a year, or that it has said nothing yet."""

    year: int
    level: str = ""
    text: str = ""
    is_final: bool = False

    @property
    def is_there(self) -> bool:
        """Whether it was entered."""
        return bool(self.text)


class ItemPage(ItemScreen):
    """One rotation."""

    template_name = "planning/rotation_item.html"

    @cached_property
    def shown(self) -> ShownItem:
        """The rotation with person, places and verdict."""
        return shown_items([self.item], user=self.reader, day=self.day)[0]

    @cached_property
    def clock(self) -> Clock | None:
        """When it began and is to end."""
        return clocks([self.item], self.day).get(self.item.pk)

    @cached_property
    def found(self) -> Decision | None:
        """The decision of the register that carries it out and is not linked yet, where the reader may see it."""
        found = decisions_found([self.item]).get(self.item.pk) if self.manages else None
        seen = found is not None and Decision.objects.visible_to(self.reader).filter(pk=found.pk).exists()
        return found if seen else None

    def get_title(self) -> str:
        """Who."""
        return self.item.cadre.full_name

    def get_lead(self) -> str:
        """From where to where."""
        return f"{self.shown.from_place} → {self.item.title.name}, {self.shown.to_place}"

    def get_actions(self) -> Sequence[Button]:
        """What may be done in this state, the next step last."""
        item, buttons = self.item, []
        if self.manages and item.state == RotationState.PROPOSED and item.plan.is_open:
            buttons += [
                self._button("Đưa ra", "rotation-item-drop", "user-minus", harm=True),
                self._button("Sửa", "rotation-item-change", "pencil", main=True),
            ]
        elif self.manages and item.state == RotationState.APPROVED:
            buttons += [
                self._button("Không thực hiện", "rotation-item-drop", "x", harm=True),
                self._button("Gắn quyết định trong sổ", "rotation-link", "link"),
            ]
            if url := self.draft_url():
                buttons.append(Button(label="Lập quyết định", url=url, icon="file-plus", main=True))
        elif item.state == RotationState.DECIDED:
            if self.receives:
                buttons.append(self._button("Ghi nhận xét năm", "rotation-evaluate", "pencil"))
            if self.manages:
                buttons.append(self._button("Ghi kết thúc", "rotation-end", "flag", main=True))
        elif item.state == RotationState.ENDED and self.manages:
            buttons.append(self._button("Bỏ ghi kết thúc", "rotation-reopen", "undo-2"))
        return buttons

    def _button(self, words: str, view: str, icon: str, **more: Any) -> Button:
        return Button(label=words, url=reverse(f"planning:{view}", args=[self.item.pk]), icon=icon, **more)

    @cached_property
    def may_decide(self) -> bool:
        """Whether the reader draws up decisions about the person."""
        if scope_of(self.reader, Action.DECIDE).is_empty:
            return False
        people = Cadre.objects.visible_to(self.reader, Action.DECIDE)
        return people.manageable_by(self.reader, Action.DECIDE, self.day).filter(pk=self.item.cadre_id).exists()

    def draft_url(self) -> str:
        """The form of the decision with the person and everything that the plan says; empty for who draws up none."""
        if not self.may_decide:
            return ""
        item = self.item
        return with_query(
            reverse("personnel:decision-create"),
            kind="rotation",
            cadre=item.cadre_id,
            effective_on=format_date(item.begins_on) if item.begins_on else None,
            **{
                "t-unit": f"{self._short(item.to_unit_id)} ({item.to_unit.code})",
                "t-title": _written(item.title),
                "t-term_ends_on": format_date(item.ends_on) if item.ends_on else None,
                "t-is_for_non_local_or_two_terms": "1" if item.purpose in TERM_IS_ENOUGH else None,
                "t-has_written_wish": "1" if item.has_written_wish else None,
            },
        )

    def end_url(self) -> str:
        """The form of the decision that ends it."""
        if not (self.may_decide and self.item.state == RotationState.DECIDED and self.manages):
            return ""
        ends = self.clock.ends_on if self.clock is not None else None
        return with_query(
            reverse("personnel:decision-create"),
            kind="rotation_end",
            cadre=self.item.cadre_id,
            effective_on=format_date(ends) if ends else None,
        )

    def _short(self, unit_id: int) -> str:
        return UnitNames.read([unit_id]).short(unit_id, self.day)

    def facts(self) -> list[Fact]:
        """What the plan says."""
        item, plan = self.item, self.item.plan
        return [
            Fact("Kế hoạch", plan.name, url=reverse("planning:rotation-detail", args=[plan.pk])),
            Fact("Mục đích", item.get_purpose_display()),
            Fact("Hướng", item.get_direction_display()),
            Fact("Chức vụ nơi đi", item.from_post or None, self.shown.from_place),
            Fact("Chức vụ nơi đến", item.title.name, self.shown.to_place),
            Fact("Dự kiến từ ngày", item.begins_on),
            Fact("Dự kiến đến ngày", item.ends_on),
            Fact("Lý do", item.reason or None, wide=True),
        ]

    def benefit_lines(self) -> list[FindingLine]:
        """The allowance that is kept, by the law."""
        kept = kept_allowance(self.item, self.clock, self.day)
        return [line_of(kept.finding, self.day)]

    def clock_facts(self) -> list[Fact]:
        """The clock as facts: began, may end from, is to end, what is left."""
        clock = self.clock
        if clock is None:
            return []
        least = clock.least_until
        facts = [
            Fact("Bắt đầu", clock.began_on),
            Fact("Đủ thời gian tối thiểu từ", least, cited(PERSONNEL_LAW["mobility/rotation_months"], clock.began_on)),
            Fact("Hết thời gian theo quyết định", clock.ends_on, self._remaining(clock)),
        ]
        if self.item.state == RotationState.ENDED:
            facts.append(Fact("Kết thúc", self.item.ended_on, self.item.get_outcome_kind_display()))
        return facts

    def _remaining(self, clock: Clock) -> str:
        if clock.ends_on is None or self.item.state != RotationState.DECIDED:
            return ""
        days = (clock.ends_on - self.day).days
        return f"đã hết {number_text(-days)} ngày" if days <= 0 else f"còn {number_text(days)} ngày"

    def evaluations(self) -> list[ShownEvaluation]:
        """Year by year, what was said and what is still to be said."""
        labels = dict(LevelChoice.choices)
        said = {
            one["year"]: ShownEvaluation(one["year"], str(labels.get(one["level"], "")), one["text"], one["is_final"])
            for one in self.item.evaluations
        }
        clock = self.clock
        due = (
            evaluations_due(begins_on=clock.began_on, ends_on=self.item.ended_on or clock.ends_on, day=self.day)
            if clock is not None
            else []
        )
        return [said.get(year) or ShownEvaluation(year) for year in sorted({*due, *said}, reverse=True)]

    def context(self, **extra: Any) -> dict[str, Any]:
        """Everything; the reading is logged."""
        item = self.item
        log_seen(user=self.reader, people=[item.cadre_id], what="Trường hợp luân chuyển", day=self.day)
        linked = item.decision
        seen = set(
            Decision.objects.visible_to(self.reader)
            .filter(pk__in=[pk for pk in (item.decision_id, item.end_decision_id) if pk])
            .values_list("pk", flat=True)
        )
        return super().context(
            item=item,
            shown=self.shown,
            facts=self.facts(),
            confirmed=self._confirmed(),
            clock_facts=self.clock_facts(),
            evaluations=self.evaluations() if item.state in CARRIED_OUT else [],
            evaluation_law=cited(LAW["rotation/evaluation"], self.day),
            may_evaluate=self.receives and item.state in CARRIED_OUT,
            benefits=self.benefit_lines(),
            own_benefits=[(rule.text, basis_of(rule)) for rule in own_benefits(item.begins_on or self.day)],
            found=self.found,
            is_annulled=linked is not None and linked.state != DecisionState.SIGNED,
            open_decisions=seen,
            manages=self.manages,
            may_override=self.manages and item.plan.is_open and item.state == RotationState.PROPOSED,
            end_url=self.end_url(),
            staying_law=cited(LAW["rotation/staying"], self.day) if item.outcome_kind == RotationOutcome.STAY else "",
            **extra,
        )

    def _confirmed(self) -> list[tuple[str, str]]:
        """What the officer confirmed, in words."""
        item = self.item
        local = {True: "có", False: "không"}.get(item.is_local, "chưa rõ")  # type: ignore[arg-type]
        told = [
            (
                "Không bị xem xét kỷ luật, điều tra, truy tố, xét xử",
                "đã xác nhận" if item.is_clear else "chưa xác nhận",
            ),
            (
                "Không điều trị bệnh, học dài hạn, hoàn cảnh khó khăn",
                "đã xác nhận" if item.is_movable else "chưa xác nhận",
            ),
            ("Là người địa phương nơi đến", local),
        ]
        if item.has_written_wish:
            told.append(("Đơn tự nguyện", "có"))
        if item.is_extra:
            told.append(("Bố trí tăng thêm chức danh", "có"))
        return told


def _written(title: Title) -> str:
    """A title as the form of decisions writes it: with its code where the name is not its alone."""
    return f"{title.name} ({title.code})" if Title.objects.filter(name=title.name).count() > 1 else title.name


class DecisionLink(ItemActScreen):
    """Choose the decision of the register that carried it out."""

    title = "Gắn quyết định luân chuyển"
    form_class: ClassVar[type[forms.BaseForm]] = DecisionForm
    submit_label, success_text = "Gắn quyết định", "Đã gắn quyết định."

    def is_possible(self) -> bool:
        """Of an approved rotation without a decision."""
        return self.item.state == RotationState.APPROVED

    def get_form_kwargs(self) -> dict[str, Any]:
        """Signed decisions of rotation about the person that the reader sees."""
        return {"decisions": decisions_of(self.item, self.reader)}

    def get_initial(self) -> dict[str, Any]:
        """The one that fits the plan."""
        found = decisions_found([self.item]).get(self.item.pk)
        return {"decision": found.pk if found is not None else None}

    def get_lead(self) -> str:
        """What is offered."""
        return f"{super().get_lead()} · các quyết định luân chuyển đã ký có tên người này"

    def get_version(self) -> None:
        """The state under the lock decides."""
        return None

    def write(self, form: Any) -> RotationItem:
        """Link it."""
        return link_decision(item=self.item, decision=form.cleaned_data["decision"], acting_user=self.reader)


class DecisionUnlink(ItemActScreen, ActionScreen):
    """Take the decision off again."""

    title, submit_label, success_text = "Bỏ gắn quyết định", "Bỏ gắn", "Đã bỏ gắn quyết định."
    form_class: ClassVar[type[forms.BaseForm]] = ReasonForm

    def is_possible(self) -> bool:
        """Of a running rotation."""
        return self.item.state == RotationState.DECIDED

    def get_question(self) -> str:
        """Which."""
        return f"Bỏ gắn {self.item.decision} khỏi trường hợp luân chuyển của {self.item.cadre.full_name}?"

    def get_consequences(self) -> Sequence[str]:
        """What follows."""
        return ["Trường hợp trở lại «Đã duyệt»; quyết định trong sổ và hồ sơ không đổi."]

    def get_version(self) -> None:
        """The state under the lock decides."""
        return None

    def write(self, form: Any) -> RotationItem:
        """Take it off."""
        return unlink_decision(item=self.item, reason=form.cleaned_data["reason"], acting_user=self.reader)


class Evaluate(ItemActScreen):
    """What the receiving unit says of a year."""

    title = "Nhận xét, đánh giá hằng năm"
    form_class: ClassVar[type[forms.BaseForm]] = EvaluationForm
    success_text = "Đã ghi nhận xét."

    def is_led(self) -> bool:
        """The receiving unit's."""
        return self.receives

    def is_possible(self) -> bool:
        """Of a rotation that was carried out."""
        return self.item.state in CARRIED_OUT

    def get_initial(self) -> dict[str, Any]:
        """What was said of the year, else of the first year of which nothing was."""
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and len(asked) == 4 else self._first_open()
        said: dict[str, Any] = next((one for one in self.item.evaluations if one["year"] == year), {})
        return {"year": year, **{key: said.get(key) for key in ("level", "text", "is_final")}}

    def _first_open(self) -> int:
        clock = clocks([self.item], self.day).get(self.item.pk)
        said = {one["year"] for one in self.item.evaluations}
        due = evaluations_due(begins_on=clock.began_on, ends_on=clock.ends_on, day=self.day) if clock else []
        return next((year for year in due if year not in said), self.day.year)

    def write(self, form: Any) -> RotationItem:
        """Keep it."""
        return evaluate(item=self.item, values=form.cleaned_data, version=self.version_shown, acting_user=self.reader)


class EvaluationDrop(ItemActScreen, ActionScreen):
    """Take an evaluation back."""

    title, submit_label, success_text = "Bỏ nhận xét", "Bỏ nhận xét", "Đã bỏ nhận xét."
    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = ReasonForm

    def is_led(self) -> bool:
        """The receiving unit's."""
        return self.receives

    def is_possible(self) -> bool:
        """Of a year of which something was said."""
        return any(one["year"] == self.kwargs["year"] for one in self.item.evaluations)

    def get_question(self) -> str:
        """Which."""
        return f"Bỏ nhận xét năm {self.kwargs['year']} về {self.item.cadre.full_name}?"

    def get_version(self) -> None:
        """The row under the lock decides."""
        return None

    def write(self, form: Any) -> RotationItem:
        """Take it back."""
        return drop_evaluation(
            item=self.item, year=self.kwargs["year"], reason=form.cleaned_data["reason"], acting_user=self.reader
        )


class ItemEnd(ItemActScreen):
    """End a rotation."""

    title = "Ghi kết thúc luân chuyển"
    form_class: ClassVar[type[forms.BaseForm]] = EndForm
    submit_label, success_text = "Ghi kết thúc", "Đã ghi kết thúc luân chuyển."

    def is_possible(self) -> bool:
        """Of a running one."""
        return self.item.state == RotationState.DECIDED

    @cached_property
    def ending(self) -> Any:
        """Decisions of the register that may have ended it."""
        return decisions_of(self.item, self.reader, is_end=True)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The decisions to choose from."""
        return {"decisions": self.ending}

    def get_initial(self) -> dict[str, Any]:
        """The first decision after it, else the end that the decision of rotation names."""
        found = self.ending.first()
        if found is not None:
            kind = RotationOutcome.APPOINTED if found.kind.code != "x-ket-thuc-luan-chuyen" else RotationOutcome.RETURN
            return {"ended_on": found.effective_on, "decision": found.pk, "outcome_kind": kind}
        clock = clocks([self.item], self.day).get(self.item.pk)
        ends = clock.ends_on if clock is not None else None
        return {"ended_on": min(filter(None, (ends, timezone.localdate())))}

    def get_lead(self) -> str:
        """With what the law says of staying."""
        return f"{super().get_lead()} · giữ lại lâu dài tại nơi đến thì {LAW['rotation/staying'].values[-1].value}"

    def write(self, form: Any) -> RotationItem:
        """End it."""
        values = dict(form.cleaned_data)
        decision = values.pop("decision")
        return end_item(
            item=self.item, values=values, decision=decision, version=self.version_shown, acting_user=self.reader
        )


class ItemReopen(ItemActScreen, ActionScreen):
    """Take an end back."""

    title, submit_label, success_text = "Bỏ ghi kết thúc", "Bỏ ghi kết thúc", "Đã bỏ ghi kết thúc."
    form_class: ClassVar[type[forms.BaseForm]] = ReasonForm

    def is_possible(self) -> bool:
        """Of one that is over."""
        return self.item.state == RotationState.ENDED

    def get_question(self) -> str:
        """Whose."""
        return f"Bỏ ghi kết thúc luân chuyển của {self.item.cadre.full_name}?"

    def get_consequences(self) -> Sequence[str]:
        """What follows."""
        return ["Trường hợp trở lại đang luân chuyển; hồ sơ và sổ quyết định không đổi."]

    def get_version(self) -> None:
        """The state under the lock decides."""
        return None

    def write(self, form: Any) -> RotationItem:
        """Take it back."""
        return reopen_item(item=self.item, reason=form.cleaned_data["reason"], acting_user=self.reader)
