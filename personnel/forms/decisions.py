"""Forms of decisions (quyết định): head, signature, return; what each person is told stands in decision_people.py."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Max
from django.utils import timezone

from hrdb.kernel.forms import DayField, GroupedForm
from hrdb.kernel.models import User
from personnel.choices import STUB_CLASSIFICATIONS, Classification
from personnel.forms import decision_lookups  # noqa: F401  the sources of suggestions register themselves
from personnel.forms.fields import LineField, LinesField
from personnel.forms.lookups import LookupField
from personnel.models import Decision, DecisionKind
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.decisions.kinds import DecisionAct
from personnel.services.decisions.signing import Signature
from personnel.services.numbers import check_number

#: Earlier signatures that are offered again.
OFFERED = 40
#: A day further away than this is a slip of the keyboard.
FARTHEST = datetime.timedelta(days=366 * 5)

SIGNATURE = ("number", "signed_on", "issuer", "signer", "signer_title")


def _suggesting(options: str) -> forms.TextInput:
    return forms.TextInput(attrs={"list": options, "autocomplete": "off"})


class SignatureFields(GroupedForm):
    """What the signed paper says: number, day, issuer, signer, and its scan."""

    number = LineField(label="Số, ký hiệu", max_length=60, validators=[check_number])
    signed_on = DayField(label="Ngày ký")
    issuer = LineField(label="Cơ quan ban hành", max_length=250, widget=_suggesting("earlier-issuers"))
    signer = LineField(label="Người ký", max_length=200, required=False, widget=_suggesting("earlier-signers"))
    signer_title = LineField(
        label="Chức vụ người ký", max_length=200, required=False, widget=_suggesting("earlier-titles")
    )
    scan = forms.FileField(
        label="Bản quét (PDF)",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"empty": "Tệp rỗng."},
        help_text="Có thể gắn sau khi vào sổ.",
    )
    scan_token = forms.CharField(required=False, widget=forms.HiddenInput)

    widths: ClassVar[Mapping[str, str]] = {
        "number": "half",
        "signed_on": "half",
        "issuer": "third",
        "signer": "third",
        "signer_title": "third",
    }

    def clean_signed_on(self) -> datetime.date | None:
        """A decision is entered once it is signed."""
        day: datetime.date | None = self.cleaned_data["signed_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError("Ngày ký không thể sau hôm nay.", code="ahead")
        return day

    def signature(self, file: str = "") -> Signature:
        """What the services take."""
        return Signature(**{name: self.cleaned_data[name] for name in SIGNATURE}, file=file)


class HeadFields(GroupedForm):
    """The head of a decision: when it takes effect, what it is about, what it rests on, what it replaces."""

    effective_on = DayField(label="Ngày có hiệu lực")
    summary = LinesField(label="Trích yếu", required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    classification = forms.ChoiceField(label="Độ mật", choices=Classification.choices, initial=Classification.PLAIN)
    issuer = LineField(label="Cơ quan ban hành", max_length=250, required=False, widget=_suggesting("earlier-issuers"))
    signer = LineField(label="Người ký", max_length=200, required=False, widget=_suggesting("earlier-signers"))
    signer_title = LineField(
        label="Chức vụ người ký", max_length=200, required=False, widget=_suggesting("earlier-titles")
    )

    names: ClassVar[tuple[str, ...]] = (
        *("effective_on", "classification", "unit", "issuer", "signer", "signer_title"),
        *("summary", "rests_on", "target"),
    )
    widths: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("effective_on", "classification", "unit", "issuer", "signer", "signer_title"), "third"),
        "rests_on": "half",
        "target": "half",
    }

    def __init__(
        self,
        *args: Any,
        act: DecisionAct,
        user: User | None,
        day: datetime.date,
        decision: Decision | None = None,
        has_target: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.act, self.user, self.day = act, user, day
        told: dict[str, Any] = {"user": user, "day": day, "required": False}
        self.fields["rests_on"] = LookupField(
            "decision",
            label="Căn cứ quyết định, kết luận",
            help_text="Gõ số văn bản đã có trong sổ.",
            kept=decision.rests_on_id if decision else None,
            **told,
        )
        if not has_target:
            label = "Quyết định được sửa" if act.is_revision else "Thay thế quyết định"
            self.fields["target"] = LookupField(
                "decision", label=label, kept=decision.target_id if decision else None, **told
            )
            self.fields["target"].required = act.is_revision
        if decision is None:
            is_province = scope_of(user, Action.DECIDE).is_whole_province
            help_text = "Để trống: cấp tỉnh." if is_province else ""
            self.fields["unit"] = LookupField(
                "unit", label="Đơn vị lập", help_text=help_text, **told | {"required": not is_province}
            )
        self.fields["summary"].widget.attrs["placeholder"] = f"Về việc {act.label[:1].lower()}{act.label[1:]} …"
        self.order_fields(self.names)

    def clean_effective_on(self) -> datetime.date | None:
        """Not further away than anybody means."""
        day: datetime.date | None = self.cleaned_data.get("effective_on")
        if day is not None and day > timezone.localdate() + FARTHEST:
            raise ValidationError("Ngày có hiệu lực xa quá; hãy kiểm tra lại năm.", code="far")
        return day

    def clean(self) -> dict[str, Any]:
        """Of a stub with a pointer to the paper no summary is kept."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("classification") in STUB_CLASSIFICATIONS and cleaned.get("summary"):
            words = "Văn bản từ độ tối mật chỉ lưu phiếu chỉ dẫn: để trống trích yếu."
            self.add_error("summary", ValidationError(words, code="stub"))
        return cleaned

    def head(self) -> dict[str, Any]:
        """What the services take beside office, day and terms."""
        names = ("summary", "classification", "issuer", "signer", "signer_title", "rests_on", "target")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}


