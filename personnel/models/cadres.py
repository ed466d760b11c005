"""The person (cán bộ, công chức, viên chức) and what holds for a period: custody, employment, assignments."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.history import History
from hrdb.kernel.periods import Dated, StartPrecision, no_overlap, ordered_period
from personnel.choices import (
    AssignmentKind,
    Classification,
    DatePrecision,
    EmploymentCategory,
    EmploymentState,
    Sex,
)
from personnel.models.code_lists import (
    AcademicTitle,
    Commune,
    EthnicGroup,
    FamilyBackground,
    HonourTitle,
    PolicyStatus,
    Religion,
    Schooling,
)
from personnel.models.decisions import Decided
from personnel.models.scope import CadreQuerySet, RecordQuerySet
from personnel.models.units import JobPosition, Mandate, Seat, Title, Unit

#: Dates of the person's own row of which the day or the month may not be known, and the column that tells.
PARTIAL_DATES: Final[Mapping[str, str]] = {
    "born": "born_precision",
    "first_recruited_on": "first_recruited_precision",
}


class Cadre(models.Model):
    """Cán bộ, công chức, viên chức: identity and the single-valued rows of the unified form (1 to 22, 28, 29, 38).

    Dates of birth carry a precision: `born` is the first day of what is known. `search_key` and `sort_key` are derived
    from the name by the services.
    """

    personal_number = models.CharField(
        "số định danh cá nhân",
        max_length=12,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^\d{12}$", "Số định danh cá nhân phải gồm 12 chữ số.")],
        error_messages={"unique": "Số định danh cá nhân này không dùng được."},
    )
    officer_code = models.CharField("số hiệu cán bộ", max_length=40, blank=True)
    full_name = models.CharField("họ và tên khai sinh", max_length=200)
    other_name = models.CharField("tên gọi khác", max_length=200, blank=True)
    search_key = models.CharField(max_length=200, editable=False, db_collation="C")
    sort_key = models.CharField(max_length=400, editable=False, db_collation="C")
    born = models.DateField("ngày sinh", null=True, blank=True)
    born_precision = models.CharField(
        "độ chính xác ngày sinh", max_length=10, choices=DatePrecision, default=DatePrecision.DAY
    )
    sex = models.CharField("giới tính", max_length=10, choices=Sex, blank=True)
    ethnicity = models.ForeignKey(
        EthnicGroup, verbose_name="dân tộc", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    religion = models.ForeignKey(
        Religion, verbose_name="tôn giáo", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    birth_place = models.CharField("nơi sinh", max_length=250, blank=True)
    birth_commune = models.ForeignKey(
        Commune, verbose_name="nơi sinh (mã xã)", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    home_town = models.CharField("quê quán", max_length=250, blank=True)
    home_commune = models.ForeignKey(
        Commune, verbose_name="quê quán (mã xã)", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    permanent_residence = models.CharField("nơi đăng ký thường trú", max_length=250, blank=True)
    current_residence = models.CharField("nơi ở hiện nay", max_length=250, blank=True)
    id_issued_on = models.DateField("ngày cấp CCCD", null=True, blank=True)
    phone = models.CharField("số điện thoại", max_length=40, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    social_insurance_number = models.CharField("số BHXH", max_length=20, blank=True)
    health_insurance_number = models.CharField("số thẻ BHYT", max_length=20, blank=True)
    family_background = models.ForeignKey(
        FamilyBackground,
        verbose_name="thành phần gia đình xuất thân",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    former_occupation = models.CharField("nghề nghiệp trước khi được tuyển dụng", max_length=250, blank=True)
    first_recruited_on = models.DateField("ngày được tuyển dụng lần đầu", null=True, blank=True)
    first_recruited_precision = models.CharField(
        "độ chính xác ngày tuyển dụng", max_length=10, choices=DatePrecision, default=DatePrecision.DAY
    )
    recruited_by = models.CharField("cơ quan tuyển dụng", max_length=250, blank=True)
    joined_agency_on = models.DateField("ngày vào cơ quan hiện đang công tác", null=True, blank=True)
    organisation_joined_on = models.DateField("ngày tham gia tổ chức chính trị - xã hội", null=True, blank=True)
    organisation_joined = models.CharField("tổ chức chính trị - xã hội đầu tiên", max_length=250, blank=True)
    enlisted_on = models.DateField("ngày nhập ngũ", null=True, blank=True)
    discharged_on = models.DateField("ngày xuất ngũ", null=True, blank=True)
    highest_military_rank = models.CharField("quân hàm cao nhất", max_length=100, blank=True)
    policy_status = models.ForeignKey(
        PolicyStatus,
        verbose_name="đối tượng chính sách",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    policy_note = models.CharField("hạng thương binh, ghi chú chính sách", max_length=250, blank=True)
    schooling = models.ForeignKey(
        Schooling,
        verbose_name="trình độ giáo dục phổ thông",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    academic_title = models.ForeignKey(
        AcademicTitle, verbose_name="học hàm", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    honour = models.ForeignKey(
        HonourTitle,
        verbose_name="danh hiệu Nhà nước phong tặng",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    main_work = models.CharField("công việc chính được giao", max_length=250, blank=True)
    strengths = models.CharField("sở trường công tác", max_length=250, blank=True)
    longest_work = models.CharField("công việc làm lâu nhất", max_length=250, blank=True)
    agency_remark = models.TextField("nhận xét, đánh giá của cơ quan sử dụng", blank=True)
    note = models.TextField("ghi chú", blank=True)
    photo = models.CharField("ảnh", max_length=250, blank=True)
    classification = models.CharField("độ mật", max_length=20, choices=Classification, default=Classification.PLAIN)
    paper_pointer = models.CharField("nơi lưu hồ sơ giấy", max_length=250, blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="tài khoản",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cadre",
    )

    objects = CadreQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "cán bộ, công chức, viên chức"
        verbose_name_plural = "cán bộ, công chức, viên chức"
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="cadre_sort"),
            GinIndex(name="cadre_search", fields=["search_key"], opclasses=["gin_trgm_ops"]),
            models.Index(fields=["officer_code"], name="cadre_officer_code", condition=~Q(officer_code="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="cadre_personal_number_digits",
                condition=Q(personal_number__isnull=True) | Q(personal_number__regex=r"^[0-9]{12}$"),
                violation_error_message="Số định danh cá nhân phải gồm 12 chữ số.",
            ),
            models.CheckConstraint(
                name="cadre_named", condition=~Q(full_name=""), violation_error_message="Thiếu họ và tên."
            ),
            models.CheckConstraint(
                name="cadre_military_order",
                condition=Q(discharged_on__isnull=True)
                | Q(enlisted_on__isnull=True)
                | Q(discharged_on__gte=models.F("enlisted_on")),
                violation_error_message="Ngày xuất ngũ phải sau ngày nhập ngũ.",
            ),
            models.CheckConstraint(
                name="cadre_stub_has_pointer",
                condition=Q(classification__in=[Classification.PLAIN, Classification.SECRET]) | ~Q(paper_pointer=""),
                violation_error_message="Hồ sơ từ độ tối mật chỉ lưu phiếu chỉ dẫn: cần ghi nơi lưu hồ sơ giấy.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def birth(self) -> PartialDate | None:
        """The birth date with what is known of it."""
        return self.partial_date("born")

    @property
    def first_recruited(self) -> PartialDate | None:
        """The day of first recruitment with what is known of it."""
        return self.partial_date("first_recruited_on")

    def partial_date(self, name: str) -> PartialDate | None:
        """One of PARTIAL_DATES with what is known of it."""
        value = getattr(self, name)
        return None if value is None else PartialDate(value, getattr(self, PARTIAL_DATES[name]))

    @property
    def initials(self) -> str:
        """First letters of family and given name, for the place of a missing photo."""
        words = self.full_name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


class OfCadre(models.Model):
    """Base of the rows of a record."""

    cadre = models.ForeignKey(Cadre, verbose_name="cán bộ", on_delete=models.PROTECT, related_name="%(class)s_set")

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True


class Custody(OfCadre, Decided, Dated):
    """Đơn vị quản lý hồ sơ: which unit keeps the record; exactly one in force from creation for ever."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị quản lý hồ sơ", on_delete=models.PROTECT, related_name="+")

    history = History(parent="cadre")

    class Meta:
        verbose_name = "quản lý hồ sơ"
        verbose_name_plural = "quản lý hồ sơ"
        ordering = ["cadre_id", "effective_from"]
        indexes = [models.Index(fields=["unit", "effective_from", "cadre"], name="custody_unit")]
        constraints = [
            ordered_period("custody_period"),
            no_overlap("custody_no_overlap", ["cadre"], "Hồ sơ đã có đơn vị quản lý trong khoảng thời gian này."),
        ]

    def __str__(self) -> str:
        return f"{self.cadre_id} · {self.unit_id}"


