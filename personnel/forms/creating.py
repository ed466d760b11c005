"""The form of a new record: what is known at the start; the rest is filled in on the profile."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.forms import DayField, GroupedForm
from hrdb.kernel.models import User
from hrdb.kernel.screens.filters import flat_choices
from hrdb.kernel.text import fold, same_text_key
from personnel.choices import EmploymentCategory, EmploymentState
from personnel.forms.fields import LineField, capital, column, form_field
from personnel.forms.identity import check_person, number_warnings, person_fields, person_values
from personnel.forms.lookups import LookupField
from personnel.forms.rows import DECISION, DECISION_WIDTHS
from personnel.models import Assignment, Cadre, CodeList
from personnel.rules.births import birth_fault, opening_facts
from personnel.services.citing import CitedDecision

PERSON: Final = (
    "full_name",
    "other_name",
    "personal_number",
    "born",
    "sex",
    "ethnicity",
    "religion",
    "home_town",
    "first_recruited_on",
)


class NewRecordForm(GroupedForm):
    """Hồ sơ mới: the person, the unit that keeps the record, category and state, the first post."""

    groups = (
        ("Người có hồ sơ", PERSON),
        ("Đơn vị, đối tượng", ("unit", "day", "category", "state")),
        ("Chức vụ, vị trí", ("title", "title_text")),
        ("Căn cứ", DECISION),
    )
    widths = {
        "full_name": "half",
        "other_name": "half",
        "personal_number": "third",
        "born": "third",
        "sex": "third",
        "ethnicity": "half",
        "religion": "half",
        "home_town": "two-thirds",
        "first_recruited_on": "third",
        "unit": "two-thirds",
        "day": "third",
        "category": "half",
        "state": "half",
        "title": "half",
        "title_text": "half",
        **DECISION_WIDTHS,
    }

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        user: User | None,
        day: datetime.date,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=dict(initial or {}))
        self.warnings: list[str] = []
        self.fields |= person_fields(PERSON, user=user, day=day)
        self.fields["unit"] = LookupField(
            "unit", user=user, day=day, label="Đơn vị quản lý hồ sơ", help_text="Gõ tên hoặc mã đơn vị."
        )
        self.fields["day"] = DayField(label="Từ ngày", help_text="Ngày về đơn vị, hoặc ngày lập hồ sơ.")
        self.fields["category"] = forms.ChoiceField(
            label="Đối tượng", choices=[("", "Chưa chọn"), *EmploymentCategory.choices]
        )
        self.fields["state"] = forms.ChoiceField(
            label="Tình trạng", choices=EmploymentState.choices, initial=EmploymentState.WORKING
        )
        for name in ("title", "title_text"):
            self.fields[name] = form_field(column(Assignment, name), user=user, day=day)
        self.fields["decision_number"] = LineField(label="Số quyết định", max_length=60, required=False)
        self.fields["decision_signed_on"] = DayField(label="Ngày ký", required=False)
        self.fields["decision_issuer"] = LineField(label="Cơ quan ban hành", max_length=250, required=False)
        for name in ("sex", "born"):
            self.fields[name].required = True
        for field in self.fields.values():
            field.label = capital(str(field.label))

    def clean(self) -> dict[str, Any]:
        """Facts that contradict one another; a decision is named whole or not at all."""
        cleaned = super().clean() or self.cleaned_data
        check_person(self, cleaned)
        born, day, recruited = cleaned.get("born"), cleaned.get("day"), cleaned.get("first_recruited_on")
        for name, later in (("day", day), ("first_recruited_on", recruited.last_day if recruited else None)):
            if born is not None and later is not None and later <= born.value:
                self.add_error(name, ValidationError("Phải sau ngày sinh.", code="impossible-order"))
        if day is not None and recruited is not None and recruited.value > day:
            self.add_error("day", ValidationError("Không thể trước ngày tuyển dụng.", code="impossible-order"))
        if born is not None and day is not None and not self.errors.keys() & {"born", "day", "first_recruited_on"}:
            facts = opening_facts(day=day, employed_from=recruited or PartialDate(day))
            if fault := birth_fault(born, facts, today=timezone.localdate()):
                self.add_error("born", ValidationError(fault, code="under-age"))
        given = [name for name in DECISION if cleaned.get(name)]
        for name in DECISION:
            if given and name not in given and name not in self.errors:
                self.add_error(name, ValidationError("Quyết định cần đủ số, ngày ký và cơ quan ban hành."))
        self.warnings = number_warnings(self.person())
        return cleaned

    def person(self) -> dict[str, Any]:
        """Columns of the person."""
        return person_values(self.cleaned_data, PERSON)

    def employment(self) -> dict[str, Any]:
        """Category and state."""
        return {name: self.cleaned_data[name] for name in ("category", "state")}

    def assignment(self) -> dict[str, Any]:
        """The first post."""
        return {name: self.cleaned_data[name] for name in ("title", "title_text")}

    def cited(self) -> CitedDecision | None:
        """The decision that was named."""
        if not self.cleaned_data.get("decision_number"):
            return None
        number, signed_on, issuer = (self.cleaned_data[name] for name in DECISION)
        return CitedDecision(number=number, signed_on=signed_on, issuer=issuer)

    def written_down(self) -> dict[str, str]:
        """What was typed, for a receiving request: label to words, a choice by what its reader saw."""
        told: dict[str, str] = {}
        for name, field in self.fields.items():
            if typed := str(self.data.get(name) or ""):
                meant = self.cleaned_data.get(name)
                choices = dict(flat_choices(field)) if type(field) is forms.ChoiceField else {}
                told[str(field.label)] = str(meant) if isinstance(meant, CodeList) else str(choices.get(typed, typed))
        return told


def possible_duplicates(cleaned: Mapping[str, Any], cadres: Any) -> list[Cadre]:
    """Those of `cadres` that may be the same person: the same name, and the same birth as far as both are known."""
    name, born = cleaned.get("full_name"), cleaned.get("born")
    if not name or born is None:
        return []
    found = cadres.filter(search_key=fold(name), born__year=born.value.year).order_by("born", "pk")[:50]
    key = same_text_key(name)
    return [one for one in found if same_text_key(one.full_name) == key and _may_be(one.birth, born)][:5]


def _may_be(known: Any, typed: Any) -> bool:
    """Whether two births agree as far as both are known."""
    if known is None:
        return False
    coarse = min((known.precision, typed.precision), key=("year", "month", "day").index)
    length = {"year": 4, "month": 7, "day": 10}[coarse]
    return bool(known.value.isoformat()[:length] == typed.value.isoformat()[:length])
