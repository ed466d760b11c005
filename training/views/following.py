"""After a class: what became of its people, from the record and as noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hrdb.kernel.history import version_of
from hrdb.kernel.screens import Column, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.templatetags.hr_screens import label
from personnel.services.reading import log_export
from personnel.views.record_forms import ServiceFormScreen
from planning.views.lines import ShownPerson, shown_people
from training.choices import ATTENDING, ClassState, MemberState
from training.filters.classes import MemberFilters
from training.forms.classes import FollowForm
from training.models import ClassMember
from training.models.scope import may_train, trained_by
from training.services.reading import log_seen
from training.services.results import note_follow_up
from training.statistics.following import AfterClass, after_class
from training.views.class_opening import ClassScreen, MemberScreen, member_label


@dataclass
class FollowedMember:
    """A member with what became of him."""

    member: ClassMember
    person: ShownPerson
    after: AfterClass
    may_note: bool

    @property
    def pk(self) -> int:
        """The member's id."""
        return self.member.pk

    @property
    def posts(self) -> str:
        """The posts since."""
        return "; ".join(self.after.posts)


def _note(row: FollowedMember) -> SafeString:
    text = row.member.followed_up
    if not row.may_note:
        return SafeString(format_html("{}", text or "—"))
    url = reverse("training:member-follow", args=[row.pk])
    return format_html('{} <a href="{}">{}</a>', text, url, "Sửa" if text else "Ghi")


class ClassFollowing(ClassScreen, ListScreen):
    """Those who attended, with the posts that they hold since."""

    part = "following"
    noun = "người"
    template_name = "training/class_list.html"
    default_sort = "name"
    export_name = "sau-dao-tao"
    filter_class = MemberFilters
    columns = (
        Column(
            key="name",
            label="Họ và tên",
            value="member.cadre.full_name",
            second="person.post",
            second_label="Chức vụ, đơn vị hiện nay",
            link=lambda row: row.person.url,
            sort=("cadre__sort_key",),
            fixed=True,
            wide=True,
        ),
        Column(
            key="state",
            label="Kết quả",
            value="member.get_state_display",
            render=lambda row: member_label(row.member),
            sort="state",
        ),
        Column(
            key="after",
            label="Sau đào tạo",
            value="after.words",
            render=lambda row: label(row.after.words, row.after.tone),
        ),
        Column(key="posts", label="Vị trí từ khi kết thúc lớp", value="posts", wide=True),
        Column(key="note", label="Ghi nhận", value="member.followed_up", render=_note, wide=True),
    )
    empty = Empty(title="Không có học viên nào trong phạm vi của bạn", icon="users")

    def may_open(self) -> bool:
        """Of a finished class."""
        if not super().may_open():
            return False
        if self.training_class.state != ClassState.FINISHED:
            raise Http404
        return True

    def get_title(self) -> str:
        """Of which class."""
        return f"Sau đào tạo: {self.training_class.name}"

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Those who attended."""
        return self.members().filter(state__in=ATTENDING)

    def with_details(self, rows: QuerySet[Any]) -> Iterable[Any]:
        """With the posts since; who is shown is logged."""
        listed, ended = list(rows), self.training_class.ends_on or self.day
        ids = [row.cadre_id for row in listed]
        people, after = shown_people(ids, self.day), after_class(ids, ended, self.day)
        mine: set[int] = set()
        if may_train(self.reader):
            mine = set(trained_by(self.reader).filter(pk__in=ids).values_list("pk", flat=True))
        if self.is_export_asked():
            log_export(user=self.reader, people=ids, what=self.get_title(), day=self.day)
        else:
            log_seen(user=self.reader, people=ids, what=self.get_title(), day=self.day)
        return [FollowedMember(row, people[row.cadre_id], after[row.cadre_id], row.cadre_id in mine) for row in listed]

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The list as a workbook; `with_details` logs it."""
        return super().export(columns, rows)


class MemberFollow(MemberScreen, ServiceFormScreen):
    """Note what became of one member."""

    title, success_text = "Theo dõi sau đào tạo", "Đã ghi."
    form_class: ClassVar[type[forms.BaseForm]] = FollowForm
    read_once: ClassVar[Sequence[str]] = ("member", "training_class")

    def may_open(self) -> bool:
        """Who trains him; of a finished class."""
        if not may_train(self.reader):
            return False
        is_result = self.member.state in (MemberState.PASSED, MemberState.FAILED)
        if self.training_class.state != ClassState.FINISHED or not is_result:
            raise Http404
        return True

    def get_lead(self) -> str:
        """Whose."""
        return f"{self.member.cadre.full_name} · {self.training_class.name}"

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What was noted."""
        return {"text": self.member.followed_up}

    def get_version(self) -> str:
        """The member's version."""
        return str(version_of(self.member))

    def write(self, form: Any) -> ClassMember:
        """Note it."""
        return note_follow_up(
            member=self.member,
            text=form.cleaned_data["text"],
            version=self.version_shown,
            acting_user=self.reader,
        )

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("training:class-following", args=[self.training_class.pk])

    def get_cancel_url(self) -> str:
        """The list."""
        return self.get_success_url(None)
