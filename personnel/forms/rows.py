"""The base of the forms of a record's rows: periods, the decision behind a fact, the reason of a correction."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.forms import DayField, GroupedForm, PartialDateField
from hrdb.kernel.models import User
from hrdb.kernel.periods import Dated, StartPrecision
from personnel.forms.fields import LineField, LinesField, column, day_after, form_field
from personnel.models import Cadre
from personnel.models.decisions import Decided
from personnel.services.citing import CitedDecision

#: What a form is for: a new row, the next period of a track, or saying that a row was wrong.
Purpose = Literal["add", "succeed", "correct"]

#: Form fields of the decision behind a row.
DECISION = ("decision_number", "decision_signed_on", "decision_issuer")

#: Where errors of a model's field stand on the form.
STANDS_AT = {
    "effective_until": "last_day",
    "decision": "decision_number",
    "start_precision": "effective_from",
    "joined_precision": "effective_from",
    "born_precision": "born",
    "first_recruited_precision": "first_recruited_on",
}


class RecordForm(GroupedForm):
    """A form for one row of a record (một dòng của hồ sơ); subclasses name the model and its fields.

    `names`: fields of the model in order; «effective_from» and «effective_until» are typed as a first and a last day.
    `precision`: the model's field that says how much of the first day is known.
    `not_carried`: fields that the next period of a track does not begin with.
    `values()` gives what a service takes, `cited()` the decision that was named, `warnings` what is odd but
    saved all the same.
    """

    model: ClassVar[type[models.Model]]
    names: ClassVar[Sequence[str]] = ()
    precision: ClassVar[str] = ""
    labels: ClassVar[Mapping[str, str]] = {}
    helps: ClassVar[Mapping[str, str]] = {}
    needed: ClassVar[Sequence[str]] = ()
    not_carried: ClassVar[Sequence[str]] = ("note",)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        initial: Mapping[str, Any] | None = None,
        user: User | None,
        cadre: Cadre | None,
        day: datetime.date,
        purpose: Purpose,
        row: models.Model | None = None,
        unit_id: int | None = None,
    ) -> None:
        super().__init__(data, files, initial={**self.initial_of(row, purpose), **(initial or {})})
        self.user, self.cadre, self.day, self.purpose, self.row = user, cadre, day, purpose, row
        self.unit_id = unit_id
        self.warnings: list[str] = []
        for name in self.names:
            self._add_field(name)
        if issubclass(self.model, Decided):
            self._add_decision()
        if purpose == "correct":
            self.fields["reason"] = reason_field()
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, field.help_text)
            field.required = field.required or name in self.needed

    # Fields -----------------------------------------------------------------------------------------------------------

    def _add_field(self, name: str) -> None:
        if name == "effective_from":
            self._add_first_day()
        elif name == "effective_until":
            if self.purpose != "succeed":
                self.fields["last_day"] = PartialDateField(
                    label="Đến hết ngày", required=False, help_text="Để trống: đến nay."
                )
        else:
            field = column(self.model, name)
            kept = getattr(self.row, field.attname, None) if field.is_relation else None
            self.fields[name] = form_field(field, user=self.user, day=self.day, kept=kept, unit_id=self.unit_id)

    def _add_first_day(self) -> None:
        label = str(self.labels.get("effective_from", "Từ ngày"))
        if not self.precision:
            self.fields["effective_from"] = DayField(label=label)
            return
        self.fields["effective_from"] = PartialDateField(label=label, help_text="Chỉ biết tháng hoặc năm thì ghi thế.")
        if self._knows_from:
            self.fields["is_known_from"] = forms.BooleanField(
                label="Không rõ ngày bắt đầu, chỉ biết đã có vào ngày này", required=False
            )

    @property
    def _knows_from(self) -> bool:
        """Whether the model can say that only «it held on this day» is known."""
        choices = dict(column(self.model, self.precision).flatchoices) if self.precision else {}
        return StartPrecision.KNOWN_FROM in choices

    def _add_decision(self) -> None:
        self.fields["decision_number"] = LineField(
            label="Số quyết định", max_length=60, required=False, help_text="Chưa có quyết định thì để trống."
        )
        self.fields["decision_signed_on"] = DayField(label="Ngày ký", required=False)
        self.fields["decision_issuer"] = LineField(label="Cơ quan ban hành", max_length=250, required=False)
        self.fields["basis"] = LineField(label="Căn cứ khác", max_length=250, required=False)

    @classmethod
    def initial_of(cls, row: models.Model | None, purpose: Purpose = "correct") -> dict[str, Any]:
        """First values from a row; the next period of a track begins with the values of the present one."""
        if row is None:
            return {}
        values: dict[str, Any] = {
            name: getattr(row, column(cls.model, name).attname)
            for name in cls.names
            if name not in ("effective_from", "effective_until")
        }
        if purpose == "succeed":
            return {name: value for name, value in values.items() if name not in cls.not_carried}
        if isinstance(row, Dated):
            values["effective_from"] = cls._first_day_of(row)
            values["is_known_from"] = bool(cls.precision) and getattr(row, cls.precision) == StartPrecision.KNOWN_FROM
            values["last_day"] = PartialDate(row.last_day) if row.last_day else None
        if isinstance(row, Decided):
            decision = row.decision
            values |= {
                "decision_number": decision.number if decision else "",
                "decision_signed_on": decision.signed_on if decision else None,
                "decision_issuer": decision.issuer if decision else "",
                "basis": row.basis,
            }
        return values

    @classmethod
    def _first_day_of(cls, row: Dated) -> Any:
        known: Any = getattr(row, cls.precision) if cls.precision else "day"
        if not cls.precision:
            return row.effective_from
        return PartialDate(row.effective_from, known if known in ("month", "year") else "day")

    # Checking ---------------------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """Periods end after they begin; a decision is named whole or not at all."""
        cleaned = super().clean() or self.cleaned_data
        first, until = self.first_day, self._until()
        if first is not None and until is not None and until <= first:
            self.add_error("last_day", ValidationError("Ngày kết thúc phải sau ngày bắt đầu.", code="period-order"))
        if issubclass(self.model, Decided):
            self._check_decision(cleaned)
        return cleaned

    def _check_decision(self, cleaned: dict[str, Any]) -> None:
        given = [name for name in DECISION if cleaned.get(name)]
        for name in DECISION:
            if given and name not in given and name not in self.errors:
                self.add_error(name, ValidationError("Quyết định cần đủ số, ngày ký và cơ quan ban hành."))

    @property
    def first_day(self) -> datetime.date | None:
        """The first day of the period that was typed, None when it is missing or cannot be read."""
        typed = self.cleaned_data.get("effective_from")
        return typed.value if isinstance(typed, PartialDate) else typed

    # What services take -----------------------------------------------------------------------------------------------

    def values(self) -> dict[str, Any]:
        """Cleaned values by the model's field names."""
        cleaned = self.cleaned_data
        values = {name: cleaned[name] for name in self.names if name in cleaned and name not in ("effective_from",)}
        if "effective_from" in self.names:
            values["effective_from"] = self.first_day
            if self.precision:
                values[self.precision] = self._typed_precision()
        if "last_day" in cleaned:
            values["effective_until"] = self._until()
        if issubclass(self.model, Decided):
            values["basis"] = cleaned["basis"]
            if self.purpose == "correct" and self.cited() is None:
                values["decision"] = None
        return values

    def _until(self) -> datetime.date | None:
        """The first day on which the row no longer holds."""
        last = self.cleaned_data.get("last_day")
        return None if last is None else day_after(last)

    def _typed_precision(self) -> str:
        typed = self.cleaned_data["effective_from"]
        if self.cleaned_data.get("is_known_from"):
            return StartPrecision.KNOWN_FROM
        return str(typed.precision)

    def cited(self) -> CitedDecision | None:
        """The decision that was named, None when there is none."""
        if not issubclass(self.model, Decided) or not self.cleaned_data.get("decision_number"):
            return None
        number, signed_on, issuer = (self.cleaned_data[name] for name in DECISION)
        return CitedDecision(number=number, signed_on=signed_on, issuer=issuer)

    @property
    def reason(self) -> str:
        """The reason that was typed."""
        return str(self.cleaned_data.get("reason", ""))


def reason_field() -> forms.Field:
    """The reason of a correction (lý do), mandatory, kept in the history."""
    return LinesField(
        label="Lý do đính chính",
        min_length=5,
        max_length=500,
        help_text="Được ghi vào lịch sử hồ sơ.",
        error_messages={"min_length": "Lý do cần nói rõ hơn (từ 5 ký tự)."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


#: Groups that most forms end with.
BASIS_GROUP = ("Căn cứ", (*DECISION, "basis"))
REASON_GROUP = ("Lý do", ("reason",))
DECISION_WIDTHS = {"decision_number": "third", "decision_signed_on": "third", "decision_issuer": "third"}
