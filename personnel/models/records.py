"""The other rows of a record: qualifications, pay, Party, health, family and the rest of the unified form."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hrdb.kernel.history import History
from hrdb.kernel.periods import Dated, StartPrecision, no_overlap, ordered_period
from personnel.choices import (
    AssetKind,
    BloodGroup,
    DatePrecision,
    DisciplineRegime,
    LifeHistoryKind,
    PayScheme,
    PoliticalReviewResult,
    QualificationKind,
    RelativeSide,
)
from personnel.models.cadres import OfCadre
from personnel.models.code_lists import (
    AllowanceKind,
    CommendationForm,
    DisciplineForm,
    HonourTitle,
    Language,
    PropertyKind,
    QualificationLevel,
    Rank,
    RelativeKind,
    StudyForm,
)
from personnel.models.decisions import Decided


class Qualification(OfCadre, Decided, Dated):
    """Đào tạo, bồi dưỡng (items 32.1 to 32.6): one degree, diploma or certificate.

    `effective_from` is the day from which it is held (the day of issue, else the end of study, else the day of the
    list that told it), `effective_until` the day on which a certificate has expired.
    """

    kind = models.CharField("loại", max_length=20, choices=QualificationKind)
    level = models.ForeignKey(
        QualificationLevel, verbose_name="trình độ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    level_text = models.CharField("trình độ (ghi theo văn bản)", max_length=250, blank=True)
    language = models.ForeignKey(
        Language, verbose_name="ngôn ngữ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    field = models.CharField("chuyên ngành", max_length=250, blank=True)
    school = models.CharField("cơ sở đào tạo", max_length=250, blank=True)
    study_form = models.ForeignKey(
        StudyForm, verbose_name="hình thức đào tạo", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    studied_from = models.DateField("từ tháng", null=True, blank=True)
    studied_until = models.DateField("đến tháng", null=True, blank=True)
    certificate = models.CharField("văn bằng, chứng chỉ", max_length=250, blank=True)
    certificate_number = models.CharField("số hiệu văn bằng", max_length=60, blank=True)
    issued_on = models.DateField("ngày cấp", null=True, blank=True)
    score = models.CharField("điểm số", max_length=40, blank=True)
    start_precision = models.CharField(
        "độ chính xác ngày có", max_length=10, choices=StartPrecision, default=StartPrecision.DAY
    )

    history = History(parent="cadre")

    class Meta:
        verbose_name = "đào tạo, bồi dưỡng"
        verbose_name_plural = "đào tạo, bồi dưỡng"
        ordering = ["cadre_id", "kind", "effective_from"]
        indexes = [
            models.Index(fields=["kind", "level", "cadre"], name="qualification_level"),
            models.Index(fields=["cadre", "kind"], name="qualification_cadre"),
        ]
        constraints = [
            ordered_period("qualification_validity"),
            models.CheckConstraint(
                name="qualification_studied",
                condition=Q(studied_from__isnull=True)
                | Q(studied_until__isnull=True)
                | Q(studied_until__gte=models.F("studied_from")),
                violation_error_message="Thời gian kết thúc phải sau thời gian bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return self.level_name

    @property
    def level_name(self) -> str:
        """The level as written, else the mapped level's name."""
        return self.level_text or (self.level.name if self.level_id and self.level else "")


