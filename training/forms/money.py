"""Sums of money in đồng, typed with or without points between thousands."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from hrdb.kernel.screens.formats import number_text

_THOUSANDS = re.compile(r"\d{1,3}(?:[. ]\d{3})+|\d+")


class MoneyField(forms.Field):
    """A whole sum: 1.500.000.000 and 1500000000 are the same."""

    widget = forms.TextInput

    def __init__(self, *, most_digits: int = 15, **kwargs: Any) -> None:
        self.most_digits = most_digits
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        """The sum, None when empty."""
        if value in self.empty_values or isinstance(value, Decimal):
            return value or None
        text = str(value).strip().removesuffix("đồng").removesuffix("đ").strip()
        if not text:
            return None
        if not _THOUSANDS.fullmatch(text):
            raise ValidationError("Cần một số tiền (đồng), ví dụ 1.500.000.000.", code="invalid")
        digits = re.sub(r"\D", "", text)
        if len(digits) > self.most_digits:
            raise ValidationError(f"Số tiền có quá {self.most_digits} chữ số.", code="large")
        return Decimal(digits)

    def prepare_value(self, value: Any) -> Any:
        """The sum with its points; what was typed stays as typed."""
        return number_text(int(value)) if isinstance(value, Decimal | int) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A numeric keyboard on a phone."""
        return {"inputmode": "numeric"}
