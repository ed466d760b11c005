"""Units (cơ quan, đơn vị), their dated versions, successions, establishment, titles, seats and job positions."""

from __future__ import annotations

import datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from guardian.models import UserObjectPermissionBase

from hrdb.kernel.history import History
from hrdb.kernel.periods import Dated, DatedQuerySet, no_overlap, ordered_period
from personnel.choices import (
    Bloc,
    Confidence,
    EmploymentCategory,
    JobGroup,
    ManagingLevel,
    TitleBranch,
    TitleGroup,
    UnitLevel,
    UnitSuccessionKind,
)
from personnel.models.code_lists import Rank, UnitKind
from personnel.models.decisions import Decided
from personnel.models.scope import UnitQuerySet
from personnel.policies import Action, unit_permission


class Unit(models.Model):
    """A unit (cơ quan, đơn vị): only what never changes; the rest is a dated `UnitVersion`."""

    code = models.CharField("mã đơn vị", max_length=40, unique=True, error_messages={"unique": "Mã đơn vị đã có."})

    objects = UnitQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        ordering = ["code"]
        default_permissions = ()
        permissions = [(unit_permission(action), f"{action.label}: người của đơn vị") for action in Action]

    def __str__(self) -> str:
        return self.code


class UnitVersionQuerySet(DatedQuerySet):
    """What units were, by day."""

    def standing_on(self, day: datetime.date) -> Self:
        """The version in force on `day` of each unit, or for a closed one the version it had last."""
        return self.filter(effective_from__lte=day).order_by("unit_id", "-effective_from").distinct("unit_id")

    def names_on(self, day: datetime.date) -> dict[int, str]:
        """Unit names by unit id as they were on `day`; a closed unit keeps the name it had last."""
        return dict(self.standing_on(day).values_list("unit_id", "name"))


class UnitVersion(Decided, Dated):
    """What a unit was called, where it stood and what it was, for a period."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="versions")
    name = models.CharField("tên đơn vị", max_length=250)
    short_name = models.CharField("tên ngắn", max_length=100, blank=True)
    search_key = models.CharField(max_length=250, editable=False, db_collation="C")
    parent = models.ForeignKey(
        Unit,
        verbose_name="đơn vị cấp trên",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="child_versions",
    )
    kind = models.ForeignKey(UnitKind, verbose_name="loại", null=True, blank=True, on_delete=models.PROTECT)
    bloc = models.CharField("khối", max_length=20, choices=Bloc, default=Bloc.GOVERNMENT)
    level = models.CharField("cấp", max_length=20, choices=UnitLevel, default=UnitLevel.PROVINCE)
    position = models.PositiveIntegerField("thứ tự", default=0)

    objects: ClassVar = UnitVersionQuerySet.as_manager()
    history = History(parent="unit")

    class Meta:
        verbose_name = "thông tin đơn vị"
        verbose_name_plural = "thông tin đơn vị"
        ordering = ["unit_id", "effective_from"]
        indexes = [
            GinIndex(name="unitversion_search", fields=["search_key"], opclasses=["gin_trgm_ops"]),
            models.Index(fields=["parent", "effective_from"], name="unitversion_parent"),
        ]
        constraints = [
            ordered_period("unitversion_period"),
            no_overlap("unitversion_no_overlap", ["unit"], "Đơn vị đã có thông tin trong khoảng thời gian này."),
            models.CheckConstraint(
                name="unitversion_not_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("unit")),
                violation_error_message="Đơn vị không thể trực thuộc chính mình.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitSuccession(Decided):
    """Predecessor and successor (kế thừa): merges, splits, renamings; old units stay readable."""

    predecessor = models.ForeignKey(
        Unit, verbose_name="đơn vị trước", on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey(
        Unit, verbose_name="đơn vị kế thừa", on_delete=models.PROTECT, related_name="predecessions"
    )
    kind = models.CharField("hình thức", max_length=20, choices=UnitSuccessionKind)
    day = models.DateField("từ ngày")

    history = History()

    class Meta:
        verbose_name = "kế thừa đơn vị"
        verbose_name_plural = "kế thừa đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "day"],
                name="unitsuccession_once",
                violation_error_message="Quan hệ kế thừa này đã có.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class Establishment(Decided):
    """Biên chế, số lượng người làm việc assigned to a unit for a year and a category."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="establishments")
    year = models.PositiveSmallIntegerField("năm")
    category = models.CharField("đối tượng", max_length=20, choices=EmploymentCategory)
    number = models.PositiveIntegerField("số được giao")

    history = History(parent="unit")

    class Meta:
        verbose_name = "biên chế được giao"
        verbose_name_plural = "biên chế được giao"
        ordering = ["unit_id", "-year", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "category"],
                name="establishment_once",
                violation_error_message="Biên chế của năm và đối tượng này đã có.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.number}"


