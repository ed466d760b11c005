"""Refused attempts (lần bị từ chối) in the audit trail: who asked for what is closed to him or not there, and when.

What lies outside the scope answers as what does not exist, so both are written down alike. A flood of attempts fills
neither the disk nor the trail: each account has a budget, and the next attempt that is written says how many were not.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from hrdb.kernel.audit import log
from hrdb.kernel.models import AuditEvent, User

#: Attempts of one account that each web process writes down in a row, and seconds until one more may be.
BURST, REFILL = 20, 60.0

#: Accounts whose budgets are remembered at once.
MOST_ACCOUNTS = 5_000

LONGEST_ADDRESS = 300

#: What the answers say, in words.
ACTS = {403: "Không có quyền mở", 404: "Không có, hoặc ngoài phạm vi"}


@dataclass(slots=True)
class _Budget:
    """What one account may still have written down, and how much was left out since."""

    left: float
    at: float
    skipped: int = 0


class Budgets:
    """Budgets by account, in the memory of this process."""

    def __init__(self) -> None:
        self._by_account: OrderedDict[int, _Budget] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, account: int, now: float) -> int | None:
        """How many attempts were left out before this one; None when this one is to be left out too."""
        with self._lock:
            budget = self._by_account.setdefault(account, _Budget(BURST, now))
            self._by_account.move_to_end(account)
            if len(self._by_account) > MOST_ACCOUNTS:
                self._by_account.popitem(last=False)
            budget.left = min(BURST, budget.left + (now - budget.at) / REFILL)
            budget.at = now
            if budget.left < 1:
                budget.skipped += 1
                return None
            budget.left -= 1
            skipped, budget.skipped = budget.skipped, 0
            return skipped

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._by_account.clear()


budgets = Budgets()


class RefusedAttemptsMiddleware:
    """Writes down what a signed-in account was refused; an address that leads to no page at all is a typing error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve, and look at the answer."""
        response = self.get_response(request)
        if response.status_code in ACTS and request.resolver_match is not None and request.user.is_authenticated:
            log_refused(request, request.user, response.status_code)
        return response


def log_refused(request: HttpRequest, user: User, status: int) -> AuditEvent | None:
    """Log one refused attempt (ghi lần bị từ chối); None when the account's budget is used up."""
    skipped = budgets.spend(user.pk, time.monotonic())
    if skipped is None:
        return None
    details: dict[str, Any] = {
        "act": ACTS[status],
        "method": request.method,
        "url": request.get_full_path()[:LONGEST_ADDRESS],
    }
    if skipped:
        details["skipped"] = skipped
    return log(AuditEvent.Action.REFUSED, user=user, subject=user, **details)
