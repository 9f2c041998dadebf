"""HKDF with SHA-256, by the cases of RFC 5869 (appendix A.1 to A.3) and by another library."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from velocious.realtime.encryption.hkdf import hkdf

CASES = [
    (
        b"\x0b" * 22,
        bytes(range(13)),
        bytes(range(0xF0, 0xFA)),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        bytes(range(0x50)),
        bytes(range(0x60, 0xB0)),
        bytes(range(0xB0, 0x100)),
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c6"
        "5e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    ),
    (
        b"\x0b" * 22,
        b"",
        b"",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]


@pytest.mark.parametrize(("secret", "salt", "info", "wanted"), CASES)
def test_it_is_that_of_the_rfc(secret: bytes, salt: bytes, info: bytes, wanted: str) -> None:
    assert hkdf(secret, salt=salt, info=info, length=len(wanted) // 2).hex() == wanted


@given(st.binary(max_size=80), st.binary(max_size=80), st.binary(max_size=80), st.integers(1, 300))
def test_another_library_makes_the_same(
    secret: bytes, salt: bytes, info: bytes, length: int
) -> None:
    theirs = HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
    assert hkdf(secret, salt=salt, info=info, length=length) == theirs


@pytest.mark.parametrize("length", [0, -1, 8161])
def test_it_makes_no_more_than_it_can(length: int) -> None:
    with pytest.raises(ValueError, match="8,160"):
        hkdf(b"secret", salt=b"", info=b"", length=length)
