"""Dated code lists (danh mục): closed values stay readable on old records and are refused on new ones.

Loaded by `manage.py prepare` from `personnel/data/`; each item says how well it is confirmed.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from personnel.choices import Confidence, DisciplineRegime, EmploymentCategory, QualificationKind, RankGroup


class CodeListQuerySet(models.QuerySet[Any]):
    """Items of a code list."""


class CodeList(models.Model):
    """Base of all code lists; `code` is the official one where `is_official_code`, else our own (`x-...`)."""

    code = models.CharField("mã", max_length=40)
    name = models.CharField("tên", max_length=250)
    short_name = models.CharField("tên ngắn", max_length=100, blank=True)
    aliases = ArrayField(models.CharField(max_length=250), verbose_name="cách viết khác", default=list, blank=True)
    position = models.PositiveIntegerField("thứ tự", default=0)
    is_official_code = models.BooleanField("mã chính thức", default=True)
    valid_from = models.DateField("dùng từ ngày", null=True, blank=True)
    valid_until = models.DateField("dùng đến trước ngày", null=True, blank=True)
    confidence = models.CharField("độ tin cậy", max_length=20, choices=Confidence, default=Confidence.CONFIRMED)

    objects = CodeListQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], name="%(class)s_code", violation_error_message="Mã này đã có trong danh mục."
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_on(self, day: datetime.date) -> bool:
        """Whether a new record may use the item on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


class EthnicGroup(CodeList):
    """Dân tộc (QĐ 1019/QĐ-TCTK)."""

    is_minority = models.BooleanField("dân tộc thiểu số", default=True)

    class Meta(CodeList.Meta):
        verbose_name = "dân tộc"
        verbose_name_plural = "dân tộc"


class Religion(CodeList):
    """Tôn giáo."""

    class Meta(CodeList.Meta):
        verbose_name = "tôn giáo"
        verbose_name_plural = "tôn giáo"


class Schooling(CodeList):
    """Trình độ giáo dục phổ thông."""

    class Meta(CodeList.Meta):
        verbose_name = "trình độ giáo dục phổ thông"
        verbose_name_plural = "trình độ giáo dục phổ thông"


class QualificationLevel(CodeList):
    """Trình độ by kind (degrees, political theory, state management, languages ...); rank 1 is the highest."""

    kind = models.CharField("loại", max_length=20, choices=QualificationKind)
    rank = models.PositiveSmallIntegerField("bậc (1 cao nhất)", null=True, blank=True)
    group = models.CharField("nhóm thống kê", max_length=40, blank=True)

    class Meta:
        verbose_name = "trình độ"
        verbose_name_plural = "trình độ"
        ordering = ["kind", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"],
                name="qualificationlevel_kind_code",
                violation_error_message="Mã này đã có trong danh mục.",
            )
        ]


class AcademicTitle(CodeList):
    """Học hàm."""

    class Meta(CodeList.Meta):
        verbose_name = "học hàm"
        verbose_name_plural = "học hàm"


class Language(CodeList):
    """Ngoại ngữ, tiếng dân tộc."""

    is_foreign = models.BooleanField("ngoại ngữ", default=True)

    class Meta(CodeList.Meta):
        verbose_name = "ngôn ngữ"
        verbose_name_plural = "ngôn ngữ"


class StudyForm(CodeList):
    """Hình thức đào tạo."""

    class Meta(CodeList.Meta):
        verbose_name = "hình thức đào tạo"
        verbose_name_plural = "hình thức đào tạo"


class Rank(CodeList):
    """Ngạch công chức, chức danh nghề nghiệp viên chức, with its pay scale (nhóm lương)."""

    family = models.CharField("nhóm ngạch", max_length=60, blank=True)
    scale = models.CharField("nhóm lương", max_length=10, blank=True)
    group = models.CharField("nhóm thống kê", max_length=20, choices=RankGroup, blank=True)
    category = models.CharField("đối tượng", max_length=30, choices=EmploymentCategory, blank=True)

    class Meta(CodeList.Meta):
        verbose_name = "ngạch, chức danh nghề nghiệp"
        verbose_name_plural = "ngạch, chức danh nghề nghiệp"


