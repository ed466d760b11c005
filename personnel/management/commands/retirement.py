"""Say when someone retires (tuổi nghỉ hưu), as JSON and without a database."""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hrdb.kernel.dates import BadDate, PartialDate
from hrdb.kernel.parameters import ParameterUnknown
from personnel.rules.law import SEXES, Sex
from personnel.rules.retirement import retirement

USAGE = "Cách dùng: retirement --sex male|female --born YYYY[-MM[-DD]] [--lower]."
BAD_INPUT = 2


class Command(BaseCommand):
    """Print the days, the age and the citation; bad input is one sentence on standard error and exit code 2."""

    help = "In ngày nghỉ hưu theo giới tính và ngày sinh, dạng JSON; không cần cơ sở dữ liệu."
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The usual parser, which refuses in Vietnamese."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = lambda message: self._refuse(USAGE)  # type: ignore[method-assign]
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Sex, birth and whether the lower age applies."""
        parser.add_argument("--sex", help="giới tính: male (nam) hoặc female (nữ)")
        parser.add_argument("--born", help="ngày sinh: YYYY, YYYY-MM hoặc YYYY-MM-DD")
        parser.add_argument("--lower", action="store_true", help="được nghỉ hưu ở tuổi thấp hơn 5 tuổi (Phụ lục II)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print."""
        if not options["sex"] or not options["born"]:
            self._refuse(USAGE)
        if options["sex"] not in SEXES:
            self._refuse(f"Giới tính «{options['sex']}» không hợp lệ: cần viết male (nam) hoặc female (nữ).")
        try:
            born = PartialDate.parse(options["born"])
            found = retirement(sex=cast(Sex, options["sex"]), born=born, lower=options["lower"])
        except (BadDate, ParameterUnknown) as error:
            self._refuse(str(error))
        self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False))

    def _refuse(self, sentence: str) -> NoReturn:
        """End with one sentence: on the command line exit code 2, for a caller in code CommandError."""
        if not getattr(self, "_called_from_command_line", False):
            raise CommandError(sentence, returncode=BAD_INPUT)
        self.stderr.write(sentence)
        sys.exit(BAD_INPUT)