class Title(models.Model):
    """Chức vụ, chức danh; a lower rank number is a higher title (368-QĐ/TW)."""

    code = models.CharField("mã", max_length=40, unique=True, error_messages={"unique": "Mã chức danh đã có."})
    name = models.CharField("chức vụ, chức danh", max_length=250)
    aliases = ArrayField(models.CharField(max_length=250), verbose_name="cách viết khác", default=list, blank=True)
    unit_kinds = ArrayField(
        models.CharField(max_length=40), verbose_name="loại đơn vị có chức danh này", default=list, blank=True
    )
    unit_levels = ArrayField(
        models.CharField(max_length=20), verbose_name="cấp đơn vị có chức danh này", default=list, blank=True
    )
    branch = models.CharField("nhánh", max_length=20, choices=TitleBranch, default=TitleBranch.GOVERNMENT)
    group = models.CharField("nhóm chức danh", max_length=20, choices=TitleGroup, default=TitleGroup.SPECIALIST)
    rank = models.PositiveSmallIntegerField("bậc trong danh mục", null=True, blank=True)
    is_leadership = models.BooleanField("lãnh đạo, quản lý", default=False)
    managing_level = models.CharField("diện quản lý", max_length=30, choices=ManagingLevel, default=ManagingLevel.UNIT)
    category = models.CharField("đối tượng", max_length=30, choices=EmploymentCategory, blank=True)
    allowance = models.DecimalField("phụ cấp chức vụ", max_digits=4, decimal_places=2, null=True, blank=True)
    position = models.PositiveIntegerField("thứ tự", default=0)
    valid_from = models.DateField("dùng từ ngày", null=True, blank=True)
    valid_until = models.DateField("dùng đến trước ngày", null=True, blank=True)
    confidence = models.CharField("độ tin cậy", max_length=20, choices=Confidence, default=Confidence.UNCONFIRMED)

    history = History()

    class Meta:
        verbose_name = "chức vụ, chức danh"
        verbose_name_plural = "chức vụ, chức danh"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class TitleStandard(Decided, Dated):
    """Tiêu chuẩn chức danh: one dated requirement of a title."""

    title = models.ForeignKey(Title, verbose_name="chức danh", on_delete=models.PROTECT, related_name="standards")
    requirement = models.CharField("tiêu chuẩn", max_length=60)
    value = models.JSONField("mức yêu cầu", null=True, blank=True)
    citation = models.CharField("căn cứ", max_length=250)
    confidence = models.CharField("độ tin cậy", max_length=20, choices=Confidence, default=Confidence.UNCONFIRMED)

    history = History(parent="title")

    class Meta:
        verbose_name = "tiêu chuẩn chức danh"
        verbose_name_plural = "tiêu chuẩn chức danh"
        constraints = [
            ordered_period("titlestandard_period"),
            no_overlap(
                "titlestandard_no_overlap",
                ["title", "requirement"],
                "Tiêu chuẩn này đã có trong khoảng thời gian này.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.requirement}"


class Seat(Decided, Dated):
    """Ghế chức danh: a leadership title in a unit, with the number of seats; what succession is planned for."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="seats")
    title = models.ForeignKey(Title, verbose_name="chức danh", on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField("số lượng", default=1)

    history = History(parent="unit")

    class Meta:
        verbose_name = "ghế chức danh"
        verbose_name_plural = "ghế chức danh"
        constraints = [
            ordered_period("seat_period"),
            no_overlap("seat_no_overlap", ["unit", "title"], "Chức danh của đơn vị đã có trong khoảng thời gian này."),
            models.CheckConstraint(name="seat_number", condition=Q(number__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.unit}"


class JobPosition(Decided, Dated):
    """Vị trí việc làm of a unit."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="job_positions")
    code = models.CharField("mã vị trí", max_length=40)
    name = models.CharField("tên vị trí việc làm", max_length=250)
    group = models.CharField("nhóm", max_length=20, choices=JobGroup)
    required_rank = models.ForeignKey(
        Rank, verbose_name="ngạch yêu cầu", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    competence = models.TextField("khung năng lực", blank=True)
    number = models.PositiveSmallIntegerField("số lượng được phê duyệt", default=1)

    history = History(parent="unit")

    class Meta:
        verbose_name = "vị trí việc làm"
        verbose_name_plural = "vị trí việc làm"
        constraints = [
            ordered_period("jobposition_period"),
            no_overlap("jobposition_no_overlap", ["unit", "code"], "Vị trí việc làm đã có trong khoảng thời gian này."),
        ]

    def __str__(self) -> str:
        return self.name


class Mandate(Decided):
    """Nhiệm kỳ of a body (cấp ủy, HĐND): elected and designated titles end with it."""

    body = models.ForeignKey(Unit, verbose_name="tổ chức", on_delete=models.PROTECT, related_name="mandates")
    name = models.CharField("nhiệm kỳ", max_length=100)
    begins_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày", null=True, blank=True)

    history = History(parent="body")

    class Meta:
        verbose_name = "nhiệm kỳ"
        verbose_name_plural = "nhiệm kỳ"
        constraints = [
            models.CheckConstraint(
                name="mandate_period",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("begins_on")),
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class UnitUserPermission(UserObjectPermissionBase):
    """django-guardian's direct permission table on units: the projection of grants, written by services only."""

    content_object = models.ForeignKey(Unit, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "quyền trên đơn vị"
        verbose_name_plural = "quyền trên đơn vị"