class PayStep(OfCadre, Decided, Dated):
    """Diễn biến lương (items 30.1, 30.3, 37.1): rank or job position, step and coefficient for a period."""

    scheme = models.CharField("cách xếp lương", max_length=10, choices=PayScheme, default=PayScheme.RANK)
    rank = models.ForeignKey(
        Rank, verbose_name="ngạch, CDNN", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    position_name = models.CharField("vị trí việc làm xếp lương", max_length=250, blank=True)
    position_code = models.CharField("mã vị trí việc làm", max_length=40, blank=True)
    rank_appointed_on = models.DateField("ngày bổ nhiệm ngạch, CDNN", null=True, blank=True)
    step = models.PositiveSmallIntegerField("bậc", null=True, blank=True)
    coefficient = models.DecimalField("hệ số", max_digits=5, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField("mức lương (đồng)", max_digits=12, decimal_places=0, null=True, blank=True)
    percent = models.DecimalField("phần trăm hưởng", max_digits=5, decimal_places=2, null=True, blank=True)
    over_frame_percent = models.DecimalField(
        "phụ cấp thâm niên vượt khung (%)", max_digits=5, decimal_places=2, null=True, blank=True
    )
    over_frame_from = models.DateField("ngày hưởng vượt khung", null=True, blank=True)
    start_precision = models.CharField(
        "độ chính xác ngày hưởng", max_length=10, choices=StartPrecision, default=StartPrecision.DAY
    )

    history = History(parent="cadre")

    class Meta:
        verbose_name = "diễn biến lương"
        verbose_name_plural = "diễn biến lương"
        ordering = ["cadre_id", "scheme", "effective_from"]
        indexes = [models.Index(fields=["rank", "cadre"], name="paystep_rank")]
        constraints = [
            ordered_period("paystep_period"),
            no_overlap("paystep_no_overlap", ["cadre", "scheme"], "Đã có bậc lương trong khoảng thời gian này."),
            models.CheckConstraint(
                name="paystep_positive",
                condition=Q(coefficient__isnull=True) | Q(coefficient__gt=0),
                violation_error_message="Hệ số lương phải lớn hơn 0.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank.code if self.rank else self.position_code} · {self.step or ''} · {self.coefficient or ''}"


class Allowance(OfCadre, Decided, Dated):
    """Phụ cấp (items 30.2, 37.2)."""

    kind = models.ForeignKey(AllowanceKind, verbose_name="loại", on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField("phần trăm", max_digits=5, decimal_places=2, null=True, blank=True)
    coefficient = models.DecimalField("hệ số", max_digits=5, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField("giá trị (đồng)", max_digits=12, decimal_places=0, null=True, blank=True)
    payment_form = models.CharField("hình thức hưởng", max_length=100, blank=True)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "phụ cấp"
        verbose_name_plural = "phụ cấp"
        ordering = ["cadre_id", "effective_from"]
        constraints = [ordered_period("allowance_period")]

    def __str__(self) -> str:
        return str(self.kind)


class PartyMembership(OfCadre, Decided, Dated):
    """Đảng viên: admission (ngày vào Đảng) opens the period, leaving ends it; the official day stands beside."""

    joined_precision = models.CharField(
        "độ chính xác ngày vào Đảng", max_length=10, choices=DatePrecision, default=DatePrecision.DAY
    )
    official_on = models.DateField("ngày chính thức", null=True, blank=True)
    card_number = models.CharField("số thẻ đảng viên", max_length=20, blank=True)
    cell = models.CharField("chi bộ sinh hoạt", max_length=250, blank=True)
    end_reason = models.CharField("lý do thôi sinh hoạt", max_length=250, blank=True)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "đảng viên"
        verbose_name_plural = "đảng viên"
        constraints = [
            ordered_period("partymembership_period"),
            no_overlap("partymembership_no_overlap", ["cadre"], "Đã là đảng viên trong khoảng thời gian này."),
            models.CheckConstraint(
                name="partymembership_official_order",
                condition=Q(official_on__isnull=True) | Q(official_on__gte=models.F("effective_from")),
                violation_error_message="Ngày chính thức phải sau ngày vào Đảng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effective_from:%d/%m/%Y}"


class PoliticalReview(OfCadre):
    """Kết luận tiêu chuẩn chính trị (367-QĐ/TW): number, date, validity, result; the content stays on paper."""

    authority = models.CharField("cơ quan kết luận", max_length=250)
    number = models.CharField("số văn bản", max_length=60, blank=True)
    concluded_on = models.DateField("ngày kết luận")
    valid_until = models.DateField("hiệu lực đến", null=True, blank=True)
    result = models.CharField("kết quả", max_length=20, choices=PoliticalReviewResult)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "kết luận tiêu chuẩn chính trị"
        verbose_name_plural = "kết luận tiêu chuẩn chính trị"
        ordering = ["cadre_id", "-concluded_on"]

    def __str__(self) -> str:
        return f"{self.get_result_display()} ({self.concluded_on:%d/%m/%Y})"


class Commendation(OfCadre, Decided):
    """Thi đua, khen thưởng (item 35.1)."""

    year = models.PositiveSmallIntegerField("năm")
    professional_rating = models.CharField("xếp loại chuyên môn", max_length=100, blank=True)
    emulation_title = models.ForeignKey(
        HonourTitle, verbose_name="xếp loại thi đua", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    form = models.ForeignKey(
        CommendationForm, verbose_name="hình thức", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    detail = models.CharField("nội dung", max_length=250, blank=True)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "khen thưởng"
        verbose_name_plural = "khen thưởng"
        ordering = ["cadre_id", "-year"]

    def __str__(self) -> str:
        return self.detail or str(self.form or self.emulation_title or self.year)


class Discipline(OfCadre, Decided, Dated):
    """Kỷ luật (item 35.2); its effect lapses on `effective_until` without a document."""

    regime = models.CharField("loại", max_length=10, choices=DisciplineRegime)
    form = models.ForeignKey(DisciplineForm, verbose_name="hình thức", on_delete=models.PROTECT, related_name="+")
    behaviour = models.CharField("hành vi vi phạm chính", max_length=500, blank=True)
    authority = models.CharField("cơ quan quyết định", max_length=250, blank=True)
    is_for_corruption = models.BooleanField("do tham nhũng", default=False)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "kỷ luật"
        verbose_name_plural = "kỷ luật"
        ordering = ["cadre_id", "-effective_from"]
        constraints = [ordered_period("discipline_period")]

    def __str__(self) -> str:
        return str(self.form)


class Relative(OfCadre):
    """Quan hệ gia đình (items 36.1, 36.2)."""

    side = models.CharField("bên", max_length=10, choices=RelativeSide, default=RelativeSide.OWN)
    kind = models.ForeignKey(RelativeKind, verbose_name="quan hệ", on_delete=models.PROTECT, related_name="+")
    full_name = models.CharField("họ và tên", max_length=200)
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    details = models.TextField("quê quán, nghề nghiệp, chức vụ, nơi ở", blank=True)
    is_abroad = models.BooleanField("ở nước ngoài", default=False)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "quan hệ gia đình"
        verbose_name_plural = "quan hệ gia đình"
        ordering = ["cadre_id", "side", "id"]

    def __str__(self) -> str:
        return self.full_name


class LifeHistory(OfCadre):
    """Đặc điểm lịch sử bản thân (items 34.1 to 34.3)."""

    kind = models.CharField("loại", max_length=25, choices=LifeHistoryKind)
    began_on = models.DateField("từ tháng", null=True, blank=True)
    ended_on = models.DateField("đến tháng", null=True, blank=True)
    details = models.TextField("nội dung")

    history = History(parent="cadre")

    class Meta:
        verbose_name = "lịch sử bản thân"
        verbose_name_plural = "lịch sử bản thân"
        ordering = ["cadre_id", "kind", "began_on"]

    def __str__(self) -> str:
        return self.get_kind_display()


class HealthCheck(OfCadre):
    """Sức khỏe (item 31): the newest check is the one that forms print."""

    checked_on = models.DateField("ngày khám")
    status = models.CharField("tình trạng sức khỏe", max_length=100)
    height_cm = models.PositiveSmallIntegerField("chiều cao (cm)", null=True, blank=True)
    weight_kg = models.DecimalField("cân nặng (kg)", max_digits=4, decimal_places=1, null=True, blank=True)
    blood_group = models.CharField("nhóm máu", max_length=5, choices=BloodGroup, blank=True)
    facility = models.CharField("nơi khám", max_length=250, blank=True)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "sức khỏe"
        verbose_name_plural = "sức khỏe"
        ordering = ["cadre_id", "-checked_on"]

    def __str__(self) -> str:
        return self.status


class Asset(OfCadre):
    """Thu nhập, nhà, đất (item 37.3)."""

    kind = models.CharField("loại", max_length=20, choices=AssetKind)
    property_kind = models.ForeignKey(
        PropertyKind, verbose_name="loại nhà, đất", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    declared_on = models.DateField("ngày kê khai", null=True, blank=True)
    description = models.CharField("mô tả", max_length=250, blank=True)
    area_m2 = models.DecimalField("diện tích (m²)", max_digits=10, decimal_places=1, null=True, blank=True)
    certificate = models.CharField("giấy chứng nhận", max_length=250, blank=True)
    amount = models.DecimalField("số tiền (đồng)", max_digits=15, decimal_places=0, null=True, blank=True)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "thu nhập, tài sản"
        verbose_name_plural = "thu nhập, tài sản"
        ordering = ["cadre_id", "kind", "id"]

    def __str__(self) -> str:
        return self.get_kind_display()
