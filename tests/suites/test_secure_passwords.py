"""Passwords of records: kept as digests, on a server; in a browser, a clear refusal."""

from __future__ import annotations

import logging
import unicodedata
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import (
    AttributeNotSelectedError,
    ConfigurationError,
    NotAvailableHereError,
    QueryError,
    UnsupportedValueError,
    ValidationError,
)
from velocious.record import Record, SoftDelete, has_many
from velocious.record.user import SecurePassword, has_secure_password

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE teams (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR(255));
CREATE TABLE users (
  id INTEGER PRIMARY KEY NOT NULL,
  team_id INTEGER,
  email VARCHAR(255) UNIQUE,
  password_digest VARCHAR(255),
  pin_digest VARCHAR(255),
  deleted_at DATETIME
);
CREATE TABLE guests (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR(255));
"""
GOOD = "correct horse"


class Team(Record):
    users = has_many("User")


class User(SecurePassword):
    id: Attribute[int]
    password_digest: Attribute[str | None]
    pin_digest: Attribute[str | None]
    authenticate_pin: Any
    pin: Any = has_secure_password(minimum=4, maximum=8, required=False)


class Member(SoftDelete, SecurePassword):
    table_name = "users"
    password: Any = has_secure_password(minimum=3)


class Guest(SecurePassword):
    """Somebody whose table has no digest."""


@asynccontextmanager
async def users(environment: TestEnvironment) -> AsyncGenerator[Configuration]:
    models = [Team, User, Member, Guest]
    async with environment.application(models=models, schema=SCHEMA) as configuration:
        yield configuration


async def test_a_password_that_was_set_is_the_only_one_that_is_right(
    environment: TestEnvironment,
) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        user = await User.create(email="ada", password=GOOD)
        assert await user.authenticate(GOOD)
        assert not await user.authenticate(GOOD + " ")
        found = await User.find(user.id)
        assert await found.authenticate_password(GOOD)
        await found.update(password="another one")
        assert not await (await User.find(user.id)).authenticate(GOOD)


async def test_authenticate_by_answers_with_the_record_or_nothing(
    environment: TestEnvironment,
) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        user = await User.create(email="ada", password=GOOD)
        assert await User.authenticate_by(email="ada", password=GOOD) == user
        assert await User.authenticate_by(email="ada", password="wrong horse") is None
        assert await User.authenticate_by(email="bea", password=GOOD) is None


@pytest.mark.parametrize("email", [None, ["ada", "bea"], {"id": 1}])
async def test_a_condition_that_a_client_sneaks_in_finds_nobody(
    environment: TestEnvironment, email: Any
) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        await User.create(email="ada", password=GOOD)
        await User.create(email=None, password=GOOD)
        assert await User.authenticate_by(email=email, password=GOOD) is None


@pytest.mark.parametrize(
    "password", [None, "", 5, ["x"], f"{GOOD}\0", "\ud800", "x" * 2000, "é" * 600]
)
async def test_what_is_no_password_signs_nobody_in(
    environment: TestEnvironment, password: Any
) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        user = await User.create(email="ada", password=GOOD)
        assert not await user.authenticate(password)
        assert await User.authenticate_by(email="ada", password=password) is None


async def test_authenticate_by_demands_a_password_and_something_that_finds(
    environment: TestEnvironment,
) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        with pytest.raises(QueryError, match=r"authenticate_by\(email=…, password=…\)"):
            await User.authenticate_by(email="ada")
        with pytest.raises(QueryError, match="got password"):
            await User.authenticate_by(password=GOOD)


async def test_a_record_without_a_password_signs_nobody_in(environment: TestEnvironment) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        user = await User.create(email="ada", password=GOOD)
        assert not await user.authenticate_pin("1234")
        await user.update(pin="1234")
        assert await user.authenticate_pin("1234")
        assert await User.authenticate_by(email="ada", pin="1234") == user
        assert await User.authenticate_by(email="ada", pin="1234", password="wrong") is None
        await user.update(pin=None)
        assert user.pin_digest is None
        assert not await user.authenticate_pin("1234")


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({}, {"password": ["blank"]}),
        ({"password": ""}, {"password": ["blank"]}),
        ({"password": "short"}, {"password": ["too_short"]}),
        ({"password": "é" * 513}, {"password": ["too_many_bytes"]}),
        ({"password": 12345678}, {"password": ["invalid"]}),
        ({"password": "12345678\ud800"}, {"password": ["invalid"]}),
        ({"password": "12345678\0"}, {"password": ["invalid"]}),
        (
            {"password": GOOD, "password_confirmation": "correct house"},
            {"password_confirmation": ["confirmation"]},
        ),
        (
            {"password": GOOD, "password_confirmation": ""},
            {"password_confirmation": ["confirmation"]},
        ),
        ({"password": GOOD, "pin": "123456789"}, {"pin": ["too_many_bytes"]}),
        ({"password": GOOD, "pin": "123"}, {"pin": ["too_short"]}),
    ],
)
async def test_a_password_that_does_not_do_is_reported(
    environment: TestEnvironment, given: dict[str, Any], codes: dict[str, list[str]]
) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        with pytest.raises(ValidationError) as caught:
            await User.create(email="ada", **given)
        errors = caught.value.errors
        assert {name: errors.codes(name) for name in codes} == codes
        assert await User.count() == 0


async def test_a_form_that_leaves_the_password_blank_changes_nothing(
    environment: TestEnvironment,
) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        user = await User.create(email="ada", password=GOOD)
        await user.update(email="bea", password="", password_confirmation="")
        assert await user.authenticate(GOOD)


async def test_a_confirmation_that_fits_is_taken(environment: TestEnvironment) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        decomposed = unicodedata.normalize("NFD", "pássword")
        user = await User.create(password="pássword", password_confirmation=decomposed)
        assert await user.authenticate(decomposed)


async def test_a_password_shows_nowhere(
    environment: TestEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    environment.needs("password_hashing")
    caplog.set_level(logging.DEBUG, "velocious")
    async with users(environment):
        user = User(email="ada", password=GOOD, password_confirmation=GOOD)
        assert user.password == GOOD
        shown = [repr(user), user.attributes(), user.changes()]
        await user.save()
        assert user.password is None
        assert user.password_confirmation is None
        shown += [repr(user), user.attributes(), user.saved_changes()]
        assert GOOD not in repr(shown)
        assert GOOD not in caplog.text
        assert str(user.password_digest) not in repr(shown)
        assert "password_digest" not in user.attributes()
        assert user.saved_changes()["password_digest"] == ("[filtered]", "[filtered]")


async def test_a_password_is_a_change_until_it_is_stored(environment: TestEnvironment) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        user = await User.create(password=GOOD)
        assert not user.is_changed()
        user.password = "another one"
        assert user.is_changed("password_digest")
        assert user.restore().password is None
        await user.save()
        assert await user.authenticate(GOOD)


async def test_a_password_of_a_related_record_is_saved_with_its_owner(
    environment: TestEnvironment,
) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        team = await Team.create(name="North")
        await team.users.create(password=GOOD)
        user = (await team.users)[0]
        user.password = "another one"
        await team.save()
        assert await (await User.find(user.id)).authenticate("another one")


async def test_an_unsaved_password_signs_nobody_in(environment: TestEnvironment) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        assert not await User(password=GOOD).authenticate(GOOD)
        user = await User.create(password=GOOD)
        user.password = "another one"
        assert not await user.authenticate("another one")
        assert await user.authenticate(GOOD)


async def test_a_digest_that_was_not_selected_is_asked_for(environment: TestEnvironment) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        await User.create(email="ada", password=GOOD)
        user = await User.select("email").first_or_fail()
        assert await user.is_valid()
        user.password = "another one"
        with pytest.raises(AttributeNotSelectedError, match="password_digest"):
            await user.authenticate(GOOD)


async def test_what_stands_in_for_a_digest_is_never_stored(environment: TestEnvironment) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        user = User(password="no")
        await user.save(validate=False)
        assert await user.authenticate("no")
        assert str(user.password_digest).startswith("$")
        user.password = 5  # pyright: ignore[reportAttributeAccessIssue]
        with pytest.raises(UnsupportedValueError, match="at most"):
            await user.save(validate=False)


@pytest.mark.parametrize("validate", [True, False])
async def test_a_password_survives_a_rollback_and_is_saved_by_the_next_try(
    environment: TestEnvironment, validate: bool
) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        user = User(email="ada", password=GOOD)
        with pytest.raises(ZeroDivisionError):
            async with User.transaction():
                await user.save(validate=validate)
                raise ZeroDivisionError
        assert user.is_new_record
        await user.save(validate=validate)
        assert await (await User.find(user.id)).authenticate(GOOD)


async def test_soft_deleted_people_do_not_sign_in(environment: TestEnvironment) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        member = await Member.create(email="ada", password="abc")
        assert await Member.authenticate_by(email="ada", password="abc") == member
        await member.destroy()
        assert await Member.authenticate_by(email="ada", password="abc") is None


async def test_a_table_without_a_digest_is_named(environment: TestEnvironment) -> None:
    async with users(environment):
        with pytest.raises(ConfigurationError, match=r'add_column\("guests", "password_digest"'):
            Guest(password=GOOD)


def test_limits_that_leave_no_password_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="leaves no password"):
        has_secure_password(minimum=20, maximum=10)


async def test_a_place_without_hashing_says_who_has_it(environment: TestEnvironment) -> None:
    if environment.can("password_hashing"):
        assert environment.handler().password_hasher() is not None
        return
    async with users(environment):
        with pytest.raises(NotAvailableHereError, match="server"):
            User(password=GOOD)
        with pytest.raises(NotAvailableHereError, match="server"):
            await User.authenticate_by(email="ada", password=GOOD)
        user = User(email="ada")
        await user.save(validate=False)
        with pytest.raises(NotAvailableHereError, match="server"):
            await user.authenticate(GOOD)
