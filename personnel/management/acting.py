"""What the project's commands share: one sentence and exit code 2 for what cannot be done, and `--as USER`."""

from __future__ import annotations

import errno
import json
import os
import sys
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hrdb.kernel.models import User
from personnel.models import Unit
from personnel.models.scope import scope_of
from personnel.policies import Action

BAD_INPUT = 2

#: Why a file cannot be written, by the system's number.
WHY_NOT = {
    errno.ENOENT: "không có thư mục này",
    errno.ENOTDIR: "không có thư mục này",
    errno.EISDIR: "đó là một thư mục",
    errno.EACCES: "không có quyền ghi ở đó",
    errno.EPERM: "không có quyền ghi ở đó",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.ENAMETOOLONG: "tên tệp quá dài",
}


class Stop(SystemExit):
    """End of a command with its exit code."""


def iso_day(text: str) -> date:
    """A day of the command line, YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"«{text}» không phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2026-12-31") from None


def cannot_write(path: Path | str) -> str:
    """Why a file cannot be written, in a sentence; empty when it can. Asked before work whose result it takes."""
    target = Path(path)
    try:
        if target.is_dir():
            number = errno.EISDIR
        elif not target.parent.is_dir():
            number = errno.ENOENT
        else:
            number = 0 if os.access(target if target.exists() else target.parent, os.W_OK) else errno.EACCES
    except OSError as error:
        number = error.errno or errno.EIO
    return unwritten(path, number) if number else ""


def unwritten(path: Path | str, number: int | None) -> str:
    """The sentence for a file that could not be written."""
    return f"Không ghi được tệp «{path}»: {WHY_NOT.get(number or 0, 'ổ đĩa báo lỗi')}."


class RefusingCommand(BaseCommand):
    """A command that tells `usage` when it is called wrongly, instead of the library's English words."""

    usage: ClassVar[str] = ""
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The usual parser, which refuses in Vietnamese; a sentence of our own says what is wrong itself."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = self._misused  # type: ignore[method-assign]
        return parser

    def write(self, path: Path | str, content: bytes) -> None:
        """Write a file, or end with a sentence."""
        try:
            Path(path).write_bytes(content)
        except OSError as error:
            self.refuse(unwritten(path, error.errno))

    def require_writable(self, *paths: Path | str | None) -> None:
        """End with a sentence when a file could not be written later."""
        for path in paths:
            if path and (sentence := cannot_write(path)):
                self.refuse(sentence)

    def _misused(self, message: str) -> NoReturn:
        told = message.partition(": ")[2] if "«" in message else ""
        self.refuse(f"{told}." if told else self.usage)

    def refuse(self, sentence: str) -> NoReturn:
        """End with one sentence: on the command line exit code 2, for a caller in code CommandError."""
        if not getattr(self, "_called_from_command_line", False):
            raise CommandError(sentence, returncode=BAD_INPUT)
        self.stderr.write(sentence)
        sys.exit(BAD_INPUT)


class ActingCommand(RefusingCommand):
    """A command that acts as a user (`--as`), or as the machine's operator over everything, which is logged."""

    def add_acting_argument(self, parser: CommandParser) -> None:
        """Add `--as USER`."""
        parser.add_argument("--as", dest="acting", metavar="USER", help="tên đăng nhập; bỏ trống: người vận hành máy")

    def acting_user(self, options: dict[str, Any]) -> User | None:
        """The user named by `--as`, or None for the operator; ends with a sentence for one who may not act."""
        name = options.get("acting")
        if not name:
            return None
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            self.stop(f"Không có tài khoản «{name}» đang hoạt động.")
        return user

    def require_scope(self, user: User | None, action: Action) -> None:
        """End with a sentence when a user may do this in no unit at all."""
        if scope_of(user, action).is_empty:
            told = {Action.VIEW: "xem hồ sơ", Action.EDIT: "sửa hồ sơ"}.get(action, action.label.lower())
            self.stop(f"Tài khoản «{user}» không có quyền {told} ở đơn vị nào.")

    def unit_in_scope(self, code: str | None, user: User | None, action: Action = Action.VIEW) -> Unit | None:
        """The unit of a code inside the user's scope; ends with one same sentence for unknown and out of scope."""
        if not code:
            return None
        unit: Unit | None = Unit.objects.visible_to(user, action).filter(code=code).first()
        if unit is None:
            self.stop(f"Không có đơn vị mã «{code}» trong phạm vi được giao.")
        return unit

    def refuse(self, sentence: str) -> NoReturn:
        """End as everything that this command cannot do."""
        self.stop(sentence)

    def stop(self, sentence: str, code: int = BAD_INPUT) -> NoReturn:
        """End with a sentence on standard error."""
        self.stderr.write(sentence)
        raise Stop(code)

    def write_json(self, content: Any, path: str | None) -> None:
        """Write JSON to a file, or to standard output."""
        text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
        if path:
            self.write(path, f"{text}\n".encode())
        else:
            sys.stdout.write(text + "\n")
