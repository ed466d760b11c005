"""How forms are drawn, and the fields that read what Vietnamese people type: dates, partial dates, decimal commas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting, get_default_renderer
from django.forms.utils import ErrorDict, ErrorList

from hrdb.kernel.dates import YEARS, PartialDate
from hrdb.kernel.screens.formats import number_text

AnyForm = TypeVar("AnyForm", bound=forms.Form)

FULL_DATE = re.compile(r"(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4})")
MONTH_DATE = re.compile(r"(\d{1,2})[/.\-\s](\d{4})")
YEAR_DATE = re.compile(r"(\d{4})")
ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")

#: What a choice says that its list does not hold; Django's own sentence is a translation that nobody understands.
NOT_IN_LIST = "Giá trị «%(value)s» không có trong danh sách; hãy chọn lại."
for _field, _words in (
    (forms.ChoiceField, {"invalid_choice": NOT_IN_LIST}),
    (forms.MultipleChoiceField, {"invalid_choice": NOT_IN_LIST, "invalid_list": "Hãy chọn lại từ danh sách."}),
    (forms.ModelChoiceField, {"invalid_choice": NOT_IN_LIST}),
    (
        forms.ModelMultipleChoiceField,
        {
            "invalid_choice": NOT_IN_LIST,
            "invalid_list": "Hãy chọn lại từ danh sách.",
            "invalid_pk_value": "Giá trị «%(pk)s» không có trong danh sách; hãy chọn lại.",
        },
    ),
):
    _field.default_error_messages = {**_field.default_error_messages, **_words}  # type: ignore[attr-defined]

#: What a date says whose year is a slip of the keyboard.
ANOTHER_YEAR = f"Năm phải từ {YEARS.start} đến {YEARS.stop - 1}."


class HrBoundField(forms.BoundField):
    """A field on its form, with the width that the form gives it ("half", "third", "quarter", "two-thirds")."""

    def css_classes(self, extra_classes: Any = None) -> str:
        """Classes of the field's frame."""
        width = getattr(self.form, "widths", {}).get(self.name, "")
        return " ".join(filter(None, (super().css_classes(extra_classes), width)))


class HrRenderer(TemplatesSetting):
    """Draws every form of the site by the components; named in the setting FORM_RENDERER."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = HrBoundField


@dataclass(frozen=True)
class DrawnGroup:
    """A titled group of fields."""

    title: str
    fields: list[forms.BoundField]


class GroupedForm(forms.Form):
    """A form whose fields stand in titled groups and share rows.

    `groups`: (title, names) in order; fields that no group names follow in a last one without title.
    `widths`: name -> "half", "third", "quarter", "two-thirds"; the whole row by default.
    """

    groups: ClassVar[Sequence[tuple[str, Sequence[str]]]] = ()
    widths: ClassVar[Mapping[str, str]] = {}

    def drawn_groups(self) -> Iterator[DrawnGroup]:
        """The groups with their fields."""
        yield from draw_groups(self, self.groups)


def draw_groups(form: forms.BaseForm, groups: Sequence[tuple[str, Sequence[str]]]) -> Iterator[DrawnGroup]:
    """Groups of a form's fields, and what no group names at the end; for forms that cannot inherit GroupedForm."""
    left = {field.name for field in form.visible_fields()}
    for title, names in groups:
        fields = [form[name] for name in names if name in left]
        left -= set(names)
        if fields:
            yield DrawnGroup(title, fields)
    rest = [field for field in form.visible_fields() if field.name in left]
    if rest:
        yield DrawnGroup("Khác" if groups else "", rest)


_PLAIN = forms.Field()


def judged(form_class: type[AnyForm], cleaned: Mapping[str, Any], **attributes: Any) -> AnyForm:
    """A form over values that are clean already, such as a row of a table: its own `clean` has run, with no query.

    `attributes` are those that its `__init__` would keep. Faults stand in `errors` as on any form.
    """
    form = form_class.__new__(form_class)
    form.__dict__.update(
        attributes,
        is_bound=True,
        prefix=None,
        auto_id=False,
        fields=dict.fromkeys(cleaned, _PLAIN),
        _bound_fields_cache={},
        cleaned_data=dict(cleaned),
        error_class=ErrorList,
        renderer=get_default_renderer(),
        _errors=ErrorDict(),
    )
    form._clean_form()  # type: ignore[attr-defined]
    return form


class DayInput(forms.DateInput):
    """A text field for a day with a calendar beside it; works without JavaScript as a text field."""

    template_name = "components/day_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"} | (attrs or {}))

    def format_value(self, value: Any) -> Any:
        """dd/mm/yyyy; what was typed stays as typed."""
        return f"{value:%d/%m}/{value.year:04d}" if isinstance(value, date) else value


