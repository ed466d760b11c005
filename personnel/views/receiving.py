"""Receiving requests (đề nghị tiếp nhận): the asking unit's list and the deciding level's, one page for both."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from hrdb.kernel.accounts import reader
from hrdb.kernel.models import User
from hrdb.kernel.screens import (
    Action,
    ActionScreen,
    Column,
    Crumb,
    DetailScreen,
    Empty,
    FormScreen,
    HomeCard,
    ListScreen,
    Screen,
    home_cards,
)
from hrdb.kernel.screens.pieces import Fact
from hrdb.kernel.templatetags.hr_screens import label
from personnel.choices import ReceivingState
from personnel.filters.access import ReceivingFilters
from personnel.forms.access import AcceptForm, AskForm, RefuseForm
from personnel.models import Cadre, Custody, ReceivingRequest
from personnel.models.access import unit_name
from personnel.models.scope import has_role
from personnel.policies import Action as Act
from personnel.policies import roles_allowing
from personnel.services import receiving
from personnel.services.errors import ServiceRefusal

TONES = {ReceivingState.PENDING: "warn", ReceivingState.ACCEPTED: "good", ReceivingState.REFUSED: "bad"}
ICONS = {ReceivingState.PENDING: "clock-3", ReceivingState.ACCEPTED: "check", ReceivingState.REFUSED: "x"}


def writes_records(user: User) -> bool:
    """Whether the user writes records anywhere: only such users ask or decide."""
    return has_role(user, *roles_allowing(Act.EDIT))


def requests_for(user: User) -> QuerySet[Any]:
    """Requests of the user's own units and those that are his to decide."""
    everything = ReceivingRequest.objects
    return everything.filter(
        Q(pk__in=everything.asked_from(user).values("pk")) | Q(pk__in=everything.decided_by(user).values("pk"))
    ).with_unit_name()


#: What a roster tells of the row that asks, in words.
OF_ROSTER: Final = {"file": "Danh sách", "sheet": "Trang tính", "row": "Dòng"}


def waiting_count(request: HttpRequest) -> int:
    """How many requests wait for this user's decision."""
    user = reader(request)
    if not receiving.may_decide(user):
        return 0
    return ReceivingRequest.objects.waiting().decided_by(user).count()


@home_cards.register
class WaitingCard(HomeCard):
    """Requests that wait for the reader's decision, on the home page."""

    key, title, place, order = "receiving", "Đề nghị tiếp nhận", "side", 20
    template_name = "personnel/access/waiting_card.html"

    def is_shown(self) -> bool:
        """For who decides, when something waits."""
        return self.count > 0

    @cached_property
    def count(self) -> int:
        """How many wait."""
        return waiting_count(self.request)

    def context(self) -> dict[str, Any]:
        """The number."""
        return {"count": self.count}


class ReceivingScreen(Screen):
    """A page for those who write records."""

    def may_open(self) -> bool:
        """Who writes records."""
        return writes_records(reader(self.request))

    def get_crumbs(self) -> Sequence[Crumb]:
        """Below the list."""
        return (Crumb("Đề nghị tiếp nhận", reverse("personnel:receiving-list")),)