class AllowanceKind(CodeList):
    """Loại phụ cấp."""

    class Meta(CodeList.Meta):
        verbose_name = "loại phụ cấp"
        verbose_name_plural = "loại phụ cấp"


class CommendationForm(CodeList):
    """Hình thức khen thưởng."""

    class Meta(CodeList.Meta):
        verbose_name = "hình thức khen thưởng"
        verbose_name_plural = "hình thức khen thưởng"


class HonourTitle(CodeList):
    """Danh hiệu thi đua, danh hiệu Nhà nước phong tặng."""

    class Meta(CodeList.Meta):
        verbose_name = "danh hiệu"
        verbose_name_plural = "danh hiệu"


class DisciplineForm(CodeList):
    """Hình thức kỷ luật, State or Party; severity grows."""

    regime = models.CharField("loại", max_length=10, choices=DisciplineRegime)
    severity = models.PositiveSmallIntegerField("mức nặng", default=0)
    categories = ArrayField(models.CharField(max_length=30), verbose_name="đối tượng áp dụng", default=list, blank=True)

    class Meta(CodeList.Meta):
        verbose_name = "hình thức kỷ luật"
        verbose_name_plural = "hình thức kỷ luật"


class RelativeKind(CodeList):
    """Quan hệ gia đình."""

    is_also_of_spouse = models.BooleanField("dùng cả cho bên vợ, chồng", default=False)

    class Meta(CodeList.Meta):
        verbose_name = "quan hệ gia đình"
        verbose_name_plural = "quan hệ gia đình"


class FamilyBackground(CodeList):
    """Thành phần gia đình xuất thân."""

    class Meta(CodeList.Meta):
        verbose_name = "thành phần xuất thân"
        verbose_name_plural = "thành phần xuất thân"


class PolicyStatus(CodeList):
    """Đối tượng chính sách."""

    class Meta(CodeList.Meta):
        verbose_name = "đối tượng chính sách"
        verbose_name_plural = "đối tượng chính sách"


class DecisionKind(CodeList):
    """Loại quyết định."""

    class Meta(CodeList.Meta):
        verbose_name = "loại quyết định"
        verbose_name_plural = "loại quyết định"


class PropertyKind(CodeList):
    """Loại nhà, đất."""

    class Meta(CodeList.Meta):
        verbose_name = "loại nhà, đất"
        verbose_name_plural = "loại nhà, đất"


class RatingLevel(CodeList):
    """Mức xếp loại chất lượng."""

    class Meta(CodeList.Meta):
        verbose_name = "mức xếp loại"
        verbose_name_plural = "mức xếp loại"


class UnitKind(CodeList):
    """Loại cơ quan, đơn vị; `category` is what most of its people are, empty: as in the unit above."""

    category = models.CharField("đối tượng", max_length=30, choices=EmploymentCategory, blank=True)

    class Meta(CodeList.Meta):
        verbose_name = "loại đơn vị"
        verbose_name_plural = "loại đơn vị"


class Province(CodeList):
    """Tỉnh, thành phố; the 63 of before 01/07/2025 are closed values with their successor."""

    successor = models.ForeignKey(
        "self", verbose_name="nay thuộc", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )

    class Meta(CodeList.Meta):
        verbose_name = "tỉnh, thành phố"
        verbose_name_plural = "tỉnh, thành phố"


class Commune(CodeList):
    """Xã, phường, đặc khu (3.321 from 01/07/2025)."""

    province = models.ForeignKey(Province, verbose_name="tỉnh", on_delete=models.PROTECT, related_name="communes")
    kind = models.CharField("loại", max_length=20, blank=True)

    class Meta(CodeList.Meta):
        verbose_name = "xã, phường"
        verbose_name_plural = "xã, phường"


#: Every code list, in the order in which `prepare` loads them.
CODE_LISTS: tuple[type[CodeList], ...] = (
    EthnicGroup,
    Religion,
    Schooling,
    QualificationLevel,
    AcademicTitle,
    Language,
    StudyForm,
    Rank,
    AllowanceKind,
    CommendationForm,
    HonourTitle,
    DisciplineForm,
    RelativeKind,
    FamilyBackground,
    PolicyStatus,
    DecisionKind,
    PropertyKind,
    RatingLevel,
    UnitKind,
    Province,
    Commune,
)
