"""Import batches (đợt nhập danh sách), and what an office has taught the reader: column and value mappings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models

from hrdb.kernel.models.audit import AuditEvent
from personnel.choices import BatchState
from personnel.models.scope import scope_of
from personnel.models.units import Unit
from personnel.policies import Action

if TYPE_CHECKING:
    from hrdb.kernel.models import User


class ImportBatchQuerySet(models.QuerySet[Any]):
    """Batches."""

    def visible_to(self, user: User | None) -> Self:
        """One's own batches; who edits the whole province sees all of them."""
        if scope_of(user, Action.EDIT).is_whole_province:
            return self
        return self.filter(user=user)


class ImportBatch(models.Model):
    """Đợt nhập danh sách: one file of one office, what was understood of it and what it changed."""

    kind = models.CharField("loại", max_length=20, default="roster")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người nhập", null=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file_name = models.CharField("tệp", max_length=250)
    stored_file = models.CharField(max_length=250, blank=True)
    sha256 = models.CharField("mã băm", max_length=64)
    day = models.DateField("tính đến ngày", null=True, blank=True)
    state = models.CharField("trạng thái", max_length=12, choices=BatchState, default=BatchState.UPLOADED)
    options = models.JSONField("lựa chọn", default=dict, blank=True)
    report = models.JSONField("kết quả", default=dict, blank=True)
    event = models.ForeignKey(
        AuditEvent, verbose_name="sự kiện ghi", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undo_event = models.ForeignKey(
        AuditEvent, verbose_name="sự kiện hoàn tác", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("thời điểm tải lên", auto_now_add=True)
    committed_at = models.DateTimeField("thời điểm ghi", null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt nhập danh sách"
        verbose_name_plural = "đợt nhập danh sách"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class ColumnMapping(models.Model):
    """Cột đã khai of an office: this header text is that field (empty field: ignore the column)."""

    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    header_key = models.CharField("tiêu đề cột (đã chuẩn hóa)", max_length=250)
    header = models.CharField("tiêu đề cột", max_length=250)
    field = models.CharField("trường", max_length=60, blank=True)

    class Meta:
        verbose_name = "cột đã khai"
        verbose_name_plural = "cột đã khai"
        constraints = [
            models.UniqueConstraint(fields=["unit", "header_key"], name="columnmapping_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.header} → {self.field}"


class ValueMapping(models.Model):
    """Giá trị đã khai of an office: this text of a list means that code (empty code: keep the text)."""

    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    list_name = models.CharField("danh mục", max_length=60)
    text_key = models.CharField("giá trị (đã chuẩn hóa)", max_length=250)
    text = models.CharField("giá trị", max_length=250)
    code = models.CharField("mã", max_length=60, blank=True)

    class Meta:
        verbose_name = "giá trị đã khai"
        verbose_name_plural = "giá trị đã khai"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "list_name", "text_key"], name="valuemapping_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.text} → {self.code}"
