"""Classes (lớp học): quotas, sessions, members from nomination to certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from hrdb.kernel.history import History
from personnel.models import Qualification, Unit
from personnel.models.cadres import OfCadre
from personnel.models.decisions import Decided
from training.choices import ATTENDING, ClassState, MemberState, StudyMode
from training.models.plans import PlannedClass
from training.models.programmes import Programme
from training.models.readers import members_q, reads_training

if TYPE_CHECKING:
    from hrdb.kernel.models import User


class TrainingClassQuerySet(models.QuerySet[Any]):
    """Classes: the province's, read by whoever trains or inspects somewhere; their people by scope."""

    def visible_to(self, user: User | None) -> Self:
        """Classes that the user reads: all, or none."""
        return self if reads_training(user) else self.none()


class ClassMemberQuerySet(models.QuerySet[Any]):
    """Members; the scope is that of the unit that keeps their record."""

    def visible_to(self, user: User | None) -> Self:
        """Members whom the user trains or inspects."""
        return self.filter(members_q(user))

    def attending(self) -> Self:
        """Those who were chosen, whatever became of it."""
        return self.filter(state__in=ATTENDING)


class ClassDocumentQuerySet(models.QuerySet[Any]):
    """Documents of classes."""

    def visible_to(self, user: User | None) -> Self:
        """Documents that the user reads: all, or none."""
        return self if reads_training(user) else self.none()


class TrainingClass(Decided):
    """Lớp học of a programme. `quotas` are those of the cohort: `min_women`, `min_minority`, `min_young`,
    `max_per_unit`, `min_per_unit`; the decision is the one that opened it or sends people to it."""

    code = models.CharField("mã lớp", max_length=40, unique=True, error_messages={"unique": "Mã lớp này đã có."})
    name = models.CharField("tên lớp", max_length=250)
    programme = models.ForeignKey(Programme, verbose_name="chương trình", on_delete=models.PROTECT, related_name="+")
    planned = models.ForeignKey(
        PlannedClass,
        verbose_name="theo kế hoạch",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="opened",
    )
    begins_on = models.DateField("từ ngày", null=True, blank=True)
    ends_on = models.DateField("đến ngày", null=True, blank=True)
    nominate_by = models.DateField("hạn cử người", null=True, blank=True)
    capacity = models.PositiveSmallIntegerField("số chỗ", validators=[MinValueValidator(1)])
    quotas = models.JSONField("chỉ tiêu", default=dict, blank=True)
    mode = models.CharField("hình thức", max_length=20, choices=StudyMode, default=StudyMode.FULL_TIME)
    host = models.CharField("cơ sở đào tạo", max_length=250, blank=True)
    place = models.CharField("địa điểm, đường dẫn", max_length=250, blank=True)
    trainers = models.CharField("giảng viên", max_length=500, blank=True)
    cost = models.DecimalField("kinh phí thực hiện (đồng)", max_digits=15, decimal_places=0, null=True, blank=True)
    state = models.CharField("trạng thái", max_length=20, choices=ClassState, default=ClassState.PLANNED)

    objects = TrainingClassQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "lớp học"
        verbose_name_plural = "lớp học"
        ordering = [F("begins_on").desc(nulls_first=True), "code"]
        constraints = [
            models.CheckConstraint(
                name="trainingclass_period",
                condition=Q(begins_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The class's page."""
        return reverse("training:class-detail", args=[self.pk])


class ClassSession(models.Model):
    """Buổi học: a day with its subject."""

    training_class = models.ForeignKey(
        TrainingClass, verbose_name="lớp", on_delete=models.PROTECT, related_name="sessions"
    )
    day = models.DateField("ngày")
    subject = models.CharField("nội dung", max_length=250)
    trainer = models.CharField("giảng viên", max_length=250, blank=True)

    history = History(parent="training_class")

    class Meta:
        verbose_name = "buổi học"
        verbose_name_plural = "buổi học"
        ordering = ["training_class_id", "day", "id"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.subject}"


class ClassDocument(models.Model):
    """Tài liệu of a class: a checked PDF, kept outside the web's root."""

    training_class = models.ForeignKey(
        TrainingClass, verbose_name="lớp", on_delete=models.PROTECT, related_name="documents"
    )
    title = models.CharField("tên tài liệu", max_length=250)
    file = models.CharField("tệp", max_length=250)

    objects = ClassDocumentQuerySet.as_manager()
    history = History(parent="training_class")

    class Meta:
        verbose_name = "tài liệu lớp học"
        verbose_name_plural = "tài liệu lớp học"
        ordering = ["training_class_id", "id"]

    def __str__(self) -> str:
        return self.title


class ClassMember(OfCadre, Decided):
    """Học viên: nominated by a unit, chosen with a reason, then attendance, result and certificate.

    `attendance` says of each session by its id whether he came (`Presence`); `attended` is how many he came to. A
    passed class writes the qualification of the record, to which `qualification` points.
    """

    training_class = models.ForeignKey(
        TrainingClass, verbose_name="lớp", on_delete=models.PROTECT, related_name="members"
    )
    unit = models.ForeignKey(Unit, verbose_name="đơn vị cử", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("trạng thái", max_length=20, choices=MemberState, default=MemberState.NOMINATED)
    is_pinned = models.BooleanField("ấn định", default=False)
    is_excluded = models.BooleanField("loại khỏi danh sách", default=False)
    priority = models.DecimalField("điểm ưu tiên", max_digits=7, decimal_places=2, null=True, blank=True)
    reason = models.CharField("lý do chọn, không chọn", max_length=500, blank=True)
    attendance = models.JSONField("điểm danh", default=dict, blank=True)
    attended = models.PositiveSmallIntegerField("số buổi dự", null=True, blank=True)
    score = models.DecimalField(
        "điểm",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    grade = models.CharField("xếp loại", max_length=100, blank=True)
    certificate_number = models.CharField("số chứng chỉ", max_length=60, blank=True)
    certified_on = models.DateField("ngày cấp", null=True, blank=True)
    qualification = models.ForeignKey(
        Qualification,
        verbose_name="trình độ đã ghi",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    followed_up = models.CharField("sau đào tạo", max_length=250, blank=True)

    objects = ClassMemberQuerySet.as_manager()  # type: ignore[misc, assignment]
    history = History(parent="cadre")

    class Meta:
        verbose_name = "học viên"
        verbose_name_plural = "học viên"
        ordering = ["training_class_id", "cadre_id"]
        indexes = [models.Index(fields=["cadre", "state"], name="classmember_cadre")]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "cadre"],
                name="classmember_once",
                violation_error_message="Người này đã có trong lớp.",
            ),
            models.UniqueConstraint(
                fields=["training_class", "certificate_number"],
                name="classmember_certificate",
                condition=~Q(certificate_number=""),
                violation_error_message="Số chứng chỉ này đã cấp trong lớp.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} · {self.training_class}"
