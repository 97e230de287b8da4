"""A django-helpdesk as its manual sets it up: settings and addresses of the one we measure beside.

Lives in a virtual environment of its own and knows nothing of ours.
"""

import os

SECRET_KEY = "only for measuring"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = __name__
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_cleanup.apps.CleanupConfig",
    "helpdesk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "helpdesk",
        "USER": os.environ.get("PGUSER", ""),
        "HOST": os.environ.get("PGHOST", ""),
        "PORT": "5432",
        "CONN_MAX_AGE": 600,
    }
}
SITE_ID = 1
USE_TZ = True
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGIN_URL = "/login/"
LOGGING_CONFIG = None
HELPDESK_PUBLIC_ENABLED = True
HELPDESK_SUBMIT_A_TICKET_PUBLIC = True
HELPDESK_API_ENABLED = True
HELPDESK_TEAMS_MODE_ENABLED = False

os.environ.setdefault("DJANGO_SETTINGS_MODULE", __name__)


def __getattr__(name: str) -> object:
    """`urlpatterns` and `application` are made when they are asked for: the apps come first."""
    if name == "urlpatterns":
        from django.urls import include, path

        return [path("", include("helpdesk.urls"))]
    if name == "application":
        from django.core.wsgi import get_wsgi_application

        return get_wsgi_application()
    raise AttributeError(name)


def fill(tickets: int) -> str:
    """Tables, a public queue, somebody of staff, closed and open tickets. Returns a session."""
    import django

    django.setup()
    from datetime import timedelta

    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone
    from helpdesk.models import FollowUp, Queue, Ticket

    call_command("migrate", verbosity=0)
    queue = Queue.objects.create(title="Public", slug="public", allow_public_submission=True)
    staff = User.objects.create_superuser("staff", "staff@example.org", "staff")
    now = timezone.now()
    rows = Ticket.objects.bulk_create(
        (
            Ticket(
                queue=queue, title=f"Street lamp {n} is out", submitter_email="a@example.org",
                status=1 if n % 10 == 0 else 4, priority=3, created=now - timedelta(minutes=20 * n),
                description="The lamp at the door has been out for three days.",
            )
            for n in range(tickets)
        ),
        batch_size=2000,
    )  # fmt: skip
    FollowUp.objects.bulk_create(
        (FollowUp(ticket=t, title="Ticket opened", date=t.created, public=True) for t in rows),
        batch_size=2000,
    )
    client = Client()
    client.force_login(staff)
    return client.session.session_key
