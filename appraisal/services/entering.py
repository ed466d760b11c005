"""Entering ratings: one cell, one person, or many from a sheet; nobody rates himself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from appraisal.choices import OPEN_SUBMISSIONS
from appraisal.models import Rating, RatingCycle, UnitRating, UnitSubmission
from appraisal.rules.law import regime_of
from appraisal.rules.levels import level_of_score
from appraisal.services.faults import require_sound
from appraisal.services.locking import hold_open
from appraisal.statistics.rated import Agencies, Rated, members_of, rated_people
from hrdb.kernel.audit import writing
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.models import Cadre, Unit
from personnel.models.delegation import offices
from personnel.models.scope import own_q
from personnel.policies import Action
from personnel.services.bulk import create_many, update_many
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked

#: What may be entered of a person.
ENTERED = (
    "self_score",
    "general_score",
    "results_score",
    "score",
    "collective_opinion",
    "proposed_level",
    "level",
    "party_level",
    "exclusion",
    "grounds",
    "previous_scores",
    "note",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is entered of one person; only the fields named are touched."""

    cadre_id: int
    values: Mapping[str, Any]


def enter_rating(
    *,
    cycle: RatingCycle,
    cadre: Cadre,
    values: Mapping[str, Any],
    version: int | None,
    acting_user: User | None,
) -> Rating:
    """Enter or change the rating of one person; `version` is 0 or that of the row which the form showed.

    A level that nobody has said follows the score; a reason for no rating takes the level away, a level the reason.
    Raises Cadre.DoesNotExist (out of scope, or not rated in the cycle), ServiceRefusal (frozen, or one's own),
    StaleVersion, ValidationError by field (what may not be entered at all, see `faults`).
    """
    with writing(acting_user=acting_user, reason=f"Đánh giá, xếp loại {cycle.name}", subject=cadre):
        rated = allowed_people(cycle, [cadre.pk], acting_user=acting_user).get(cadre.pk)
        if rated is None:
            raise Cadre.DoesNotExist
        _keep_open(cycle, [rated.unit_id])
        row = Rating.objects.select_for_update(of=("self",)).filter(cycle=cycle, cadre=cadre).first()
        if row is not None and version is not None and version_of(row) != version:
            raise StaleVersion(row)
        row = row or Rating(cycle=cycle, cadre=cadre)
        if assign(row, rated, values, day=cycle.ends_on) or row.pk is None:
            members = members_of([cadre.pk], cycle.ends_on)
            require_sound(row, day=cycle.ends_on, is_member=cadre.pk in members, touched=values)
            save_checked(row)
        return row


def score_oneself(*, cycle: RatingCycle, score: Decimal | None, version: int | None, acting_user: User) -> Rating:
    """Enter the own self score (tự chấm điểm), and nothing else, until the unit submits.

    Raises Cadre.DoesNotExist (no record of one's own, or not rated in the cycle), ServiceRefusal (closed or submitted),
    StaleVersion.
    """
    cadre, rated = own_rated(cycle, acting_user)
    with writing(acting_user=acting_user, reason=f"Tự chấm điểm {cycle.name}", subject=cadre):
        _keep_open(cycle, [rated.unit_id])
        row = Rating.objects.select_for_update(of=("self",)).filter(cycle=cycle, cadre=cadre).first()
        if row is not None and version is not None and version_of(row) != version:
            raise StaleVersion(row)
        row = row or Rating(cycle=cycle, cadre=cadre)
        if assign(row, rated, {"self_score": score}, day=cycle.ends_on) or row.pk is None:
            save_checked(row)
        return row


def own_rated(cycle: RatingCycle, user: User) -> tuple[Cadre, Rated]:
    """The user's own record with who rates him in a cycle. Raises Cadre.DoesNotExist."""
    cadre: Cadre = Cadre.objects.get(own_q(user))
    rated = rated_people(cycle.ends_on, Agencies(cycle.ends_on), cadres=[cadre.pk]).get(cadre.pk)
    if rated is None:
        raise Cadre.DoesNotExist
    return cadre, rated


def enter_many(*, cycle: RatingCycle, entries: Sequence[Entry], acting_user: User | None, reason: str) -> int:
    """Enter the ratings of many people in one transaction, set-wise; answers how many changed.

    Raises ServiceRefusal when one of them may not be entered; who calls has asked `allowed_people` before.
    """
    with writing(acting_user=acting_user, reason=reason) as event:
        ids = [entry.cadre_id for entry in entries]
        rated = allowed_people(cycle, ids, acting_user=acting_user)
        if len(rated) < len(set(ids)):
            raise ServiceRefusal("Danh sách có người không thuộc phạm vi xếp loại của bạn.")
        _keep_open(cycle, {one.unit_id for one in rated.values()})
        held = {
            row.cadre_id: row
            for row in Rating.objects.select_for_update(of=("self",)).filter(cycle=cycle, cadre_id__any=ids)
        }
        members = members_of(ids, cycle.ends_on)
        new: list[Rating] = []
        changed: list[Rating] = []
        for entry in entries:
            row = held.get(entry.cadre_id) or Rating(cycle=cycle, cadre_id=entry.cadre_id)
            if assign(row, rated[entry.cadre_id], entry.values, day=cycle.ends_on) or row.pk is None:
                is_member = entry.cadre_id in members
                require_sound(row, day=cycle.ends_on, is_member=is_member, touched=entry.values)
                (new if row.pk is None else changed).append(row)
        create_many(Rating, new)
        update_many(Rating, changed, [*ENTERED, "unit", "category", "title_group", "is_head"])
        event.details["ratings"] = len(new) + len(changed)
        return len(new) + len(changed)


