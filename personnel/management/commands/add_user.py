"""`manage.py add_user NAME --role ROLE [--unit CODE] [--password P]`: open an account, or give one more role."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone

from hrdb.kernel.models import User
from personnel.management.acting import BAD_INPUT, ActingCommand, RefusingCommand
from personnel.models import Cadre, Grant, Unit
from personnel.policies import ROLES_WITH_UNIT, ROLES_WITHOUT_UNIT, Role
from personnel.services.accounts import create_account, reset_password
from personnel.services.cadres import link_account
from personnel.services.grants import grant

USAGE = (
    "Cách dùng: add_user TÊN_ĐĂNG_NHẬP --role VAI_TRÒ [--unit MÃ_ĐƠN_VỊ] [--password MẬT_KHẨU] "
    "[--full-name HỌ_TÊN] [--cadre SỐ_ĐỊNH_DANH] [--basis CĂN_CỨ] [--as QUẢN_TRỊ]."
)
REASON = "Lệnh add_user"


class Command(ActingCommand):
    """Done by the machine's operator, or as an administrator (`--as`); all of it is in the audit trail."""

    usage = USAGE
    help = "Mở tài khoản và cấp quyền; tài khoản đã có thì cấp thêm quyền."

    def add_arguments(self, parser: CommandParser) -> None:
        """The account, its role and where it holds."""
        roles = ", ".join(f"{role.value} ({role.label})" for role in Role)
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument("--role", help=f"vai trò: {roles}")
        parser.add_argument("--unit", help="mã đơn vị của quyền; province_officer không cần")
        parser.add_argument("--password", help="mật khẩu; không ghi thì tạo mật khẩu và in ra một lần")
        parser.add_argument("--full-name", default="", help="họ và tên của người dùng tài khoản")
        parser.add_argument("--cadre", help="số định danh của cán bộ: tài khoản xem được hồ sơ của chính người này")
        parser.add_argument("--basis", default="", help="căn cứ cấp quyền: số, ngày của quyết định, văn bản phân công")
        self.add_acting_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Open or find the account, grant the role, tie the record: all or nothing."""
        role = self._role(options["role"])
        unit = self._unit(role, options["unit"])
        acting = self.acting_user(options)
        if acting is not None and options["cadre"]:
            self.refuse("Quản trị hệ thống không xem hồ sơ: --cadre chỉ dùng khi không có --as.")
        cadre = self._cadre(options["cadre"], options["username"])
        if role == Role.CADRE and cadre is None and not _has_own_record(options["username"]):
            self.refuse("Vai trò cadre chỉ xem hồ sơ của mình: thêm --cadre SỐ_ĐỊNH_DANH (và bỏ --as).")
        try:
            with transaction.atomic():
                user, password = self._account(options, acting)
                if cadre is not None:
                    link_account(cadre=cadre, account=user, acting_user=None, reason=REASON)
                granted = self._grant(user, role, unit, acting, options["basis"])
        except ValidationError as error:
            self.refuse(" ".join(error.messages))
        except PermissionDenied as error:
            self.refuse(str(error))
        where = f" tại {unit.code}" if unit else ""
        self.stdout.write(
            f"Tài khoản {user.username}: {'đã cấp' if granted else 'đã có sẵn'} vai trò «{role.label}»{where}."
        )
        if password:
            self.stdout.write(f"Mật khẩu (chỉ in một lần, phải đổi khi đăng nhập lần đầu): {password}")

    def _account(self, options: dict[str, Any], acting: User | None) -> tuple[User, str]:
        """The account, and a password to print when one was generated."""
        given = options["password"] or None
        found = User.objects.filter(username=options["username"]).first()
        if found is None:
            user, password = create_account(
                username=options["username"],
                full_name=options["full_name"],
                password=given,
                acting_user=acting,
                reason=REASON,
            )
            return user, "" if given else password
        if not found.is_active:
            raise ValidationError(f"Tài khoản {found.username} đã khóa.")
        if given:
            reset_password(user=found, password=given, acting_user=acting, reason=REASON)
        return found, ""

    def _grant(self, user: User, role: Role, unit: Unit | None, acting: User | None, basis: str) -> bool:
        """Grant the role from today; False when the account has it already."""
        today = timezone.localdate()
        if Grant.objects.in_force(today).filter(user=user, role=role, unit=unit).exists():
            return False
        grant(user=user, role=role, unit=unit, effective_from=today, basis=basis, acting_user=acting, reason=REASON)
        return True

    def _role(self, text: str | None) -> Role:
        if not text:
            self.refuse(f"Thiếu vai trò. {USAGE}")
        if text not in Role.values:
            self.refuse(f"Không có vai trò «{text}»; các vai trò: {', '.join(Role.values)}.")
        return Role(text)

    def _unit(self, role: Role, code: str | None) -> Unit | None:
        if not code:
            if role in ROLES_WITH_UNIT:
                self.refuse(f"Vai trò {role.value} cần mã đơn vị: thêm --unit.")
            return None
        if role in ROLES_WITHOUT_UNIT:
            self.refuse(f"Vai trò {role.value} không gắn với đơn vị: bỏ --unit.")
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            self.refuse(f"Không có đơn vị mã «{code}».")
        return unit

    def _cadre(self, number: str | None, username: str) -> Cadre | None:
        if not number:
            return None
        cadre = Cadre.objects.filter(personal_number=number).select_related("account").first()
        if cadre is None:
            self.refuse(f"Không có hồ sơ mang số định danh «{number}».")
        if cadre.account is not None and cadre.account.username != username:
            self.refuse(f"Hồ sơ này đã gắn với tài khoản «{cadre.account.username}»; hãy gỡ tài khoản ấy trước.")
        return cadre

    def stop(self, sentence: str, code: int = BAD_INPUT) -> NoReturn:
        """End with one sentence: on the command line exit code 2, for a caller in code CommandError."""
        RefusingCommand.refuse(self, sentence)


def _has_own_record(username: str) -> bool:
    """Whether an account reads a record already."""
    return Cadre.objects.filter(account__username=username).exists()
