"""Addresses of the API and of its description."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from khien.api.api import api
from khien.api.reference import nothing_here, reference
from khien.api.submissions import begin, part

urlpatterns: list[URLPattern | URLResolver] = [
    path("", reference, name="api-reference"),
    path("v1/", api.urls),
    path("submissions/1/", begin, name="submission-begin"),
    path("submissions/1/<slug:bundle>/", part, name="submission-part"),
    path("<path:rest>", nothing_here, name="api-nothing"),
]
