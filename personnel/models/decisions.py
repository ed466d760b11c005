"""Decisions (quyết định): the register, the people of each, and what facts of a record rest on."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone

from hrdb.kernel.history import History
from hrdb.kernel.models import AuditEvent
from personnel.choices import STUB_CLASSIFICATIONS, Classification, DecisionState
from personnel.models.code_lists import DecisionKind
from personnel.models.scope import CadreQuerySet, scope_of
from personnel.policies import Action

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: States in which a decision has its number and day: it was signed, whatever became of it.
ISSUED_STATES = (DecisionState.SIGNED, DecisionState.WITHDRAWN, DecisionState.ANNULLED, DecisionState.REPLACED)
#: Codes of kinds whose texts tell of discipline, which is tier 2 data.
SENSITIVE_KINDS = ("x-ky-luat", "x-cach-chuc")
#: States in which a draft may still be changed.
OPEN_STATES = (DecisionState.DRAFT, DecisionState.CHECKED)


class DecisionQuerySet(models.QuerySet[Any]):
    """Decisions: who keeps the office that drew one up sees it, and once it is signed who may see one of its people."""

    def visible_to(self, user: User | None, action: Action | str = Action.VIEW) -> Self:
        """Decisions drawn up in the user's scope, and signed ones about somebody whom the user may act on today.

        Who sees a decision sees what revises it.
        """
        scope = scope_of(user, action)
        if scope.is_whole_province:
            return self
        about = _said_items().filter(cadre__in=_people().visible_to(user, action).order_by().values("pk"))
        condition = Q(Exists(about), state__in=ISSUED_STATES)
        if scope.roots:
            condition |= scope.covers("unit_id") | (scope.covers("target__unit_id") & Q(state__in=ISSUED_STATES))
        return self.filter(condition)

    def kept_by(self, user: User | None, action: Action | str) -> Self:
        """Decisions that were drawn up in the user's scope: his office writes them."""
        return self.filter(scope_of(user, action).covers("unit_id"))

    def revisable_by(self, user: User | None, day: datetime.date) -> Self:
        """Standing decisions of the user's own office that he may withdraw, annul, correct: he decides on all people.

        `day` is that of the revision; the people are managed by the delegation of that day and of today.
        """
        mine = self.filter(state=DecisionState.SIGNED, signing__isnull=False)
        if user is None:
            return mine
        people = _people().visible_to(user, Action.DECIDE)
        for judged_on in {day, timezone.localdate()}:
            people = people.manageable_by(user, Action.DECIDE, judged_on)
        return mine.kept_by(user, Action.DECIDE).exclude(Exists(_outside(people)))

    def with_sight(self, user: User | None) -> Self:
        """Annotate `is_text_open`: whether the user may read summary, terms and scan, which may name anybody in them.

        From «tối mật» up nobody may; a decision that tells of discipline opens to who may read that of all its people.
        """
        is_open: Any = ~Q(classification__in=STUB_CLASSIFICATIONS)
        if not scope_of(user, Action.VIEW).is_whole_province:
            is_open &= ~Exists(_outside(_people().visible_to(user)))
        if not scope_of(user, Action.VIEW_SENSITIVE).is_whole_province:
            told = ~Exists(_outside(_people().readable_in_tier_2(user)))
            is_open &= Q(kind__isnull=True) | ~Q(kind__code__in=SENSITIVE_KINDS) | told
        return self.annotate(is_text_open=Case(When(is_open, then=True), default=False))

    def known_on(self, day: datetime.date, *, is_past: bool) -> Self:
        """Decisions as the register of a day has them, with the state of that day as `state_then`.

        Of a past day those signed by then: one that was revised later still stood.
        """
        if not is_past:
            return self.annotate(state_then=F("state"))
        revised = Decision.objects.filter(target=OuterRef("pk"), state__in=ISSUED_STATES, signed_on__lte=day)
        stood = Q(state__in=ISSUED_STATES) & ~Exists(revised)
        return (
            self.issued()
            .filter(signed_on__lte=day)
            .annotate(state_then=Case(When(stood, then=Value(DecisionState.SIGNED)), default=F("state")))
        )

    def issued(self) -> Self:
        """Decisions that were signed."""
        return self.filter(state__in=ISSUED_STATES)

    def in_effect(self, day: datetime.date) -> Self:
        """Signed decisions whose effective day has come by `day` and that still stand."""
        return self.filter(state=DecisionState.SIGNED, effective_on__lte=day)


def _people() -> CadreQuerySet:
    people: CadreQuerySet = apps.get_model("personnel", "Cadre")._default_manager.all()
    return people


def _outside(people: CadreQuerySet) -> models.QuerySet[Any]:
    """Condition on a decision: somebody of it is not among some people."""
    return _said_items().filter(cadre__isnull=False).exclude(cadre__in=people.order_by().values("pk"))


def _said_items() -> models.QuerySet[Any]:
    """The people of a decision, and of the one that it revises."""
    return DecisionItem.objects.filter(Q(decision=OuterRef("pk")) | Q(decision=OuterRef("target")))


