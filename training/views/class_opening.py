"""Opening pages of classes: the class of the address, the way between its pages, what its state is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from hrdb.kernel.screens import Crumb
from hrdb.kernel.screens.pieces import steps
from hrdb.kernel.templatetags.hr_screens import label
from training.choices import SETTLED_CLASSES, ClassState, MemberState
from training.models import ClassMember, TrainingClass
from training.models.classes import ClassMemberQuerySet
from training.models.scope import may_arrange, may_train, trained_by
from training.services.classes import manages_class
from training.services.nominations import refusal_to_nominate
from training.views.reading import ClassReader

TONES = {
    ClassState.PLANNED: "",
    ClassState.NOMINATING: "act",
    ClassState.CHOSEN: "act",
    ClassState.RUNNING: "warn",
    ClassState.FINISHED: "good",
    ClassState.CANCELLED: "bad",
}
MEMBER_TONES = {
    MemberState.NOMINATED: "act",
    MemberState.RESERVE: "warn",
    MemberState.CHOSEN: "good",
    MemberState.DECLINED: "",
    MemberState.WITHDRAWN: "",
    MemberState.PASSED: "good",
    MemberState.FAILED: "bad",
}
STEP_LABELS = ("Dự kiến", "Cử người", "Chốt danh sách", "Đang học", "Kết thúc")
STEP_PLACES = {
    ClassState.PLANNED: 0,
    ClassState.NOMINATING: 1,
    ClassState.CHOSEN: 2,
    ClassState.RUNNING: 3,
    ClassState.FINISHED: 5,
}


def state_label(one: TrainingClass) -> SafeString:
    """The state of a class as a label."""
    state = ClassState(one.state)
    return label(str(state.label), TONES[state])


def member_label(member: ClassMember) -> SafeString:
    """The state of a member as a label."""
    state = MemberState(member.state)
    return label(str(state.label), MEMBER_TONES[state])


@dataclass(frozen=True)
class ClassLink:
    """One of the pages of a class."""

    key: str
    label: str
    url: str
    is_current: bool


class ClassScreen(ClassReader):
    """A page about one class; `part` says which of its pages it is."""

    part: ClassVar[str] = ""

    @cached_property
    def training_class(self) -> TrainingClass:
        """The class of the address, or 404."""
        classes = TrainingClass.objects.visible_to(self.reader)
        related = ("programme__level", "planned__plan", "decision")
        found: TrainingClass = get_object_or_404(
            classes.select_related(*related).defer("planned__plan__content"), pk=self.kwargs["pk"]
        )
        return found

    @cached_property
    def manages(self) -> bool:
        """Whether the reader arranges the class as a whole."""
        return manages_class(self.reader, self.training_class)

    @property
    def is_settled(self) -> bool:
        """Whether its list of people stands."""
        return self.training_class.state in SETTLED_CLASSES

    def members(self) -> ClassMemberQuerySet:
        """The members whom the reader sees."""
        rows = ClassMember.objects.all().visible_to(self.reader).filter(training_class=self.training_class)
        found: ClassMemberQuerySet = rows.select_related("cadre")
        return found

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list and the class."""
        one = self.training_class
        return [*super().get_crumbs(), Crumb(one.name, reverse("training:class-detail", args=[one.pk]))]

    def class_links(self) -> list[ClassLink]:
        """The pages of the class that are of use in its state."""
        one = self.training_class
        pages = [("overview", "Tổng quan", "class-detail"), ("members", "Học viên", "member-list")]
        if one.state in (ClassState.RUNNING, ClassState.FINISHED):
            pages += [("attendance", "Điểm danh", "class-attendance"), ("results", "Kết quả", "class-results")]
        if one.state == ClassState.FINISHED:
            pages.append(("following", "Sau đào tạo", "class-following"))
        return [
            ClassLink(key, words, reverse(f"training:{view}", args=[one.pk]), key == self.part)
            for key, words, view in pages
        ]

    def get_cancel_url(self) -> str:
        """Back to the class."""
        return reverse("training:class-detail", args=[self.training_class.pk])

    def get_success_url(self, result: Any) -> str:
        """Back to the class."""
        return self.get_cancel_url()

    def context(self, **extra: Any) -> dict[str, Any]:
        """The class and the way between its pages."""
        one = self.training_class
        place = STEP_PLACES.get(ClassState(one.state))
        return (
            super().context(
                training_class=one,
                class_links=self.class_links(),
                class_steps=steps(STEP_LABELS, place) if place is not None else None,
                manages=self.manages,
            )
            | extra
        )


class ClassEditor(ClassScreen):
    """A page for who arranges; `states` are those of a class in which it is there."""

    states: ClassVar[Sequence[str]] = ()
    needs_whole: ClassVar[bool] = False

    def may_open(self) -> bool:
        """An officer of the province; 404 in another state, and where he does not arrange the whole class."""
        if not may_arrange(self.reader):
            return False
        if (self.states and self.training_class.state not in self.states) or (self.needs_whole and not self.manages):
            raise Http404
        return True


class SenderScreen(ClassScreen):
    """A page for who may send people to the class."""

    def may_open(self) -> bool:
        """Whoever trains somewhere."""
        return may_train(self.reader)


class OpenSenderScreen(SenderScreen):
    """A page that sends people."""

    def may_open(self) -> bool:
        """Whoever trains, while the class is open to him; 404 otherwise."""
        if not super().may_open():
            return False
        if refusal_to_nominate(self.reader, self.training_class, timezone.localdate()):
            raise Http404
        return True


class MemberScreen(ClassScreen):
    """A page about one member, for who trains him: 404 out of scope."""

    @cached_property
    def member(self) -> ClassMember:
        """The member of the address, or 404."""
        rows = ClassMember.objects.filter(cadre__in=trained_by(self.reader).order_by().values("pk"))
        related = ("cadre", "training_class__programme__level", "training_class__planned__plan", "qualification")
        found: ClassMember = get_object_or_404(rows.select_related(*related), pk=self.kwargs["pk"])
        return found

    @cached_property
    def training_class(self) -> TrainingClass:  # type: ignore[override]
        """The member's class."""
        return self.member.training_class