class DraftForm(HeadFields):
    """The head of a draft; who will sign it is not known yet, or is."""


class EntryForm(SignatureFields, HeadFields):
    """A decision entered after the fact: what the paper says, and what it is about."""

    names = (
        *("number", "signed_on", "effective_on", "classification"),
        *("issuer", "signer", "signer_title"),
        *("summary", "unit", "scan", "rests_on", "target"),
    )
    widths = {
        **dict.fromkeys(("number", "signed_on", "effective_on", "classification"), "quarter"),
        **dict.fromkeys(("issuer", "signer", "signer_title", "unit", "scan", "rests_on", "target"), "third"),
        "summary": "third",
    }

    def __init__(self, *args: Any, is_signed: bool = True, **kwargs: Any) -> None:
        """`is_signed` False: only checked, or kept as a draft, so that what the paper says may still be missing."""
        super().__init__(*args, **kwargs)
        self.fields["effective_on"].required = False
        self.fields["effective_on"].help_text = "Để trống: ngày ký."
        for name in ("number", "signed_on", "issuer"):
            self.fields[name].required = is_signed

    def clean(self) -> dict[str, Any]:
        """Without a day of its own it takes effect when it is signed; shown again, it asks for what the paper says."""
        cleaned = super().clean()
        for name in ("number", "signed_on", "issuer"):
            self.fields[name].required = True
        if not cleaned.get("effective_on") and not {"effective_on", "signed_on"} & self.errors.keys():
            cleaned["effective_on"] = cleaned.get("signed_on")
            if cleaned["effective_on"] is None:
                self.add_error("effective_on", ValidationError("Cần ngày ký hoặc ngày có hiệu lực.", code="required"))
        return cleaned


class SignForm(SignatureFields):
    """Number, day and signer of a draft that was signed."""


class ScanForm(forms.Form):
    """The scan of a signed decision."""

    scan = forms.FileField(
        label="Bản quét (PDF)",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"required": "Hãy chọn tệp PDF.", "empty": "Tệp rỗng."},
    )


class ReturnForm(forms.Form):
    """The comment with which a submitted draft goes back."""

    note = LinesField(label="Ý kiến trả lại", max_length=2000, error_messages={"required": "Hãy ghi ý kiến trả lại."})


class CitedForm(GroupedForm):
    """What is added to the entry of a decision that facts only cite."""

    kind = forms.ModelChoiceField(
        DecisionKind.objects.all(), label="Loại quyết định", required=False, empty_label="Chưa phân loại"
    )
    effective_on = DayField(label="Ngày có hiệu lực")
    classification = forms.ChoiceField(label="Độ mật", choices=Classification.choices)
    signer = LineField(label="Người ký", max_length=200, required=False)
    signer_title = LineField(label="Chức vụ người ký", max_length=200, required=False)
    summary = LinesField(label="Trích yếu", required=False, max_length=2000)
    widths = {
        "kind": "third",
        "effective_on": "third",
        "classification": "third",
        "signer": "half",
        "signer_title": "half",
    }


def earlier_signatures(user: User | None) -> dict[str, list[str]]:
    """Issuers, signers and their titles of what the user's office signed before, the latest first."""
    signed = Decision.objects.issued().kept_by(user, Action.DECIDE).order_by()
    rows = (
        signed.values("issuer", "signer", "signer_title")
        .annotate(last=Max("pk"))
        .order_by(F("last").desc())
        .values_list("issuer", "signer", "signer_title")[:OFFERED]
    )
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    names = ("earlier-issuers", "earlier-signers", "earlier-titles")
    return {name: [text for text in dict.fromkeys(texts) if text] for name, texts in zip(names, columns, strict=True)}
