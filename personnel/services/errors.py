"""What a service refuses, in words a person can act on."""

from __future__ import annotations

from django.db import models


class ServiceRefusal(Exception):
    """Base: `str()` is a Vietnamese sentence; `code` is stable."""

    code = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NeedsProvince(ServiceRefusal):
    """The person may be kept elsewhere: the one neutral answer, which opens a receiving request (đề nghị tiếp nhận)."""

    code = "needs-province"

    def __init__(self) -> None:
        super().__init__("Trường hợp này cần cấp tỉnh xử lý: hãy gửi đề nghị tiếp nhận.")


class StaleVersion(ServiceRefusal):
    """Somebody else changed the row since the form was opened; `current` is the row as it stands now."""

    code = "stale-version"

    def __init__(self, current: models.Model) -> None:
        super().__init__("Dòng này vừa được người khác sửa. Hãy xem phần khác nhau rồi lưu lại.")
        self.current = current


class PeriodConflict(ServiceRefusal):
    """The period overlaps one that a later fact or a signed decision holds."""

    code = "period-conflict"
