"""What one roster row says of a person, in the database's own terms (ids of codes, units and titles)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hrdb.kernel.dates import PartialDate
from personnel.choices import EmploymentCategory


@dataclass(frozen=True, slots=True)
class Post:
    """A title as written, mapped where it is known, and what kind of assignment it is."""

    title_id: int | None
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Learning:
    """A qualification that the row names."""

    kind: str
    level_id: int | None
    text: str
    language_id: int | None = None
    field_of_study: str = ""
    school: str = ""
    study_form_id: int | None = None
    held_from: PartialDate | None = None


@dataclass(slots=True)
class Facts:
    """One row, understood; empty values say nothing."""

    place: int
    sheet: str
    row: int
    name: str
    personal_number: str = ""
    born: PartialDate | None = None
    sex: str = ""
    identity: dict[str, Any] = field(default_factory=dict)
    unit_id: int | None = None
    posts: list[Post] = field(default_factory=list)
    appointed_on: PartialDate | None = None
    category: str = ""
    #: What category title, rank and unit tell where the row tells none; used only of people not yet known.
    usual_category: str = EmploymentCategory.CIVIL_SERVANT
    #: From what that was inferred; empty when it is certain.
    category_basis: str = ""
    state: str = ""
    recruited_on: PartialDate | None = None
    party_joined_on: PartialDate | None = None
    party_official_on: datetime.date | None = None
    is_party_member: bool = False
    learnings: list[Learning] = field(default_factory=list)
    rank_id: int | None = None
    step: int | None = None
    coefficient: Decimal | None = None
    over_frame: Decimal | None = None
    pay_from: PartialDate | None = None
    note: str = ""

    @property
    def says_pay(self) -> bool:
        """Whether the row says anything about pay."""
        return self.rank_id is not None or self.step is not None or self.coefficient is not None
