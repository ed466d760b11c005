"""Fields of the record's forms: made from the model's own fields, with choices that a reader may use on a day."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.forms import CommaDecimalField, DayField, MonthField, PartialDateField
from hrdb.kernel.models import User
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.text import clean_lines, clean_text, nfc
from personnel.choices import DisciplineRegime, QualificationKind, TitleBranch
from personnel.forms.lookups import LookupField
from personnel.models import (
    CodeList,
    Commune,
    DisciplineForm,
    JobPosition,
    Mandate,
    QualificationLevel,
    Rank,
    Seat,
    Title,
    Unit,
)

#: Text of an empty choice.
NOT_CHOSEN = "Chưa chọn"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which numbers a measure can lie, both included; what is beyond is a slip.

    Of a year (`top` None) the top is this one, or `years_ahead` later.
    """

    what: str
    low: int
    top: int | None
    unit: str = ""
    years_ahead: int = 0

    def limits(self) -> dict[str, Any]:
        """What a number field takes: its limits, and the one sentence for both."""
        top = timezone.localdate().year + self.years_ahead if self.top is None else self.top
        low_text, top_text = (str(end) if self.top is None else number_text(end) for end in (self.low, top))
        sentence = f"{self.what} phải từ {low_text} đến {top_text}{self.unit}.".replace("%", "%%")
        return {
            "min_value": self.low,
            "max_value": top,
            "error_messages": {"min_value": sentence, "max_value": sentence},
        }


#: By model and field. They keep slips of the keyboard out and are no rule of law.
BOUNDS: Final[Mapping[str, Bounds]] = {
    "personnel.relative.birth_year": Bounds("Năm sinh", 1850, None),
    "personnel.commendation.year": Bounds("Năm", 1900, None),
    "personnel.healthcheck.height_cm": Bounds("Chiều cao", 50, 250, " cm"),
    "personnel.healthcheck.weight_kg": Bounds("Cân nặng", 20, 300, " kg"),
    "personnel.paystep.step": Bounds("Bậc lương", 1, 20),
    "personnel.paystep.coefficient": Bounds("Hệ số lương", 0, 20),
    "personnel.paystep.percent": Bounds("Phần trăm hưởng", 0, 100, "%"),
    "personnel.paystep.over_frame_percent": Bounds("Phần trăm vượt khung", 0, 100, "%"),
    "personnel.allowance.percent": Bounds("Phần trăm phụ cấp", 0, 200, "%"),
    "personnel.allowance.coefficient": Bounds("Hệ số phụ cấp", 0, 20),
    "personnel.establishment.year": Bounds("Năm", 1990, None, years_ahead=5),
    "personnel.establishment.number": Bounds("Số được giao", 0, 200_000),
    "personnel.seat.number": Bounds("Số lượng ghế", 1, 50),
    "personnel.jobposition.number": Bounds("Số lượng được phê duyệt", 1, 10_000),
    "personnel.asset.area_m2": Bounds("Diện tích", 0, 100_000_000, " m²"),
}


#: Days of processes, which the forms on paper ask by month.
MONTHS = frozenset({"studied_from", "studied_until", "began_on", "ended_on"})


class LineField(forms.CharField):
    """One line of text, stored composed and without stray blanks."""

    def to_python(self, value: Any) -> str:
        """The cleaned line."""
        return clean_text(super().to_python(value) or "")


class LinesField(forms.CharField):
    """A text of several lines."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"widget": forms.Textarea(attrs={"rows": 3})} | kwargs))

    def to_python(self, value: Any) -> str:
        """The text with cleaned lines."""
        return nfc("\n".join(clean_lines(super().to_python(value) or "")))


def day_after(known: PartialDate) -> datetime.date:
    """The day after the last one that a partial date can mean; raises ValidationError at the end of the calendar."""
    try:
        return known.last_day + datetime.timedelta(days=1)
    except OverflowError as error:
        raise ValidationError(PartialDateField.default_error_messages["invalid"], code="invalid") from error


class GroupedIterator(ModelChoiceIterator):
    """Choices under the headings that the field's `heading` gives."""

    def __iter__(self) -> Iterator[Any]:
        field: CodeField = self.field  # type: ignore[assignment]
        if field.heading is None:
            yield from super().__iter__()
            return
        if field.empty_label is not None:
            yield "", field.empty_label
        rows = sorted(self.queryset, key=lambda row: field.heading_order(row))
        for heading, group in itertools.groupby(rows, key=field.heading):
            yield heading, [self.choice(row) for row in group]


class CodeField(forms.ModelChoiceField):
    """An item of a code list or of another list that is dated: those open on the day, and the one that the row has.

    `heading` names the group of an item; groups stand in the order in which their first items come in the list.
    """

    iterator = GroupedIterator

    def __init__(self, queryset: QuerySet[Any], *, heading: Any = None, with_code: bool = False, **kwargs: Any) -> None:
        self.heading, self.with_code = heading, with_code
        super().__init__(queryset, empty_label=NOT_CHOSEN, **kwargs)

    def label_from_instance(self, item: Any) -> str:
        """The name, after its code where people know it by the code."""
        return f"{item.code} · {item}" if self.with_code else str(item)

    def heading_order(self, item: Any) -> tuple[Any, ...]:
        """Headings alphabetically, items in their own order."""
        return (str(self.heading(item)), getattr(item, "position", 0), str(item))


