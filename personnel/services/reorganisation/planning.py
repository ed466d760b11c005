"""Everything that a case would do, read in a constant number of queries and not yet written."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from hrdb.kernel.models import User
from personnel.models import Reorganisation, ReorganisationPlacement, ReorganisationStep
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.reorganisation.belongings import BelongingsPlan, BelongingsReader
from personnel.services.reorganisation.faults import CaseFault
from personnel.services.reorganisation.people import PeoplePlan, PeopleReader
from personnel.services.reorganisation.rights import RightsPlan, RightsReader
from personnel.services.reorganisation.steps import carry_out
from personnel.services.reorganisation.tree import PlannedTree, read_tree


@dataclass
class Plan:
    """A case carried out in memory: the tree as it will be, and what becomes of all that stands in its units."""

    case: Reorganisation
    tree: PlannedTree
    first_decision: int | None
    people: PeoplePlan = field(default_factory=PeoplePlan)
    belongings: BelongingsPlan = field(default_factory=BelongingsPlan)
    rights: RightsPlan = field(default_factory=RightsPlan)

    @property
    def day(self) -> datetime.date:
        """The first day of the new order."""
        return self.case.day

    @property
    def faults(self) -> list[CaseFault]:
        """Why it cannot be carried out."""
        return self.tree.faults

    @property
    def warnings(self) -> list[CaseFault]:
        """What is odd, or wants a decision of its own."""
        return self.tree.warnings

    def decision_at(self, code: str) -> int | None:
        """The resolution on which what passes from a unit rests."""
        found = next((one for one in self.tree.passings if one.source.code == code), None)
        return found.decision_id if found else self.first_decision


def plan_case(
    case: Reorganisation,
    *,
    steps: Sequence[ReorganisationStep],
    placements: Sequence[ReorganisationPlacement],
    first_decision: int | None,
    acting_user: User | None,
) -> Plan:
    """What a case would do; all faults are found at once, and a plan with faults is not to be written."""
    plan = plan_units(case, steps=steps, first_decision=first_decision, acting_user=acting_user)
    reader = PeopleReader(plan.tree, placements)
    plan.people = reader.read()
    plan.belongings = BelongingsReader(plan.tree, plan.people.posts, reader.titles).read()
    plan.rights = RightsReader(plan.tree).read()
    _forgive_followers(plan, steps)
    _warn_of_leaders(plan)
    return plan


def plan_units(
    case: Reorganisation, *, steps: Sequence[ReorganisationStep], first_decision: int | None, acting_user: User | None
) -> Plan:
    """Only what becomes of the units."""
    scope = scope_of(acting_user, Action.EDIT)
    tree = read_tree(case, scope=scope, today=timezone.localdate())
    carry_out(tree, steps, first_decision)
    return Plan(case, tree, first_decision)


def plan_of(case: Reorganisation, *, acting_user: User | None) -> Plan:
    """The plan of a stored case."""
    resolutions = list(case.resolutions.values_list("decision_id", flat=True))
    return plan_case(
        case,
        steps=list(case.steps.all()),
        placements=list(case.placements.select_related("title", "decision")),
        first_decision=resolutions[0] if resolutions else None,
        acting_user=acting_user,
    )


def _forgive_followers(plan: Plan, steps: Sequence[ReorganisationStep]) -> None:
    """Where a step is faulty, the people who go to its units are not faulty for that."""
    broken = {fault.place for fault in plan.faults if fault.part == "step" and fault.code != "people-left"}
    meant = {code for place in broken if place < len(steps) for code in steps[place].targets}
    plan.tree.faults = [
        fault
        for fault in plan.faults
        if not (
            broken and fault.code in ("unknown-unit", "no-heir") and fault.part == "placement" and fault.value in meant
        )
        and not (broken and fault.code == "people-left")
    ]


def _warn_of_leaders(plan: Plan) -> None:
    """Leaders of whom the case says nothing: their posts end, and their own decisions are due."""
    waiting = len(plan.people.waiting)
    if waiting:
        message = (
            f"{waiting} chức vụ lãnh đạo kết thúc cùng đơn vị mà phương án chưa nói tới: cần quyết định riêng "
            "cho từng người."
        )
        plan.warnings.append(CaseFault("case", 0, "placements", "leaders-waiting", message, str(waiting)))
