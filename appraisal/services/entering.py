"""Entering ratings: one cell, one person, or many from a sheet; nobody rates himself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from appraisal.choices import OPEN_SUBMISSIONS
from appraisal.models import Rating, RatingCycle, UnitRating, UnitSubmission
from appraisal.statistics.rated import Agencies, Rated, rated_people
from hrdb.kernel.audit import writing
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.models import Cadre, Decision, Unit
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

    Raises Cadre.DoesNotExist (out of scope, or not rated in the cycle), ServiceRefusal (frozen, or one's own),
    StaleVersion.
    """
    with writing(acting_user=acting_user, reason=f"Đánh giá, xếp loại {cycle.name}", subject=cadre):
        rated = allowed_people(cycle, [cadre.pk], acting_user=acting_user).get(cadre.pk)
        if rated is None:
            raise Cadre.DoesNotExist
        _refuse_frozen(cycle, [rated.unit_id])
        row = Rating.objects.select_for_update(of=("self",)).filter(cycle=cycle, cadre=cadre).first()
        if row is not None and version is not None and version_of(row) != version:
            raise StaleVersion(row)
        row = row or Rating(cycle=cycle, cadre=cadre)
        _assign(row, rated, values)
        save_checked(row)
        return row


def enter_many(*, cycle: RatingCycle, entries: Sequence[Entry], acting_user: User | None, reason: str) -> int:
    """Enter the ratings of many people in one transaction, set-wise; answers how many changed.

    Raises ServiceRefusal when one of them may not be entered; who calls has asked `allowed_people` before.
    """
    with writing(acting_user=acting_user, reason=reason) as event:
        ids = [entry.cadre_id for entry in entries]
        rated = allowed_people(cycle, ids, acting_user=acting_user)
        if len(rated) < len(set(ids)):
            raise ServiceRefusal("Danh sách có người không thuộc phạm vi xếp loại của bạn.")
        _refuse_frozen(cycle, {one.unit_id for one in rated.values()})
        held = {
            row.cadre_id: row
            for row in Rating.objects.select_for_update(of=("self",)).filter(cycle=cycle, cadre_id__any=ids)
        }
        new: list[Rating] = []
        changed: list[Rating] = []
        for entry in entries:
            row = held.get(entry.cadre_id) or Rating(cycle=cycle, cadre_id=entry.cadre_id)
            if _assign(row, rated[entry.cadre_id], entry.values) or row.pk is None:
                (new if row.pk is None else changed).append(row)
        create_many(Rating, new)
        update_many(Rating, changed, [*ENTERED, "unit", "category", "title_group", "is_head"])
        event.details["ratings"] = len(new) + len(changed)
        return len(new) + len(changed)


def correct_rating(
    *, rating: Rating, values: Mapping[str, Any], decision: Decision, acting_user: User | None, reason: str
) -> Rating:
    """Correct a rating after its approval, by decision; what was approved stays as it was in the submission."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    with writing(acting_user=acting_user, reason=reason, subject=rating.cadre, cause=decision):
        rated = allowed_people(rating.cycle, [rating.cadre_id], acting_user=acting_user).get(rating.cadre_id)
        if rated is None:
            raise Cadre.DoesNotExist
        row: Rating = Rating.objects.select_for_update(of=("self",)).get(pk=rating.pk)
        if not _frozen(row.cycle, [row.unit_id]):
            raise ServiceRefusal("Kết quả chưa được duyệt: hãy sửa trực tiếp, không cần quyết định.")
        for name, value in values.items():
            setattr(row, name, value)
        row.decision = decision
        save_checked(row)
        return row


def rate_unit(
    *, cycle: RatingCycle, unit: Unit, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> UnitRating:
    """Enter the rating of a unit, before its people's. Nobody rates the unit at which his own scope ends."""
    with writing(acting_user=acting_user, reason=f"Xếp loại đơn vị {cycle.name}", subject=unit):
        Unit.objects.visible_to(acting_user, Action.APPRAISE).get(pk=unit.pk)
        _refuse_frozen(cycle, [unit.pk])
        row = UnitRating.objects.select_for_update(of=("self",)).filter(cycle=cycle, unit=unit).first()
        if row is not None and version is not None and version_of(row) != version:
            raise StaleVersion(row)
        row = row or UnitRating(cycle=cycle, unit=unit)
        for name, value in values.items():
            setattr(row, name, value)
        save_checked(row)
        return row


def allowed_people(cycle: RatingCycle, ids: Sequence[int], *, acting_user: User | None) -> dict[int, Rated]:
    """Of these people those whom the user may rate: in scope, at a managing level open to him, never himself."""
    day = cycle.ends_on
    mine = Cadre.objects.filter(pk__any=ids).visible_to(acting_user, Action.APPRAISE)
    mine = mine.manageable_by(acting_user, Action.APPRAISE, day)
    return rated_people(day, Agencies(day), cadres=mine.values_list("pk", flat=True))


def _assign(row: Rating, rated: Rated, values: Mapping[str, Any]) -> bool:
    """Take over what is entered and how the person stands; answers whether anything changed."""
    said = {name: value for name, value in values.items() if name in ENTERED}
    if unknown := values.keys() - said.keys():
        raise TypeError(f"{sorted(unknown)} are not entered of a person")
    stands = {
        "unit_id": rated.unit_id,
        "category": rated.category,
        "title_group": rated.title_group,
        "is_head": rated.is_head,
    }
    before = {name: getattr(row, name) for name in (*said, *stands, "score")}
    for name, value in {**said, **stands}.items():
        setattr(row, name, value)
    if "score" not in said and {"general_score", "results_score"} & said.keys():
        row.score = _sum(row.general_score, row.results_score)
    return any(getattr(row, name) != value for name, value in before.items())


def _sum(general: Decimal | None, results: Decimal | None) -> Decimal | None:
    return None if general is None or results is None else general + results


def _frozen(cycle: RatingCycle, units: Sequence[int] | set[int]) -> list[UnitSubmission]:
    stands = UnitSubmission.objects.filter(cycle=cycle, unit_id__in=units).exclude(state__in=OPEN_SUBMISSIONS)
    return list(stands)


def _refuse_frozen(cycle: RatingCycle, units: Sequence[int] | set[int]) -> None:
    current = RatingCycle.objects.get(pk=cycle.pk)
    if not current.is_open:
        raise ServiceRefusal(f"Kỳ {current.name} đã khóa.")
    if _frozen(cycle, units):
        raise ServiceRefusal("Kết quả của đơn vị đã trình hoặc đã duyệt: sau khi duyệt chỉ sửa bằng quyết định.")