class DayField(forms.DateField):
    """A day (ngày) typed as dd/mm/yyyy, d/m/yyyy, dd.mm.yyyy or in ISO form."""

    widget = DayInput
    default_error_messages = {"invalid": "Ngày cần viết dd/mm/yyyy, ví dụ 02/09/1979."}

    def to_python(self, value: Any) -> date | None:
        """The day, None when empty."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        found = read_partial(str(value))
        if found is None or found.precision != "day":
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return possible_year(found).value


class MonthInput(DayInput):
    """A text field for a month; a day that is known stays shown."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"placeholder": "mm/yyyy"} | (attrs or {}))

    def format_value(self, value: Any) -> Any:
        """mm/yyyy for the first of a month, else dd/mm/yyyy."""
        return (
            f"{value:%m}/{value.year:04d}"
            if isinstance(value, date) and value.day == 1
            else super().format_value(value)
        )


class MonthField(DayField):
    """A month (tháng) of a process, typed as mm/yyyy; kept as its first day. A whole day is taken as it is."""

    widget = MonthInput
    default_error_messages = {"invalid": "Tháng cần viết mm/yyyy, ví dụ 09/2006."}

    def to_python(self, value: Any) -> date | None:
        """The first day of the month, None when empty."""
        found = None if isinstance(value, date) else read_partial(str(value or ""))
        if found is not None and found.precision == "month":
            return possible_year(found).value
        return super().to_python(value)


class PartialDateInput(forms.TextInput):
    """A text field for a date that may be known only by year or month."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"} | (attrs or {}))

    def format_value(self, value: Any) -> Any:
        """The known part as written; what was typed stays as typed."""
        return value.text if isinstance(value, PartialDate) else value


class PartialDateField(forms.Field):
    """A date known by day, month or year only (ngày, tháng hoặc năm); cleans to a PartialDate."""

    widget = PartialDateInput
    default_help = "Chỉ biết tháng thì ghi mm/yyyy, chỉ biết năm thì ghi yyyy."
    default_error_messages = {"invalid": "Cần viết dd/mm/yyyy; chỉ biết tháng thì mm/yyyy, chỉ biết năm thì yyyy."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"help_text": self.default_help} | kwargs)

    def to_python(self, value: Any) -> PartialDate | None:
        """The date, None when empty."""
        if value in self.empty_values or isinstance(value, PartialDate):
            return value or None
        found = read_partial(str(value))
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return possible_year(found)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether what was typed is another date."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def possible_year(found: PartialDate) -> PartialDate:
    """The date, when its year can be meant; raises ValidationError for a slip of the keyboard."""
    if found.value.year not in YEARS:
        raise ValidationError(ANOTHER_YEAR, code="year")
    return found


def read_partial(text: str) -> PartialDate | None:
    """What a person typed as a date: dd/mm/yyyy, mm/yyyy, yyyy or ISO; None when it is none."""
    text = text.strip()
    try:
        if found := FULL_DATE.fullmatch(text):
            return PartialDate(date(int(found[3]), int(found[2]), int(found[1])))
        if found := ISO_DATE.fullmatch(text):
            return PartialDate(date(int(found[1]), int(found[2]), int(found[3])))
        if found := MONTH_DATE.fullmatch(text):
            return PartialDate(date(int(found[2]), int(found[1]), 1), "month")
        if found := YEAR_DATE.fullmatch(text):
            return PartialDate(date(int(found[1]), 1, 1), "year")
    except ValueError:
        return None
    return None


class CommaDecimalField(forms.DecimalField):
    """A decimal number typed with a comma (4,74); a thousands point is understood."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": "Cần viết một số, ví dụ 4,74.",
        "min_value": "Số này không được nhỏ hơn %(limit_value)s.",
        "max_value": "Số này không được lớn hơn %(limit_value)s.",
        "max_digits": "Cần tối đa %(max)s chữ số.",
        "max_decimal_places": "Cần tối đa %(max)s chữ số sau dấu phẩy.",
        "max_whole_digits": "Cần tối đa %(max)s chữ số trước dấu phẩy.",
    }

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The number, None when empty."""
        if isinstance(value, str):
            value = value.strip()
            value = value.replace(".", "").replace(",", ".") if "," in value else value
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """The number with its comma; what was typed stays as typed."""
        return number_text(value).replace(".", "") if isinstance(value, Decimal | float) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A numeric keyboard on a phone."""
        return {"inputmode": "decimal"}
