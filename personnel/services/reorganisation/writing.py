"""Writing a plan: units first, then what they have, then the people set-wise, then the rights; in one open event."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from hrdb.kernel.constraints import boundaries_may_move
from hrdb.kernel.history import write_history
from hrdb.kernel.many import new_row
from hrdb.kernel.text import fold
from personnel.choices import EmploymentState
from personnel.models import (
    Assignment,
    Custody,
    Delegation,
    Employment,
    Establishment,
    Grant,
    JobPosition,
    Mandate,
    Seat,
    Unit,
    UnitSuccession,
    UnitVersion,
)
from personnel.services.bulk import RowsRefused, create_many, delete_many, update_many
from personnel.services.changes import ChangesRefused, RowChanges, lock_people, write_changes
from personnel.services.reorganisation.belongings import POSITION_COLUMNS
from personnel.services.reorganisation.faults import CaseFault, CaseRefused
from personnel.services.reorganisation.people import NewPost, PostMove
from personnel.services.reorganisation.planning import Plan
from personnel.services.reorganisation.rights import SAME, EndedRight
from personnel.services.reorganisation.tree import PlannedUnit

#: Written where a post given by name rests on no decision yet.
NO_DECISION = "Bố trí theo phương án sắp xếp, chưa có quyết định riêng"
Tell = Callable[[str], None]


class PlanWriter:
    """Writes one plan; call `write` once, inside an open audit event and the locks."""

    def __init__(self, plan: Plan, tell: Tell) -> None:
        self.plan, self.tree, self.day, self.tell = plan, plan.tree, plan.day, tell
        self.ids = {code: unit.unit_id for code, unit in plan.tree.units.items() if unit.unit_id is not None}
        self.seats: dict[tuple[str, int], int] = dict(plan.belongings.held_seats)
        self.positions: dict[tuple[str, str], int] = dict(plan.belongings.held_positions)

    def write(self) -> None:
        """Write everything. Raises CaseRefused with what the record's own rules refuse."""
        try:
            self.tell("Đang ghi đơn vị")
            self._units()
            self._belongings()
            self.tell("Đang chuyển hồ sơ cán bộ")
            lock_people(self.plan.people.involved)
            write_changes(self._people())
            self.tell("Đang chuyển quyền và việc đang chờ")
            self._rights()
            self._papers()
        except ChangesRefused as refused:
            raise CaseRefused(self._of_people(refused)) from refused
        except RowsRefused as refused:
            messages = [text for error in refused.errors.values() for text in error.messages]
            faults = [CaseFault("case", 0, "", "refused", text) for text in dict.fromkeys(messages)]
            raise CaseRefused(faults) from refused

    # Units ------------------------------------------------------------------------------------------------------------

    def _units(self) -> None:
        founded = [unit for unit in self.tree.units.values() if unit.is_founded]
        rows = create_many(Unit, [Unit(code=unit.code) for unit in founded])
        self.ids |= {row.code: row.pk for row in rows}
        versions: list[UnitVersion] = [self._version(unit, self.day, None) for unit in founded]
        ends: dict[int, dict[str, Any]] = {}
        for unit in self.tree.touched:
            if unit.held is None:
                continue
            if not unit.is_open:
                ends[unit.held["pk"]] = {"effective_until": self.day}
            elif unit.held["effective_from"] == self.day:
                ends[unit.held["pk"]] = self._standing(unit)
            else:
                ends[unit.held["pk"]] = {"effective_until": self.day}
                versions.append(self._version(unit, self.day, unit.held["effective_until"]))
        with boundaries_may_move(UnitVersion):
            self._set(UnitVersion, ends)
            create_many(UnitVersion, versions)
        create_many(UnitSuccession, [self._succession(*pair) for pair in self._successions()])

    def _standing(self, unit: PlannedUnit) -> dict[str, Any]:
        return {
            "name": unit.name,
            "short_name": unit.short_name,
            "search_key": fold(unit.name),
            "parent_id": self.ids[unit.parent] if unit.parent else None,
            "kind_id": self.tree.kinds[unit.kind][0] if unit.kind else None,
            "bloc": unit.bloc,
            "level": unit.level,
            "position": unit.position,
            "decision_id": unit.decision_id,
        }

    def _version(self, unit: PlannedUnit, since: datetime.date, until: datetime.date | None) -> UnitVersion:
        return new_row(
            UnitVersion,
            unit_id=self.ids[unit.code],
            effective_from=since,
            effective_until=until,
            **self._standing(unit),
        )

    def _successions(self) -> Iterable[tuple[Any, str]]:
        for passing in self.tree.passings:
            for heir in passing.heirs:
                yield passing, heir

    def _succession(self, passing: Any, heir: str) -> UnitSuccession:
        return new_row(
            UnitSuccession,
            predecessor_id=passing.source.unit_id,
            successor_id=self.ids[heir],
            kind=passing.kind,
            day=self.day,
            decision_id=passing.decision_id,
        )

    # Seats, positions, establishment, mandates ------------------------------------------------------------------------

    def _belongings(self) -> None:
        what = self.plan.belongings
        with boundaries_may_move(Seat, JobPosition):
            self._end(Seat, (one.row_id for one in what.ended_seats))
            seats = [
                new_row(
                    Seat,
                    unit_id=self.ids[seat.unit],
                    title_id=seat.title_id,
                    number=seat.number,
                    effective_from=self.day,
                    decision_id=seat.decision_id,
                )
                for seat in what.new_seats.values()
            ]
            create_many(Seat, seats)
            self.seats |= {key: row.pk for key, row in zip(what.new_seats, seats, strict=True)}
            replaced = [one.replaces for one in what.new_positions.values() if one.replaces]
            self._end(JobPosition, [*(one.row_id for one in what.ended_positions), *replaced])
            positions = [
                new_row(
                    JobPosition,
                    unit_id=self.ids[one.unit],
                    code=one.code,
                    number=one.number,
                    effective_from=self.day,
                    decision_id=one.decision_id,
                    **{name: one.values[name] for name in POSITION_COLUMNS},
                )
                for one in what.new_positions.values()
            ]
            create_many(JobPosition, positions)
            self.positions |= {key: row.pk for key, row in zip(what.new_positions, positions, strict=True)}
        self._establishment()
        self._set(Mandate, {one.row_id: {"ends_on": self.day} for one in what.ended_mandates})

    def _establishment(self) -> None:
        what = self.plan.belongings
        delete_many(Establishment, [one.row_id for one in what.ended_quotas])
        self._set(
            Establishment,
            {one.row_id: {"number": one.number, "decision_id": one.decision_id} for one in what.quotas if one.row_id},
        )
        create_many(
            Establishment,
            [
                new_row(
                    Establishment,
                    unit_id=self.ids[one.unit],
                    year=one.year,
                    category=one.category,
                    number=one.number,
                    decision_id=one.decision_id,
                )
                for one in what.quotas
                if not one.row_id
            ],
        )

    # People -----------------------------------------------------------------------------------------------------------

    def _people(self) -> list[RowChanges]:
        """What is written of each person, by his id as the place."""
        people = self.plan.people
        changes: dict[int, RowChanges] = {}

        def of(cadre_id: int) -> RowChanges:
            return changes.setdefault(cadre_id, RowChanges(cadre_id))

        for move in people.custody:
            decision = self.plan.decision_at(move.source)
            self._custody(of(move.cadre_id), move, decision)
        for post in people.posts:
            self._post(of(post.row["cadre_id"]), post, self.plan.decision_at(post.source))
        for new in people.new_posts:
            of(new.placement.cadre_id).inserts.append(self._new_post(new))
        for change in people.states:
            self._state(of(change.placement.cadre_id), change.placement.decision_id, change.held)
        return list(changes.values())

    def _custody(self, change: RowChanges, move: Any, decision: int | None) -> None:
        unit_id = self.ids[move.target]
        if move.since >= self.day:
            change.edits[Custody, move.row_id] = {"unit_id": unit_id}
            return
        change.edits[Custody, move.row_id] = {"effective_until": self.day}
        change.inserts.append(
            new_row(
                Custody,
                cadre_id=move.cadre_id,
                unit_id=unit_id,
                effective_from=self.day,
                effective_until=move.until,
                decision_id=decision,
            )
        )

    def _post(self, change: RowChanges, post: PostMove, decision: int | None) -> None:
        row = post.row
        if post.target is None:
            change.edits[Assignment, row["id"]] = {"effective_until": self.day}
            return
        place = {
            "unit_id": self.ids[post.target],
            "seat_id": self.seats.get((post.target, row["title_id"] or 0)) if row["seat_id"] else None,
            "job_position_id": self._position(post),
            "mandate_id": None,
        }
        if row["effective_from"] >= self.day:
            change.edits[Assignment, row["id"]] = place
            return
        change.edits[Assignment, row["id"]] = {"effective_until": self.day}
        carried = {name: value for name, value in row.items() if name != "id"}
        start = {"effective_from": self.day, "start_precision": "day", "decision_id": decision, "basis": ""}
        change.inserts.append(new_row(Assignment, **{**carried, **place, **start}))

    def _position(self, post: PostMove) -> int | None:
        """The job position of the following unit that answers to the one held."""
        held: int | None = post.row["job_position_id"]
        if held is None or post.target is None:
            return None
        code = self.plan.belongings.position_codes.get(held)
        return self.positions.get((post.target, code)) if code is not None else None

    def _new_post(self, new: NewPost) -> Assignment:
        placement = new.placement
        decision = placement.decision
        return new_row(
            Assignment,
            cadre_id=placement.cadre_id,
            kind=placement.kind,
            unit_id=self.ids[new.target],
            title_id=new.title.pk if new.title else None,
            title_text=new.title_text,
            seat_id=self.seats.get((new.target, new.title.pk)) if new.title else None,
            effective_from=self.day,
            effective_until=new.until,
            first_appointed_on=decision.effective_on if decision else None,
            term_ends_on=placement.term_ends_on,
            decision_id=placement.decision_id,
            basis=placement.basis or ("" if decision else NO_DECISION),
        )

    def _state(self, change: RowChanges, decision: int | None, held: dict[str, Any]) -> None:
        basis = "" if decision else NO_DECISION
        state = {"state": EmploymentState.AWAITING_POSTING.value, "decision_id": decision, "basis": basis}
        if held["effective_from"] == self.day:
            change.edits[Employment, held["pk"]] = state
            return
        change.edits[Employment, held["pk"]] = {"effective_until": self.day}
        change.inserts.append(
            new_row(
                Employment,
                cadre_id=held["cadre_id"],
                category=held["category"],
                effective_from=self.day,
                effective_until=held["effective_until"],
                **state,
            )
        )

    def _of_people(self, refused: ChangesRefused) -> list[CaseFault]:
        names = self.plan.people.names
        return [
            CaseFault("person", cadre_id, "", "refused", f"{names.get(cadre_id, '')}: {message}")
            for cadre_id, message in refused.faults
        ]

    # Rights and papers ------------------------------------------------------------------------------------------------

    def _rights(self) -> None:
        for model in SAME:
            ended = [one for one in self.plan.rights.ended if one.model is model]
            with boundaries_may_move(model):
                delete_many(model, [one.row["pk"] for one in ended if not self._has_begun(one)])
                self._end(model, (one.row["pk"] for one in ended if self._has_begun(one)))
                create_many(model, [self._right(one) for one in self.plan.rights.new if one.model is model])

    def _has_begun(self, right: EndedRight) -> bool:
        return bool(right.row["effective_from"] < self.day)

    def _right(self, right: Any) -> Grant | Delegation:
        values = dict(zip(SAME[right.model], right.same, strict=True))
        basis = "Theo đơn vị được sắp xếp"
        since, until = right.period
        row: Grant | Delegation = new_row(
            right.model,
            unit_id=self.ids[right.unit],
            effective_from=since,
            effective_until=until,
            decision_id=right.decision_id,
            basis=basis,
            **values,
        )
        return row

    def _papers(self) -> None:
        by_model: dict[type[models.Model], dict[int, dict[str, Any]]] = {}
        for paper in self.plan.rights.papers:
            by_model.setdefault(paper.model, {})[paper.row_id] = {"unit_id": self.ids[paper.target]}
        for model, values in by_model.items():
            self._set(model, values)
        taught: dict[type[models.Model], list[models.Model]] = {}
        for mapping, unit, said in self.plan.rights.taught:
            taught.setdefault(mapping, []).append(mapping(unit_id=self.ids[unit], **said))
        for mapping, rows in taught.items():
            mapping._default_manager.bulk_create(rows)

    # ------------------------------------------------------------------------------------------------------------------

    def _end(self, model: type[models.Model], ids: Iterable[int]) -> None:
        """End dated rows on the day."""
        keys = list(ids)
        if keys:
            model._default_manager.filter(pk__in=keys).update(effective_until=self.day)
            write_history(model, keys, history_type="~")

    def _set(self, model: type[models.Model], values: dict[int, dict[str, Any]]) -> None:
        """Set columns of some rows."""
        if not values:
            return
        rows = list(model._default_manager.select_for_update(of=("self",)).filter(pk__in=list(values)).order_by("pk"))
        names: set[str] = set()
        for row in rows:
            names |= set(values[row.pk])
            for name, value in values[row.pk].items():
                setattr(row, name, value)
        update_many(model, rows, sorted(names))
