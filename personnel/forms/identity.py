"""Forms of the person: identity and the single-valued rows of the unified form, one form for each group of them."""

from __future__ import annotations

import contextlib
import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.forms import PartialDateField
from hrdb.kernel.models import User
from personnel.choices import Classification
from personnel.forms.fields import capital, column, form_field
from personnel.forms.rows import reason_field
from personnel.models import PARTIAL_DATES, Cadre
from personnel.rules.personal_number import WARNING_MESSAGES, check_personal_number, is_personal_number

#: Tier 1: masked where the reader's role does not open it.
TIER_1_FIELDS: Final = frozenset({"personal_number", "ethnicity", "religion"})


@dataclass(frozen=True, kw_only=True)
class Section:
    """A group of the person's fields: one card of the page, one form.

    `widths` as in a form. `is_undated` fields tell only how things are now: who sees the record of a past day alone
    does not see them.
    """

    key: str
    label: str
    names: Sequence[str]
    widths: Mapping[str, str]
    is_undated: bool = False


SECTIONS: Final[tuple[Section, ...]] = (
    Section(
        key="person",
        label="Nhân thân",
        names=(
            "full_name",
            "other_name",
            "born",
            "sex",
            "personal_number",
            "id_issued_on",
            "ethnicity",
            "religion",
            "officer_code",
        ),
        widths={
            "full_name": "half",
            "other_name": "half",
            "born": "half",
            "sex": "half",
            "personal_number": "half",
            "id_issued_on": "half",
            "ethnicity": "third",
            "religion": "third",
            "officer_code": "third",
        },
    ),
    Section(
        key="places",
        label="Nơi sinh, quê quán",
        names=("birth_place", "birth_commune", "home_town", "home_commune"),
        widths={"birth_place": "half", "birth_commune": "half", "home_town": "half", "home_commune": "half"},
    ),
    Section(
        key="contact",
        label="Nơi ở, liên hệ, bảo hiểm",
        names=(
            "permanent_residence",
            "current_residence",
            "phone",
            "email",
            "social_insurance_number",
            "health_insurance_number",
        ),
        widths={
            "phone": "half",
            "email": "half",
            "social_insurance_number": "half",
            "health_insurance_number": "half",
        },
        is_undated=True,
    ),
    Section(
        key="origin",
        label="Xuất thân, chính sách",
        names=("family_background", "former_occupation", "policy_status", "policy_note"),
        widths={
            "family_background": "half",
            "former_occupation": "half",
            "policy_status": "half",
            "policy_note": "half",
        },
        is_undated=True,
    ),
    Section(
        key="service",
        label="Tuyển dụng, đoàn thể, quân ngũ",
        names=(
            "first_recruited_on",
            "joined_agency_on",
            "recruited_by",
            "organisation_joined_on",
            "organisation_joined",
            "enlisted_on",
            "discharged_on",
            "highest_military_rank",
        ),
        widths={
            "first_recruited_on": "half",
            "joined_agency_on": "half",
            "organisation_joined_on": "third",
            "organisation_joined": "two-thirds",
            "enlisted_on": "third",
            "discharged_on": "third",
            "highest_military_rank": "third",
        },
    ),
    Section(
        key="work",
        label="Học vấn, công việc",
        names=("schooling", "academic_title", "honour", "main_work", "strengths", "longest_work"),
        widths={
            "schooling": "third",
            "academic_title": "third",
            "honour": "third",
            "strengths": "half",
            "longest_work": "half",
        },
        is_undated=True,
    ),
    Section(
        key="remarks",
        label="Nhận xét, lưu trữ",
        names=("agency_remark", "note", "classification", "paper_pointer"),
        widths={"classification": "third", "paper_pointer": "two-thirds"},
        is_undated=True,
    ),
)

SECTIONS_BY_KEY: Final[Mapping[str, Section]] = {section.key: section for section in SECTIONS}


class IdentityForm(forms.Form):
    """One group of the person's fields, corrected with a reason."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        section: Section,
        cadre: Cadre,
        user: User | None,
        day: datetime.date,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial={**person_initial(cadre, section.names), **(initial or {})})
        self.section, self.cadre, self.widths = section, cadre, section.widths
        self.warnings: list[str] = []
        self.fields |= person_fields(section.names, user=user, day=day, cadre=cadre)
        self.fields["reason"] = reason_field()

    def clean(self) -> dict[str, Any]:
        """Facts that contradict one another; the personal number only warns."""
        cleaned = super().clean() or self.cleaned_data
        check_person(self, cleaned)
        known = {name: getattr(self.cadre, name) for name in ("personal_number", "sex", "born")}
        if "personal_number" in cleaned:
            self.warnings = number_warnings({**known, **person_values(cleaned, self.section.names)})
        return cleaned

    def values(self) -> dict[str, Any]:
        """Cleaned values by the model's field names."""
        return person_values(self.cleaned_data, self.section.names)

    @property
    def reason(self) -> str:
        """The reason that was typed."""
        return str(self.cleaned_data["reason"])


