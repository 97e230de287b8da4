"""Everything a deployment may choose, read once from the environment.

LIANXIN_VAR     folder of what lives: database, photos, keys   (var/ beside the code)
DATABASE_URL    a PostgreSQL of your own                       (else one inside LIANXIN_VAR)
LIANXIN_PARAMS  folder laid over lianxin/params                (none)
PUBLIC_URL      the address people type                        (http://127.0.0.1:PORT)
PORT            where we listen                                (8000)
LIANXIN_DEBUG   1: show errors to the developer                (off)

LIANXIN_SMS_URL    who carries messages: a POST goes there     (nobody: the desk telephones)
LIANXIN_SMS_KEY    the key of our account there                (none)
LIANXIN_SMTP_URL   smtp://, starttls:// or smtps://user:password@host:port    (no mail)
LIANXIN_MAIL_FROM  who mails come from                         (lianxin@ our host)
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from lianxin import embedded, keys
from lianxin.trouble import Trouble


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise Trouble(
        f"PORT 应是 1 到 65535 的数，不是“{text}”。", f"PORT must be 1–65535, not “{text}”."
    )


def _carrier(name: str, *schemes: str) -> str:
    """An address out of the environment, "" if there is none. What it says is shown to nobody."""
    text = os.environ.get(name) or ""
    where = urlsplit(text)
    if text and (where.scheme not in schemes or not where.hostname):
        said = " / ".join(f"{scheme}://" for scheme in schemes)
        raise Trouble(
            f"{name} 应以 {said} 开头，后面是主机。", f"{name} must begin with {said}, then a host."
        )
    return text


HERE = Path(__file__).resolve().parent
VAR = Path(os.environ.get("LIANXIN_VAR") or HERE.parent / "var").resolve()
PARAMS = Path(os.environ["LIANXIN_PARAMS"]).resolve() if os.environ.get("LIANXIN_PARAMS") else None
PORT = _port(os.environ.get("PORT") or "8000")
NUMBER_PREFIX = os.environ.get("NUMBER_PREFIX") or "LX"  # orders are called LX-000123
PUBLIC_URL = (os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{PORT}").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")

# --- secrets: made at the first start, kept in VAR/keys, readable by their owner only
SECRET_KEY = keys.text(VAR, "secret")
DEBUG = os.environ.get("LIANXIN_DEBUG") == "1"

# --- where people come from
HOST = urlsplit(PUBLIC_URL).hostname or "127.0.0.1"
ALLOWED_HOSTS = [HOST, "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# --- what carries notices out of the house; without either the desk telephones
SMS_URL = _carrier("LIANXIN_SMS_URL", "https", "http")
SMS_KEY = os.environ.get("LIANXIN_SMS_KEY") or ""
SMTP_URL = _carrier("LIANXIN_SMTP_URL", "smtps", "starttls", "smtp")
MAIL_FROM = os.environ.get("LIANXIN_MAIL_FROM") or f"lianxin@{HOST}"

# --- the parts
INSTALLED_APPS = [
    "lianxin.web",
    "lianxin.growth",
    "lianxin.orders",
    "lianxin.registry",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "axes",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "lianxin.web.headers.SecurityHeaders",
    "lianxin.web.gate.Gate",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lianxin.web.switches.Voice",  # not LocaleMiddleware: the browser's language is not asked
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lianxin.web.who.Presence",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "lianxin.urls"
WSGI_APPLICATION = "lianxin.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lianxin.web.shell.shell",
            ],
            "builtins": ["lianxin.web.templatetags.speech"],
        },
    }
]
FORM_RENDERER = "lianxin.web.forms.drawn.Drawn"

# --- the database: yours, or the one that lives in VAR
_address = conninfo_to_dict(os.environ.get("DATABASE_URL") or embedded.dsn(VAR))
DATABASES = {
    "default": {
        "ENGINE": "lianxin.database",
        "NAME": _address.pop("dbname", "lianxin"),
        "USER": _address.pop("user", ""),
        "PASSWORD": _address.pop("password", ""),
        "HOST": _address.pop("host", ""),
        "PORT": _address.pop("port", ""),
        "OPTIONS": {
            **_address,
            # Looked at before it is used: a database restarted costs nobody an error page.
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
            # Values travel beside the statement, and what is asked again is not planned again.
            "server_side_binding": True,
            "prepare_threshold": 5,
        },
    }
}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# --- who may come in
AUTH_USER_MODEL = "registry.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "lianxin.web.session.Backend",
    "lianxin.web.session.SecondStep",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
# Guessing is slowed by name and source together: a shared office address locks nobody else out.
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # who came in when is the sealed log's business, not a second list
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["code", "username"]  # what was typed is nobody's to keep
AXES_CLIENT_IP_CALLABLE = "lianxin.web.api.pace.source"  # behind our own proxy all come from it
AXES_LOCKOUT_CALLABLE = "lianxin.web.account.sign_in.locked_out"
CSRF_FAILURE_VIEW = "lianxin.web.errors.stale"

SESSION_ENGINE = "lianxin.web.session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]  # HTTPS ends at the proxy

# --- words and days
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files: what we ship is public and named by its content, what people send is private
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "lianxin.web.shipped.Shipped"},
}
MEDIA_ROOT = VAR / "photos"  # has no address: a view that checks the reader sends each photo
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20

# --- the log says what broke, never whose request it was: no bodies, no names, no addresses
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "lianxin.logbook.Line"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "axes": {"level": "ERROR"},
        "lianxin": {"level": "INFO"},
    },
}
