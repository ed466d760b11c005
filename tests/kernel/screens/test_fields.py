"""Fields that read what Vietnamese people type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django import forms

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.forms import CommaDecimalField, DayField, GroupedForm, PartialDateField, judged, read_partial
from hrdb.kernel.models import User


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("02/09/1979", "1979-09-02"),
        ("2/9/1979", "1979-09-02"),
        ("2.9.1979", "1979-09-02"),
        ("1979-09-02", "1979-09-02"),
        ("09/1979", "1979-09"),
        (" 1979 ", "1979"),
    ],
)
def test_partial_dates(typed: str, iso: str) -> None:
    found = PartialDateField().clean(typed)
    assert isinstance(found, PartialDate)
    assert found.iso == iso


@pytest.mark.parametrize("typed", ["31/02/1979", "13/1979", "79", "không rõ", "1979/09/02/1"])
def test_what_is_no_date(typed: str) -> None:
    assert read_partial(typed) is None
    with pytest.raises(forms.ValidationError):
        PartialDateField().clean(typed)


def test_days_need_a_day() -> None:
    assert DayField().clean("02/09/1979") == date(1979, 9, 2)
    with pytest.raises(forms.ValidationError):
        DayField().clean("09/1979")


@pytest.mark.parametrize(("typed", "number"), [("4,74", "4.74"), ("4.74", "4.74"), ("1.234,5", "1234.5"), ("5", "5")])
def test_comma_decimals(typed: str, number: str) -> None:
    assert CommaDecimalField().clean(typed) == Decimal(number)


def test_values_are_shown_as_written() -> None:
    class Form(forms.Form):
        born = PartialDateField()
        from_day = DayField()
        rate = CommaDecimalField()

    form = Form(
        initial={"born": PartialDate(date(1979, 9, 1), "month"), "from_day": date(2025, 7, 1), "rate": Decimal("4.74")}
    )
    text = str(form)
    for shown in ('value="09/1979"', 'value="01/07/2025"', 'value="4,74"'):
        assert shown in text


def test_unchanged_partial_date_is_no_change() -> None:
    field = PartialDateField()
    assert not field.has_changed(PartialDate(date(1979, 9, 1), "month"), "9/1979")
    assert field.has_changed(PartialDate(date(1979, 9, 1), "month"), "1979")
    assert field.has_changed(None, "xx")


def test_groups_leave_no_field_out() -> None:
    class Form(GroupedForm):
        groups = (("Một", ("a",)),)
        widths = {"a": "half"}
        a = forms.CharField(label="A")
        b = forms.CharField(label="B", required=False)

    groups = list(Form().drawn_groups())
    assert [(group.title, [field.name for field in group.fields]) for group in groups] == [
        ("Một", ["a"]),
        ("Khác", ["b"]),
    ]
    text = str(Form())
    assert 'class="field half"' in text
    assert text.count("(nếu có)") == 1


def test_a_form_judges_values_that_are_clean_already() -> None:
    class Period(forms.Form):
        begins = DayField()
        ends = DayField(required=False)

        def clean(self) -> dict[str, object]:
            if self.cleaned_data["ends"] and self.cleaned_data["ends"] < self.cleaned_data["begins"]:
                self.add_error("ends", f"Phải sau ngày bắt đầu {self.of}.")  # type: ignore[attr-defined]
            return self.cleaned_data

    values = {"begins": date(2025, 7, 1), "ends": date(2025, 7, 2)}
    assert judged(Period, values).cleaned_data == values
    faulty = judged(Period, values | {"ends": date(2025, 6, 30)}, of="kỳ")
    assert faulty.errors == {"ends": ["Phải sau ngày bắt đầu kỳ."]}
    assert faulty.cleaned_data == {"begins": date(2025, 7, 1)}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (DayField(), "01/01/0019"),
        (DayField(), "0984-03-15"),
        (PartialDateField(), "31/12/1799"),
        (PartialDateField(), "12/1799"),
        (PartialDateField(), "2200"),
    ],
)
def test_a_year_that_nobody_means_is_told_as_such(field: forms.Field, typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="Năm phải từ 1800 đến 2199"):
        field.clean(typed)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (forms.ChoiceField(choices=[("a", "A")]), "xx"),
        (forms.TypedChoiceField(choices=[("a", "A")]), "xx"),
        (forms.MultipleChoiceField(choices=[("a", "A")]), ["a", "xx"]),
    ],
)
def test_a_choice_that_is_not_in_the_list_is_named(field: forms.Field, typed: object) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(typed)
    assert refused.value.messages == ["Giá trị «xx» không có trong danh sách; hãy chọn lại."]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [forms.ModelChoiceField, forms.ModelMultipleChoiceField])
@pytest.mark.parametrize("typed", ["987654", "xx"])
def test_a_row_that_is_not_in_the_list_is_named(kind: type[forms.ModelChoiceField], typed: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        kind(User.objects.all()).clean([typed] if kind is forms.ModelMultipleChoiceField else typed)
    assert refused.value.messages == [f"Giá trị «{typed}» không có trong danh sách; hãy chọn lại."]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("-1", "không được nhỏ hơn 0"),
        ("10,1", "không được lớn hơn 10"),
        ("1,234", "2 chữ số sau dấu phẩy"),
        ("x", "Cần viết một số"),
    ],
)
def test_a_number_out_of_bounds_is_told_in_words(typed: str, told: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        CommaDecimalField(min_value=0, max_value=10, max_digits=4, decimal_places=2).clean(typed)
    assert told in refused.value.messages[0]
