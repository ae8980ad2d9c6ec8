"""Declaring an operation: its address, the one capability it asks for, and its words in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from ninja import Router, Schema

from khien.api.door import JSON, JSON_MAX, Door
from khien.api.problems import MEDIA_TYPE, Problem
from khien.kernel.language import Text

View = TypeVar("View", bound=Callable[..., Any])

_READ_PROBLEMS: Final = frozenset({400, 401, 403, 404, 422, 429})
_WRITE_PROBLEMS: Final = _READ_PROBLEMS | {409, 412, 413, 415, 428}


class Words(Schema):
    """A sentence in both languages."""

    vi: str
    en: str


def words(text: Text) -> Words:
    """Return a bilingual text for a response."""
    return Words(vi=text.vi, en=text.en)


def operation(
    router: Router,
    call: str,
    may: str,
    vi: str,
    *,
    gives: Any = None,
    door: Mapping[str, Any] | None = None,
    file: str = "",
) -> Callable[[View], View]:
    """Declare an operation on a router; its English words are the first line of the view's docstring.

    Args: call: method and path, "GET /units/{code}"; may: the capability, which is the token's scope too;
          gives: the schema of the answer, or {status: schema}; door: more for the door (body_max, takes);
          file: the media type where the answer is a file
    """
    method, _, path = call.partition(" ")
    problems = _READ_PROBLEMS if method == "GET" else _WRITE_PROBLEMS
    answers = gives if isinstance(gives, dict) else {200: gives}
    extra: dict[str, Any] = {"x-khien-scope": may}
    if file:
        extra["responses"] = {200: {"description": "OK", "content": {file: {"schema": _BINARY}}}}

    def declare(view: View) -> View:
        text = Text(vi, (view.__doc__ or "").partition("\n")[0].rstrip("."))
        return router.api_operation(
            [method],
            path,
            auth=Door(may, **{"body_max": JSON_MAX, "takes": JSON, **(door or {})}),
            response={**answers, problems: Problem},
            operation_id=view.__name__,
            summary=text.vi,
            description=text.en,
            openapi_extra={**extra, "x-khien-words": text.as_dict()},
        )(view)

    return declare


_BINARY: Final = {"type": "string", "format": "binary"}
__all__ = ["MEDIA_TYPE", "Words", "operation", "words"]
