"""Tokens that lead back to a record: signed, in time, and good once."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from velocious.clock import SystemClock
from velocious.errors import ConfigurationError, MissingSecretError, RecordNotPersistedError
from velocious.record import Record
from velocious.record.user import SecurePassword, generates_token_for

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE users (
  id INTEGER PRIMARY KEY NOT NULL, email VARCHAR(255), password_digest VARCHAR(255)
);
CREATE TABLE letters (id UUID PRIMARY KEY NOT NULL, body TEXT);
"""
SECRET = "a secret that only this test knows"


class User(SecurePassword):
    email_confirmation: Any = generates_token_for(
        expires_in=timedelta(days=1), bound_to=lambda user: user.email
    )
    invitation: Any = generates_token_for(expires_in=60)


class Letter(Record):
    reading: Any = generates_token_for(expires_in=60, bound_to="body")


class MovedClock(SystemClock):
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.moved = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.moved


@asynccontextmanager
async def users(
    environment: TestEnvironment, secret: Any = SECRET
) -> AsyncGenerator[Configuration]:
    models = [User, Letter]
    async with environment.application(models=models, schema=SCHEMA, secret=secret) as opened:
        yield opened


async def stored_user(email: str = "ada") -> Any:
    return await User(email=email).save(validate=False)


async def test_a_token_leads_back_to_its_record(environment: TestEnvironment) -> None:
    async with users(environment):
        user = await stored_user()
        token = user.email_confirmation_token()
        assert await User.find_by_email_confirmation_token(token) == user
        assert set(token) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
        )


async def test_a_token_is_worth_nothing_once_what_it_is_bound_to_changed(
    environment: TestEnvironment,
) -> None:
    async with users(environment):
        user = await stored_user()
        token = user.email_confirmation_token()
        await User.where(id=user.id).update_all(email="bea")
        assert await User.find_by_email_confirmation_token(token) is None
        await User.where(id=user.id).update_all(email="ada")
        assert await User.find_by_email_confirmation_token(token) == user


async def test_a_token_is_good_for_its_purpose_alone(environment: TestEnvironment) -> None:
    async with users(environment):
        user = await stored_user()
        assert await User.find_by_invitation_token(user.email_confirmation_token()) is None
        assert await User.find_by_invitation_token(user.invitation_token()) == user


async def test_a_token_expires(environment: TestEnvironment) -> None:
    async with users(environment) as configuration:
        clock = configuration.clock = MovedClock()
        user = await stored_user()
        token, longer = user.invitation_token(), user.invitation_token(expires_in=3600)
        clock.moved = timedelta(seconds=58)
        assert await User.find_by_invitation_token(token) == user
        clock.moved = timedelta(seconds=61)
        assert await User.find_by_invitation_token(token) is None
        assert await User.find_by_invitation_token(longer) == user


async def test_what_is_no_token_finds_nothing(environment: TestEnvironment) -> None:
    async with users(environment):
        user = await stored_user()
        token: str = user.invitation_token()
        payload, _, signature = token.partition(".")
        forged = [
            None,
            5,
            "",
            ".",
            token[:-1],
            f"{token}A",
            f"{payload}.",
            f"{payload}.{'A' * 43}",
            f"{payload[:-2]}AA.{signature}",
            f"{token}\n",
            "é" * 50,
            "A" * 1_000_000,
        ]
        assert [await User.find_by_invitation_token(one) for one in forged] == [None] * len(forged)


async def test_a_token_of_another_secret_is_no_token(environment: TestEnvironment) -> None:
    async with users(environment) as configuration:
        user = await stored_user()
        token = user.invitation_token()
        renewed = type(configuration.secret)(["another secret of enough characters", SECRET])
        configuration.secret = renewed
        assert await User.find_by_invitation_token(token) == user
        assert user.invitation_token() != token
        configuration.secret = type(renewed)("another secret of enough characters")
        assert await User.find_by_invitation_token(token) is None


async def test_a_token_of_a_record_that_is_gone_finds_nothing(
    environment: TestEnvironment,
) -> None:
    async with users(environment):
        user = await stored_user()
        token = user.invitation_token()
        await user.destroy()
        assert await User.find_by_invitation_token(token) is None


async def test_keys_of_every_kind_are_remembered(environment: TestEnvironment) -> None:
    async with users(environment):
        letter: Any = await Letter.create(id=UUID(int=7), body="Dear Ada")
        letters: Any = Letter
        assert await letters.find_by_reading_token(letter.reading_token()) == letter


async def test_nothing_leads_back_to_a_record_without_a_row(environment: TestEnvironment) -> None:
    async with users(environment):
        user: Any = User(email="ada")
        with pytest.raises(RecordNotPersistedError, match="Save it first"):
            user.invitation_token()


async def test_a_reset_token_works_once(environment: TestEnvironment) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        user = await User.create(email="ada", password="correct horse")
        token = user.password_reset_token(expires_in=timedelta(minutes=5))
        found = await User.find_by_password_reset_token(token)
        assert found is not None
        assert found == user
        await found.update(password="another one")
        assert await User.find_by_password_reset_token(token) is None


async def test_a_token_is_bound_to_what_is_stored(environment: TestEnvironment) -> None:
    environment.needs("password_hashing")
    async with users(environment):
        user = await User.create(email="ada", password="correct horse")
        user.password = "another one"
        assert await User.find_by_password_reset_token(user.password_reset_token()) == user


async def test_without_a_secret_nothing_is_signed(
    environment: TestEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    if environment.handler().own_secret(None, "test") is not None:
        pytest.skip("an installation here makes a secret of its own")
    monkeypatch.delenv("VELOCIOUS_SECRET", raising=False)
    async with users(environment, secret=None):
        user = await stored_user()
        with pytest.raises(MissingSecretError, match="VELOCIOUS_SECRET"):
            user.invitation_token()
        found: Any = User
        with pytest.raises(MissingSecretError, match="invitation token of User"):
            await found.find_by_invitation_token("x")


async def test_the_secret_may_come_from_the_environment(
    environment: TestEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VELOCIOUS_SECRET", SECRET)
    async with users(environment, secret=None) as configuration:
        user = await stored_user()
        assert await User.find_by_invitation_token(user.invitation_token()) == user
        assert SECRET not in repr(configuration.secret)


@pytest.mark.parametrize("secret", ["short", ["short"], 5, b"bytes are no text, however many"])
async def test_a_secret_that_is_none_is_refused_without_being_shown(
    environment: TestEnvironment, secret: Any
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        async with users(environment, secret=secret):
            pass
    assert "short" not in str(caught.value).replace("too short", "")


@pytest.mark.parametrize("expires_in", [0, -1, timedelta(0), float("inf"), float("nan")])
def test_a_time_that_is_none_is_refused(expires_in: Any) -> None:
    with pytest.raises(ConfigurationError, match="expires_in"):
        generates_token_for(expires_in=expires_in)
