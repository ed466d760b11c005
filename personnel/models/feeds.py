"""Calendar feeds of due matters (lịch nhắc việc): a secret address of one account, of which only the digest is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from hrdb.kernel.history import History


class DueFeed(models.Model):
    """Lịch nhắc việc: who knows the secret reads what the account may see at that moment, until it is closed."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="tài khoản", on_delete=models.PROTECT, related_name="due_feeds"
    )
    digest = models.CharField("dấu của địa chỉ bí mật", max_length=64, unique=True, editable=False)
    opened_at = models.DateTimeField("mở lúc")
    closed_at = models.DateTimeField("đóng lúc", null=True, blank=True)

    history = History(excluded_fields=("digest",))

    class Meta:
        verbose_name = "lịch nhắc việc"
        verbose_name_plural = "lịch nhắc việc"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(closed_at__isnull=True),
                name="duefeed_one_open",
                violation_error_message="Tài khoản đã có một lịch nhắc việc đang mở.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.opened_at:%d/%m/%Y}"
