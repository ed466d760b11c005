"""Settings, read from the environment; nothing here starts, writes or asks anything.

HRDB_VAR            folder of database, uploads, results and key (default: var/)
DATABASE_URL        a PostgreSQL server, 15 or newer (default: the embedded one)
HRDB_HOSTS          host names that the site answers to, by commas (default: this machine only)
HRDB_HTTPS          1 when users reach the site by https: secure cookies, redirect, HSTS (default: 1 unless debugging)
HRDB_HSTS_SECONDS   how long browsers insist on https (default: a year)
HRDB_PROXY          1 when a trusted proxy stands in front and sets X-Forwarded-For and X-Forwarded-Proto
HRDB_PLACE          name of the province or office, shown beside the name of the site
HRDB_SCAN_MB        the largest scan of a document that is taken, in megabytes (default: 20)
HRDB_DEBUG          1 shows tracebacks to the developer
HRDB_IDLE_MINUTES   a session left alone for so long ends (default: 60)
HRDB_SECRET_KEY     signs sessions (default: a key made once in var/)
"""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from hrdb.kernel.database import connection_settings
from hrdb.kernel.installation import read_secret_key, var_folder


def _flag(name: str, default: bool) -> bool:
    """Whether an environment variable says yes."""
    return os.environ.get(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = var_folder()
DEBUG = _flag("HRDB_DEBUG", False)
SECRET_KEY = read_secret_key()
HTTPS = _flag("HRDB_HTTPS", not DEBUG)
BEHIND_PROXY = _flag("HRDB_PROXY", False)
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *(host.strip() for host in os.environ.get("HRDB_HOSTS", "").split(",") if host.strip()),
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS[3:]] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "simple_history",
    "guardian",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "hrdb.kernel",
    "personnel",
    "appraisal",
    "planning",
    "training",
]

MIDDLEWARE = [
    "hrdb.kernel.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hrdb.kernel.sessions.SessionLimitsMiddleware",
    "hrdb.kernel.refusals.RefusedAttemptsMiddleware",
    "hrdb.kernel.screens.signing_in.FirstPasswordMiddleware",
    "hrdb.kernel.screens.day.AskedDayMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "hrdb.urls"
WSGI_APPLICATION = "hrdb.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hrdb.kernel.screens.context.screens",
                "hrdb.navigation.navigation",
            ],
            "builtins": [
                "django.templatetags.static",
                "hrdb.kernel.templatetags.hr_formats",
                "hrdb.kernel.templatetags.hr_screens",
            ],
        },
    },
]

FORM_RENDERER = "hrdb.kernel.forms.HrRenderer"
CSRF_FAILURE_VIEW = "hrdb.kernel.screens.errors.csrf_failure"
SITE_PLACE = os.environ.get("HRDB_PLACE", "Tỉnh mẫu")

DATABASES = {"default": connection_settings()}

# Accounts -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "hrdb.kernel.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "hrdb.kernel.passwords.UnlikeName"},
    {"NAME": "hrdb.kernel.passwords.NotCommon"},
    {"NAME": "hrdb.kernel.passwords.NotOnlyDigits"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "hrdb.kernel.screens.errors.locked_out"
AXES_VERBOSE = False

# Sessions, cookies, headers -------------------------------------------------------------------------------------------

SESSION_COOKIE_NAME = "hrdb_session"
CSRF_COOKIE_NAME = "hrdb_csrf"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_SECONDS = 60 * int(os.environ.get("HRDB_IDLE_MINUTES", 60))
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = int(os.environ.get("HRDB_HSTS_SECONDS", 365 * 24 * 3600)) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"

CSP_REPORT_PATH = "/csp-report/"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "report-uri": CSP_REPORT_PATH,
    },
}

# Language, time -------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

# Files ----------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "hrdb.kernel.screens.assets.PackagedFinder",
]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
RESULTS_ROOT = VAR_DIR / "results"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
SCAN_LARGEST_BYTES = int(os.environ.get("HRDB_SCAN_MB", "20")) * 1_000_000

# Long work ------------------------------------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Logs -----------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "hrdb": {"level": "INFO"},
        "django.security.csp": {"level": "WARNING"},
    },
}
