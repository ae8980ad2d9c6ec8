"""Django settings: one data folder, one database, loopback only unless an administrator says so."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from khien.access.config import load_access_settings
from khien.project.database import database

ROOT = Path(__file__).resolve().parents[3]
KHIEN_DATA = Path(os.environ.get("KHIEN_DATA", ROOT / "var" / "data")).resolve()
_PORT = os.environ.get("KHIEN_PORT", "8765")
# A word that is no port becomes 0, which `khien serve` refuses with a sentence.
KHIEN_PORT = int(_PORT) if _PORT.isdecimal() and 0 < int(_PORT) < 65536 else 0

# Facts of machines are kept for two years, and longer where a text that binds a unit wants logs kept longer.
_KEEP_DAYS = os.environ.get("KHIEN_FACTS_KEEP_DAYS", "")
KHIEN_FACTS_KEEP_DAYS = int(_KEEP_DAYS) if _KEEP_DAYS.isdecimal() else 730


def _secret_key() -> str:
    """Return the key that signs sessions, made on first use and readable by its owner only."""
    place = KHIEN_DATA / "keys" / "django.key"
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as target:
            target.write(secrets.token_urlsafe(50))
    return place.read_text(encoding="ascii")


SECRET_KEY = _secret_key()
DEBUG = False
# Beyond this machine only with TLS, of our own or of a declared proxy: access.toml, [serve].
_SERVE = load_access_settings(KHIEN_DATA / "access.toml").serve
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *_SERVE.hosts]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SERVE.has_tls
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _SERVE.has_tls else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SERVE.proxies else None

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "khien.ledger.apps.LedgerConfig",
    "khien.signatures.apps.SignaturesConfig",
    "khien.org.apps.OrgConfig",
    "khien.norms.apps.NormsConfig",
    "khien.registers.apps.RegistersConfig",
    "khien.facts.apps.FactsConfig",
    "khien.checks.apps.ChecksConfig",
    "khien.access.apps.AccessConfig",
    "khien.workflows.apps.WorkflowsConfig",
    "khien.duties.apps.DutiesConfig",
    "khien.notices.apps.NoticesConfig",
    "khien.plans.apps.PlansConfig",
    "khien.reports.apps.ReportsConfig",
    "khien.exchange.apps.ExchangeConfig",
    "khien.adoption.apps.AdoptionConfig",
    "khien.web.apps.WebConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "khien.web.middleware.ChosenLanguage",
    "khien.web.middleware.NoNullCharacter",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "khien.web.sign_in_rules.SignInRules",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "khien.web.middleware.ContentPolicy",
    "khien.web.middleware.SaidFailure",
]

ROOT_URLCONF = "khien.project.urls"
WSGI_APPLICATION = "khien.project.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "khien.web.context.page",
            ],
        },
    }
]

DATABASES = {"default": database(os.environ.get("KHIEN_DATABASE", ""), folder=KHIEN_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "org.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "sign-in-needed"

# Source: binh-dinh/D8.k1.b, an application session ends after ten idle minutes.
# `access.sessions.touch` changes a session that is used, so that it is saved and its cookie sent again.
SESSION_COOKIE_AGE = 10 * 60
SESSION_COOKIE_NAME = "khien_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "khien.web.views.failures.form_expired"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = None  # nothing is gathered: WhiteNoise reads the packages themselves
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "khien.web.fonts.TypefaceFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "file": {
            # Source: tcvn-14423-c5/M7.8.2.1, the strictest of all texts: logs are kept at least twelve months.
            "class": "logging.handlers.TimedRotatingFileHandler",
            "filename": KHIEN_DATA / "khien.log",
            "when": "midnight",
            "backupCount": 380,
            "encoding": "utf-8",
            "formatter": "line",
            "delay": True,
        }
    },
    "root": {"handlers": ["file"], "level": "INFO"},
}
