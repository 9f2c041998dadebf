"""Digests of passwords on a server: both kinds, renewed where they cost too little."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from velocious.configuration import Configuration
from velocious.errors import UnreadableDigestError
from velocious.record.user import SecurePassword
from velocious_node import NodeEnvironmentHandler
from velocious_node.passwords.hasher import NodePasswordHasher, installed
from velocious_node.passwords.scrypt import Scrypt
from velocious_node.settings import LogSettings, PasswordSettings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from velocious.record import Attribute

CHEAP = PasswordSettings(memory=64, iterations=1, parallelism=1)
SCRYPT_ONLY = {"scrypt": Scrypt(64, 1)}


class User(SecurePassword):
    """Somebody who signs in."""

    id: Attribute[int]
    password_digest: Attribute[str | None]


@asynccontextmanager
async def users(
    folder: Path, hasher: NodePasswordHasher | None = None
) -> AsyncGenerator[Configuration]:
    handler = NodeEnvironmentHandler(log=LogSettings(console=False, file=False), passwords=CHEAP)
    handler._hasher = hasher
    url = f"sqlite:///{folder}/users.sqlite3"
    configuration = Configuration(
        environment_handler=handler,
        environment="test",
        databases={"default": url},
        models=[User],
    )
    async with configuration:
        await configuration.database().execute_script(
            "CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY NOT NULL,"
            " email VARCHAR(255), password_digest VARCHAR(255))"
        )
        await User.load_schema()
        yield configuration


@pytest.mark.parametrize("kind", ["argon2id", "scrypt"])
async def test_a_digest_fits_its_password_alone(kind: str) -> None:
    hasher = NodePasswordHasher(CHEAP, {kind: installed(CHEAP)[kind]})
    one, other = await hasher.hash(b"correct horse"), await hasher.hash(b"correct horse")
    assert one.startswith(f"${kind}$")
    assert one != other
    assert await hasher.verify(one, b"correct horse")
    assert await hasher.verify(other, b"correct horse")
    assert not await hasher.verify(one, b"correct horses")
    assert not await hasher.verify(None, b"correct horse")
    assert not hasher.is_outdated(one)


async def test_digests_of_other_programs_are_checked() -> None:
    hasher = NodePasswordHasher(CHEAP)
    scrypt = (
        # RFC 7914, the second vector, in passlib's form.
        "$scrypt$ln=10,r=8,p=16$TmFDbA$"
        "/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA"
    )
    assert await hasher.verify(scrypt, b"password")
    assert not await hasher.verify(scrypt, b"Password")
    assert hasher.is_outdated(scrypt)


@pytest.mark.parametrize(
    "digest",
    ["", "plain", "$2b$10$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=8", "$scrypt$ln=1", "$$"],
)
async def test_a_digest_that_cannot_be_checked_says_so_without_showing_itself(digest: str) -> None:
    with pytest.raises(UnreadableDigestError) as caught:
        await NodePasswordHasher(CHEAP).verify(digest, b"x")
    assert "abcdef" not in str(caught.value)


async def test_an_argon2_digest_without_argon2_names_what_to_install() -> None:
    digest = await NodePasswordHasher(CHEAP).hash(b"x")
    with pytest.raises(UnreadableDigestError, match=r"velocious\[password\]"):
        await NodePasswordHasher(CHEAP, SCRYPT_ONLY).verify(digest, b"x")


def test_the_defaults_are_what_is_advised_today() -> None:
    algorithms = installed(PasswordSettings())
    assert list(algorithms) == ["argon2id", "scrypt"]
    assert algorithms["argon2id"].hash(b"x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert algorithms["scrypt"].hash(b"x").startswith("$scrypt$ln=15,r=8,p=3$")


async def test_a_digest_of_the_lesser_kind_is_renewed_when_its_owner_signs_in(
    tmp_path: Path,
) -> None:
    async with users(tmp_path, NodePasswordHasher(CHEAP, SCRYPT_ONLY)):
        user = await User.create(email="ada", password="correct horse")
        assert str(user.password_digest).startswith("$scrypt$")
    async with users(tmp_path) as configuration:
        assert await User.authenticate_by(email="ada", password="wrong horse") is None
        assert (await User.find(user.id)).password_digest == user.password_digest
        found = await User.authenticate_by(email="ada", password="correct horse")
        assert found is not None
        assert str(found.password_digest).startswith("$argon2id$")
        assert not found.is_changed()
        stored = await configuration.database().fetch("SELECT password_digest FROM users")
        assert stored == [(found.password_digest,)]
        assert await found.authenticate("correct horse")


async def test_a_digest_is_not_renewed_over_a_newer_password(tmp_path: Path) -> None:
    async with users(tmp_path, NodePasswordHasher(CHEAP, SCRYPT_ONLY)):
        stale = await User.create(email="ada", password="correct horse")
        await (await User.find(stale.id)).update(password="another one")
    async with users(tmp_path):
        assert await stale.authenticate("correct horse")
        assert await (await User.find(stale.id)).authenticate("another one")


async def test_a_login_of_nobody_takes_as_long_as_a_wrong_one(tmp_path: Path) -> None:
    async with users(tmp_path, NodePasswordHasher(PasswordSettings(memory=16384))):
        await User.create(email="ada", password="correct horse")
        await User.authenticate_by(email="bea", password="warm up")

        async def fastest(email: str) -> float:
            times: list[float] = []
            for _ in range(5):
                start = time.perf_counter()
                assert await User.authenticate_by(email=email, password="wrong") is None
                times.append(time.perf_counter() - start)
            return min(times)

        known, unknown = await fastest("ada"), await fastest("bea")
        assert 0.5 < known / unknown < 2


async def test_the_event_loop_goes_on_while_digests_are_made() -> None:
    hasher = NodePasswordHasher(PasswordSettings(iterations=6))
    making = asyncio.ensure_future(hasher.hash(b"x"))
    ticks = 0
    while not making.done():
        await asyncio.sleep(0.001)
        ticks += 1
    assert ticks > 5
    assert (await making).startswith("$argon2id$")
