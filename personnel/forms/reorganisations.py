"""Forms of the reorganisation pages: a case, its resolutions, its steps, and what it says of people by name."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from hrdb.kernel.forms import DayField, DrawnGroup, GroupedForm, draw_groups
from hrdb.kernel.models import User
from hrdb.kernel.text import clean_text, fold
from personnel.choices import AssignmentKind, Bloc, PlacementOutcome, StepKind, UnitLevel
from personnel.forms.fields import NOT_CHOSEN, CodeField, LineField, LinesField, open_items
from personnel.forms.lookups import CODE_AT_END, LookupField
from personnel.models import Reorganisation, ReorganisationPlacement, ReorganisationStep, Title, Unit, UnitKind
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.citing import CitedDecision

TYPES = (".xlsx", ".xls", ".xlsm", ".ods")
#: Empty fields for further units below those already named.
SPARE = 3
DECISION_WIDTHS = {"decision_number": "third", "decision_signed_on": "third", "decision_issuer": "third"}
DECISION_GROUP = ("Căn cứ", tuple(DECISION_WIDTHS))


class UnitCodeField(LookupField):
    """A unit by name or code, or one that the case founds; cleans to the code. A new code passes where it may."""

    def __init__(self, *, founded: Mapping[str, str], may_be_new: bool = False, **kwargs: Any) -> None:
        super().__init__("unit", **kwargs)
        self.founded, self.may_be_new = founded, may_be_new

    def prepare_value(self, value: Any) -> Any:
        """Name and code of what the code stands for; what was typed stays as typed."""
        if not isinstance(value, str) or not value:
            return value
        if value in self.founded:
            return f"{self.founded[value]} ({value})"
        unit = Unit.objects.filter(code=value).first()
        return self.source.written(unit.pk, self.day) if unit else value

    def clean(self, value: Any) -> Any:
        """The code that was meant."""
        text = clean_text(value or "")
        code = CODE_AT_END.search(text)
        for known, name in self.founded.items():
            if known in (text, code[1] if code else "") or fold(name) == fold(text):
                return known
        try:
            found: Any = super().clean(value)
        except ValidationError as error:
            if self.may_be_new and text and " " not in text and error.code == "unknown":
                return text
            raise
        return found.code if found is not None else ""


class DecisionFields(GroupedForm):
    """A form that may name a decision by number, day and issuer."""

    decision_number = LineField(label="Số văn bản", max_length=60, required=False, help_text="Chưa có thì để trống.")
    decision_signed_on = DayField(label="Ngày ký", required=False)
    decision_issuer = LineField(label="Cơ quan ban hành", max_length=250, required=False)

    def clean(self) -> dict[str, Any]:
        """A decision is named whole or not at all."""
        cleaned = super().clean() or self.cleaned_data
        given = [name for name in DECISION_WIDTHS if cleaned.get(name)]
        for name in DECISION_WIDTHS:
            if given and name not in given and name not in self.errors:
                self.add_error(name, ValidationError("Văn bản cần đủ số, ngày ký và cơ quan ban hành."))
        return cleaned

    def cited(self) -> CitedDecision | None:
        """The decision that was named."""
        number, signed_on, issuer = (self.cleaned_data.get(name) for name in DECISION_WIDTHS)
        if not (number and signed_on and issuer):
            return None
        return CitedDecision(number=number, signed_on=signed_on, issuer=issuer)


def reach_field(user: User | None, day: datetime.date, kept: int | None = None) -> LookupField:
    """The unit at or below which a case acts; the province's officers may leave it empty."""
    is_province = scope_of(user, Action.EDIT).is_whole_province
    told = "Mọi bước nằm trong đơn vị này và các đơn vị trực thuộc."
    told += " Để trống: toàn tỉnh." if is_province else ""
    return LookupField("unit", user=user, day=day, kept=kept, label="Phạm vi", required=not is_province, help_text=told)


