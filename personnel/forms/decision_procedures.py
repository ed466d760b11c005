"""Forms of procedures: which one and when it began, and what one step counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms

from hrdb.kernel.forms import DayField
from personnel.rules.procedure_data import Procedure, Step
from personnel.services.decisions.procedures import RecordedProcedure, RecordedStep, Vote

#: Lines for candidates beside those whom the form knows, and how many there may be in all.
EXTRA_LINES, MOST_CANDIDATES = 3, 40
MOST_PEOPLE = 100_000


class ProcedureForm(forms.Form):
    """Which procedure, for how many seats, and when its policy was proposed and decided."""

    procedure = forms.ChoiceField(label="Quy trình")
    seats = forms.IntegerField(label="Số lượng cần chọn", min_value=1, max_value=20, initial=1)
    proposed_on = DayField(label="Ngày trình chủ trương", required=False)
    policy_on = DayField(label="Ngày có chủ trương", required=False)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["procedure"]
        field.choices = choices

    def recorded(self, before: RecordedProcedure | None) -> RecordedProcedure:
        """What was said, with the steps that are there; another procedure begins anew."""
        told = self.cleaned_data
        is_same = before is not None and before.procedure == told["procedure"]
        return RecordedProcedure(
            procedure=told["procedure"],
            seats=told["seats"],
            proposed_on=told["proposed_on"],
            policy_on=told["policy_on"],
            steps=before.steps if before is not None and is_same else (),
        )


def first_values(recorded: RecordedProcedure | None, usual: str) -> dict[str, Any]:
    """First values of the form above."""
    if recorded is None:
        return {"procedure": usual}
    return {
        "procedure": recorded.procedure,
        "seats": recorded.seats,
        "proposed_on": recorded.proposed_on,
        "policy_on": recorded.policy_on,
    }


class StepForm(forms.Form):
    """What one step counted: people, votes by candidate, the head's choice on a tie.

    Candidates come with the form (`names` to the id of their place in the decision, None for others); empty lines take
    further names, and a name that is blank falls away.
    """

    held_on = DayField(label="Ngày tổ chức", required=False)
    minutes = forms.CharField(label="Số biên bản", required=False, max_length=60)
    summoned = forms.IntegerField(label="Số triệu tập", required=False, min_value=1, max_value=MOST_PEOPLE)
    present = forms.IntegerField(label="Số dự", required=False, min_value=0, max_value=MOST_PEOPLE)

    def __init__(
        self,
        *args: Any,
        asked: Procedure,
        step: Step,
        held: RecordedStep | None,
        names: Mapping[str, int | None],
        ties: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.step, self.names = asked, step, dict(names)
        counts = {vote.name: vote.count for vote in held.votes} if held else {}
        if held is not None:
            for name in ("held_on", "minutes", "summoned", "present"):
                self.fields[name].initial = getattr(held, name)
        self.lines = min(len(self.names) + EXTRA_LINES, MOST_CANDIDATES)
        for place, name in enumerate([*self.names, *[""] * EXTRA_LINES][: self.lines]):
            self._add_line(place, name, counts.get(name))
        if ties:
            self.fields["head_chose"] = forms.MultipleChoiceField(
                label="Người đứng đầu quyết định chọn",
                choices=[(name, name) for name in ties],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=list(held.head_chose or ()) if held else [],
            )
            self.fields["head_decided"] = forms.BooleanField(
                label="Người đứng đầu đã quyết định",
                required=False,
                initial=held is not None and held.head_chose is not None,
            )

    def _add_line(self, place: int, name: str, count: int | None) -> None:
        field: forms.Field = forms.CharField(label=f"Nhân sự {place + 1}", required=False, max_length=200, initial=name)
        field.widget.attrs["aria-label"] = field.label
        self.fields[f"name_{place}"] = field
        votes = forms.IntegerField(
            label=f"Số phiếu của nhân sự {place + 1}", required=False, min_value=0, max_value=MOST_PEOPLE, initial=count
        )
        votes.widget.attrs |= {"aria-label": f"Số phiếu của {name}" if name else votes.label, "size": 6}
        self.fields[f"votes_{place}"] = votes

    def candidates(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Name and votes of each line."""
        for place in range(self.lines):
            yield self[f"name_{place}"], self[f"votes_{place}"]

    def clean(self) -> dict[str, Any]:
        """Names stand once."""
        told: dict[str, Any] = super().clean() or {}
        seen: set[str] = set()
        for place in range(self.lines):
            name = " ".join((told.get(f"name_{place}") or "").split())
            if name and name in seen:
                self.add_error(f"name_{place}", f"«{name}» đã có ở dòng trên.")
            seen.add(name)
        return told

    def recorded(self) -> RecordedStep:
        """What was counted."""
        told, votes = self.cleaned_data, []
        for place in range(self.lines):
            name = " ".join((told.get(f"name_{place}") or "").split())
            if name:
                votes.append(Vote(name, told.get(f"votes_{place}"), self.names.get(name)))
        chose = tuple(told.get("head_chose") or ()) if told.get("head_decided") or told.get("head_chose") else None
        return RecordedStep(
            step=self.step.key,
            held_on=told["held_on"],
            minutes=told["minutes"],
            summoned=told["summoned"],
            present=told["present"],
            votes=tuple(votes),
            head_chose=chose,
        )
