"""Django's admin in one file: `prepare FILE` makes schema and administrator and prints a session's
cookie; gunicorn serves `application` of the file that DJANGO_FILE names."""

import os
import sys

from django.conf import settings

FILE = os.environ.get("DJANGO_FILE") or sys.argv[2]
APPS = ["admin", "auth", "contenttypes", "sessions", "messages"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
CONTEXT = ["django.template.context_processors.request"]
CONTEXT += [f"django.contrib.{app}.context_processors.{app}" for app in ["auth", "messages"]]

settings.configure(
    SECRET_KEY="known to everybody: it lives as long as a measurement",
    DEBUG=False,
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[f"django.contrib.{app}" for app in APPS],
    MIDDLEWARE=MIDDLEWARE,
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": CONTEXT},
        }
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FILE}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    STATIC_URL="/static/",
    USE_TZ=True,
)

import django  # noqa: E402

django.setup()

from django.contrib import admin, auth  # noqa: E402
from django.contrib.auth.admin import UserAdmin  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402


class FiftyAPage(UserAdmin):
    """As it comes, with as many rows a page as the others."""

    list_per_page = 50


admin.site.unregister(User)
admin.site.register(User, FiftyAPage)
urlpatterns = [path("admin/", admin.site.urls)]
application = get_wsgi_application()

if __name__ == "__main__" and sys.argv[1] == "prepare":
    call_command("migrate", verbosity=0)
    user = User.objects.create_superuser("admin", "admin@bench.example", "a password of the bench")
    session = SessionStore()
    session[auth.SESSION_KEY] = user.pk
    session[auth.BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    print(f"sessionid={session.session_key}")
