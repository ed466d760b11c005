"""What browsers tell about content that the policy refused."""

import json
import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

logger = logging.getLogger("hrdb.csp")
LONGEST_REPORT = 16 * 1024
TOLD = ("document-uri", "violated-directive", "blocked-uri", "source-file", "line-number")


@csrf_exempt
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Log one report of the browser; anyone may send one, so it is cut short and nothing is kept."""
    try:
        told = json.loads(request.read(LONGEST_REPORT))["csp-report"]
        line = ", ".join(f"{name}={str(told.get(name, ''))[:200]!r}" for name in TOLD)
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse(status=400)
    logger.warning("CSP: %s", line)
    return HttpResponse(status=204)
