"""Django's settings, derived from `environment.ENVIRONMENT`."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bocage.config.environment import ENVIRONMENT

# Read when pyarrow is first imported. Its own allocator keeps what each thread has freed: 60 to 130 MB after a whole export.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

BOCAGE = ENVIRONMENT
DATA_DIR = ENVIRONMENT.data_dir.resolve()
PACKAGE_DIR = Path(__file__).resolve().parent.parent


def _close_to_others(folder: Path) -> None:
    """The data folder is its owner's alone: it holds accounts, sessions, private data and the signing key."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid == os.geteuid() and found.st_mode & 0o077:
        with contextlib.suppress(OSError):  # a read-only disk; `bocage doctor` tells
            folder.chmod(0o700)


def _secret_key() -> str:
    """The key given, or one made once and kept readable by the owner only."""
    if given := ENVIRONMENT.secret_key.get_secret_value():
        return given
    path = DATA_DIR / "secret.key"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        pass
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass  # another process of the same start made it first
    else:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


def _database() -> dict[str, Any]:
    url = urlsplit(ENVIRONMENT.database_url.get_secret_value())
    if url.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "bocage.sqlite3",
        "CONN_MAX_AGE": 60,  # opening it costs a request as much as all that it asks
        "OPTIONS": {
            # IMMEDIATE takes the write lock at BEGIN: a reader that becomes a writer cannot deadlock.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000;",
        },
    }


_close_to_others(DATA_DIR)
SECRET_KEY = _secret_key()
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = [host.strip() for host in ENVIRONMENT.allowed_hosts.split(",") if host.strip()]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "bocage.kernel",
    "bocage.organizations",
    "bocage.access",
    "bocage.catalog",
    "bocage.store",
    "bocage.capture",
    "bocage.query",
    "bocage.check",
    "bocage.pipeline",
    "bocage.governance",
    "bocage.portal",
    "bocage.console",
    "bocage.publish",
]

MIDDLEWARE = [
    "bocage.config.logs.RequestLog",
    "bocage.config.metrics.RequestMetrics",
    "bocage.config.public_answers.KeepPublicAnswers",
    "bocage.config.abandonment.StopAbandonedQueries",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bocage.config.content_policy.ContentPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bocage.portal.language.PortalLanguage",
    "django.middleware.common.CommonMiddleware",
    "bocage.config.doors.SayCircumstances",
    "bocage.config.straight.StraightToTheDoor",
    # What follows concerns people: sessions, forms, accounts, messages, pages.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bocage.config.second_factor.RequireSecondFactor",
    "bocage.config.caching.KeepPrivateAnswers",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bocage.portal.faults.ExplainFaults",
]

ROOT_URLCONF = "bocage.config.urls"
WSGI_APPLICATION = "bocage.config.wsgi.application"
AUTH_USER_MODEL = "organizations.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": _database()}

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bocage.portal.context.portal",
            ],
        },
    }
]

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "bocage_language"
LOCALE_PATHS = [PACKAGE_DIR / "locale", PACKAGE_DIR / "config" / "locale", PACKAGE_DIR / "demo" / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = None  # nothing is collected: the built files are served from the package
STATICFILES_DIRS = [PACKAGE_DIR / "static"]
WHITENOISE_USE_FINDERS = True

CACHES = {
    "default": {
        # On disk: the processes of one machine share the counters of rate limits.
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache" / "pages",
    }
}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "bocage.config.accounts.Accounts"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "identity": "120/m/ip",  # a whole town hall comes from one address in the morning
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "5/m/ip,5/h/key",
}
# Behind HTTPS there is a proxy, which says in X-Forwarded-For who asks: otherwise one attacker would use up everybody's attempts.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if ENVIRONMENT.https else 0
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a reset never writes to strangers
LOGIN_REDIRECT_URL = "/console/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
MFA_ADAPTER = "bocage.config.second_factor.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "bocage.portal.faults.csrf_failure"
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_url] if ENVIRONMENT.public_url else []

_basemap = urlsplit(ENVIRONMENT.basemap_style_url)
_basemap_origin = [f"{_basemap.scheme}://{_basemap.netloc}"] if _basemap.netloc else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *_basemap_origin],
        "font-src": ["'self'", *_basemap_origin],
        "connect-src": ["'self'", *_basemap_origin],
        "worker-src": ["'self'", "blob:"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = ["bocage.config.uploads.RefuseFiles"]  # the page where files are dropped has its own
LOGGING_CONFIG = None  # `config.logs` sets it up; Django's own, when it starts, would undo it
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from
_smtp = urlsplit(ENVIRONMENT.smtp_url.get_secret_value())
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _smtp.hostname else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _smtp.hostname or "", _smtp.port or (465 if _smtp.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_smtp.username or ""), unquote(_smtp.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _smtp.scheme == "smtps", _smtp.scheme == "smtp" and bool(_smtp.username)
EMAIL_TIMEOUT = 10
