"""The WSGI application that the web server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khien.project.settings")
application = get_wsgi_application()

from khien.project.preparation import prepare  # noqa: E402  # models need Django to be set up

prepare()
