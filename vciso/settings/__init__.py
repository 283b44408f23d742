"""The settings of the portal. Addresses and secrets come from the environment alone."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from vciso.operations import logs
from vciso.settings import schema_parts
from vciso.settings.addresses import ROOT, database, object_store
from vciso.settings.variables import flag, number, one_of, several, text, whole

VAR = Path(text("VCISO_VAR") or ROOT / "var")
DEMO = flag("VCISO_DEMO")
DEBUG = False
BASE_URL = (text("VCISO_BASE_URL") or f"http://localhost:{whole('PORT')}").rstrip("/")
_base = urlsplit(BASE_URL)
HTTPS = _base.scheme == "https"
SECRET_KEY = text("SECRET_KEY")
SECRET_KEY_FALLBACKS = several("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = [_base.hostname or "localhost", "127.0.0.1", "localhost", *several("VCISO_HOSTS")]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "vciso.tenancy",
    "vciso.audit",
    "vciso.jobs",
    "vciso.accounts",
    "vciso.files",
    "vciso.imports",
    "vciso.pdf",
    "vciso.web",
    "engagements",
    "policies",
    "vendors",
    "risks",
    "reporting",
    "vciso.home",
    "vciso.operations",
    "vciso.seed",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    # The field template is found through the ordinary template engine.
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "django_htmx",
    "django_filters",
    "template_partials",
    "lucide",
]

MIDDLEWARE = [
    "vciso.operations.middleware.RequestLog",
    "vciso.web.middleware.SecurityHeaders",
    "vciso.web.middleware.Refusals",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "vciso.web.middleware.FormAddresses",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "vciso.accounts.devices.DeviceMiddleware",
    "vciso.accounts.middleware.ApiTokenMiddleware",
    # Below: what needs the person. The tenancy middleware opens the request's one transaction.
    "vciso.tenancy.middleware.TenancyMiddleware",
    "vciso.accounts.middleware.SessionLimits",
    "vciso.web.middleware.ReaderPlace",
    "vciso.accounts.middleware.SecondFactorMiddleware",
    "vciso.web.once.OncePerForm",
]

ROOT_URLCONF = "vciso.urls"
WSGI_APPLICATION = "vciso.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vciso.web.context_processors.shell",
            ],
            "builtins": ["vciso.web.templatetags.ui", "template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "vciso.web.forms.FieldRenderer"

# --- Data ------------------------------------------------------------------------------------

VCISO_DB_ROLE = one_of("VCISO_DB_ROLE", "app", "migrator")
DATABASES = {
    "default": database(
        "MIGRATOR_DATABASE_URL" if VCISO_DB_ROLE == "migrator" else "DATABASE_URL",
        pool=flag("VCISO_DB_POOL"),
    )
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": text("CACHE_URL"),
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [
    ROOT / "static",
    ("fonts", ROOT / "node_modules" / "@fontsource-variable" / "inter" / "files"),
]
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    **object_store(),
}
FILES_ROOT = VAR / "files"
FILES_ACCEL = text("VCISO_ACCEL")
CLIENT_FILES_GB = whole("VCISO_CLIENT_GB")
PRACTICE_FILES_GB = whole("VCISO_PRACTICE_GB")
FONTS_DIR = VAR / "fonts"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

# --- Language and time -----------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Sign-in ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "tenancy.User"
AUTHENTICATION_BACKENDS = [
    "vciso.accounts.backends.OneLookup",
    # Answers for sessions that name it; a password gets no further than the first.
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "vciso.accounts.validators.ContextWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "vciso.accounts.adapters.AccountAdapter"
MFA_ADAPTER = "vciso.accounts.adapters.MFAAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PASSWORD_RESET_TIMEOUT = 3600
# Django's own: bound to password, address and last sign-in without asking the database.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  a name
ACCOUNT_FORMS = {
    "add_email": "vciso.accounts.forms.NewAddressForm",
    "login": "vciso.accounts.forms.LoginForm",
    "change_password": "vciso.accounts.forms.ChangePasswordForm",
    "set_password": "vciso.accounts.forms.SetPasswordForm",
    "reset_password": "vciso.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "vciso.accounts.forms.ResetPasswordKeyForm",
}
MFA_FORMS = {
    "authenticate": "vciso.accounts.forms.AuthenticateForm",
    "reauthenticate": "vciso.accounts.forms.ReauthenticateForm",
    "activate_totp": "vciso.accounts.forms.ActivateTOTPForm",
}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _base.scheme
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = whole("VCISO_PROXIES")
USERSESSIONS_TRACK_ACTIVITY = True
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Accounts come from invitations, so the first address is always verified; with this off, nobody
# with a second step could ever change theirs.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "vCISO portal"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
PASSWORD_RESET_TIMEOUT = 3600

# --- Browser ---------------------------------------------------------------------------------

# A browser refuses the __Host- prefix on plain http, which bin/up serves on this machine alone.
_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_PREFIX}session"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
DEVICE_COOKIE_NAME = f"{_PREFIX}device"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
# Counted on the server: from the sign-in for everybody, from the last use for the practice's staff.
SESSION_LONGEST = 8 * 3600
SESSION_IDLE = 30 * 60
CSRF_FAILURE_VIEW = "vciso.web.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
# Health and figures are asked for from beside the web server, in front of which no TLS stands; a
# program that sent its token in clear must notice.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$", r"^api/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "report-uri": ["/policy-report/"],
    }
}

# How often one person may ask, and within how many seconds.
THROTTLES = {
    "export": (60, 60),
    "report": (30, 60),
    "upload": (60, 60),
    "search": (240, 60),
    "invitation": (60, 600),
    "policy-report": (30, 60),
}

# --- Mail ------------------------------------------------------------------------------------

MAIL_HOST = _base.hostname or "localhost"
DEFAULT_FROM_EMAIL = text("VCISO_MAIL_FROM") or f"portal@{MAIL_HOST}"
EMAIL_HOST = text("SMTP_HOST")
EMAIL_PORT = whole("SMTP_PORT")
EMAIL_HOST_USER = text("SMTP_USER")
EMAIL_HOST_PASSWORD = text("SMTP_PASSWORD")
EMAIL_USE_TLS = flag("SMTP_TLS")
EMAIL_TIMEOUT = 10
# Without a mail server, mails become files that the development inbox shows.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR / "mail"

# --- Jobs ------------------------------------------------------------------------------------

CELERY_MODULE = "vciso.celery"
CELERY_BROKER_URL = text("REDIS_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
# Drawing has a process of its own each time and memory its own limit below; with fewer, the short jobs
# of every minute alone would start a child anew several times an hour.
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # A broker that is away costs a request a moment, not the six seconds of the default retries.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_TIMEZONE = "UTC"
_EVERY = {
    "reconcile jobs": ("jobs.reconcile", 15.0),
    "send mail": ("jobs.send_mail", 15.0),
    "draft due reports": ("reporting.draft_due", 900.0),
    "remind of acceptances": ("risks.remind", 21_600.0),
    "look after stored reports": ("reporting.sweep", 86_400.0),
    "anchor the trail": ("operations.anchor_trail", 3600.0),
    "forget answers of the interface": ("accounts.forget_replies", 21_600.0),
}
# What nobody took within the hour is dropped: a worker that was away for long meets no pile of it.
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 3600.0)}}
    for name, (task, seconds) in _EVERY.items()
}
RENDER_MEMORY_MB = int(number("RENDER_MEMORY_MB"))
JOB_LEASE = number("JOB_LEASE")
JOB_REDISPATCH = number("JOB_REDISPATCH")
JOB_BACKOFF = number("JOB_BACKOFF")
JOB_BATCH = 100
JOB_DATABASE_PATIENCE = number("JOB_DATABASE_PATIENCE")

REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "vciso.web.errors.api_exception_handler",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "vciso.web.api.schema.Schema",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
# Requests a minute of one token, or of one person without a token.
API_READS = 600
API_WRITES = 120
SPECTACULAR_SETTINGS = {
    "TITLE": "vCISO portal",
    "VERSION": "1",
    "DESCRIPTION": "What the portal’s pages do with a client’s programme, for programs. See docs/api.md.",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": [],
    "APPEND_COMPONENTS": schema_parts.COMPONENTS,
}

# --- Watching --------------------------------------------------------------------------------

LOGGING = logs.configuration(one_of("VCISO_LOG_FORMAT", "lines", "json"), text("VCISO_LOG_LEVEL").upper())
METRICS_TOKEN = text("VCISO_METRICS_TOKEN")
ANCHOR_MAIL = several("VCISO_ANCHOR_MAIL")
ANCHOR_FOLDER = text("VCISO_ANCHOR_FOLDER")
