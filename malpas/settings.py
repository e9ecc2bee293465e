"""Every setting of the portal. What differs between installations comes from the environment."""

import os
import tempfile
import zlib
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from malpas.sign_in import openid_apps

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEMO = env.bool("MALPAS_DEMO", default=False)  # `make run`: the demo school, plain http, a mailbox page
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
CODE_KEY = env.str("CODE_KEY", default=SECRET_KEY)  # keys the hashes of invitation codes and pupil cards
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_URL])
HTTPS = PUBLIC_URL.startswith("https://")
FAILPOINTS = env.str("FAILPOINTS", default="")  # a rehearsal's folder, see malpas/lib/failpoints.py
if FAILPOINTS and (HTTPS or not DEMO):
    raise ImproperlyConfigured("FAILPOINTS is for rehearsals with the demo school: it kills processes.")

INSTALLED_APPS = [
    "malpas.apps.MalpasConfig",
    "accounts",
    "classes",
    "points",
    "messaging",
    "stories",
    "moderation",
    "malpas.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "malpas.web.middleware.CleanAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "malpas.web.middleware.RefusedBodyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.PortalMiddleware",
    "classes.pupil_access.middleware.FamilyMiddleware",
    "accounts.middleware.NoStoreMiddleware",
    "accounts.sessions.lifetime.SessionLifeMiddleware",
    "accounts.staff.departed.DepartedMiddleware",
    "classes.pupil_access.middleware.PupilDayMiddleware",
    "accounts.middleware.PupilWallMiddleware",
    "accounts.middleware.SignInMiddleware",
    "accounts.middleware.OpeningMiddleware",
    "accounts.middleware.MfaMiddleware",
    "accounts.middleware.WhoMiddleware",
    "accounts.middleware.TermsMiddleware",
    "accounts.parent_lock.lock.ParentLockMiddleware",
    "malpas.web.middleware.AnswerMiddleware",
    "accounts.drafts.middleware.SentMiddleware",
]

ROOT_URLCONF = "malpas.urls"
WSGI_APPLICATION = "malpas.wsgi.application"
FORM_RENDERER = "malpas.lib.renderer.UiRenderer"
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
                "django.template.context_processors.i18n",
                "malpas.page_context.portal",
            ],
            "builtins": ["malpas.templatetags.names"],
        },
    }
]

# -- the database: the web keeps a pool, Celery's children open their own connections ------------------
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"].update(
    CONN_MAX_AGE=0,
    ENGINE="malpas.lib.db.postgres",
    CONN_HEALTH_CHECKS=True,
    TEST={"NAME": env.str("TEST_DATABASE", default=None)},
    OPTIONS={
        **DATABASES["default"].get("OPTIONS", {}),
        # Postgres would translate a long question into machine code, which takes longer than to answer it.
        "options": "-c statement_timeout=20000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"
        " -c jit=off",
        **(
            {"pool": {"min_size": 1, "max_size": 8, "timeout": 4}}
            if env.bool("DB_POOL", default=False)
            else {}
        ),
    },
)
# Who DATABASE_URL connects as, everywhere but in `migrate`, which gives this role its rights (malpas/operations/rights.py).
APP_DATABASE_ROLE = env.str("APP_DATABASE_ROLE", default="malpas_app")
APP_DATABASE_PASSWORD = env.str("APP_DATABASE_PASSWORD", default="")  # given to `migrate` only
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Redis carries nudges and counts attempts; nothing that may not be lost ----------------------------
REDIS_URL = env.str("REDIS_URL")


def redis_database(number: int, *, broker: bool = False) -> str:
    """The address of one numbered database on the server at REDIS_URL, in the spelling that its reader knows."""
    parts = urlsplit(REDIS_URL)
    if parts.scheme != "unix":
        return parts._replace(path=f"/{number}").geturl()
    password = f":{parts.password}@" if parts.password else ""
    if broker:
        return f"redis+socket://{password}{parts.path}?virtual_host={number}"
    return f"unix://{password}{parts.path}?db={number}"


