"""Which person of the register of persons a user is."""

from __future__ import annotations

import pytest
from registers_cast import AN, Cast

from khien.org.models import User
from khien.registers.beside import person_of, user_of
from khien.registers.errors import NotAPerson
from khien.registers.filing import link_person
from khien.registers.services import retire_row


def test_a_user_is_tied_to_a_person_and_a_later_word_replaces_it(cast: Cast) -> None:
    user = User.objects.create_user("mai", unit=cast.ward)
    mai, other = cast.add("person", full_name="Vũ Mai"), cast.add("person", full_name="Vũ Mai B")
    assert person_of(user) is None
    link_person(user, other, act=AN)
    link_person(user, mai, act=AN)
    assert person_of(user) == mai
    assert (user_of(mai), user_of(other)) == (user, None)


def test_who_left_the_register_is_nobody(cast: Cast) -> None:
    user = User.objects.create_user("mai", unit=cast.ward)
    row = cast.add("person", full_name="Vũ Mai")
    link_person(user, row, act=AN)
    retire_row(row, act=AN)
    assert person_of(user) is None


def test_a_machine_is_no_person(cast: Cast) -> None:
    user = User.objects.create_user("mai", unit=cast.ward)
    with pytest.raises(NotAPerson):
        link_person(user, cast.add(label="Máy in"), act=AN)
