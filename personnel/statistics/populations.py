"""Populations (đối tượng thống kê): who is counted on a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from hrdb.kernel.registries import Registry
from personnel.choices import AssignmentKind, EmploymentCategory, UnitLevel
from personnel.models import Assignment, Custody, Employment, UnitVersion
from personnel.models.scope import CadreQuerySet, scope_of
from personnel.policies import Action

if TYPE_CHECKING:
    from hrdb.kernel.models import User


def everybody(cadres: CadreQuerySet, day: date) -> CadreQuerySet:
    """Cadres as they are."""
    return cadres


def may_know(user: User | None, needs: tuple[Action, ...]) -> bool:
    """Whether a reader has one of the actions without which a population or dimension is not there for him."""
    return user is None or not needs or any(not scope_of(user, action).is_empty for action in needs)


@dataclass(frozen=True, kw_only=True)
class Population:
    """Who is counted: `narrow` keeps of cadres those who belong to it on a day.

    `noun` is how they are counted in a sentence («64 công chức»); `targets` are the keys of the documents' targets that
    are set for exactly these people. Where not everyone who sees people may know that they belong, `needs` names the
    actions of which the reader has one (for the others the population is not there), and `seen` keeps those of whom
    this reader may know it.
    """

    key: str
    label: str
    noun: str
    narrow: Callable[[CadreQuerySet, date], CadreQuerySet] = everybody
    targets: tuple[str, ...] = ()
    needs: tuple[Action, ...] = ()
    seen: Callable[[CadreQuerySet, date, User | None], CadreQuerySet] | None = None

    def is_open(self, user: User | None) -> bool:
        """Whether the population is there for a reader."""
        return may_know(user, self.needs)

    def people(self, cadres: CadreQuerySet, day: date, user: User | None) -> CadreQuerySet:
        """Those of some cadres who belong to it on a day, as far as the reader may know."""
        if not self.is_open(user):
            return cadres.none()
        kept = self.narrow(cadres, day)
        return kept if self.seen is None else self.seen(kept, day, user)


#: Every population; the other apps register theirs (a planning round, a class).
POPULATIONS: Registry[Population] = Registry("POPULATIONS")

#: The population that is counted when none is asked for.
DEFAULT_POPULATION = "present"


def _present(cadres: CadreQuerySet, day: date) -> CadreQuerySet:
    return cadres.present_on(day)


def _leaders(cadres: CadreQuerySet, day: date) -> CadreQuerySet:
    title_leads = Q(title__is_leadership=True) | Q(title__isnull=True, seat__title__is_leadership=True)
    posts = Assignment.objects.in_force(day).filter(title_leads, kind=AssignmentKind.MAIN, cadre_id=OuterRef("pk"))
    return cadres.present_on(day).filter(Exists(posts))


def _provincial_leaders(cadres: CadreQuerySet, day: date) -> CadreQuerySet:
    provincial = UnitVersion.objects.in_force(day).filter(level=UnitLevel.PROVINCE).values("unit_id")
    kept = Custody.objects.in_force(day).filter(cadre_id=OuterRef("pk"), unit_id__in=provincial)
    return _leaders(cadres, day).filter(Exists(kept))


def _of_category(category: EmploymentCategory) -> Callable[[CadreQuerySet, date], CadreQuerySet]:
    def narrow(cadres: CadreQuerySet, day: date) -> CadreQuerySet:
        held = Employment.objects.in_force(day).filter(category=category, cadre_id=OuterRef("pk"))
        return cadres.present_on(day).filter(Exists(held))

    return narrow


for _population in (
    Population(
        key="present",
        label="Toàn bộ người đang công tác",
        noun="cán bộ, công chức, viên chức và người lao động",
        narrow=_present,
        targets=("ethnic_service",),
    ),
    Population(
        key="leaders", label="Cán bộ lãnh đạo, quản lý", noun="cán bộ lãnh đạo, quản lý", narrow=_leaders, targets=()
    ),
    Population(
        key="provincial_leaders",
        label="Cán bộ lãnh đạo, quản lý cấp tỉnh",
        noun="cán bộ lãnh đạo, quản lý cấp tỉnh",
        narrow=_provincial_leaders,
        targets=("nq26_province_young",),
    ),
    *(
        Population(key=f"{key}s", label=category.label, noun=noun, narrow=_of_category(category))
        for key, category, noun in (
            ("cadre", EmploymentCategory.CADRE, "cán bộ"),
            ("civil_servant", EmploymentCategory.CIVIL_SERVANT, "công chức"),
            ("public_employee", EmploymentCategory.PUBLIC_EMPLOYEE, "viên chức"),
            ("contract", EmploymentCategory.CONTRACT_111, "người làm việc theo hợp đồng NĐ 111/2022/NĐ-CP"),
        )
    ),
):
    POPULATIONS.register(_population)
