"""Text of a form that came too late, after the session had ended: kept for its writer, given back once.

A form carries its writer's name, signed. A form that comes without a session but with such a name is kept
under it, beside the database, for a day; nothing is kept for anybody without one.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict

WRITER: Final = "nguoi-viet"
_SALT: Final = "khien.web.drafts"
_KEPT_SECONDS: Final = 24 * 3600
_SIZE_MAX: Final = 512 * 1024
_DRAFTS_MAX: Final = 20
_NEVER_KEPT: Final = ("csrfmiddlewaretoken", WRITER)


def writer_mark(request: HttpRequest) -> str:
    """Return the signed name that a form carries."""
    return signing.dumps(request.user.pk, salt=_SALT)


def keeps_text(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page's form survive the end of a session: its text is kept, then the person signs in.

    Stands before `login_required`.
    """

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            keep(request)
            return redirect_to_login(request.path)
        return view(request, *args, **named)

    return kept


def keep(request: HttpRequest) -> bool:
    """Keep the text of a form for the writer it names, if it names one; say whether it was kept."""
    try:
        writer = signing.loads(request.POST.get(WRITER, ""), salt=_SALT, max_age=_KEPT_SECONDS)
    except signing.BadSignature:
        return False
    data = {name: request.POST.getlist(name) for name in request.POST if name not in _NEVER_KEPT}
    body = json.dumps({"path": request.path, "data": data}, ensure_ascii=False).encode()
    if not isinstance(writer, int) or len(body) > _SIZE_MAX:
        return False
    folder = _folder(writer)
    _forget_old(folder)
    _write(folder / _name(request.path), body)
    return True


def take(request: HttpRequest) -> QueryDict | None:
    """Return the text kept for the signed-in person at this address; it is no longer kept afterwards."""
    place = _folder(_own_id(request)) / _name(request.path)
    found = _read(place)
    place.unlink(missing_ok=True)
    if found is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in found.get("data", {}).items():
        data.setlist(name, [str(value) for value in values])
    return data


def waiting(request: HttpRequest) -> list[str]:
    """Return the addresses of forms whose text is kept for the signed-in person."""
    folder = _folder(_own_id(request))
    if not folder.is_dir():
        return []
    found = (_read(place) for place in sorted(folder.glob("*.json")))
    return [str(draft["path"]) for draft in found if draft is not None]


def _own_id(request: HttpRequest) -> int:
    """Return the id of the signed-in person; 0, whose folder is always empty, of nobody."""
    return request.user.pk or 0


def _folder(writer: int) -> Path:
    return Path(settings.KHIEN_DATA) / "drafts" / str(writer)


def _name(path: str) -> str:
    return f"{hashlib.sha256(path.encode()).hexdigest()[:32]}.json"


def _write(place: Path, body: bytes) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as target:
        target.write(body)
    Path(partial).replace(place)


def _read(place: Path) -> Mapping[str, Any] | None:
    try:
        if time.time() - place.stat().st_mtime > _KEPT_SECONDS:
            return None
        found: Mapping[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _forget_old(folder: Path) -> None:
    """Keep the newest drafts of a writer only, and none that is a day old."""
    if not folder.is_dir():
        return
    drafts = sorted(folder.glob("*.json"), key=lambda place: -place.stat().st_mtime)
    for at, place in enumerate(drafts):
        if at >= _DRAFTS_MAX - 1 or time.time() - place.stat().st_mtime > _KEPT_SECONDS:
            place.unlink(missing_ok=True)
