"""The audit trail (nhật ký): one row for each write, reading of sensitive data, export, print and refusal."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.utils import timezone


class AuditEvent(models.Model):
    """One act of one user (sự kiện nhật ký): who, when, what, why and in answer to what.

    History rows point to the event that wrote them; `cause_type` and `cause_id` name the decision, batch or job
    behind it. Rows are append-only: the database refuses UPDATE, DELETE and TRUNCATE.
    """

    class Action(models.TextChoices):
        WRITE = "write", "Ghi dữ liệu"
        IMPORT = "import", "Nhập danh sách"
        UNDO = "undo", "Hoàn tác"
        READ_SENSITIVE = "read_sensitive", "Xem dữ liệu nhạy cảm"
        EXPORT = "export", "Xuất dữ liệu"
        PRINT = "print", "In"
        ACCESS = "access", "Cấp quyền, tài khoản"
        LOGIN = "login", "Đăng nhập"
        LOGOUT = "logout", "Đăng xuất"
        LOGIN_FAILED = "login_failed", "Đăng nhập không thành công"
        REFUSED = "refused", "Bị từ chối"
        SYSTEM = "system", "Vận hành hệ thống"

    moment = models.DateTimeField("thời điểm", default=timezone.now, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người thực hiện",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Để trống: người vận hành máy chủ.",
    )
    action = models.CharField("việc", max_length=20, choices=Action)
    subject_type = models.CharField("loại đối tượng", max_length=80, blank=True)
    subject_id = models.BigIntegerField("đối tượng", null=True, blank=True)
    reason = models.TextField("lý do", blank=True)
    cause_type = models.CharField("căn cứ", max_length=80, blank=True)
    cause_id = models.BigIntegerField("mã căn cứ", null=True, blank=True)
    address = models.GenericIPAddressField("địa chỉ máy", null=True, blank=True)
    details = models.JSONField("chi tiết", default=dict, blank=True)

    class Meta:
        verbose_name = "sự kiện nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["user", "-id"], name="audit_user"),
            models.Index(fields=["cause_type", "cause_id"], name="audit_cause", condition=~models.Q(cause_type="")),
            GinIndex(OpClass(KeyTransform("people", "details"), name="jsonb_path_ops"), name="audit_people"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} · {self.moment:%d/%m/%Y %H:%M}"
