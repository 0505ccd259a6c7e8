"""Settings of the portal: one file, everything from the environment, safe defaults (README, "Environment").

Nothing here raises for a missing secret, because `manage.py route` and `deadline` need none; what needs them
refuses to start and names them (`portal.checks`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.conf.locale import LANG_INFO

from portal.languages import BY_CODE, DEFAULT, FALLBACKS
from portal.languages import LANGUAGES as PORTAL_LANGUAGES
from portal.logs import logging_config

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
BUILD_DIR = BASE_DIR / "build"

# ---------------------------------------------------------------------------------------------- secrets
SECRET_KEY = env.str("SECRET_KEY", "")
VAULT_KEYS = env.str("VAULT_KEYS", "")
SEAL_KEY = env.str("SEAL_KEY", "")
SEAL_CERT = env.str("SEAL_CERT", "")
SEAL_TRUST = env.str("SEAL_TRUST", "")
SIGNATURE_TRUST = env.str("SIGNATURE_TRUST", "")
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
REQUIRED_SECRETS = ("SECRET_KEY", "VAULT_KEYS", "SEAL_KEY", "SEAL_CERT")

# ----------------------------------------------------------------------------------------- where and who
DEBUG = env.bool("DEBUG", False)
BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
_base = urlsplit(BASE_URL)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_base.hostname or "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
OPERATOR = env.str("OPERATOR", "")
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", "")
TSA_URL = env.str("TSA_URL", "")
SCANNER = env.str("SCANNER", "")

# ------------------------------------------------------------------------------------------ applications
INSTALLED_APPS = [
    "modeltranslation",
    "requests_app.web.staff.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "portal.faq",
    "portal.pages",
    "portal.prepared",
    "requests_app",
]
MIDDLEWARE = [
    "portal.middleware.TrustedProxy",
    "django.middleware.security.SecurityMiddleware",
    "portal.prepared.middleware.PreparedPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.PageLanguage",
    "portal.middleware.BodyLimit",
    "portal.middleware.PrivateByDefault",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.pages.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.insert(1, "django.forms")

# --------------------------------------------------------------------------------------------- databases
_SQLITE_OPTIONS = {
    # IMMEDIATE and WAL: Django's default mode lost most concurrent writes to "database is locked" (stack.md).
    # secure_delete overwrites what is deleted, so that a destroyed key is gone from the file as well.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
}


def _database(variable: str, default: str) -> dict[str, Any]:
    config: dict[str, Any] = dict(env.db_url(variable, default=default))
    if "sqlite" in config["ENGINE"]:
        config["OPTIONS"] = dict(_SQLITE_OPTIONS)
    else:
        config["CONN_HEALTH_CHECKS"] = True
        config["CONN_MAX_AGE"] = 60
    return config


DATABASES = {
    "default": _database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'tietoni.sqlite3'}"),
    "keys": _database("KEYS_DATABASE_URL", f"sqlite:///{VAR_DIR / 'keys.sqlite3'}"),
}
DATABASE_ROUTERS = ["requests_app.models.keystore.KeyStoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ------------------------------------------------------------------------------ work, cache and sessions
REDIS_URL = env.str("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or None
LEASE_SECONDS = env.int("LEASE_SECONDS", 60)
SWEEP_SECONDS = env.float("SWEEP_SECONDS", 1.0)
# What the sweep also does each time, by name: `requests_app` imports nothing of the FAQ.
SWEEP_ERRANDS = ["portal.faq.revisions.publish_due"]
PURGE_LEDGER = Path(env.str("PURGE_LEDGER", str(VAR_DIR / "purge-ledger.jsonl")))
AUDIT_DIR = Path(env.str("AUDIT_DIR", str(VAR_DIR / "audit")))

# allauth counts its login attempts in the cache. A cache per process would let a second worker forget; one in Redis
# would shut staff out while the broker is away, and a lost broker may delay a letter and nothing else.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "KEY_FUNCTION": "portal.accounts.cache_key",
    }
}
SESSION_ENGINE = "requests_app.sessions"
SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ------------------------------------------------------------------------------------------ prepared pages
# Templates and code are read anew under DEBUG, and a prepared page would hide that.
PREPARED_PAGES = env.bool("PREPARED_PAGES", not DEBUG)
# How old a process's knowledge of the revision may be; what it writes itself shows at once.
PREPARED_SECONDS = env.float("PREPARED_SECONDS", 2.0)
PUBLIC_REVISIONS = [
    "portal.faq.revisions.content_revision",
    "requests_app.reading.register.register_revision",
]

# ---------------------------------------------------------------------------------------------- security
_https = _base.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_NAME = "__Host-session" if _https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.pages.errors.csrf_failure"
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 63_072_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 3
BODY_LIMIT_BYTES = env.int("BODY_LIMIT_BYTES", 6_000_000)
# What is uploaded stays in memory: no letter and no paper of identity is ever written to a temporary file.
FILE_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT_BYTES
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# ------------------------------------------------------------------------------------------- staff login
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/staff/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/staff/account/login/"
ACCOUNT_ADAPTER = "portal.accounts.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https
MFA_TOTP_ISSUER = "Tietoni"
# One step of 30 s before and after (RFC 6238, 5.2): a code read off a phone is still good when it has been typed.
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "portal.accounts.SealedMFAAdapter"

# ------------------------------------------------------------------------------------------------- mail
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    # Without a mail server nothing is sent and nothing is promised: the wizard then offers no e-mail notices.
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", OPERATOR_EMAIL or "tietoni@localhost")

# -------------------------------------------------------------------------------------------- languages
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
LANGUAGE_CODE = DEFAULT
LANGUAGES = [(language.code, language.own_name) for language in PORTAL_LANGUAGES]
LANGUAGES_BIDI = [code for code, language in BY_CODE.items() if language.direction == "rtl"]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
for _language in PORTAL_LANGUAGES:
    LANG_INFO.setdefault(
        _language.code,
        {
            "bidi": _language.direction == "rtl",
            "code": _language.code,
            "name": _language.own_name,
            "name_local": _language.own_name,
        },
    )
MODELTRANSLATION_DEFAULT_LANGUAGE = DEFAULT
MODELTRANSLATION_LANGUAGES = tuple(BY_CODE)
MODELTRANSLATION_FALLBACK_LANGUAGES = FALLBACKS

# ---------------------------------------------------------------------------------------------- statics
STATIC_URL = "/static/"
STATIC_ROOT = BUILD_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BUILD_DIR / "share"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

LOGGING = logging_config(level=env.str("LOG_LEVEL", "INFO"))
LOGGING_CONFIG = "logging.config.dictConfig"
SILENCED_SYSTEM_CHECKS = (
    # On loopback over http there is no TLS to insist on; BASE_URL decides (design.md, "Settings").
    [] if _https else ["security.W004", "security.W008", "security.W012", "security.W016"]
)
