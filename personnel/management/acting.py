"""What the project's commands share: one sentence and exit code 2 for what cannot be done, and `--as USER`."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hrdb.kernel.models import User
from personnel.models import Unit
from personnel.policies import Action

BAD_INPUT = 2


class Stop(SystemExit):
    """End of a command with its exit code."""


def iso_day(text: str) -> date:
    """A day of the command line, YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"«{text}» không phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2026-12-31") from None


class RefusingCommand(BaseCommand):
    """A command that tells `usage` when it is called wrongly, instead of the library's English words."""

    usage: ClassVar[str] = ""
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The usual parser, which refuses in Vietnamese."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = lambda message: self.refuse(self.usage)  # type: ignore[method-assign]
        return parser

    def refuse(self, sentence: str) -> NoReturn:
        """End with one sentence: on the command line exit code 2, for a caller in code CommandError."""
        if not getattr(self, "_called_from_command_line", False):
            raise CommandError(sentence, returncode=BAD_INPUT)
        self.stderr.write(sentence)
        sys.exit(BAD_INPUT)


class ActingCommand(BaseCommand):
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

    def unit_in_scope(self, code: str | None, user: User | None, action: Action = Action.VIEW) -> Unit | None:
        """The unit of a code inside the user's scope; ends with one same sentence for unknown and out of scope."""
        if not code:
            return None
        unit: Unit | None = Unit.objects.visible_to(user, action).filter(code=code).first()
        if unit is None:
            self.stop(f"Không có đơn vị mã «{code}» trong phạm vi được giao.")
        return unit

    def stop(self, sentence: str, code: int = BAD_INPUT) -> NoReturn:
        """End with a sentence on standard error."""
        self.stderr.write(sentence)
        raise Stop(code)

    def write_json(self, content: Any, path: str | None) -> None:
        """Write JSON to a file, or to standard output."""
        text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
        if path:
            Path(path).write_text(text + "\n", encoding="utf-8")
        else:
            sys.stdout.write(text + "\n")
