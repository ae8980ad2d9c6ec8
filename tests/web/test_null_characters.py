"""U+0000 reaches no database: an address with one is nowhere, a question is asked without, a form is refused."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from every_address import every_address

from khien.org.models import User
from khien.registers.models import Row

pytestmark = pytest.mark.django_db


def test_an_address_with_one_is_nowhere(cast: Any) -> None:
    assert cast.client().get(f"/don-vi/{cast.ward.code}%00/").status_code == 404


def test_every_page_answers_a_question_with_one(cast: Any) -> None:
    client = cast.client()
    for name, address in every_address(cast, is_strict=False).items():
        answer = client.get(f"{address}?tim=%00&loc=%00&trang=%00&q=a%00b&ngay=%00")
        assert answer.status_code < 500, name


def test_a_form_with_one_is_refused_with_a_sentence_and_changes_nothing(cast: Any) -> None:
    before = Row.objects.count()
    answer = cast.client().post(f"/don-vi/{cast.ward.code}/so/supplier/them/", {"name": "a\0b"})
    assert answer.status_code == 400
    assert "U+0000" in html.unescape(answer.content.decode())
    assert Row.objects.count() == before


def test_a_name_with_one_signs_nobody_in(cast: Any) -> None:
    user = User.objects.first()
    assert user is not None
    typed = {"username": f"{user.username}\0", "password": "x"}
    assert Client().post(reverse("sign-in"), typed).status_code == 400
