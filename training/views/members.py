"""Members of a class: the list, sending people by page and by sheet, taking a name back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hrdb.kernel.findings import Finding
from hrdb.kernel.keys import typed_keys
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Column, Empty, ListScreen
from hrdb.kernel.screens.exports import XLSX, ExportFile
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from hrdb.kernel.templatetags.hr_screens import label
from personnel.services.errors import ServiceRefusal
from personnel.services.reading import log_export
from personnel.views.decisions.checked import rule_label
from personnel.views.record_forms import ServiceFormScreen
from planning.statistics.names import unit_names
from planning.views.lines import ShownPerson, shown_people
from training.choices import MemberState, NeedState
from training.exports.classes import nomination_sheet
from training.filters.classes import MemberFilters, SendFilters
from training.forms.classes import NominationSheetForm, WithdrawForm
from training.imports.classes import LARGEST, read_nominations
from training.models import ClassMember
from training.models.scope import may_train, trained_by
from training.rules.admission import admit
from training.services.nominations import may_withdraw, nominate, refusal_to_nominate, withdraw
from training.services.reading import log_seen
from training.statistics.applying import applicants, conditions_of
from training.statistics.needs import needs_for
from training.views.class_opening import ClassScreen, MemberScreen, OpenSenderScreen, SenderScreen, member_label

#: People who are sent at once from the page.
MOST_SENT = 200
MOST_FAULTS = 200


@dataclass
class ShownMember:
    """A member as a row shows him."""

    member: ClassMember
    person: ShownPerson
    unit: str
    may_withdraw: bool

    @property
    def pk(self) -> int:
        """The member's id."""
        return self.member.pk


def _acts(row: ShownMember) -> SafeString:
    if not row.may_withdraw:
        return SafeString("")
    return format_html('<a href="{}">Rút</a>', reverse("training:member-withdraw", args=[row.pk]))