def rate_unit(
    *, cycle: RatingCycle, unit: Unit, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> UnitRating:
    """Enter the rating of a unit, before its people's. Nobody rates the unit at which his own scope ends.

    Raises Unit.DoesNotExist (out of scope, or the own office), ServiceRefusal (frozen), StaleVersion.
    """
    with writing(acting_user=acting_user, reason=f"Xếp loại đơn vị {cycle.name}", subject=unit):
        if not may_rate_unit(unit, acting_user=acting_user, day=cycle.ends_on):
            raise Unit.DoesNotExist
        _keep_open(cycle, [unit.pk])
        row = UnitRating.objects.select_for_update(of=("self",)).filter(cycle=cycle, unit=unit).first()
        if row is not None and version is not None and version_of(row) != version:
            raise StaleVersion(row)
        row = row or UnitRating(cycle=cycle, unit=unit)
        for name, value in values.items():
            setattr(row, name, value)
        save_checked(row)
        return row


def may_rate_unit(unit: Unit, *, acting_user: User | None, day: date) -> bool:
    """Whether the user rates a unit: it lies below his office, or his office is at the top of a tree."""
    if acting_user is None:
        return True
    held = [one for one in offices(acting_user, Action.APPRAISE, day) if one.is_top or one.unit_id != unit.pk]
    return any(Unit.objects.filter(office.scope.covers("pk"), pk=unit.pk).exists() for office in held)


def allowed_people(cycle: RatingCycle, ids: Iterable[int], *, acting_user: User | None) -> dict[int, Rated]:
    """Of these people those whom the user may rate: they and the unit that rates them in scope, at a managing level
    open to him, never himself."""
    day = cycle.ends_on
    mine = Cadre.objects.filter(pk__any=list(ids)).visible_to(acting_user, Action.APPRAISE)
    mine = mine.manageable_by(acting_user, Action.APPRAISE, day)
    rated = rated_people(day, Agencies(day), cadres=mine.values_list("pk", flat=True))
    units = Unit.objects.visible_to(acting_user, Action.APPRAISE).filter(pk__in={one.unit_id for one in rated.values()})
    within = set(units.values_list("pk", flat=True))
    return {cadre_id: one for cadre_id, one in rated.items() if one.unit_id in within}


def assign(row: Rating, rated: Rated, values: Mapping[str, Any], *, day: date) -> bool:
    """Take over what is entered and how the person stands, unsaved; answers whether anything changed.

    `day` is the last of the cycle, by whose law a level follows a score.
    """
    if unknown := values.keys() - set(ENTERED):
        raise TypeError(f"{sorted(unknown)} are not entered of a person")
    stands = {
        "unit_id": rated.unit_id,
        "category": rated.category,
        "title_group": rated.title_group,
        "is_head": rated.is_head,
    }
    before = {name: getattr(row, name) for name in (*ENTERED, *stands)}
    followed = _level_of(row, day)
    for name, value in {**values, **stands}.items():
        setattr(row, name, value)
    if "score" not in values and {"general_score", "results_score"} & values.keys():
        added = _sum(row.general_score, row.results_score)
        if added is not None or before["score"] == _sum(before["general_score"], before["results_score"]):
            row.score = added  # a score that was typed by itself stays until both parts are there
    if values.get("exclusion"):
        row.level = row.proposed_level = ""
    elif values.get("level"):
        row.exclusion = ""
    elif "level" not in values and row.score != before["score"] and not row.exclusion and row.level in ("", followed):
        row.level = _level_of(row, day)
    return any(getattr(row, name) != value for name, value in before.items())


def _level_of(row: Rating, day: date) -> str:
    """The level that the score of a row gives; empty where it has none or the law gives none."""
    if row.score is None:
        return ""
    return level_of_score(score=row.score, regime=regime_of(row.category), day=day) or ""


def _sum(general: Decimal | None, results: Decimal | None) -> Decimal | None:
    return None if general is None or results is None else general + results


def frozen_units(cycle: RatingCycle, units: Iterable[int]) -> set[int]:
    """Of these units those whose ratings were submitted or approved."""
    stands = UnitSubmission.objects.filter(cycle=cycle, unit_id__in=list(units)).exclude(state__in=OPEN_SUBMISSIONS)
    return set(stands.values_list("unit_id", flat=True))


def _keep_open(cycle: RatingCycle, units: Iterable[int]) -> None:
    """Refuse what is closed, submitted or approved; what is open stays so until the transaction ends."""
    hold_open(cycle, units)
    current = RatingCycle.objects.get(pk=cycle.pk)
    if not current.is_open:
        raise ServiceRefusal(f"Kỳ {current.name} đã khóa.")
    if frozen_units(cycle, units):
        raise ServiceRefusal("Kết quả của đơn vị đã trình hoặc đã duyệt: sau khi duyệt chỉ sửa bằng quyết định.")
