"""Training of the demonstration province: standards of ranks, lengths and costs, seats, proposals of offices."""

from __future__ import annotations

import datetime
from typing import Final

from personnel.choices import RankGroup
from personnel.models import Cadre, Custody
from personnel.services.bulk import create_many, update_many
from personnel.services.demonstration.parts import demonstration_parts
from training.models import Programme, ProposedNeed, RankStandard, SeatAllotment

CITATION: Final = "Quyết định 15/QĐ-UBND ngày 10/01/2026 (dữ liệu trình diễn)"
SINCE: Final = datetime.date(2026, 1, 10)
#: What holders of ranks must have, in the demonstration.
RANKS: Final = (
    (RankGroup.SENIOR, "state_management", "x-chuyen-vien-cao-cap"),
    (RankGroup.SENIOR, "defence", "x-doi-tuong-3"),
    (RankGroup.PRINCIPAL, "state_management", "x-chuyen-vien-chinh"),
    (RankGroup.PRINCIPAL, "defence", "x-doi-tuong-3"),
    (RankGroup.SPECIALIST, "state_management", "x-chuyen-vien"),
    (RankGroup.SPECIALIST, "defence", "x-doi-tuong-4"),
    (RankGroup.SPECIALIST, "informatics", "x-ung-dung-cntt-co-ban"),
)
#: Length in days, cost a person, school and admission of programmes, in the demonstration.
TOLD: Final = {
    "LLCT-TC": (130, 9_000_000, "Trường Chính trị tỉnh", {"party": True, "max_age": 55}),
    "LLCT-CC": (180, 24_000_000, "Học viện Chính trị khu vực I", {"party": True, "degree": "04", "max_age": 50}),
    "QLNN-CV": (40, 4_500_000, "Trường Chính trị tỉnh", {"degree": "04"}),
    "QLNN-CVC": (30, 5_500_000, "Trường Chính trị tỉnh", {"degree": "04", "min_years": 5}),
    "QPAN-3": (12, 1_800_000, "Trường Quân sự tỉnh", {}),
    "QPAN-4": (6, 900_000, "Ban Chỉ huy quân sự xã, phường", {}),
    "LD-PHONG": (10, 3_000_000, "Trường Chính trị tỉnh", {}),
    "TRE": (60, 12_000_000, "Trường Chính trị tỉnh", {"max_age": 35, "party": True, "degree": "04"}),
    "NN-ANH-2": (60, 6_000_000, "Trường Cao đẳng Sư phạm tỉnh", {}),
}
SEATS: Final = {"LLCT-CC": 60, "LLCT-TC": 120, "QLNN-CVC": 50, "QPAN-3": 80}
#: Every so many people is proposed for a programme by the office.
PROPOSED_EACH: Final = 40
PROPOSALS: Final = ("TRE", "LD-PHONG", "CDS", "NN-ANH-2", "TCCB")


class NeedsPart:
    """Standards, programmes told in full, seats of two years, proposals."""

    key, order = "training-needs", 60

    def write(self, *, day: datetime.date) -> int:
        """Write them set-wise; answers the number of rows."""
        standards = create_many(
            RankStandard,
            [
                RankStandard(group=group, requirement=asked, value=code, citation=CITATION, effective_from=SINCE)
                for group, asked, code in RANKS
            ],
        )
        programmes = {one.code: one for one in Programme.objects.filter(code__in={*TOLD, *SEATS, *PROPOSALS})}
        for code, (days, cost, host, conditions) in TOLD.items():
            if (one := programmes.get(code)) is None:
                continue
            one.days, one.cost, one.host, one.conditions = days, cost, host, conditions
            one.citation = CITATION
        update_many(Programme, list(programmes.values()), ["days", "cost", "host", "conditions", "citation"])
        seats = create_many(
            SeatAllotment,
            [
                SeatAllotment(programme=programmes[code], year=year, seats=number, note=CITATION)
                for code, number in SEATS.items()
                if code in programmes
                for year in (day.year, day.year + 1)
            ],
        )
        return len(standards) + len(seats) + len(create_many(ProposedNeed, self._proposals(programmes, day)))

    def _proposals(self, programmes: dict[str, Programme], day: datetime.date) -> list[ProposedNeed]:
        people = Cadre.objects.present_on(day).order_by("pk").values_list("pk", flat=True)
        chosen = list(people)[::PROPOSED_EACH]
        offered = [programmes[code] for code in PROPOSALS if code in programmes]
        kept = Custody.objects.in_force(day).filter(cadre_id__any=chosen)
        units = dict(kept.values_list("cadre_id", "unit_id"))
        return [
            ProposedNeed(
                cadre_id=pk,
                programme=offered[place % len(offered)],
                unit_id=units[pk],
                proposed_on=day - datetime.timedelta(days=30 + place % 60),
                needed_by=datetime.date(day.year + 1, 12, 31) if place % 3 == 0 else None,
                reason="Theo yêu cầu của vị trí việc làm",
            )
            for place, pk in enumerate(chosen)
            if pk in units and offered
        ]


demonstration_parts.register(NeedsPart())