class MemberList(ClassScreen, ListScreen):
    """The members of a class whom the reader sees."""

    part = "members"
    title = "Học viên"
    noun = "người"
    template_name = "training/class_list.html"
    default_sort = "name"
    export_name = "hoc-vien"
    filter_class = MemberFilters
    columns = (
        Column(
            key="name",
            label="Họ và tên",
            value="member.cadre.full_name",
            second="person.post",
            second_label="Chức vụ, đơn vị",
            link=lambda row: row.person.url,
            sort=("cadre__sort_key",),
            fixed=True,
            wide=True,
        ),
        Column(key="born", label="Ngày sinh", value="person.born", align="right"),
        Column(key="sex", label="Giới tính", value="member.cadre.get_sex_display", hidden=True),
        Column(key="levels", label="Trình độ", value="person.levels", wide=True, hidden=True),
        Column(key="unit", label="Đơn vị cử", value="unit", sort="unit__code", wide=True),
        Column(
            key="state",
            label="Trạng thái",
            value="member.get_state_display",
            render=lambda row: member_label(row.member),
            sort="state",
        ),
        Column(key="why", label="Lý do", value="member.reason", wide=True),
        Column(key="score", label="Điểm", value="member.score", sort="score", align="right", hidden=True),
        Column(key="grade", label="Xếp loại", value="member.grade", hidden=True),
        Column(key="certificate", label="Số chứng chỉ", value="member.certificate_number", hidden=True),
        Column(key="acts", label="Việc", value=lambda row: "", render=_acts, export=False),
    )
    empty = Empty(
        title="Chưa có ai trong phạm vi của bạn được cử",
        text="Khi lớp mở cử người, chọn người để cử hoặc gửi danh sách bằng tệp.",
        icon="users",
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Members in scope."""
        return self.members()

    def with_details(self, rows: QuerySet[Any]) -> Iterable[Any]:
        """Members with posts and units; who is shown is logged."""
        listed = list(rows)
        today = timezone.localdate()
        ids = [row.cadre_id for row in listed]
        people = shown_people(ids, self.day)
        units = unit_names([row.unit_id for row in listed], self.day)
        what = f"Học viên lớp {self.training_class.name}"
        if self.is_export_asked():
            log_export(user=self.reader, people=ids, what=what, day=self.day)
        else:
            log_seen(user=self.reader, people=ids, what=what, day=self.day)
        mine = may_train(self.reader)
        return [
            ShownMember(
                row,
                people[row.cadre_id],
                units.get(row.unit_id, ""),
                mine and may_withdraw(self.reader, self.training_class, row, today),
            )
            for row in listed
        ]

    def get_title(self) -> str:
        """Of which class."""
        return f"Học viên: {self.training_class.name}"

    def get_actions(self) -> Sequence[Button]:
        """Sending people while the class is open to this reader."""
        pk = self.training_class.pk
        if not may_train(self.reader) or refusal_to_nominate(self.reader, self.training_class, timezone.localdate()):
            return ()
        return (
            Button(label="Cử bằng tệp", url=reverse("training:member-import", args=[pk]), icon="file-up"),
            Button(label="Cử người", url=reverse("training:member-send", args=[pk]), icon="user-plus", main=True),
        )

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The list as a workbook; `with_details` logs it."""
        return super().export(columns, rows)


@dataclass
class FoundPerson:
    """Somebody who may be sent, as a row shows him."""

    person: ShownPerson
    findings: list[Finding]
    need: str
    is_on_list: bool

    @property
    def pk(self) -> int:
        """The id of the record."""
        return self.person.cadre.pk

    @property
    def verdict(self) -> str:
        """The conditions of admission in a word."""
        outcomes = {found.outcome for found in self.findings}
        return "Không đạt" if "not_met" in outcomes else "Chưa rõ" if "unknown" in outcomes else "Đạt"

    @property
    def tone(self) -> str:
        """Its tone."""
        return {"Không đạt": "bad", "Chưa rõ": "", "Đạt": "good"}[self.verdict]

    @property
    def why(self) -> str:
        """What is not met, else what is not known."""
        for outcome in ("not_met", "unknown"):
            named = [rule_label(one.rule) for one in self.findings if one.outcome == outcome]
            if named:
                return "; ".join(named)
        return ""


def _box(row: FoundPerson) -> SafeString:
    """The box that marks a person, and the way to his profile."""
    name = row.person.cadre.full_name
    mark = label("đã trong danh sách", "act") if row.is_on_list else ""
    box = (
        SafeString("")
        if row.is_on_list
        else format_html('<input type="checkbox" name="people" value="{}" aria-label="Chọn {}">', row.pk, name)
    )
    link = format_html('<a href="{}">{}</a>', row.person.url, name)
    post = row.person.post
    return format_html(
        '<span class="pick">{}<span>{} {}<span class="sub">{}</span></span></span>', box, link, mark, post
    )


class MemberSend(OpenSenderScreen, ListScreen):
    """People of the reader's scope, with the conditions of admission; who is marked is sent."""

    part = "members"
    noun = "người"
    template_name = "training/send.html"
    fragments = {"list": "training/send_results.html"}
    default_sort = "name"
    filter_class = SendFilters
    columns = (
        Column(
            key="name",
            label="Họ và tên, chức vụ",
            value="person.cadre.full_name",
            render=_box,
            sort=("sort_key",),
            fixed=True,
            wide=True,
        ),
        Column(key="born", label="Ngày sinh", value="person.born", align="right"),
        Column(key="levels", label="Trình độ", value="person.levels", wide=True),
        Column(key="need", label="Nhu cầu", value="need"),
        Column(
            key="verdict",
            label="Điều kiện dự học",
            value="verdict",
            render=lambda row: label(row.verdict, row.tone),
        ),
        Column(key="why", label="Vì sao", value="why", wide=True),
    )
    empty = Empty(title="Không có ai trong phạm vi được giao", icon="users")

    def get_title(self) -> str:
        """To which class."""
        return f"Cử người dự lớp {self.training_class.name}"

    def lead_for(self, count: str) -> str:
        """How many, until when."""
        one = self.training_class
        deadline = f" · hạn cử {one.nominate_by:%d/%m/%Y}" if one.nominate_by else ""
        return f"{count} người trong phạm vi được giao · {number_text(one.capacity)} chỗ{deadline}"

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Whom the reader may send, of those who work."""
        return trained_by(self.reader).present_on(timezone.localdate())

    def with_details(self, rows: QuerySet[Any]) -> Iterable[Any]:
        """People with conditions and needs; who is shown is logged."""
        ids = [row.pk for row in rows]
        one, today = self.training_class, timezone.localdate()
        day = one.begins_on or today
        people = shown_people(ids, today)
        conditions = conditions_of([one.programme], day)[one.programme_id]
        facts = applicants(ids, today, self.reader)
        states: dict[int, str] = {}
        if ids:
            needs = needs_for(one.programme, trained_by(self.reader).filter(pk__in=ids), today, reader=self.reader)
            states = dict(zip(needs["cadre_id"], needs["state"], strict=True))
        there = set(
            ClassMember.objects.filter(training_class=one, cadre_id__in=ids)
            .exclude(state=MemberState.WITHDRAWN)
            .values_list("cadre_id", flat=True)
        )
        log_seen(user=self.reader, people=ids, what=self.get_title(), day=self.day)
        return [
            FoundPerson(
                people[pk],
                admit(facts[pk], conditions, day),
                str(NeedState(states[pk]).label) if pk in states else "—",
                pk in there,
            )
            for pk in ids
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send who is marked; who is not the reader's own is 404."""
        ids = list(dict.fromkeys(typed_keys(request.POST.getlist("people"))))
        if not ids:
            messages.warning(request, "Hãy đánh dấu người cần cử.")
            return HttpResponseRedirect(self.link(request.get_full_path()))
        if len(ids) > MOST_SENT:
            messages.warning(request, f"Mỗi lần cử nhiều nhất {MOST_SENT} người; hãy cử bằng tệp.")
            return HttpResponseRedirect(self.link(request.get_full_path()))
        people = list(trained_by(self.reader).filter(pk__in=ids))
        if len(people) != len(ids):
            raise Http404
        try:
            sent = nominate(
                training_class=self.training_class,
                people=people,
                day=timezone.localdate(),
                acting_user=self.reader,
            )
        except ServiceRefusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"Đã cử {number_text(len(sent))} người.")
        return HttpResponseRedirect(self.link(reverse("training:member-list", args=[self.training_class.pk])))

    def context(self, **extra: Any) -> dict[str, Any]:
        """With the programme, whose conditions are asked."""
        return super().context(programme=self.training_class.programme, **extra)


