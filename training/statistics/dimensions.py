"""Training as populations and dimensions of statistics (đào tạo trong thống kê): who attends, who is chosen, with what.

A class counts from its first to its last day. Somebody in several classes of a year counts in the one begun last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from personnel.models.scope import CadreQuerySet
from personnel.statistics import DIMENSIONS, POPULATIONS, SOURCES, Dimension, Population, Source
from personnel.statistics.dimensions import Member, fixed
from training.choices import ATTENDING, SETTLED_CLASSES, ClassState, MemberState, ProgrammeKind
from training.models import ClassMember, TrainingClass
from training.models.readers import READING

if TYPE_CHECKING:
    from hrdb.kernel.models import User

NONE: Final = "none"
NO_CLASS: Final = "Không học lớp nào trong năm"


def _quoted(values: Sequence[str]) -> str:
    """States as SQL: closed choices of our own, never what a user typed."""
    return ", ".join(f"'{value}'" for value in values)


def attending_on(day: date) -> Any:
    """Members of classes that are held on a day."""
    last = Coalesce(F("training_class__ends_on"), F("training_class__begins_on"))
    return ClassMember.objects.annotate(last=last).filter(
        state__in=ATTENDING,
        training_class__state__in=SETTLED_CLASSES,
        training_class__begins_on__lte=day,
        last__gte=day,
    )


def _class(day: date, user: User | None) -> Any:
    return attending_on(day).visible_to(user)


def _cohort(day: date, user: User | None) -> Any:
    begun = Q(training_class__begins_on__isnull=False, training_class__begins_on__lte=day)
    chosen = ClassMember.objects.visible_to(user).filter(
        state=MemberState.CHOSEN, training_class__state=ClassState.CHOSEN
    )
    return chosen.exclude(begun)


def _trained(day: date, user: User | None) -> Any:
    return ClassMember.objects.visible_to(user).filter(
        state=MemberState.PASSED,
        training_class__ends_on__gte=day.replace(month=1, day=1),
        training_class__ends_on__lte=day,
    )


def _of(members: Callable[[date, User | None], Any]) -> Callable[[CadreQuerySet, date, User | None], CadreQuerySet]:
    """Those who stand among some members that the reader may see."""

    def seen(cadres: CadreQuerySet, day: date, user: User | None) -> CadreQuerySet:
        return cadres.filter(Exists(members(day, user).order_by().filter(cadre_id=OuterRef("pk"))))

    return seen


def _present(cadres: CadreQuerySet, day: date) -> CadreQuerySet:
    return cadres.present_on(day)


for _key, _label, _noun, _members in (
    ("class", "Học viên các lớp đang học", "học viên đang học", _class),
    ("cohort", "Người được chọn, lớp chưa khai giảng", "người được chọn đi học", _cohort),
    ("trained", "Người học xong trong năm", "người học xong chương trình trong năm", _trained),
):
    POPULATIONS.register(
        Population(key=_key, label=_label, noun=_noun, narrow=_present, needs=READING, seen=_of(_members))
    )

SOURCES.register(
    Source(
        key="training",
        join=(
            "LEFT JOIN (SELECT DISTINCT ON (attended.cadre_id) attended.cadre_id,"
            " course.id AS class_id, programme.kind,"
            " CASE WHEN COALESCE(course.ends_on, course.begins_on) > %(day)s THEN 'chosen' ELSE attended.state END"
            "  AS state, COALESCE(course.ends_on, course.begins_on) >= %(day)s AS is_held"
            " FROM training_classmember attended"
            " JOIN training_trainingclass course ON course.id = attended.training_class_id"
            "  AND course.begins_on <= %(day)s"
            "  AND COALESCE(course.ends_on, course.begins_on) >= date_trunc('year', %(day)s::date)"
            f" AND course.state IN ({_quoted(SETTLED_CLASSES)})"
            " JOIN training_programme programme ON programme.id = course.programme_id"
            f" WHERE attended.state IN ({_quoted(ATTENDING)}) AND attended.cadre_id IN (SELECT id FROM people)"
            " ORDER BY attended.cadre_id, course.begins_on DESC, course.id DESC) training"
            " ON training.cadre_id = cadre.id"
        ),
    )
)


def _classes(day: date) -> Sequence[Member]:
    """The classes that are held on a day."""
    last = Coalesce(F("ends_on"), F("begins_on"))
    held = TrainingClass.objects.annotate(last=last).filter(
        state__in=SETTLED_CLASSES, begins_on__lte=day, last__gte=day
    )
    named = held.order_by("begins_on", "code").values_list("pk", "name")
    return [Member(NONE, "Không học lớp nào"), *(Member(str(pk), name) for pk, name in named)]


for _dimension in (
    Dimension(
        key="training_class",
        label="Lớp đang học",
        sources=("training",),
        needs=READING,
        expression=f"CASE WHEN training.is_held THEN training.class_id::text ELSE '{NONE}' END",
        members=_classes,
        lists_empty=False,
    ),
    Dimension(
        key="training_kind",
        label="Loại chương trình học trong năm",
        sources=("training",),
        needs=READING,
        expression=f"COALESCE(training.kind, '{NONE}')",
        members=fixed([*((value, str(label)) for value, label in ProgrammeKind.choices), (NONE, NO_CLASS)]),
    ),
    Dimension(
        key="training_result",
        label="Kết quả đào tạo trong năm",
        sources=("training",),
        needs=READING,
        expression=f"COALESCE(training.state, '{NONE}')",
        members=fixed(
            [
                (MemberState.PASSED, "Đạt"),
                (MemberState.FAILED, "Không đạt"),
                (MemberState.CHOSEN, "Đang học, chưa có kết quả"),
                (NONE, NO_CLASS),
            ]
        ),
    ),
):
    DIMENSIONS.register(_dimension)
