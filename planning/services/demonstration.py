"""Planning of the demonstration province: an approved list for 2030-2035, its open review, and a round of the units."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from personnel.choices import ManagingLevel
from personnel.models import Cadre, Custody, QualificationLevel, Seat, Title, TitleStandard
from personnel.services.bulk import create_many
from personnel.services.demonstration.parts import demonstration_parts
from planning.choices import CandidateObject, CandidateSource, CandidateState, RoundKind, RoundState
from planning.models import Candidate, PlannedSeat, PlanningRound, StructureTarget, UnitPlan
from planning.rules.review import removal_reason, told
from planning.services.proposals import write_proposals
from planning.services.rounds import frozen_content, hash_of
from planning.statistics.facts import people_facts
from planning.statistics.judging import judge_candidates
from planning.statistics.matrix import STANDINGS, columns_of, standings
from planning.statistics.parts import offices_above
from planning.statistics.targets import SeatTargets, is_body

CITATION: Final = "Quy định 01-QĐ/TU ngày 01/12/2025 (dữ liệu trình diễn)"
#: Standards of the demonstration by the highest rank of titles that they hold for: level codes by requirement.
STANDARDS: Final = (
    (
        5,
        {
            "professional_level": ("professional", "04"),
            "political_theory": ("political_theory", "09"),
            "state_management": ("state_management", "x-chuyen-vien-chinh"),
            "foreign_language": ("foreign_language", "x-bac-2"),
        },
    ),
    (
        8,
        {
            "professional_level": ("professional", "04"),
            "political_theory": ("political_theory", "07"),
            "state_management": ("state_management", "x-chuyen-vien"),
            "foreign_language": ("foreign_language", "x-bac-2"),
        },
    ),
)
#: Titles of the provincial round, and of the round of the units.
ABOVE: Final = ("PCT-UBND-TINH", "GD-SO", "TB-TU", "CVP-UBND-TINH", "BT-DU-XA", "CT-UBND-XA", "UVBCH-TU")
BELOW: Final = ("TP-SO", "CVP-SO", "PTP-SO", "TP-TU", "TB-MTTQ-TINH")
#: Every so many seats stays without anybody, so that there is something to see.
LEFT_EMPTY: Final = 11
#: People taken into account for one seat, the best first.
CONSIDERED: Final = 60


class PlanningPart:
    """Standards, rounds, seats, parts, candidates and targets of the demonstration."""

    key, order = "planning", 40

    def write(self, *, day: datetime.date) -> int:
        """Write them set-wise; answers the number of rows."""
        rows = self._standards(day)
        pool, first_day = _Pool(day), datetime.date(day.year, 3, 2)
        approved = self._round(
            "QH30",
            "Quy hoạch nhiệm kỳ 2030-2035 diện Ban Thường vụ Tỉnh ủy quản lý",
            ManagingLevel.PROVINCIAL_STANDING,
            first_day,
        )
        seats = self._seats(approved, ABOVE)
        listed = self._candidates(seats, _Pool(first_day), CandidateState.APPROVED, most=2)
        self._approve(approved, listed, first_day)
        rows += len(seats) + len(listed) + 1
        rows += self._review(approved, seats, listed, day)
        units = self._round(
            "QH30-DV",
            "Quy hoạch nhiệm kỳ 2030-2035 chức danh thuộc thẩm quyền đơn vị",
            ManagingLevel.UNIT,
            day,
        )
        own = self._seats(units, BELOW)
        proposed = self._candidates(own, pool, CandidateState.PROPOSED, most=2, keep=2)
        _open(units, day)
        return rows + len(own) + len(proposed) + 1 + self._targets(day)

    def _standards(self, day: datetime.date) -> int:
        levels = set(QualificationLevel.objects.values_list("kind", "code"))
        rows = []
        for title in Title.objects.filter(is_leadership=True, rank__isnull=False):
            asked = next((one for rank, one in STANDARDS if (title.rank or 0) <= rank), {})
            rows += [
                TitleStandard(
                    title=title,
                    requirement=requirement,
                    value=code,
                    citation=CITATION,
                    effective_from=datetime.date(2025, 12, 1),
                )
                for requirement, (kind, code) in asked.items()
                if (kind, code) in levels
            ]
        return len(create_many(TitleStandard, rows))

    def _round(self, code: str, name: str, level: ManagingLevel, day: datetime.date, **more: Any) -> PlanningRound:
        made = PlanningRound(code=code, name=name, term="2030-2035", level=level, day=day, **more)
        made.save()
        return made

    def _seats(self, planning_round: PlanningRound, codes: Sequence[str]) -> list[PlannedSeat]:
        declared = list(
            Seat.objects.in_force(planning_round.day)
            .filter(title__code__in=codes)
            .select_related("title", "unit")
            .order_by("title__rank", "title__position", "unit__code")
        )
        offices = offices_above([seat.unit_id for seat in declared], planning_round.day)
        parts = {
            part.unit_id: part
            for part in create_many(
                UnitPlan, [UnitPlan(round=planning_round, unit_id=pk) for pk in sorted(set(offices.values()))]
            )
        }
        rows = [
            PlannedSeat(
                round=planning_round,
                title=seat.title,
                unit=seat.unit,
                number=15 if is_body(seat.title) else seat.number,
                is_body=is_body(seat.title),
                coefficient=Decimal("1.5") if is_body(seat.title) else None,
                part=parts[offices[seat.unit_id]],
                position=place,
            )
            for place, seat in enumerate(declared, 1)
        ]
        return list(create_many(PlannedSeat, rows))

    def _candidates(
        self, seats: Sequence[PlannedSeat], pool: _Pool, state: str, *, most: int, keep: int = 1
    ) -> list[Candidate]:
        """The best of the pool for each seat, nobody for more titles than the law allows."""
        counts: dict[int, int] = defaultdict(int)
        targets = SeatTargets.read(seats, seats[0].round.day) if seats else None
        rows = []
        for place, seat in enumerate(seats):
            if place % LEFT_EMPTY == LEFT_EMPTY - 1 or targets is None:
                continue
            wanted = seat.places(3) or most if seat.is_body else most
            for number, (cadre_id, is_own, may_second) in enumerate(pool.best(targets, seat, counts, wanted), 1):
                if not seat.is_body:
                    counts[cadre_id] += 1
                rows.append(
                    Candidate(
                        seat=seat,
                        cadre_id=cadre_id,
                        object=CandidateObject.FIRST if number <= keep or not may_second else CandidateObject.SECOND,
                        source=CandidateSource.ON_SITE if is_own else CandidateSource.ELSEWHERE,
                        state=state,
                        position=number,
                    )
                )
        return list(create_many(Candidate, rows))

    def _approve(self, planning_round: PlanningRound, rows: Sequence[Candidate], day: datetime.date) -> None:
        verdicts = judge_candidates(_whole(rows), day=day, user=None, with_files=False)
        for row in rows:
            row.findings = [found.as_json() for found in verdicts[row.pk].findings]
        Candidate.objects.bulk_update(rows, ["findings"], batch_size=200)
        UnitPlan.objects.filter(round=planning_round).update(state=UnitPlan.State.ACCEPTED)
        planning_round.content = frozen_content(planning_round)
        planning_round.sha256 = hash_of(planning_round.content)
        planning_round.state, planning_round.approved_on = RoundState.APPROVED, day + datetime.timedelta(days=60)
        planning_round.is_announced = True
        planning_round.save()

    def _review(
        self, before: PlanningRound, seats: Sequence[PlannedSeat], listed: Sequence[Candidate], day: datetime.date
    ) -> int:
        review = self._round(
            f"QH30.RS{day.year}",
            f"Rà soát, bổ sung quy hoạch 2030-2035 năm {day.year}",
            ManagingLevel.PROVINCIAL_STANDING,
            day,
            kind=RoundKind.REVIEW,
            follows=before,
        )
        parts = {
            part.unit_id: part
            for part in create_many(
                UnitPlan,
                [
                    UnitPlan(round=review, unit_id=pk)
                    for pk in sorted({seat.part.unit_id for seat in seats if seat.part is not None})
                ],
            )
        }
        names = ("title_id", "unit_id", "number", "is_body", "coefficient", "position")
        copies = create_many(
            PlannedSeat,
            [
                PlannedSeat(
                    round=review,
                    part=parts[seat.part.unit_id] if seat.part is not None else None,
                    **{name: getattr(seat, name) for name in names},
                )
                for seat in seats
            ],
        )
        new = {seat.pk: copy for seat, copy in zip(seats, copies, strict=True)}
        kept = [
            Candidate(
                seat=new[row.seat_id],
                cadre_id=row.cadre_id,
                object=row.object,
                source=row.source,
                state=CandidateState.KEPT,
                carried_from=row,
                position=row.position,
            )
            for row in listed
        ]
        create_many(Candidate, kept)
        _open(review, day)
        write_proposals(review)
        _decide(review)
        return 1 + len(copies) + len(kept)

    def _targets(self, day: datetime.date) -> int:
        asked = (("young", "15"), ("female", "25"), ("ethnic_minority", "30"))
        rows = [
            StructureTarget(
                level=level,
                metric=metric,
                percent=Decimal(percent),
                basis=CITATION,
                confidence="unconfirmed",
                effective_from=datetime.date(2025, 12, 1),
            )
            for level in (ManagingLevel.PROVINCIAL_STANDING, ManagingLevel.UNIT)
            for metric, percent in asked
        ]
        return len(create_many(StructureTarget, rows))


class _Pool:
    """People of the province as columns, for choosing whom a seat might be planned with."""

    def __init__(self, day: datetime.date) -> None:
        self.day = day
        people = Cadre.objects.present_on(day).filter(partymembership_set__effective_until__isnull=True)
        ids = list(
            people.filter(partymembership_set__isnull=False).order_by("pk").values_list("pk", flat=True).distinct()
        )
        facts = people_facts(ids, day, with_files=False)
        self.columns = columns_of({pk: facts[pk] for pk in ids}, day)
        self.homes = _homes(ids, day)
        self.ranks = [person.title_rank for person in self.columns.people]

    def best(
        self, targets: SeatTargets, seat: PlannedSeat, counts: dict[int, int], wanted: int
    ) -> Iterable[tuple[int, bool, bool]]:
        """Whom the rules keep back least, the own office first; whether each is of it, and may stand as object 2."""
        codes = standings(self.columns, targets.target(seat.pk, 1))
        second = standings(self.columns, targets.target(seat.pk, 2))
        office = seat.part.unit_id if seat.part is not None else None
        bad = STANDINGS.index("not_met")
        ranked = sorted(
            (
                (self.homes.get(pk) != office, -int(codes[place]), self.ranks[place] or 99, pk, second[place] != bad)
                for place, pk in enumerate(self.columns.ids)
                if codes[place] != bad and (seat.is_body or counts[pk] < 3)
            ),
        )[:CONSIDERED]
        return [(pk, not is_elsewhere, bool(may)) for is_elsewhere, _, _, pk, may in ranked[:wanted]]


def _homes(ids: Sequence[int], day: datetime.date) -> dict[int, int]:
    """The office that each person belongs to."""
    kept = dict(Custody.objects.in_force(day).filter(cadre_id__any=list(ids)).values_list("cadre_id", "unit_id"))
    offices = offices_above(kept.values(), day)
    return {pk: offices[unit] for pk, unit in kept.items()}


def _whole(rows: Sequence[Candidate]) -> list[Candidate]:
    found = Candidate.objects.filter(pk__in=[row.pk for row in rows])
    return list(found.select_related("seat__round", "seat__title", "seat__unit"))


def _decide(review: PlanningRound) -> None:
    """What an officer decided of it so far: some were taken off, one is kept with a reason."""
    proposed = list(Candidate.objects.filter(seat__round=review, review__proposal="remove").order_by("pk"))
    for row in proposed[: len(proposed) // 3]:
        row.state, row.reason = CandidateState.REMOVED, removal_reason(told(row.review))
        row.review = {**row.review, "decided": "remove"}
        row.save()
    for row in proposed[len(proposed) // 3 :][:1]:
        row.review = {**row.review, "decided": "keep", "reason": "Chờ kết luận của cấp có thẩm quyền"}
        row.save()


def _open(planning_round: PlanningRound, day: datetime.date) -> None:
    """Open for candidates, with a deadline a month ahead."""
    planning_round.state, planning_round.due_on = RoundState.OPEN, day + datetime.timedelta(days=30)
    planning_round.save()


demonstration_parts.register(PlanningPart())