class MemberSheet(SenderScreen):
    """The empty list of people to send."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it, logged."""
        what = f"Bảng cử người dự lớp {self.training_class.name}"
        log_export(user=self.reader, people=(), what=what, day=self.day)
        headers = {"Content-Disposition": 'attachment; filename="cu-nguoi.xlsx"'}
        return HttpResponse(nomination_sheet(self.training_class), content_type=XLSX, headers=headers)


class MemberImport(OpenSenderScreen, ServiceFormScreen):
    """A list of people with personal numbers: all or nothing, every fault by its cell."""

    part = "members"
    template_name = "training/sheet_import.html"
    form_class: ClassVar[type[forms.BaseForm]] = NominationSheetForm
    submit_label = "Kiểm tra và cử"

    def get_title(self) -> str:
        """To which class."""
        return f"Cử người bằng tệp: {self.training_class.name}"

    def get_lead(self) -> str:
        """How."""
        return "Tải bảng, điền số định danh cá nhân của từng người, rồi gửi lại; sai một dòng thì chưa ghi dòng nào."

    def save(self, form: Any) -> Any:
        """Read, and write when nothing is wrong."""
        try:
            read = read_nominations(form.cleaned_data["file"].read(LARGEST), user=self.reader)
        except UnreadableFile as error:
            raise ValidationError({"file": str(error)}) from error
        if read.faults:
            return self.refuse(form, faults=read.faults[:MOST_FAULTS], fault_total=len(read.faults))
        self.read = read
        return super().save(form)

    def write(self, form: Any) -> list[ClassMember]:
        """Send them."""
        return nominate(
            training_class=self.training_class,
            people=self.read.people,
            notes=self.read.notes,
            day=timezone.localdate(),
            acting_user=self.reader,
        )

    def get_success_text(self, result: Any) -> str:
        """How many."""
        there = len(self.read.people) - len(result)
        more = f"; {number_text(there)} người đã có trong danh sách" if there else ""
        return f"Đã cử {number_text(len(result))} người{more}."

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("training:member-list", args=[self.training_class.pk])

    def get_cancel_url(self) -> str:
        """The list."""
        return reverse("training:member-list", args=[self.training_class.pk])

    def context(self, **extra: Any) -> dict[str, Any]:
        """Nothing is wrong yet."""
        url = reverse("training:member-sheet", args=[self.training_class.pk])
        return super().context(**({"faults": (), "fault_total": 0, "sheet_url": url} | extra))


class MemberWithdraw(MemberScreen, ServiceFormScreen, ActionScreen):
    """Take a name back."""

    title, submit_label, success_text = "Rút khỏi lớp", "Rút", "Đã rút."
    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = WithdrawForm

    def may_open(self) -> bool:
        """Who may take it back now; 404 otherwise."""
        if not may_train(self.reader):
            return False
        if not may_withdraw(self.reader, self.training_class, self.member, timezone.localdate()):
            raise Http404
        return True

    def get_question(self) -> str:
        """Whom."""
        return f"Rút {self.member.cadre.full_name} khỏi lớp «{self.training_class.name}»?"

    def write(self, form: Any) -> ClassMember:
        """Take it back."""
        return withdraw(
            member=self.member,
            reason=form.cleaned_data["reason"],
            day=timezone.localdate(),
            acting_user=self.reader,
        )

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("training:member-list", args=[self.training_class.pk])

    def get_cancel_url(self) -> str:
        """The list."""
        return self.get_success_url(None)