class CaseForm(DecisionFields):
    """A case: its title, day and reach, and the first resolution on which it rests."""

    title = LineField(label="Tên phương án", max_length=250)
    day = DayField(label="Ngày thực hiện", help_text="Ngày đầu tiên của tổ chức mới, ví dụ 01/07/2025.")
    note = LinesField(label="Ghi chú", required=False)
    groups = (("Phương án", ("title", "day", "unit")), DECISION_GROUP, ("Ghi chú", ("note",)))
    widths = {"day": "half", "unit": "half", **DECISION_WIDTHS}

    def __init__(
        self, *args: Any, user: User | None, day: datetime.date, case: Reorganisation | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = reach_field(user, day, case.unit_id if case else None)
        if case is not None:
            for name in DECISION_WIDTHS:
                del self.fields[name]


class CaseUploadForm(GroupedForm):
    """A workbook that says a whole case."""

    file = forms.FileField(
        label="Tệp phương án",
        widget=forms.FileInput(attrs={"accept": ",".join(TYPES)}),
        error_messages={"required": "Hãy chọn tệp phương án.", "empty": "Tệp rỗng."},
    )
    title = LineField(label="Tên phương án", max_length=250, required=False, help_text="Để trống: theo tên tệp.")
    day = DayField(label="Ngày thực hiện", help_text="Ngày đầu tiên của tổ chức mới.")
    widths = {"day": "half", "unit": "half"}

    def __init__(self, *args: Any, user: User | None, day: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = reach_field(user, day)


class ResolutionForm(DecisionFields):
    """One more resolution of a case."""

    widths = DECISION_WIDTHS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision_number"].required = True


#: Fields of each kind of step: how many sources (0 none, 1 one, 2 many), of targets likewise, what else is said.
LAYOUT: dict[str, tuple[int, int, tuple[str, ...]]] = {
    StepKind.CREATE: (0, 1, ("name", "short_name", "parent", "unit_kind", "level", "bloc", "position")),
    StepKind.RENAME: (1, 0, ("name", "short_name", "unit_kind", "level")),
    StepKind.MOVE: (2, 0, ("parent",)),
    StepKind.MERGE: (2, 1, ("name", "short_name", "parent", "unit_kind", "level", "bloc", "with_below")),
    StepKind.SPLIT: (1, 2, ("keeps",)),
    StepKind.DISSOLVE: (2, 1, ("with_below",)),
}
#: What must be said, beside the units.
NEEDED: dict[str, tuple[str, ...]] = {
    StepKind.CREATE: ("target_1", "name"),
    StepKind.RENAME: ("name",),
    StepKind.MOVE: ("parent",),
    StepKind.MERGE: ("target_1",),
}
TARGET_LABELS: dict[str, str] = {
    StepKind.CREATE: "Mã đơn vị mới",
    StepKind.MERGE: "Đơn vị nhận",
    StepKind.SPLIT: "Đơn vị nhận",
    StepKind.DISSOLVE: "Đơn vị nhận hồ sơ, người",
}
TARGET_HELPS: dict[str, str] = {
    StepKind.CREATE: "Mã chưa dùng, ví dụ XA.10456.",
    StepKind.MERGE: "Mã mới của đơn vị hình thành, hoặc tên, mã một đơn vị đang có.",
    StepKind.SPLIT: "Đơn vị đầu tiên nhận phần còn lại khi đơn vị cũ kết thúc.",
    StepKind.DISSOLVE: "Để trống khi không còn ai và không còn hồ sơ nào.",
}
VALUE_WIDTHS: dict[str, str] = {
    "name": "two-thirds",
    "short_name": "third",
    "parent": "half",
    "unit_kind": "half",
    "level": "third",
    "bloc": "third",
    "position": "third",
}


class StepForm(GroupedForm):
    """One step of a case; the fields follow from its kind."""

    def __init__(
        self,
        *args: Any,
        kind: str,
        case: Reorganisation,
        user: User | None,
        founded: Mapping[str, str],
        step: ReorganisationStep | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.case, self.user, self.founded, self.step = kind, case, user, founded, step
        sources, targets, said = LAYOUT[kind]
        self.source_names = self._units("source", sources, "Đơn vị", held=step.sources if step else ())
        self.target_names = self._units("target", targets, TARGET_LABELS.get(kind, ""), step.targets if step else ())
        if self.target_names:
            self.fields[self.target_names[0]].help_text = TARGET_HELPS.get(kind, "")
        for name in said:
            self.fields[name] = self._value(name)
        self._add_decision()
        for name in NEEDED.get(kind, ()):
            self.fields[name].required = True
        self.laid_out = (
            ("Đơn vị được sắp xếp", self.source_names),
            ("Đơn vị nhận" if kind != StepKind.CREATE else "Đơn vị mới", (*self.target_names, *said)),
            ("Căn cứ", ("decision",)),
        )
        self.widths = dict.fromkeys((*self.source_names, *self.target_names), "half") | VALUE_WIDTHS  # type: ignore[misc]

    def drawn_groups(self) -> Iterator[DrawnGroup]:
        """The groups that the kind of step has."""
        yield from draw_groups(self, self.laid_out)

    def _units(self, prefix: str, many: int, label: str, held: Sequence[str] = ()) -> tuple[str, ...]:
        """Fields for units: none, one, or as many as there are and some spare ones."""
        count = many if many < 2 else len(held) + SPARE
        names = tuple(f"{prefix}_{number}" for number in range(1, count + 1))
        for number, name in enumerate(names):
            first = number == 0
            self.fields[name] = UnitCodeField(
                founded=self.founded,
                may_be_new=prefix == "target" and self.kind in (StepKind.CREATE, StepKind.MERGE),
                user=self.user,
                day=self.case.day - datetime.timedelta(days=1),
                label=label if many < 2 else f"{label} {number + 1}",
                required=first and prefix == "source",
            )
            if number < len(held):
                self.initial[name] = held[number]
        return names

    def _value(self, name: str) -> forms.Field:
        held = self.step.values if self.step else {}
        self.initial.setdefault(name, held.get("kind" if name == "unit_kind" else name))
        unchanged = "Để trống: như đơn vị trước."
        if name == "name":
            return LineField(label="Tên mới", max_length=250, required=False)
        if name == "short_name":
            return LineField(label="Tên ngắn", max_length=100, required=False)
        if name == "parent":
            return UnitCodeField(
                founded=self.founded, user=self.user, day=self.case.day, label="Đơn vị cấp trên", required=False
            )
        if name == "unit_kind":
            kinds = open_items(UnitKind, self.case.day, None)
            return CodeField(kinds, label="Loại đơn vị", required=False, to_field_name="code", help_text=unchanged)
        if name == "position":
            return forms.IntegerField(label="Thứ tự", required=False, min_value=0, max_value=99_999)
        if name in ("keeps", "with_below"):
            merged = self.kind == StepKind.MERGE
            below = "Hợp nhất các đơn vị trực thuộc cùng tên" if merged else "Gồm cả các đơn vị trực thuộc"
            return forms.BooleanField(label="Giữ lại đơn vị cũ" if name == "keeps" else below, required=False)
        choices = UnitLevel.choices if name == "level" else Bloc.choices
        return forms.ChoiceField(
            label="Cấp" if name == "level" else "Khối", choices=[("", NOT_CHOSEN), *choices], required=False
        )

    def _add_decision(self) -> None:
        """The step may rest on one resolution of the case; the first holds where none is chosen."""
        choices = [
            (str(one.decision_id), str(one.decision)) for one in self.case.resolutions.select_related("decision")
        ]
        self.fields["decision"] = forms.ChoiceField(
            label="Theo văn bản", choices=[("", "Văn bản đầu tiên của phương án"), *choices], required=False
        )
        if self.step and self.step.decision_id:
            self.initial["decision"] = str(self.step.decision_id)

    def codes(self, names: Sequence[str]) -> list[str]:
        """The units that were named."""
        return [self.cleaned_data[name] for name in names if self.cleaned_data.get(name)]

    def values(self) -> dict[str, Any]:
        """What the step says of the unit."""
        said = {}
        for name in LAYOUT[self.kind][2]:
            value = self.cleaned_data.get(name)
            if value in (None, "", False):
                continue
            said["kind" if name == "unit_kind" else name] = value.code if isinstance(value, UnitKind) else value
        return said


class PlacementForm(DecisionFields):
    """What becomes of one person by name."""

    outcome = forms.ChoiceField(label="Bố trí", choices=[("", NOT_CHOSEN), *PlacementOutcome.choices])
    kind = forms.ChoiceField(label="Loại chức vụ", choices=AssignmentKind.choices, initial=AssignmentKind.MAIN)
    title_text = LineField(label="Chức vụ ghi theo văn bản", max_length=250, required=False)
    term_ends_on = DayField(label="Hết thời hạn giữ chức vụ", required=False)
    groups = (
        ("Bố trí", ("outcome", "unit_code", "kind", "title", "title_text", "term_ends_on")),
        ("Quyết định riêng", tuple(DECISION_WIDTHS)),
    )
    widths = {
        "outcome": "half",
        "unit_code": "half",
        "kind": "third",
        "title": "two-thirds",
        "title_text": "two-thirds",
        "term_ends_on": "third",
        **DECISION_WIDTHS,
    }

    def __init__(
        self,
        *args: Any,
        case: Reorganisation,
        user: User | None,
        founded: Mapping[str, str],
        placement: ReorganisationPlacement | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_code"] = UnitCodeField(
            founded=founded,
            user=user,
            day=case.day,
            label="Đơn vị đến",
            required=False,
            help_text="Để trống: đơn vị nhận của đơn vị đang công tác.",
        )
        self.fields["title"] = CodeField(
            open_items(Title, case.day, placement.title_id if placement else None),
            label="Chức vụ, chức danh",
            required=False,
            help_text="Để trống: giữ chức danh đang có.",
        )
        self.fields["decision_number"].label = "Số quyết định"

    def values(self) -> dict[str, Any]:
        """By the model's fields."""
        names = ("outcome", "kind", "unit_code", "title", "title_text", "term_ends_on")
        return {name: self.cleaned_data[name] for name in names}


class SendForm(forms.Form):
    """People of a divided unit who go to one of its heirs."""

    people = forms.TypedMultipleChoiceField(coerce=int, error_messages={"required": "Hãy chọn ít nhất một người."})
    unit_code = forms.ChoiceField(label="Về đơn vị")

    def __init__(self, *args: Any, people: Sequence[int], heirs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(pk, pk) for pk in people]  # type: ignore[attr-defined]
        self.fields["unit_code"].choices = list(heirs)  # type: ignore[attr-defined]
