"""What a password must be like (mật khẩu); named in the setting AUTH_PASSWORD_VALIDATORS, each with its sentence."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from hrdb.kernel.text import fold

#: A name that is longer than so many letters is looked for in a password.
SHORTEST_NAME = 4
#: So many further letters and digits make a password that holds a name a password of its own.
BESIDE_NAME = 6

#: What people here choose first, beside the list that Django brings; digits and signs around it do not help.
FIRST_IDEAS = frozenset({
    "abc", "abcd", "abcdef", "admin", "administrator", "anhyeuem", "chaoban", "emyeuanh", "khongco", "khongnho",
    "matkhau", "matkhaumoi", "password", "quantri", "quantrivien", "qwerty", "tinhmau", "vietnam", "yeuem",
})  # fmt: skip


class LongEnough(password_validation.MinimumLengthValidator):
    """So many characters at least."""

    def get_error_message(self) -> str:
        """In Vietnamese; the library's sentence is not translated."""
        return f"Mật khẩu cần từ {self.min_length} ký tự."

    def get_help_text(self) -> str:
        """The same as a hint."""
        return f"Từ {self.min_length} ký tự."


class NotOnlyDigits(password_validation.NumericPasswordValidator):
    """No date of birth, no telephone number."""

    def get_error_message(self) -> str:
        """The sentence."""
        return "Mật khẩu không được toàn chữ số."


class NotCommon(password_validation.CommonPasswordValidator):
    """None of those that are tried first, in the world and here."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse what is on a list, also with digits and signs around it."""
        super().validate(password, user)
        if "".join(filter(str.isalpha, fold(password))) in FIRST_IDEAS:
            raise ValidationError(self.get_error_message(), code="password_too_common")

    def get_error_message(self) -> str:
        """The sentence."""
        return "Mật khẩu này quá phổ biến, dễ đoán."


class UnlikeName:
    """Not the account's login name or its user's name with a few digits, whatever the diacritics."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a password that is little more than a name."""
        typed = _bare(password)
        for name in map(_bare, (getattr(user, "username", ""), getattr(user, "full_name", ""))):
            if len(name) >= SHORTEST_NAME and name in typed and len(typed) - len(name) < BESIDE_NAME:
                raise ValidationError("Mật khẩu quá giống tên đăng nhập hoặc họ tên.", code="password_too_similar")

    def get_help_text(self) -> str:
        """The same as a hint."""
        return "Không giống tên đăng nhập hay họ tên."


def _bare(text: str) -> str:
    """Letters and digits alone, without diacritics."""
    return "".join(filter(str.isalnum, fold(text or "")))
