"""`manage.py eligibility --cadre NUMBER --title CODE [--unit CODE] --object 1|2 [--day D] [--reference-day D]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from hrdb.kernel.audit import log
from hrdb.kernel.models import AuditEvent
from personnel.management.acting import ActingCommand, iso_day
from personnel.models import Cadre, Title
from personnel.policies import Action
from planning.rules.eligibility import TIER_2_RULES, judge
from planning.statistics.facts import people_facts
from planning.statistics.targets import target_of

USAGE = (
    "Cách dùng: eligibility --cadre SỐ_ĐỊNH_DANH --title MÃ_CHỨC_DANH [--unit MÃ_ĐƠN_VỊ] --object 1|2 "
    "[--day YYYY-MM-DD] [--reference-day YYYY-MM-DD] [--as USER]."
)


class Command(ActingCommand):
    """Judge and print JSON; bad input is one sentence on standard error and exit code 2."""

    usage = USAGE
    help = "Xét điều kiện quy hoạch của một người cho một chức danh, theo luật của ngày xét: in JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """Person, title, unit, object, days, user."""
        parser.add_argument("--cadre", required=True, metavar="NUMBER", help="số định danh cá nhân, hoặc số hiệu")
        parser.add_argument("--title", required=True, metavar="CODE", help="mã chức danh")
        parser.add_argument("--unit", metavar="CODE", help="mã đơn vị của chức danh")
        parser.add_argument("--object", required=True, choices=("1", "2"), help="đối tượng quy hoạch")
        parser.add_argument("--day", type=iso_day, metavar="YYYY-MM-DD", help="ngày xét; bỏ trống: hôm nay")
        parser.add_argument("--reference-day", type=iso_day, metavar="YYYY-MM-DD", help="mốc tính tuổi thay cho luật")
        self.add_acting_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Find person and title inside the scope, judge, print."""
        user, day = self.acting_user(options), options["day"] or timezone.localdate()
        self.require_scope(user, Action.PLAN)
        unit = self.unit_in_scope(options["unit"], user)
        people = Cadre.objects.visible_to(user, Action.PLAN)
        if user is not None:
            people = people.exclude(account_id=user.pk)
        number = options["cadre"].strip()
        cadre = people.filter(personal_number=number).first() or people.filter(officer_code=number).first()
        if cadre is None:
            self.stop(f"Không có người mang số «{number}» trong phạm vi được giao.")
        title = Title.objects.filter(code=options["title"].strip()).first()
        if title is None:
            self.stop(f"Không có chức danh mã «{options['title']}».")
        target = target_of(
            title,
            object_=1 if options["object"] == "1" else 2,
            day=day,
            unit=unit,
            reference=options["reference_day"],
        )
        found = judge(person=people_facts([cadre.pk], day)[cadre.pk], target=target, day=day)
        log(
            AuditEvent.Action.READ_SENSITIVE,
            user=user,
            subject=cadre,
            reason=f"Xét điều kiện quy hoạch {title.name}",
            needs=str(Action.PLAN),
        )
        reads_all = Cadre.objects.readable_in_tier_2(user).filter(pk=cadre.pk).exists()
        self.write_json((found if reads_all else found.without_facts_of(TIER_2_RULES)).as_json(), None)
