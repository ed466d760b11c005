"""Forms of the roster pages: what is sent, what was decided about columns, values, dates and rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from hrdb.kernel.forms import DayField
from personnel.models import Unit
from personnel.services.batches import MISSING_ANSWERS

MOST_BYTES = 50_000_000
TYPES = (".xlsx", ".xls", ".xlsm", ".ods", ".csv")


class FileForm(forms.Form):
    """A spreadsheet to be checked."""

    file = forms.FileField(
        label="Tệp danh sách",
        widget=forms.FileInput(attrs={"accept": ",".join(TYPES)}),
        error_messages={"required": "Hãy chọn tệp danh sách.", "empty": "Tệp rỗng."},
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large or of another kind, before it is read."""
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MOST_BYTES:
            raise forms.ValidationError("Tệp lớn hơn 50 MB. Hãy chia thành nhiều tệp rồi gửi lại.")
        if not (upload.name or "").lower().endswith(TYPES):
            raise forms.ValidationError("Cần tệp bảng tính: .xlsx, .xls, .ods hoặc .csv.")
        return upload


class UploadForm(FileForm):
    """A roster to be checked: the file, the office it is for, the day it speaks of."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Đơn vị",
        required=False,
        to_field_name="code",
        empty_label="Theo tệp",
        help_text="Dùng cho những dòng mà tệp không ghi đơn vị.",
    )
    day = DayField(
        label="Tính đến ngày",
        required=False,
        help_text="Để trống: theo ngày ghi trong tệp, nếu tệp không ghi thì hôm nay.",
    )

    def __init__(self, *args: Any, units: list[tuple[Unit, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.filter(pk__in=[unit.pk for unit, _ in units])
        field.choices = [("", "Theo tệp"), *((unit.code, name) for unit, name in units)]


class ConfirmForm(forms.Form):
    """How a checked roster is written."""

    skip_bad_rows = forms.BooleanField(label="Bỏ qua các dòng lỗi, chỉ ghi các dòng đúng", required=False)
    accept_corrections = forms.BooleanField(label="Nhận tất cả đính chính về nhân thân", required=False)


class MissingForm(forms.Form):
    """What became of somebody whom the roster does not list."""

    cadre = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(label="Lý do", choices=list(MISSING_ANSWERS.items()))
    day = DayField(label="Từ ngày", required=False)
