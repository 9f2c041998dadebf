"""What every cipher must do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from velocious.cipher import Cipher
    from velocious.testing.environment import TestEnvironment

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


@pytest.fixture
def cipher(environment: TestEnvironment) -> Cipher:
    return environment.handler().cipher()


@pytest.mark.parametrize("data", [b"", b"x", bytes(range(256)) * 20])
def test_what_was_sealed_comes_back(cipher: Cipher, data: bytes) -> None:
    assert cipher.decrypt(KEY, cipher.encrypt(KEY, data, b"session"), b"session") == data


def test_another_key_does_not_open_it(cipher: Cipher) -> None:
    assert cipher.decrypt(OTHER_KEY, cipher.encrypt(KEY, b"data", b""), b"") is None


def test_another_context_does_not_open_it(cipher: Cipher) -> None:
    sealed = cipher.encrypt(KEY, b"data", b"session")
    assert cipher.decrypt(KEY, sealed, b"sessio") is None
    assert cipher.decrypt(KEY, sealed, b"sessiondata"[:11]) is None


def test_a_changed_byte_anywhere_opens_nothing(cipher: Cipher) -> None:
    sealed = cipher.encrypt(KEY, b"five", b"cart")
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        assert cipher.decrypt(KEY, changed, b"cart") is None


def test_a_part_of_it_opens_nothing(cipher: Cipher) -> None:
    sealed = cipher.encrypt(KEY, b"five", b"cart")
    for length in range(len(sealed)):
        assert cipher.decrypt(KEY, sealed[:length], b"cart") is None
