"""Say when someone retires (tuổi nghỉ hưu), as JSON and without a database."""

from __future__ import annotations

import json
from typing import Any, cast

from django.core.management.base import CommandParser

from hrdb.kernel.dates import BadDate, PartialDate
from hrdb.kernel.parameters import ParameterUnknown
from personnel.management.acting import RefusingCommand
from personnel.rules.law import SEXES, Sex
from personnel.rules.retirement import retirement

USAGE = "Cách dùng: retirement --sex male|female --born YYYY[-MM[-DD]] [--lower]."


class Command(RefusingCommand):
    """Print the days, the age and the citation; bad input is one sentence on standard error and exit code 2."""

    help = "In ngày nghỉ hưu theo giới tính và ngày sinh, dạng JSON; không cần cơ sở dữ liệu."
    usage = USAGE

    def add_arguments(self, parser: CommandParser) -> None:
        """Sex, birth and whether the lower age applies."""
        parser.add_argument("--sex", help="giới tính: male (nam) hoặc female (nữ)")
        parser.add_argument("--born", help="ngày sinh: YYYY, YYYY-MM hoặc YYYY-MM-DD")
        parser.add_argument("--lower", action="store_true", help="được nghỉ hưu ở tuổi thấp hơn 5 tuổi (Phụ lục II)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print."""
        if not options["sex"] or not options["born"]:
            self.refuse(USAGE)
        if options["sex"] not in SEXES:
            self.refuse(f"Giới tính «{options['sex']}» không hợp lệ: cần viết male (nam) hoặc female (nữ).")
        try:
            born = PartialDate.parse(options["born"])
            found = retirement(sex=cast(Sex, options["sex"]), born=born, lower=options["lower"])
        except (BadDate, ParameterUnknown) as error:
            self.refuse(str(error))
        self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False))
