"""The description of the API as a page of our own, without anything from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from khien.api.api import api
from khien.api.errors import NothingHere
from khien.api.problems import problem_response
from khien.kernel.language import Text

TAGS: Final[Mapping[str, Text]] = {
    "units": Text("Đơn vị, văn bản, quy tắc", "Units, documents, rules"),
    "people": Text("Người dùng, vai trò", "Users and roles"),
    "desk": Text("Việc cần làm, tìm kiếm", "Tasks and search"),
    "findings": Text("Kết quả đánh giá", "Findings"),
    "machines": Text("Máy và số liệu", "Machines and facts"),
    "registers": Text("Sổ", "Registers"),
    "ledger": Text("Sổ cái", "Ledger"),
    "reports": Text("Báo cáo", "Reports"),
    "workflows": Text("Quy trình", "Processes"),
    "duties": Text("Nghĩa vụ theo kỳ", "Duties"),
    "bundles": Text("Gói giữa các đơn vị", "Bundles between instances"),
    "webhooks": Text("Webhook", "Webhooks"),
}


@dataclass(frozen=True, slots=True)
class ParameterShown:
    """A parameter of an operation: where it stands, its type, what it is for."""

    name: str
    place: str
    type: str
    is_required: bool
    about: str


@dataclass(frozen=True, slots=True)
class OperationShown:
    """One operation as the page shows it."""

    id: str
    method: str
    path: str
    text: Text
    scope: str
    parameters: tuple[ParameterShown, ...]
    body: tuple[ParameterShown, ...]
    answer: tuple[ParameterShown, ...]
    media_type: str
    answer_type: str


@dataclass(frozen=True, slots=True)
class GroupShown:
    """Operations about one thing."""

    tag: str
    text: Text
    operations: tuple[OperationShown, ...]


@require_safe
@login_required
def reference(request: HttpRequest) -> HttpResponse:
    """Show every operation with its parameters, scope and answer."""
    return render(request, "web/api_reference.html", {"groups": groups(), "version": api.version})


@csrf_exempt
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """Say as a problem that there is no such address."""
    del request, rest
    return problem_response(NothingHere())


@cache
def groups() -> tuple[GroupShown, ...]:
    """Return the operations of the API by what they are about, in the order they were declared."""
    schema = api.get_openapi_schema()
    found: dict[str, list[OperationShown]] = {}
    for path, methods in schema["paths"].items():
        for method, said in methods.items():
            shown = _operation(method.upper(), path, said, schema["components"]["schemas"])
            found.setdefault(said["tags"][0], []).append(shown)
    return tuple(GroupShown(tag, TAGS[tag], tuple(listed)) for tag, listed in found.items())


def _operation(
    method: str, path: str, said: Mapping[str, Any], schemas: Mapping[str, Any]
) -> OperationShown:
    body = said.get("requestBody", {}).get("content", {})
    media_type = next(iter(body), "")
    answers = [answer for code, answer in said["responses"].items() if int(code) < 300]
    answer: Mapping[str, Any] = answers[0].get("content", {}) if answers else {}
    answer_schema: Mapping[str, Any] = next((one.get("schema", {}) for one in answer.values()), {})
    return OperationShown(
        id=said["operationId"],
        method=method,
        path=path,
        text=Text(**said["x-khien-words"]),
        scope=said["x-khien-scope"],
        parameters=tuple(
            ParameterShown(
                one["name"],
                one["in"],
                _type(one["schema"]),
                one["required"],
                one.get("description", ""),
            )
            for one in said["parameters"]
        ),
        body=_members(body[media_type]["schema"], schemas) if media_type else (),
        answer=_members(answer_schema, schemas),
        media_type=media_type,
        answer_type=_type(answer_schema) or next(iter(answer), ""),
    )


def _members(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> tuple[ParameterShown, ...]:
    """Return the members of an object, or of the things in a list."""
    inner = schema.get("items", schema) if schema.get("type") == "array" else schema
    name = str(inner.get("$ref", "")).rpartition("/")[2]
    whole = schemas.get(name, inner)
    return tuple(
        ParameterShown(member, "body", _type(kind), member in whole.get("required", ()), "")
        for member, kind in whole.get("properties", {}).items()
    )


def _type(schema: Mapping[str, Any]) -> str:
    """Return a type as people write it: list of X, X or null, one of a, b."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or "")
