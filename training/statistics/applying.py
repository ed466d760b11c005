"""What programmes ask of who attends, and what records tell of many people for it, in a constant number of queries."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from hrdb.kernel.dates import PartialDate
from personnel.choices import QualificationKind
from personnel.models import Assignment, Cadre, PartyMembership, Qualification, QualificationLevel, Title
from personnel.rules.standards import Level, confidence_of, written_citation
from planning.models import Candidate, PlannedSeat, PlanningRound
from training.models import Programme
from training.rules.admission import NO_DEGREE, Applicant, Conditions

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: What stands for the citation of a programme that names no document.
UNCITED = "chưa dẫn văn bản"


def conditions_of(programmes: Iterable[Programme], day: datetime.date) -> dict[int, Conditions]:
    """The conditions of some programmes by id: two queries."""
    listed = list(programmes)
    degrees = {one.conditions.get("degree") for one in listed}
    codes = {code for one in listed for code in one.conditions.get("titles", ())}
    levels = {
        level.code: Level(level.name, level.rank)
        for level in QualificationLevel.objects.filter(kind=QualificationKind.PROFESSIONAL, code__in=degrees)
    }
    names = dict(Title.objects.filter(code__in=codes).values_list("code", "name"))
    return {
        one.pk: Conditions(
            citation=written_citation(one.citation or UNCITED, day=day),
            confidence=confidence_of(one.confidence),
            max_age=one.conditions.get("max_age"),
            min_years=one.conditions.get("min_years"),
            party=bool(one.conditions.get("party")),
            degree=levels.get(one.conditions.get("degree", "")),
            titles={code: names.get(code, code) for code in one.conditions.get("titles", ())},
            is_planned=bool(one.conditions.get("is_planned")),
        )
        for one in listed
    }


def applicants(cadre_ids: Iterable[int], day: datetime.date, reader: User | None) -> dict[int, Applicant]:
    """What the records of some people tell on a day, by id; whether planned only as far as the reader reads plans."""
    ids = list(cadre_ids)
    titles, degrees = _titles(ids, day), _degrees(ids, day)
    members = set(PartyMembership.objects.in_force(day).filter(cadre_id__any=ids).values_list("cadre_id", flat=True))
    lists = Candidate.objects.visible_to(reader).in_plan(day).filter(cadre_id__any=ids)
    planned, is_partial = set(lists.values_list("cadre_id", flat=True)), not _reads_every_list(reader, day)
    own = set() if reader is None else set(Cadre.objects.filter(account_id=reader.pk).values_list("pk", flat=True))
    people = Cadre.objects.filter(pk__any=ids).values_list("pk", "born", "born_precision", "first_recruited_on")
    return {
        pk: Applicant(
            born=PartialDate(born, precision) if born else None,  # type: ignore[arg-type]
            recruited_on=recruited_on,
            is_party_member=pk in members,
            degree=degrees.get(pk, NO_DEGREE),
            titles=titles.get(pk, {}),
            is_planned=True if pk in planned else None if is_partial or pk in own else False,
        )
        for pk, born, precision, recruited_on in people
    }


def _reads_every_list(reader: User | None, day: datetime.date) -> bool:
    """Whether who is on no list that the reader reads is on none at all."""
    if reader is None:
        return True
    seats = PlannedSeat.objects.filter(round__in=PlanningRound.objects.in_force(day).values("pk"))
    return not seats.exclude(pk__in=PlannedSeat.objects.visible_to(reader).values("pk")).exists()


def _titles(ids: list[int], day: datetime.date) -> Mapping[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Assignment.objects.in_force(day).filter(cadre_id__any=ids)
    for cadre_id, code, name, seat_code, seat_name in rows.values_list(
        "cadre_id", "title__code", "title__name", "seat__title__code", "seat__title__name"
    ):
        if code or seat_code:
            found[cadre_id][code or seat_code] = name or seat_name
    return found


def _degrees(ids: list[int], day: datetime.date) -> dict[int, Level]:
    """The highest degree of each; of who has only degrees without an order, one of them."""
    found: dict[int, Level] = {}
    rows = Qualification.objects.in_force(day).filter(
        cadre_id__any=ids, kind=QualificationKind.PROFESSIONAL, level__isnull=False
    )
    for cadre_id, name, rank, group in rows.values_list("cadre_id", "level__name", "level__rank", "level__group"):
        level = NO_DEGREE if group == "none" else Level(name, rank)
        held = found.get(cadre_id)
        if held is None or (level.rank is not None and (held.rank is None or level.rank < held.rank)):
            found[cadre_id] = level
    return found
