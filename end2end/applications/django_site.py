"""A Django site of one file, around one of the documented recipes. Usage: django_site.py RECIPE PORT FOLDER, recipe authlib or mozilla."""

import json
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse

recipe, port, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
sys.path.insert(0, str(folder))

site = {
    "INSTALLED_APPS": ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    "AUTHENTICATION_BACKENDS": ["django.contrib.auth.backends.ModelBackend"],
}
if recipe == "mozilla":
    exec((folder / "settings_block.py").read_text(), site)

settings.configure(
    ROOT_URLCONF=__name__,
    SECRET_KEY="only of this test",
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "site.db", "OPTIONS": {"timeout": 20}}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"err": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["err"], "level": "WARNING"},
    },
    USE_TZ=True,
    **{name: value for name, value in site.items() if name.isupper()},
)
django.setup()


def page(who, button):
    shown = json.dumps(who).replace("<", "&lt;")
    return HttpResponse(f'<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>site</title><pre>{shown}</pre>{button}')


if recipe == "authlib":
    from beonho import back_channel, callback, sign_in, sign_out

    def home(request):
        person = request.session.get("person")
        return page(person, '<a href="/sign-out">sign out</a>') if person else redirect("/sign-in")

    urlpatterns = [path("callback", callback), path("sign-in", sign_in), path("sign-out", sign_out), path("back-channel", back_channel)]
else:
    from django.middleware.csrf import get_token

    def home(request):
        if not request.user.is_authenticated:
            return redirect(f"{reverse('oidc_authentication_init')}?next={request.path}")
        token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
        form = f'<form method="post" action="{reverse("oidc_logout")}">{token}<button>sign out</button></form>'
        return page({"sub": request.user.username, "name": request.user.first_name, "id": request.user.pk}, form)

    urlpatterns = [path("oidc/", include("mozilla_django_oidc.urls"))]

urlpatterns += [path("", home), path("inner", home)]


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        """The query of a callback holds a code."""


call_command("migrate", verbosity=0)
make_server("127.0.0.1", port, get_wsgi_application(), server_class=Threaded, handler_class=Quiet).serve_forever()
