"""Accounts (tài khoản)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models


class User(AbstractUser):
    """An account (tài khoản) that acts in the system; closed by `is_active`, never deleted: history keeps authors."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField("họ và tên", max_length=200, blank=True)
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False)

    objects: ClassVar[UserManager[Self]] = UserManager()

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """Name shown on screens and kept in logs."""
        return self.full_name or self.username

    def get_short_name(self) -> str:
        """Given name of the account's owner, or the login name."""
        return self.full_name.split(" ")[-1] if self.full_name else self.username

    @property
    def initials(self) -> str:
        """Two letters for the round mark beside the name."""
        words = (self.full_name or self.username).split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
