"""Filters of the register of decisions (bộ lọc quyết định): one form for the list and its workbook."""

from __future__ import annotations

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import FilterForm
from hrdb.kernel.screens.links import asked_day
from hrdb.kernel.text import fold
from personnel.choices import STUB_CLASSIFICATIONS, Classification, DecisionState
from personnel.filters.cadres import unit_choices
from personnel.models import Cadre, Decision, DecisionItem, DecisionKind, Unit, UnitVersion
from personnel.models.scope import subtree
from personnel.policies import Action
from personnel.services.decisions.kinds import ActGroup, acts_in_order
from personnel.services.numbers import numbered_q

#: States as people ask for them: a signed decision is in effect, or will be.
IN_EFFECT, AHEAD, NOT_SIGNED = "in_effect", "ahead", "not_signed"
STATES = [
    ("", "Tất cả"),
    (NOT_SIGNED, "Chưa ký"),
    *((state.value, state.label) for state in (DecisionState.DRAFT, DecisionState.CHECKED, DecisionState.SUBMITTED)),
    (IN_EFFECT, "Đang có hiệu lực"),
    (AHEAD, "Chưa đến ngày hiệu lực"),
    *(
        (state.value, state.label)
        for state in (DecisionState.WITHDRAWN, DecisionState.ANNULLED, DecisionState.REPLACED)
    ),
]
#: Of a stub with a pointer to the paper neither kind nor people are told.
NOT_A_STUB = ~Q(classification__in=STUB_CLASSIFICATIONS)
#: The first year that is offered.
FIRST_YEAR = 1976


class DecisionFilters(FilterForm):
    """Decisions by words, kind, group, state, year, issuer, unit, classification, and one's own."""

    search = "q"
    primary = ("state", "group", "year", "unit")

    q = forms.CharField(
        label="Tìm",
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "Số, trích yếu, tên người không cần dấu"}),
    )
    state = forms.ChoiceField(label="Trạng thái", choices=STATES)
    group = forms.ChoiceField(label="Nhóm", choices=[("", "Tất cả"), *ActGroup.choices])
    kind = forms.ModelChoiceField(DecisionKind.objects.all(), label="Loại quyết định", to_field_name="code")
    year = forms.TypedChoiceField(label="Năm", coerce=int)
    unit = forms.CharField(label="Đơn vị", max_length=40)
    issuer = forms.CharField(label="Cơ quan ban hành", max_length=100)
    classification = forms.MultipleChoiceField(label="Độ mật", choices=Classification.choices)
    mine = forms.BooleanField(label="Do tôi lập")

    def prepare(self, request: HttpRequest) -> None:
        """Choices of year and unit."""
        self.day = asked_day(request)
        years = range(self.day.year + 1, FIRST_YEAR - 1, -1)
        self.fields["year"].choices = [("", "Tất cả"), *((year, str(year)) for year in years)]  # type: ignore[attr-defined]
        offered = unit_choices(reader(request), self.day, str(self.data.get("unit") or ""))
        self.fields["unit"].widget = forms.Select(choices=[("", "Mọi đơn vị"), *offered])

    def apply_q(self, queryset: QuerySet[Decision], value: str) -> QuerySet[Decision]:
        """Part of the number, of a text that is open to the reader, or of the name of a person in scope."""
        user, words = reader(self.request), " ".join(value.split())
        people = Cadre.objects.visible_to(user).filter(search_key__contains=fold(words))
        named = DecisionItem.objects.filter(decision=OuterRef("pk"), cadre__in=people.order_by().values("pk"))
        told = Q(summary__icontains=words, is_text_open=True)
        found = queryset.with_sight(user)  # type: ignore[attr-defined]
        about = Q(Exists(named)) & NOT_A_STUB
        return found.filter(numbered_q(words) | told | about)  # type: ignore[no-any-return]

    def apply_state(self, queryset: QuerySet[Decision], value: str) -> QuerySet[Decision]:
        """In a state on the asked day."""
        open_states = (DecisionState.DRAFT, DecisionState.CHECKED, DecisionState.SUBMITTED)
        signed = Q(("state_then", DecisionState.SIGNED))
        asked = {
            NOT_SIGNED: Q(("state_then__in", open_states)),
            IN_EFFECT: signed & Q(effective_on__lte=self.day),
            AHEAD: signed & Q(effective_on__gt=self.day),
        }
        return queryset.filter(asked.get(value, Q(("state_then", value))))

    def apply_group(self, queryset: QuerySet[Decision], value: str) -> QuerySet[Decision]:
        """Of the kinds of a group."""
        codes = [act.code for act in acts_in_order() if act.group == value]
        return queryset.filter(NOT_A_STUB, kind__code__in=codes)

    def apply_kind(self, queryset: QuerySet[Decision], value: DecisionKind) -> QuerySet[Decision]:
        """Of one kind."""
        return queryset.filter(NOT_A_STUB, kind=value)

    def apply_year(self, queryset: QuerySet[Decision], value: int) -> QuerySet[Decision]:
        """Signed in a year; drafts by the year in which they shall take effect."""
        drafted = Q(signed_on__isnull=True, effective_on__year=value)
        return queryset.filter(Q(signed_on__year=value) | drafted)

    def say_year(self, value: int) -> str:
        """The year without a mark between its thousands."""
        return f"Năm {value}"

    def apply_unit(self, queryset: QuerySet[Decision], value: str) -> QuerySet[Decision]:
        """Drawn up by a unit of the scope or below it, or about people kept there on the day."""
        unit = self._unit(value)
        if unit is None:
            return queryset.none()
        people = Cadre.objects.visible_to(reader(self.request)).in_units([unit.pk], self.day)
        about = DecisionItem.objects.filter(decision=OuterRef("pk"), cadre__in=people.order_by().values("pk"))
        return queryset.filter(Q(unit__in=subtree([unit.pk], self.day)) | (Q(Exists(about)) & NOT_A_STUB))

    def say_unit(self, value: str) -> str:
        """The unit by name."""
        unit = self._unit(value)
        version = UnitVersion.objects.standing_on(self.day).filter(unit=unit).first() if unit else None
        return f"Đơn vị: {version.name if version else value}"

    def _unit(self, code: str) -> Unit | None:
        found: Unit | None = Unit.objects.visible_to(reader(self.request), Action.VIEW).filter(code=code).first()
        return found

    def apply_issuer(self, queryset: QuerySet[Decision], value: str) -> QuerySet[Decision]:
        """By a part of the issuer's name."""
        return queryset.filter(issuer__icontains=value)

    def apply_mine(self, queryset: QuerySet[Decision], value: bool) -> QuerySet[Decision]:
        """Drawn up by the reader himself."""
        return queryset.filter(drafted_by=reader(self.request))
