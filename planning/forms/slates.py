"""Forms of slates: head, copy, choosing with the office that draws up and who issues, dropping, which move is added."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms

from hrdb.kernel.forms import DayField, GroupedForm
from hrdb.kernel.models import User
from hrdb.kernel.screens import ReasonForm
from personnel.forms.lookups import LookupField, LookupInput
from personnel.services.decisions.kinds import ActGroup
from planning.services.slates.rehearsing import GROUPS, slate_acts

NOTHING_CHOSEN = "— Chọn —"


class SlateForm(GroupedForm):
    """Name, day and note of a slate."""

    name = forms.CharField(label="Tên phương án", max_length=250)
    day = DayField(
        label="Ngày dự kiến",
        help_text="Điều kiện xét theo quy định và hồ sơ tại ngày này; các quyết định có hiệu lực từ ngày này.",
    )
    note = forms.CharField(label="Ghi chú", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    widths = {"name": "two-thirds", "day": "third"}


class CopyForm(forms.Form):
    """The name of a copy."""

    name = forms.CharField(label="Tên phương án mới", max_length=250)


class ChooseForm(GroupedForm):
    """The office that draws up the drafts, and for each managing level who issues them."""

    def __init__(self, *args: Any, user: User, day: datetime.date, levels: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levels = levels
        self.fields["unit"] = LookupField("unit", user=user, day=day, label="Đơn vị lập dự thảo")
        for level, label in levels.items():
            self.fields[f"issuer_{level}"] = forms.CharField(
                label=f"Cơ quan ban hành, {label[0].lower()}{label[1:]}", max_length=250, required=False
            )

    def issuers(self) -> dict[str, str]:
        """Who issues, by managing level."""
        return {level: self.cleaned_data.get(f"issuer_{level}", "") for level in self.levels}


class DropForm(ReasonForm):
    """Why a slate is dropped, and whether its drafts go with it."""

    with_drafts = forms.BooleanField(
        label="Bỏ cả các dự thảo chưa trình của phương án",
        required=False,
        help_text="Quyết định đã trình và đã ký luôn được giữ.",
    )


class NewMoveForm(forms.Form):
    """Which kind of decision, about whom: asked first, because the kind says what else is asked."""

    act = forms.ChoiceField(label="Loại quyết định")
    who = forms.CharField(
        label="Cán bộ",
        max_length=300,
        widget=LookupInput("person", attrs={"placeholder": "Tên hoặc số định danh"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = act_choices()  # type: ignore[attr-defined]


def act_choices() -> list[tuple[str, Any]]:
    """The kinds of a slate by group."""
    found: dict[ActGroup, list[tuple[str, str]]] = {group: [] for group in GROUPS}
    for act in slate_acts():
        found[act.group].append((act.key, act.label))
    grouped = [(str(group.label), kinds) for group, kinds in found.items() if kinds]
    return [("", NOTHING_CHOSEN), *grouped]
