"""The web process as gunicorn loads it."""

import os

from django.core.wsgi import get_wsgi_application

from hrdb.kernel.database import ensure_running
from hrdb.kernel.installation import ensure_var

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hrdb.settings")
ensure_var()
ensure_running()

application = get_wsgi_application()