def open_items(model: type[models.Model], day: datetime.date, kept: int | None) -> QuerySet[Any]:
    """Items that a new row may use on `day`, and the one that the row already has, closed or not."""
    condition = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    condition &= Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    return model._default_manager.filter(condition | Q(pk=kept))


def column(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """A model's own field by name."""
    found = model._meta.get_field(name)
    assert isinstance(found, models.Field)
    return found


def form_field(
    field: models.Field[Any, Any],
    *,
    user: User | None,
    day: datetime.date,
    kept: int | None = None,
    unit_id: int | None = None,
) -> forms.Field:
    """The form's field for a model's field; `kept` is the id it has now, `unit_id` the unit of the row."""
    needed = not field.blank
    told: dict[str, Any] = {"label": capital(str(field.verbose_name)), "required": needed, "help_text": field.help_text}
    if isinstance(field, models.ForeignKey):
        return _relation(field.related_model, told, user=user, day=day, kept=kept, unit_id=unit_id)  # type: ignore[arg-type]
    if field.choices:
        first = [] if needed and field.has_default() else [("", NOT_CHOSEN)]
        initial = field.get_default() if field.has_default() else None
        return forms.ChoiceField(choices=[*first, *field.flatchoices], initial=initial, **told)
    if isinstance(field, models.DateField):
        return MonthField(**told) if field.name in MONTHS else DayField(**told)
    if isinstance(field, models.BooleanField):
        return forms.BooleanField(**told | {"required": False})
    if isinstance(field, models.DecimalField | models.PositiveSmallIntegerField | models.PositiveIntegerField):
        return _number(field, told)
    if isinstance(field, models.TextField):
        return LinesField(**told)
    if isinstance(field, models.EmailField):
        return forms.EmailField(max_length=field.max_length, **told)
    return LineField(max_length=field.max_length, **told)


def _number(field: models.Field[Any, Any], told: dict[str, Any]) -> forms.Field:
    """A number between the bounds of its measure."""
    bounds = BOUNDS.get(f"{field.model._meta.label_lower}.{field.name}")
    limits: dict[str, Any] = bounds.limits() if bounds else {"min_value": 0}
    if isinstance(field, models.DecimalField):
        return CommaDecimalField(max_digits=field.max_digits, decimal_places=field.decimal_places, **limits, **told)
    most = 32767 if isinstance(field, models.PositiveSmallIntegerField) else 2_147_483_647
    words = {
        "invalid": "Cần viết một số nguyên.",
        "min_value": "Số này không được nhỏ hơn 0.",
        "max_value": "Số này lớn quá.",
    }
    return forms.IntegerField(
        **{"max_value": most, **limits, "error_messages": words | limits.get("error_messages", {})},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        **told,
    )


def _relation(
    model: type[models.Model],
    told: dict[str, Any],
    *,
    user: User | None,
    day: datetime.date,
    kept: int | None,
    unit_id: int | None,
) -> forms.Field:
    """A choice among the items of another table."""
    if model is Unit:
        help_text = told["help_text"] or "Gõ tên hoặc mã đơn vị."
        return LookupField("unit", user=user, day=day, kept=kept, **told | {"help_text": help_text})
    if model is Commune:
        help_text = told["help_text"] or "Gõ tên xã, phường hoặc mã."
        return LookupField("commune", user=user, day=day, kept=kept, **told | {"help_text": help_text})
    if model in (Seat, JobPosition):
        of_unit = model._default_manager.in_force(day).filter(unit_id=unit_id)  # type: ignore[attr-defined]
        return CodeField((of_unit | model._default_manager.filter(pk=kept)).select_related(*_NAMED_BY[model]), **told)
    if model is Mandate:
        return CodeField(Mandate.objects.filter(Q(body_id=unit_id) | Q(pk=kept)), **told)
    if model is Title:
        return CodeField(open_items(Title, day, kept), heading=_branch, **told)
    if model is Rank:
        return CodeField(open_items(Rank, day, kept), heading=_family, with_code=True, **told)
    if model is QualificationLevel:
        return CodeField(open_items(model, day, kept), heading=_level_kind, **told)
    if model is DisciplineForm:
        return CodeField(open_items(model, day, kept), heading=_regime, **told)
    if issubclass(model, CodeList):
        return CodeField(open_items(model, day, kept), **told)
    raise TypeError(f"no form field for {model._meta.label}")


_NAMED_BY: dict[type[models.Model], tuple[str, ...]] = {Seat: ("title", "unit"), JobPosition: ()}


def _branch(title: Any) -> str:
    return str(TitleBranch(title.branch).label)


def _family(rank: Any) -> str:
    return rank.family or "Khác"


def _level_kind(level: Any) -> str:
    return str(QualificationKind(level.kind).label)


def _regime(form: Any) -> str:
    return str(DisciplineRegime(form.regime).label)


def capital(text: str) -> str:
    """A label: its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]