class Decision(models.Model):
    """Quyết định. Numbers repeat, so number, date and issuer together are the key; a draft has none of them yet.

    `terms` are the values that the decision says for all its people, by the fields of its kind; `unit` is the office
    that draws it up; `target` the decision that a withdrawal, annulment, correction or replacement is about;
    `rests_on` the one before it in a chain (Party conclusion, Party decision, State decision); `signing` the event
    that wrote the record.
    """

    number = models.CharField("số", max_length=60, blank=True)
    signed_on = models.DateField("ngày ký", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=250, blank=True)
    signer = models.CharField("người ký", max_length=200, blank=True)
    signer_title = models.CharField("chức vụ người ký", max_length=200, blank=True)
    kind = models.ForeignKey(DecisionKind, verbose_name="loại", null=True, blank=True, on_delete=models.PROTECT)
    effective_on = models.DateField("ngày có hiệu lực")
    summary = models.TextField("trích yếu", blank=True)
    classification = models.CharField("độ mật", max_length=20, choices=Classification, default=Classification.PLAIN)
    file = models.CharField("tệp", max_length=250, blank=True)
    state = models.CharField("trạng thái", max_length=20, choices=DecisionState, default=DecisionState.SIGNED)
    unit = models.ForeignKey(
        "personnel.Unit",
        verbose_name="đơn vị lập",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    terms = models.JSONField("nội dung chung", default=dict, blank=True)
    target = models.ForeignKey(
        "self",
        verbose_name="quyết định được sửa",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="revisions",
    )
    rests_on = models.ForeignKey(
        "self",
        verbose_name="căn cứ văn bản",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followers",
    )
    signing = models.ForeignKey(
        AuditEvent,
        verbose_name="lần ghi vào hồ sơ",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người lập",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    return_note = models.TextField("ý kiến trả lại", blank=True)

    objects = DecisionQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "quyết định"
        verbose_name_plural = "quyết định"
        ordering = [models.F("signed_on").desc(nulls_first=True), "number", "id"]
        indexes = [
            models.Index(fields=["unit", "state"], name="decision_unit"),
            models.Index(fields=["effective_on"], name="decision_effective"),
            GinIndex(fields=["number"], name="decision_number_trgm", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "signed_on", "issuer"],
                name="decision_once",
                condition=~Q(number=""),
                violation_error_message="Quyết định cùng số, ngày ký và cơ quan ban hành đã có.",
            ),
            models.CheckConstraint(
                name="decision_numbered",
                condition=~Q(state__in=ISSUED_STATES) | (~Q(number="") & Q(signed_on__isnull=False) & ~Q(issuer="")),
                violation_error_message="Quyết định đã ký phải có số, ngày ký và cơ quan ban hành.",
            ),
            models.CheckConstraint(
                name="decision_stub_has_no_content",
                condition=Q(classification__in=[Classification.PLAIN, Classification.SECRET]) | Q(file=""),
                violation_error_message="Văn bản từ độ tối mật chỉ lưu phiếu chỉ dẫn, không lưu tệp.",
            ),
        ]

    def __str__(self) -> str:
        if self.number and self.signed_on:
            return f"Quyết định {self.number} ngày {self.signed_on:%d/%m/%Y}"
        return f"Dự thảo quyết định {self.pk or ''}".rstrip()

    @property
    def is_open(self) -> bool:
        """Whether the draft may still be changed."""
        return self.state in OPEN_STATES

    @property
    def is_issued(self) -> bool:
        """Whether it was signed."""
        return self.state in ISSUED_STATES

    @property
    def is_stub(self) -> bool:
        """Whether only a stub with a pointer to the paper is kept."""
        return self.classification in STUB_CLASSIFICATIONS

    def state_on(self, day: datetime.date) -> str:
        """The state in words; a signed decision is in effect from its effective day."""
        state: str = getattr(self, "state_then", self.state)
        if state == DecisionState.SIGNED:
            return "Đang có hiệu lực" if self.effective_on <= day else "Chưa đến ngày hiệu lực"
        return str(DecisionState(state).label)


class DecisionItem(models.Model):
    """One person of a decision: what it says for him beside the common terms, and what was checked.

    `cadre` is empty for somebody who has no record yet (recruitment): `values` then hold the identity. `findings` are
    kept as they were at signing; `overrides` name rules passed over with the reason beside; `dossier` the documents
    that came (key to day and note); `tallies` the votes of each step of the procedure.
    """

    decision = models.ForeignKey(Decision, verbose_name="quyết định", on_delete=models.PROTECT, related_name="items")
    cadre = models.ForeignKey(
        "personnel.Cadre",
        verbose_name="cán bộ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decision_items",
    )
    position = models.PositiveIntegerField("thứ tự", default=0)
    values = models.JSONField("nội dung riêng", default=dict, blank=True)
    findings = models.JSONField("kết quả kiểm tra", default=list, blank=True)
    overrides = models.JSONField("điều kiện cho qua", default=dict, blank=True)
    dossier = models.JSONField("thành phần hồ sơ", default=dict, blank=True)
    tallies = models.JSONField("kết quả các bước", default=list, blank=True)

    history = History(parent="decision")

    class Meta:
        verbose_name = "người trong quyết định"
        verbose_name_plural = "người trong quyết định"
        ordering = ["decision_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "cadre"],
                name="decisionitem_once",
                violation_error_message="Người này đã có trong quyết định.",
            )
        ]

    def __str__(self) -> str:
        return str(self.cadre or self.values.get("full_name", ""))


class Decided(models.Model):
    """Base of facts that may rest on a decision; without one they say «chưa có quyết định»."""

    decision = models.ForeignKey(
        Decision, verbose_name="quyết định", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    basis = models.CharField("căn cứ khác", max_length=250, blank=True)

    class Meta:
        abstract = True
