"""`manage.py due --day D [--until D] [--kind KIND] [--unit CODE] --as USER --format json [--out F]`."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import CommandParser
from django.utils import timezone

from hrdb.kernel.models import User
from hrdb.kernel.screens.formats import masked_text
from personnel.management.acting import ActingCommand, Stop, iso_day
from personnel.services.due_reading import log_due_export
from personnel.statistics.due import DUE_LISTS, Matter, asked, due_rows, matters
from personnel.statistics.structure import UnitNotFound

FORMATS = ("json",)
USAGE = "Cách dùng: due --day YYYY-MM-DD [--until YYYY-MM-DD] [--kind KIND] [--unit CODE] [--as USER] --format json."


class Command(ActingCommand):
    """Print what is due; bad input is one sentence on standard error and exit code 2."""

    help = "Việc đến hạn vào một ngày, trong phạm vi của một tài khoản: JSON."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The usual parser, which refuses in Vietnamese."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = self._refuse  # type: ignore[method-assign]
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Day, horizon, list, unit, user, format, file."""
        parser.add_argument("--day", type=iso_day, metavar="YYYY-MM-DD", help="ngày xem; bỏ trống: hôm nay")
        parser.add_argument(
            "--until", type=iso_day, metavar="YYYY-MM-DD", help="hạn xử lý đến hết ngày; bỏ trống: 12 tháng tới"
        )
        parser.add_argument("--kind", metavar="KIND", help="loại việc; bỏ trống: mọi loại")
        parser.add_argument("--unit", metavar="CODE", help="mã đơn vị; bỏ trống: toàn phạm vi được giao")
        self.add_acting_argument(parser)
        parser.add_argument("--format", default="json", help="dạng kết quả: json")
        parser.add_argument("--out", type=Path, metavar="FILE", help="tệp kết quả; bỏ trống: in ra màn hình")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, log what leaves the server, print."""
        user = self.acting_user(options)
        day, kind = options["day"] or timezone.localdate(), options["kind"]
        self._check(options, day)
        found = self._found(user, day, options)
        filters = {key: options[key] for key in ("kind", "unit", "until") if options[key]}
        log_due_export(user=user, told=found, day=day, filters=filters, file_format="json")
        why = DUE_LISTS[kind]().unjudged(day) if kind else ""
        if why:
            self.stderr.write(why)
        try:
            self.write_json([_as_json(one) for one in found], str(options["out"]) if options["out"] else None)
        except OSError as error:
            self.stop(f"Không ghi được tệp «{options['out']}»: {error.strerror}.")

    def _found(self, user: User | None, day: datetime.date, options: dict[str, Any]) -> list[Matter]:
        """The matters asked for, with their names."""
        kinds = [options["kind"]] if options["kind"] else None
        try:
            question = asked(user=user, day=day, until=options["until"], unit=options["unit"], kinds=kinds)
        except UnitNotFound:
            self.stop(f"Không có đơn vị mã «{options['unit']}» trong phạm vi được giao.")
        return matters(due_rows(question), user=user, day=day)

    def _check(self, options: dict[str, Any], day: datetime.date) -> None:
        """End with a sentence for a word that is none of those known."""
        for name, words in (("kind", DUE_LISTS.keys()), ("format", FORMATS)):
            if options[name] and options[name] not in words:
                self.stop(f"--{name} «{options[name]}» không dùng được: chọn một trong {', '.join(words)}.")
        if options["until"] and options["until"] < day:
            self.stop("--until không được trước --day.")

    def _refuse(self, message: str) -> NoReturn:
        """End with one sentence for arguments that cannot be read; our own say what is wrong themselves."""
        told = message.partition(": ")[2] if "«" in message else ""
        self.stderr.write(f"{told}." if told else USAGE)
        raise Stop(2)


def _as_json(matter: Matter) -> dict[str, Any]:
    """A matter as printed: a unit's has no personal number, and where the law names no day it is null."""
    row, number = matter.row, matter.personal_number
    return {
        "kind": row.kind,
        "personal_number": number if number is None or matter.is_tier_1_open else masked_text(number),
        "name": matter.name,
        "unit": matter.unit_code,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "act_by": row.act_by.isoformat() if row.act_by else None,
        "citation": matter.told.citation,
    }
