"""Long work (việc chạy nền)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Job(models.Model):
    """One piece of long work that its owner started and waits for (việc chạy nền).

    The row tells the owner how far it is while the work's own transaction is still open, and what came of it: a
    result file, or a sentence that says why not. `kind` names a registered class of work.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Đang chờ"
        RUNNING = "running", "Đang chạy"
        DONE = "done", "Đã xong"
        FAILED = "failed", "Không thành công"

    key = models.UUIDField("mã", default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người yêu cầu", on_delete=models.PROTECT, related_name="jobs"
    )
    kind = models.CharField("loại việc", max_length=80)
    scope = models.CharField("phạm vi", max_length=300, blank=True)
    parameters = models.JSONField("tham số", default=dict, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.WAITING)
    phase = models.CharField("giai đoạn", max_length=120, blank=True)
    done = models.PositiveIntegerField("đã làm", default=0)
    total = models.PositiveIntegerField("tổng số", null=True, blank=True)
    result = models.JSONField("kết quả", default=dict, blank=True)
    result_file = models.CharField("tệp kết quả", max_length=300, blank=True)
    result_name = models.CharField("tên tệp khi tải về", max_length=200, blank=True)
    error = models.TextField("lỗi", blank=True)
    created_at = models.DateTimeField("lúc yêu cầu", auto_now_add=True)
    started_at = models.DateTimeField("lúc bắt đầu", null=True, blank=True)
    heartbeat_at = models.DateTimeField("dấu hiệu gần nhất", null=True, blank=True)
    finished_at = models.DateTimeField("lúc kết thúc", null=True, blank=True)

    class Meta:
        verbose_name = "việc chạy nền"
        verbose_name_plural = "việc chạy nền"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="job_owner"),
            models.Index(fields=["state"], name="job_open", condition=models.Q(finished_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.get_state_display()}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in {self.State.DONE, self.State.FAILED}

    @property
    def per_cent(self) -> int | None:
        """How far it is, in per cent; unknown while the total is unknown."""
        if self.state == self.State.DONE:
            return 100
        if not self.total:
            return None
        return min(99, self.done * 100 // self.total)
