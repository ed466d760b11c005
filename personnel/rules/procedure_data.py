"""Personnel procedures (quy trình nhân sự) as data: steps, quorum and pass rules, read strictly from the parameters.

    procedures(kind, day) -> tuple[Procedure, ...]
        those of a kind of decision whose steps are known on the day
    procedure(key, day) -> Procedure
        one of them; raises KeyError, or ParameterUnknown when its steps are not known
    whole_staff_is_summoned(step, people, has_divisions) -> bool | None
        whether the whole staff takes the place of the key staff

Votes are judged in `procedure.py`. Source: Nghị định 170/2025/NĐ-CP, Điều 33 and 36 to 40.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, Literal, get_args

from hrdb.kernel.findings import Citation, Confidence
from hrdb.kernel.parameters import DatedValue, Parameter, ParameterError
from personnel.rules.law import LAW

#: How a step passes: everyone on an agreed list; the top above a share, else all from a lower one; above a share, a tie
#: for the head to decide; an opinion that binds nobody; or a rule that no source tells.
PassRule = Literal["list", "top_or_all", "majority", "advisory", "unread"]

_STEP_KEYS: Final = {"key", "label", "summoned", "rule"}
_OPTIONAL_STEP_KEYS: Final = {
    "over", "else_from", "different_name_from", "is_each", "is_announced", "whole_staff_below",
}  # fmt: skip
_KEYS: Final = {"quorum", "counted_of", "steps"}
_OPTIONAL_KEYS: Final = {"policy_working_days", "working_days"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who is summoned, how it passes, whether its result is announced in the meeting.

    `is_each`: every candidate is judged alone, not against the others; `whole_staff_below`: with fewer people the whole
    staff is summoned.
    """

    key: str
    label: str
    summoned: str
    rule: PassRule
    over: Fraction | None = None
    else_from: Fraction | None = None
    different_name_from: Fraction | None = None
    is_each: bool = False
    is_announced: bool | None = None
    whole_staff_below: int | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure as it stands on a day; `quorum` and the working days are None where no source tells them."""

    key: str
    label: str
    kinds: tuple[str, ...]
    steps: tuple[Step, ...]
    quorum: Fraction | None
    policy_working_days: int | None
    working_days: int | None
    citation: Citation
    confidence: Confidence

    def step(self, key: str) -> Step:
        """The step of a key; raises KeyError."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    def after(self, step: Step) -> Step | None:
        """The step that follows, None after the last."""
        place = self.steps.index(step) + 1
        return self.steps[place] if place < len(self.steps) else None


def procedures(*, kind: str, day: date) -> tuple[Procedure, ...]:
    """The procedures for a kind of decision (`appointment`, `reappointment`, `extension`) whose steps are known."""
    held = ((parameter, parameter.at(day)) for parameter in LAW.under("procedures"))
    found = (_procedure(parameter, value) for parameter, value in held if value is not None and value.value is not None)
    return tuple(one for one in found if kind in one.kinds)


def procedure(*, key: str, day: date) -> Procedure:
    """The procedure of a key on a day; raises KeyError, or ParameterUnknown when its steps are not known."""
    parameter = LAW[f"procedures/{key}"]
    return _procedure(parameter, parameter.require(day))


def whole_staff_is_summoned(*, step: Step, people: int | None, has_divisions: bool | None) -> bool | None:
    """Whether the whole staff is summoned instead of the key staff: a small unit, or one without sub-units.

    None when it is not known; False for steps of which the law does not say so.
    """
    if step.whole_staff_below is None:
        return False
    is_small = None if people is None else people < step.whole_staff_below
    if is_small or has_divisions is False:
        return True
    return None if is_small is None or has_divisions is None else False


def _procedure(parameter: Parameter, held: DatedValue) -> Procedure:
    return _read(parameter.key, held.effective_from)


@lru_cache(maxsize=64)
def _read(key: str, day: date) -> Procedure:
    """A procedure from its table, read strictly; raises ParameterError that names the file and the step."""
    parameter = LAW[key]
    held = parameter.require(day)
    where = f"{key} ({day})"
    table = _keys(held.value, _KEYS, _OPTIONAL_KEYS, where)
    if table["counted_of"] != "summoned":
        raise ParameterError(f"{where}: counted_of: {table['counted_of']}")
    steps = tuple(_step(row, where) for row in table["steps"])
    if len({step.key for step in steps}) != len(steps) or not steps:
        raise ParameterError(f"{where}: các bước phải có khóa riêng")
    return Procedure(
        key=key.rpartition("/")[2],
        label=parameter.label,
        kinds=tuple(parameter.attributes["kinds"]),
        steps=steps,
        quorum=_share(table["quorum"]),
        policy_working_days=table.get("policy_working_days"),
        working_days=table.get("working_days"),
        citation=held.citation,
        confidence=held.confidence,
    )


def _step(row: Mapping[str, Any], where: str) -> Step:
    _keys(row, _STEP_KEYS, _OPTIONAL_STEP_KEYS, where)
    rule = row["rule"]
    needed = {"majority": {"over"}, "top_or_all": {"over", "else_from"}}.get(rule, set())
    if rule not in get_args(PassRule) or needed - set(row):
        raise ParameterError(f"{where}: bước «{row['key']}»: rule {rule} cần {', '.join(sorted(needed))}")
    return Step(
        key=row["key"],
        label=row["label"],
        summoned=row["summoned"],
        rule=rule,
        over=_share(row.get("over")),
        else_from=_share(row.get("else_from")),
        different_name_from=_share(row.get("different_name_from")),
        is_each=row.get("is_each", False),
        is_announced=row.get("is_announced"),
        whole_staff_below=row.get("whole_staff_below"),
    )


def _share(written: str | None) -> Fraction | None:
    return None if written is None else Fraction(written)


def _keys(content: Any, required: set[str], optional: set[str], where: str) -> Mapping[str, Any]:
    if not isinstance(content, Mapping) or required - set(content) or set(content) - required - optional:
        raise ParameterError(f"{where}: cần các khóa {', '.join(sorted(required))}, không có khóa lạ: {content}")
    return content