def person_fields(
    names: Sequence[str], *, user: User | None, day: datetime.date, cadre: Cadre | None = None
) -> dict[str, forms.Field]:
    """Form fields for columns of the person; some dates may be known by year or month only."""
    made: dict[str, forms.Field] = {}
    for name in names:
        field = column(Cadre, name)
        if name in PARTIAL_DATES:
            help_text = "Chỉ biết tháng hoặc năm thì ghi thế."
            made[name] = PartialDateField(label=capital(str(field.verbose_name)), required=False, help_text=help_text)
            continue
        kept = getattr(cadre, field.attname) if cadre is not None and field.is_relation else None
        made[name] = form_field(field, user=user, day=day, kept=kept)
    if "personal_number" in made:
        made["personal_number"].widget.attrs["inputmode"] = "numeric"
        made["personal_number"].help_text = "12 chữ số, ghi cả số 0 ở đầu."
    return made


def person_initial(cadre: Cadre, names: Sequence[str]) -> dict[str, Any]:
    """First values of those fields."""
    initial = {name: getattr(cadre, column(Cadre, name).attname) for name in names}
    return initial | {name: cadre.partial_date(name) for name in PARTIAL_DATES if name in initial}


def person_values(cleaned: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """What was typed by the model's field names; a partial date becomes a day and its precision."""
    values = {name: cleaned[name] for name in names if name in cleaned}
    for name in PARTIAL_DATES.keys() & values.keys():
        told: PartialDate | None = values[name]
        values[name] = None if told is None else told.value
        values[PARTIAL_DATES[name]] = "day" if told is None else told.precision
    if "personal_number" in values:
        values["personal_number"] = values["personal_number"] or None
    return values


def check_person(form: forms.BaseForm, cleaned: Mapping[str, Any]) -> None:
    """Put faults on a form of the person: what cannot be, whatever the law."""
    number = cleaned.get("personal_number")
    if number and not is_personal_number(number):
        form.add_error("personal_number", ValidationError("Số định danh cá nhân phải gồm 12 chữ số.", code="digits"))
    born = cleaned.get("born")
    if born is not None and born.value > timezone.localdate():
        form.add_error("born", ValidationError("Ngày sinh chưa đến.", code="future"))
    enlisted, discharged = cleaned.get("enlisted_on"), cleaned.get("discharged_on")
    if enlisted and discharged and discharged < enlisted:
        form.add_error("discharged_on", ValidationError("Ngày xuất ngũ phải sau ngày nhập ngũ.", code="order"))
    stub = cleaned.get("classification") in (Classification.HIGHLY_SECRET, Classification.TOP_SECRET)
    if stub and not cleaned.get("paper_pointer"):
        text = "Hồ sơ từ độ tối mật chỉ lưu phiếu chỉ dẫn: cần ghi nơi lưu hồ sơ giấy."
        form.add_error("paper_pointer", ValidationError(text, code="required"))


def number_warnings(values: Mapping[str, Any]) -> list[str]:
    """What does not fit between the personal number, the sex and the birth year; never refused."""
    number = values.get("personal_number") or ""
    if not is_personal_number(number):
        return []
    born = values.get("born")
    year = born.year if isinstance(born, datetime.date) else None
    return [WARNING_MESSAGES[code] for code in check_personal_number(number, values.get("sex") or None, year)]


# The photograph -------------------------------------------------------------------------------------------------------

#: What is taken and what is kept: a JPEG without the camera's own data.
PHOTO_BYTES = 5 * 1024 * 1024
PHOTO_TYPES = ("JPEG", "PNG", "WEBP")
PHOTO_PIXELS = (900, 1200)
SMALLEST_SIDE = 120
MOST_PIXELS = 40_000_000


class PhotoForm(forms.Form):
    """Ảnh of a person; `picture` cleans to the bytes of a small JPEG."""

    picture = forms.FileField(
        label="Tệp ảnh",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text="Ảnh chân dung 4x6, JPEG, PNG hoặc WebP, tối đa 5 MB.",
    )

    def clean_picture(self) -> bytes:
        """Refuse what is no picture, too large or too small; keep what is."""
        return read_picture(self.cleaned_data["picture"])


@contextlib.contextmanager
def _whole_pictures_only() -> Iterator[None]:
    """Refuse pictures that break off; the printing library tells Pillow, for the whole process, to take them."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def read_picture(upload: UploadedFile) -> bytes:
    """An uploaded picture as a JPEG of at most 900x1200 points, turned upright; raises ValidationError."""
    if upload.file is None or upload.size is None or upload.size > PHOTO_BYTES:
        raise ValidationError("Tệp ảnh lớn quá 5 MB.", code="too-large")
    try:
        with _whole_pictures_only(), Image.open(upload.file, formats=PHOTO_TYPES) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError("Ảnh có quá nhiều điểm ảnh.", code="too-large")
            if min(picture.size) < SMALLEST_SIDE:
                raise ValidationError(f"Ảnh nhỏ quá: mỗi cạnh cần từ {SMALLEST_SIDE} điểm.", code="too-small")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError) as error:
        raise ValidationError("Tệp không phải là ảnh JPEG, PNG hoặc WebP đọc được.", code="no-picture") from error
    upright.thumbnail(PHOTO_PIXELS)
    buffer = io.BytesIO()
    upright.save(buffer, "JPEG", quality=88, optimize=True)
    return buffer.getvalue()
