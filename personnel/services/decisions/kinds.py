"""One class for each kind of decision: its fields, its checks as findings, its effect on the record.

Subclass `DecisionAct` and register it in `decision_acts`; upper apps add theirs. docs/how-to/add-a-decision-kind.md
shows how.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import TextChoices

from hrdb.kernel.findings import Finding
from hrdb.kernel.models import User
from hrdb.kernel.registries import Registry
from personnel.models import (
    Asset,
    Assignment,
    Cadre,
    Custody,
    Decision,
    DecisionItem,
    Employment,
    HealthCheck,
    PoliticalReview,
    Qualification,
)
from personnel.models.cadres import OfCadre
from personnel.services.decisions.fields import ActField
from personnel.services.decisions.places import Places
from personnel.services.decisions.recording import Recorder
from personnel.services.held import HeldRecord


class ActGroup(TextChoices):
    """Nhóm of kinds, as the page of choice shows them."""

    ENTRY = "entry", "Vào cơ quan"
    POST = "post", "Chức vụ"
    MOVEMENT = "movement", "Di chuyển"
    LEAVING_POST = "leaving_post", "Rời chức vụ"
    PAY = "pay", "Ngạch, lương, phụ cấp"
    REWARD_DISCIPLINE = "reward_discipline", "Khen thưởng, kỷ luật"
    LEAVING = "leaving", "Rời cơ quan"
    REVISION = "revision", "Thu hồi, hủy bỏ, đính chính"
    OTHER = "other", "Khác"


@dataclass
class Case:
    """One person of a decision: what is said of him, and what the record holds.

    `values` are the common terms with the person's own over them, resolved; `day` is the decision's effective day, by
    whose law it is judged. `held` is empty of rows for somebody who has no record yet. `asked_by` is who judges it
    (None: the machine's operator), of whom fact sources ask what he may know.
    """

    act: DecisionAct
    decision: Decision
    item: DecisionItem
    place: int
    values: Mapping[str, Any]
    held: HeldRecord
    places: Places
    facts: dict[str, Any] = field(default_factory=dict)
    asked_by: User | None = None

    @property
    def day(self) -> datetime.date:
        """The first day of the effect."""
        return self.decision.effective_on

    @property
    def cadre(self) -> Cadre:
        """The person."""
        return self.held.cadre

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)

    def given(self, *keys: str) -> dict[str, Any]:
        """The values of these fields that say something."""
        return {key: self.values[key] for key in keys if self.values.get(key) not in (None, "")}


class DecisionAct:
    """A kind of decision (loại quyết định).

    `code` is its item in the list of kinds, `parts` the models it reads and writes beside custody, employment and
    posts, `inserts` the tracks in which it may be entered before what the record has from later days, `dossier` and
    `procedures` the keys of their data, `effect` one line on what it does to the record. `is_voted_by_seat`: candidates
    for one seat are voted on together, else everybody of the decision is.
    """

    key: ClassVar[str] = ""
    code: ClassVar[str] = ""
    label: ClassVar[str] = ""
    group: ClassVar[ActGroup] = ActGroup.OTHER
    order: ClassVar[int] = 100
    effect: ClassVar[str] = ""
    fields: ClassVar[Sequence[ActField]] = ()
    parts: ClassVar[tuple[type[OfCadre], ...]] = ()
    inserts: ClassVar[tuple[type[OfCadre], ...]] = ()
    dossier: ClassVar[str] = ""
    procedures: ClassVar[tuple[str, ...]] = ()
    is_voted_by_seat: ClassVar[bool] = True
    template: ClassVar[str] = "decision"
    is_of_newcomers: ClassVar[bool] = False
    is_revision: ClassVar[bool] = False
    is_entered_daily: ClassVar[bool] = True

    def findings(self, case: Case) -> Iterable[Finding]:
        """The law's conditions in this case, judged on the decision's own day."""
        return ()

    def record(self, case: Case, recorder: Recorder) -> None:
        """Note what the decision does to the record; raises ActRefused with a sentence."""

    def usual_procedure(self, case: Case) -> str:
        """The key of the procedure that fits the case, of those that the kind knows."""
        return self.procedures[0]

    def all_parts(self) -> list[type[OfCadre]]:
        """Every model that a case reads and its signing may write."""
        return list(dict.fromkeys((Custody, Employment, Assignment, *self.parts)))

    def read_parts(self) -> list[type[OfCadre]]:
        """Every model that is read to judge a case: also those that provide the papers of its dossier."""
        provided = (HealthCheck, PoliticalReview, Asset, Qualification) if self.dossier else ()
        return list(dict.fromkeys((*self.all_parts(), *provided)))

    def field(self, key: str) -> ActField | None:
        """A field by its key."""
        return next((item for item in self.fields if item.key == key), None)

    @property
    def common_fields(self) -> list[ActField]:
        """Fields that are the same for all people."""
        return [item for item in self.fields if not item.of_person]

    @property
    def person_fields(self) -> list[ActField]:
        """Fields that may differ from person to person."""
        return [item for item in self.fields if item.of_person]


class FactSource:
    """Facts of cases that an upper app holds (planned for the title, ratings), read for all cases together.

    Subclass it and register it in `fact_sources`; `key` is the fact: `is_planned` (bool), `ratings` (words by year).
    What not everyone may know is left out where `case.asked_by` may not.
    """

    key: ClassVar[str] = ""

    def facts(self, cases: Sequence[Case]) -> Mapping[int, Any]:
        """What is known, by the place of the case."""
        raise NotImplementedError


fact_sources: Registry[FactSource] = Registry("nguồn dữ kiện xét điều kiện")

decision_acts: Registry[DecisionAct] = Registry("loại quyết định")


def register_act(act: type[DecisionAct]) -> type[DecisionAct]:
    """Add a kind; usable as a class decorator."""
    decision_acts.register(act())
    return act


def act_of(decision: Decision) -> DecisionAct | None:
    """The class of a decision's kind; None for one that was only cited, or of a kind without one."""
    code = decision.kind.code if decision.kind else ""
    return next((act for act in decision_acts if act.code == code), None)


def said_of_people(decision: Decision, act: DecisionAct) -> list[ActField]:
    """The fields that people of a decision have of their own: a correction has those of what it puts right."""
    target = act_of(decision.target) if act.key == "correction" and decision.target is not None else None
    return (target or act).person_fields


def acts_in_order() -> list[DecisionAct]:
    """All kinds as the page of choice lists them."""
    groups = list(ActGroup)
    return sorted(decision_acts, key=lambda act: (groups.index(act.group), act.order))