class ReceivingList(ReceivingScreen, ListScreen):
    """Requests, those that wait first."""

    title = "Đề nghị tiếp nhận"
    noun = "đề nghị"
    filter_class = ReceivingFilters
    default_sort = "-asked"
    empty = Empty(
        title="Chưa có đề nghị nào",
        text="Khi một người có thể đang do nơi khác quản lý hồ sơ, đơn vị gửi đề nghị để cấp tỉnh xử lý.",
        icon="user-plus",
    )
    columns = (
        Column(
            key="name",
            label="Họ và tên",
            value="full_name",
            second="personal_number",
            second_label="Số định danh",
            link=lambda row: reverse("personnel:receiving-detail", args=[row.pk]),
            sort="full_name",
            fixed=True,
        ),
        Column(key="unit", label="Đơn vị tiếp nhận", value="unit_name"),
        Column(key="asked", label="Đề nghị lúc", value="asked_on", second="asked_by", sort="asked_on"),
        Column(
            key="state",
            label="Trạng thái",
            value=lambda row: row.get_state_display(),
            render=lambda row: label(row.get_state_display(), TONES[row.state], ICONS[row.state]),
            sort="state",
        ),
        Column(key="answer", label="Ý kiến", wide=True),
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The reader's requests."""
        return requests_for(reader(request))

    def get_actions(self) -> Sequence[Action]:
        """Ask for one more person."""
        return (Action(label="Gửi đề nghị", url=reverse("personnel:receiving-ask"), icon="user-plus", main=True),)

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list itself is the top."""
        return ()


class ReceivingPage(ReceivingScreen, DetailScreen):
    """One request; the level that decides also sees the record that it is about, when it lies in its scope."""

    template_name = "personnel/access/receiving.html"

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The reader's requests."""
        return requests_for(reader(request))

    def get_title(self) -> str:
        """The person's name as the unit wrote it."""
        return str(self.record.full_name)

    def may_decide(self) -> bool:
        """Whether the reader decides this request now."""
        waits = self.record.state == ReceivingState.PENDING
        return waits and ReceivingRequest.objects.decided_by(reader(self.request)).filter(pk=self.record.pk).exists()

    def get_actions(self) -> Sequence[Action]:
        """Refuse or agree."""
        if not self.may_decide():
            return ()
        where = [self.record.pk]
        return (
            Action(label="Không đồng ý", url=reverse("personnel:receiving-refuse", args=where), icon="x"),
            Action(label="Đồng ý", url=reverse("personnel:receiving-accept", args=where), icon="check", main=True),
        )

    def context(self, **extra: Any) -> dict[str, Any]:
        """The request, and the record where the reader may know it."""
        row, user = self.record, reader(self.request)
        found = receiving.found_record(row, user) if self.may_decide() or row.cadre_id else None
        return (
            super().context(
                state=row.get_state_display(),
                tone=TONES[row.state],
                state_icon=ICONS[row.state],
                facts=[
                    Fact("Số định danh cá nhân", row.personal_number),
                    Fact("Đơn vị tiếp nhận", row.unit_name),
                    Fact("Người đề nghị", row.asked_by),
                    Fact("Thời điểm", row.asked_on),
                ],
                details=[
                    Fact(OF_ROSTER.get(key, str(key)), value)
                    for key, value in row.details.items()
                    if not isinstance(value, list | dict)
                ],
                found=found,
                found_facts=_record_facts(found) if found else [],
                found_url=record_url(found),
                may_decide=self.may_decide(),
            )
            | extra
        )


def _record_facts(cadre: Cadre) -> list[Fact]:
    """What tells the deciding level whether it is the same person, and who keeps the record."""
    custody = Custody.objects.filter(cadre=cadre).in_force(timezone.localdate())
    kept = custody.annotate(kept_by=unit_name()).values_list("kept_by", flat=True).first()
    return [
        Fact("Họ và tên", cadre.full_name),
        Fact("Ngày sinh", cadre.born),
        Fact("Giới tính", cadre.get_sex_display() if cadre.sex else ""),
        Fact("Đang quản lý hồ sơ", kept),
    ]


def record_url(cadre: Cadre | None) -> str:
    """The page of a record, where there is one."""
    if cadre is None:
        return ""
    try:
        return reverse("personnel:cadre-detail", args=[cadre.pk])
    except NoReverseMatch:
        return ""


class ReceivingAsk(ReceivingScreen, FormScreen):
    """Ask to receive a person."""

    title = "Gửi đề nghị tiếp nhận"
    lead = "Cấp tỉnh xem xét; khi được đồng ý, đơn vị gửi lại danh sách hoặc cập nhật hồ sơ."
    submit_label = "Gửi đề nghị"
    success_text = "Đã gửi đề nghị tiếp nhận."
    form_class = AskForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """In whose name units are looked up."""
        return {"user": reader(self.request), "day": timezone.localdate()}

    def get_success_url(self, result: ReceivingRequest) -> str:
        """To the request."""
        return reverse("personnel:receiving-detail", args=[result.pk])

    def save(self, form: AskForm) -> ReceivingRequest:
        """Ask."""
        cleaned = form.cleaned_data
        return receiving.ask(
            unit=cleaned["unit"],
            personal_number=cleaned["personal_number"],
            full_name=cleaned["full_name"],
            details={"Nội dung đề nghị": cleaned["note"]} if cleaned["note"] else {},
            acting_user=reader(self.request),
        )


class ReceivingDecision(ReceivingScreen, ActionScreen):
    """A decision on a waiting request."""

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Waiting requests that are the reader's to decide."""
        return ReceivingRequest.objects.waiting().decided_by(reader(request)).with_unit_name()

    def get_success_url(self, result: ReceivingRequest) -> str:
        """Back to the request."""
        return reverse("personnel:receiving-detail", args=[self.record.pk])

    def get_cancel_url(self) -> str:
        """Back to the request."""
        return reverse("personnel:receiving-detail", args=[self.record.pk])


class ReceivingAccept(ReceivingDecision):
    """Agree: the record passes to the asking unit."""

    title = "Đồng ý tiếp nhận"
    submit_label = "Đồng ý"
    success_text = "Đã đồng ý; đơn vị có thể gửi lại danh sách."
    form_class = AcceptForm

    def get_question(self) -> str:
        """Whom, where."""
        return f"Đồng ý để {self.record.unit_name} tiếp nhận {self.record.full_name}?"

    def get_consequences(self) -> Sequence[str]:
        """What happens."""
        if receiving.found_record(self.record, reader(self.request)) is None:
            return ("Chưa có hồ sơ mang số định danh này trong phạm vi: đơn vị gửi lại danh sách thì hồ sơ được lập.",)
        return (
            "Hồ sơ chuyển về đơn vị tiếp nhận từ ngày ghi dưới đây; đơn vị đang quản lý không sửa được nữa.",
            "Quá trình công tác, lương và các phần khác giữ nguyên cho đến khi đơn vị mới cập nhật.",
        )

    def save(self, form: AcceptForm) -> ReceivingRequest:
        """Agree; a refusal of the service stands above the form."""
        try:
            return receiving.accept(
                request=self.record,
                day=form.cleaned_data["day"],
                answer=form.cleaned_data["answer"],
                acting_user=reader(self.request),
            )
        except ServiceRefusal as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal


class ReceivingRefuse(ReceivingDecision):
    """Refuse, with a sentence for the unit."""

    title = "Không đồng ý tiếp nhận"
    submit_label = "Không đồng ý"
    success_text = "Đã trả lời đơn vị."
    is_destructive = True
    form_class = RefuseForm

    def get_question(self) -> str:
        """Whom, where."""
        return f"Không đồng ý để {self.record.unit_name} tiếp nhận {self.record.full_name}?"

    def save(self, form: RefuseForm) -> ReceivingRequest:
        """Refuse."""
        return receiving.refuse(
            request=self.record, answer=form.cleaned_data["answer"], acting_user=reader(self.request)
        )