class Employment(OfCadre, Decided, Dated):
    """Đối tượng and tình trạng for a period."""

    category = models.CharField("đối tượng", max_length=20, choices=EmploymentCategory)
    state = models.CharField("tình trạng", max_length=20, choices=EmploymentState, default=EmploymentState.WORKING)
    start_precision = models.CharField(
        "độ chính xác ngày bắt đầu", max_length=10, choices=StartPrecision, default=StartPrecision.DAY
    )
    note = models.CharField("ghi chú", max_length=250, blank=True)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "đối tượng, tình trạng"
        verbose_name_plural = "đối tượng, tình trạng"
        ordering = ["cadre_id", "effective_from"]
        indexes = [models.Index(fields=["category", "state", "cadre"], name="employment_category")]
        constraints = [
            ordered_period("employment_period"),
            no_overlap("employment_no_overlap", ["cadre"], "Đã có đối tượng, tình trạng trong khoảng thời gian này."),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()}, {self.get_state_display()}"


class Assignment(OfCadre, Decided, Dated):
    """Quá trình công tác: a post held for a period, in a unit or, elsewhere, in an organisation as text."""

    kind = models.CharField("loại", max_length=20, choices=AssignmentKind, default=AssignmentKind.MAIN)
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    organisation = models.CharField("cơ quan, tổ chức ngoài hệ thống", max_length=250, blank=True)
    title = models.ForeignKey(
        Title, verbose_name="chức vụ, chức danh", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title_text = models.CharField("chức vụ (ghi theo văn bản)", max_length=250, blank=True)
    seat = models.ForeignKey(
        Seat, verbose_name="ghế chức danh", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    job_position = models.ForeignKey(
        JobPosition, verbose_name="vị trí việc làm", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    mandate = models.ForeignKey(
        Mandate, verbose_name="nhiệm kỳ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    start_precision = models.CharField(
        "độ chính xác ngày bắt đầu", max_length=10, choices=StartPrecision, default=StartPrecision.DAY
    )
    first_appointed_on = models.DateField("ngày bổ nhiệm, phê chuẩn", null=True, blank=True)
    reappointed_on = models.DateField("ngày bổ nhiệm lại", null=True, blank=True)
    term_ends_on = models.DateField("hết thời hạn giữ chức vụ", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=250, blank=True)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "quá trình công tác"
        verbose_name_plural = "quá trình công tác"
        ordering = ["cadre_id", "-effective_from", "kind"]
        indexes = [
            models.Index(fields=["unit", "effective_from", "cadre"], name="assignment_unit"),
            models.Index(fields=["title", "cadre"], name="assignment_title"),
        ]
        constraints = [
            ordered_period("assignment_period"),
            no_overlap(
                "assignment_no_overlap",
                ["cadre"],
                "Đã có vị trí công tác chính trong khoảng thời gian này.",
                condition=Q(kind=AssignmentKind.MAIN),
            ),
            models.CheckConstraint(
                name="assignment_somewhere",
                condition=Q(unit__isnull=False) | ~Q(organisation=""),
                violation_error_message="Cần chọn đơn vị hoặc ghi cơ quan, tổ chức.",
            ),
        ]

    def __str__(self) -> str:
        return self.title_name or self.get_kind_display()

    @property
    def title_name(self) -> str:
        """The title as written for this post, else the mapped title's name."""
        return self.title_text or (self.title.name if self.title_id and self.title else "")

    def term_is_over(self, day: datetime.date) -> bool:
        """Whether the term of the post has run out by `day`, the first on which it no longer holds."""
        return self.term_ends_on is not None and self.term_ends_on <= day