REDIS_OPTIONS = {"socket_timeout": 2, "socket_connect_timeout": 2}
CACHES = {
    "default": {
        "BACKEND": "malpas.lib.cache.FallbackRedisCache",
        "LOCATION": redis_database(2),
        "OPTIONS": REDIS_OPTIONS,
        "KEY_PREFIX": "malpas",
    },
    # What {% cache %} keeps, in this process: parts of a page that are the same for everybody of a kind.
    "template_fragments": {
        "BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if DEBUG else 'locmem.LocMemCache'}",
        "LOCATION": "template_fragments",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
CELERY_BROKER_URL = redis_database(0, broker=True)
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=60)  # how often beat looks for what is due
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60

# -- people --------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.sign_in.backends.PortalBackend"]
PASSWORD_HASHERS = [
    "accounts.sign_in.hashers.PortalArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.sign_in.password_validators.ObviousPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "classes.joining.account_adapter.PortalAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_FORMS = {
    "login": "accounts.sign_in.forms.LoginForm",
    "signup": "accounts.sign_in.forms.SignupForm",
    "request_login_code": "accounts.sign_in.forms.RequestLoginCodeForm",
    "change_password": "accounts.sign_in.forms.ChangePasswordForm",
    "confirm_login_code": "accounts.sign_in.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "accounts.sign_in.forms.ConfirmAddressCodeForm",
    "change_email": "accounts.sign_in.forms.WrongAddressForm",
    "reset_password_from_key": "accounts.sign_in.forms.ResetPasswordKeyForm",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
# Wrong passwords are counted in accounts.sessions.rate_limits. An address may be a whole school's on a Monday morning.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "change_password": None,
    "signup": "200/10m/ip",
    "reset_password": "200/10m/ip,5/10m/key",
    "reset_password_from_key": "200/10m/ip",
    "request_login_code": "200/10m/ip,5/10m/key",
    "confirm_email": "200/10m/ip,20/60m/key",  # accounts.sign_up.services says it with a sentence before
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.sign_in.backends.ResetTokens"
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
STAFF_IDLE_SECONDS = 15 * 60
PARENT_LOCK_IDLE_SECONDS = 10 * 60

# -- the second factor: an authenticator or a passkey, with recovery codes ------------------------------
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "accounts.sign_in.mfa_adapter.MfaAdapter"
MFA_FORMS = {
    "authenticate": "accounts.sign_in.mfa_forms.MfaForm",
    "activate_totp": "accounts.sign_in.mfa_forms.SetUpAuthenticatorForm",
    "reauthenticate": "accounts.sign_in.mfa_forms.ReauthenticateForm",
    "login_webauthn": "accounts.sign_in.mfa_forms.PasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "200/10m/ip"}  # nobody guesses a passkey; a staff room signs in at once
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off; each code still opens once
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey asks for face, finger or PIN: two factors in one

# -- signing in by Microsoft or Google: off until the school sets it up ---------------------------------
SOCIALACCOUNT_ADAPTER = "accounts.sign_in.openid.ProviderAdapter"
OPENID_APPS = [
    *openid_apps.microsoft(
        env.str("MICROSOFT_TENANT", default=""),
        env.str("MICROSOFT_CLIENT_ID", default=""),
        env.str("MICROSOFT_CLIENT_SECRET", default=""),
    ),
    *openid_apps.google(
        env.str("GOOGLE_DOMAIN", default=""),
        env.str("GOOGLE_CLIENT_ID", default=""),
        env.str("GOOGLE_CLIENT_SECRET", default=""),
    ),
]
SOCIALACCOUNT_PROVIDERS: dict[str, dict] = {"openid_connect": {"APPS": OPENID_APPS}}

# -- mail: rows first, then a worker: nudged for codes, and every half minute for all -------------------
MAILBOX_DIR = Path(env.str("MAILBOX_DIR", default=str(BASE_DIR / ".local" / "mail")))
if env.str("EMAIL_URL", default=""):
    vars().update(env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = "malpas.mail.files.OneFileEach"
    EMAIL_FILE_PATH = str(MAILBOX_DIR)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
CONCERNS_EMAIL = env.str("CONCERNS_EMAIL", default="")  # for the page that stands when the database is down
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@malpascourt.example")

# -- languages and time: the school's wall clock is London's, every sum is done in UTC -----------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("cy", _("Welsh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"
FORMAT_MODULE_PATH = ["malpas.formats"]

# -- files: styles to everybody, photos only through a checked view ------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / ".local" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "malpas.web.joined.JoinedFinder",
]
JOINED_ROOT = BASE_DIR / ".local" / "joined"  # the style sheets as one file, made when the server starts
WHITENOISE_USE_FINDERS = DEMO or DEBUG
WHITENOISE_MANIFEST_STRICT = False
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media")))
PHOTO_MAX_BYTES = 20 * 1024 * 1024
PHOTO_MAX_PIXELS = 70_000_000  # a JPEG may have four times as many: it becomes smaller while it is read
DOCUMENT_MAX_BYTES = 10 * 1024 * 1024
MEDIA_KEEP_FREE = env.int("MEDIA_KEEP_FREE", default=500 * 1024 * 1024)  # bytes that no upload may take
DECODER_SECONDS = 5  # of processor time for one file: fifty million pixels of a telephone take two
# Locks that say how many photos and documents this machine is reading; each installation has its own.
DECODER_SLOTS = Path(tempfile.gettempdir()) / f"malpas-{os.getuid()}-{zlib.crc32(bytes(MEDIA_ROOT)):08x}"
SCANNER = env.str("SCANNER", default="")  # ClamAV: unix:///run/clamav/clamd.ctl or tcp://127.0.0.1:3310
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WEB_THREADS = env.int("WEB_THREADS", default=4)  # pages that one process makes at a time
SLOW_CLIENT_SECONDS = env.float("SLOW_CLIENT_SECONDS", default=20)  # in which the head of a request must come
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 60  # far more than a form takes, so that the form says how many

# -- the walls of the browser --------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *(openid_apps.ORIGINS[app["provider_id"]] for app in OPENID_APPS)],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
CSRF_FAILURE_VIEW = "malpas.sign_in.stale_pages.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # addresses are unique by a constraint on their lower case
    "security.W005",  # HSTS is for the portal's own name; the school speaks for those below it
    "security.W008",  # the proxy redirects to https
    "security.W021",  # preloading HSTS is the own choice of each school
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "no_secrets": {"()": "malpas.web.logs.NoSecrets"},
        "refusals": {"()": "malpas.web.logs.RefusalsInOneLine"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["no_secrets", "refusals"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
