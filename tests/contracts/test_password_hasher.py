"""What makes digests of passwords keeps its word, or says that it is not here."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from velocious.errors import NotAvailableHereError, UnreadableDigestError

if TYPE_CHECKING:
    from velocious.password_hasher import PasswordHasher
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
def hasher(environment: TestEnvironment) -> PasswordHasher:
    environment.needs("password_hashing")
    return environment.handler().password_hasher()


async def test_a_digest_fits_its_password_alone(hasher: PasswordHasher) -> None:
    digest = await hasher.hash(b"correct horse")
    assert await hasher.verify(digest, b"correct horse")
    assert not await hasher.verify(digest, b"Correct horse")
    assert not await hasher.verify(digest, b"")


async def test_a_digest_is_text_that_says_its_kind_and_not_its_password(
    hasher: PasswordHasher,
) -> None:
    digest = await hasher.hash(b"correct horse")
    assert digest.startswith("$")
    assert len(digest) <= 255
    assert digest.isascii()
    assert "correct" not in digest


async def test_equal_passwords_have_unequal_digests(hasher: PasswordHasher) -> None:
    both = await asyncio.gather(hasher.hash(b"x"), hasher.hash(b"x"))
    assert both[0] != both[1]


async def test_without_a_digest_every_password_is_wrong(hasher: PasswordHasher) -> None:
    assert [await hasher.verify(None, one) for one in (b"", b"x", b"x")] == [False] * 3


async def test_a_new_digest_is_up_to_date(hasher: PasswordHasher) -> None:
    assert not hasher.is_outdated(await hasher.hash(b"x"))


async def test_what_is_no_digest_is_an_error_and_not_a_wrong_password(
    hasher: PasswordHasher,
) -> None:
    for text in ("", "plain", "$unknown$x"):
        with pytest.raises(UnreadableDigestError):
            await hasher.verify(text, b"x")


def test_a_place_without_one_says_so(environment: TestEnvironment) -> None:
    if environment.can("password_hashing"):
        assert environment.handler().password_hasher() is not None
    else:
        with pytest.raises(NotAvailableHereError, match="server"):
            environment.handler().password_hasher()
