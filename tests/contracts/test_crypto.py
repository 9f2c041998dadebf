"""What the cryptography of every environment does, and what is built on it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import EncryptionError, FrameRefusedError, UnusableKeyError
from velocious.realtime.encryption import Curve, IgnisOffer, NativeOffer, ignis, native
from velocious.realtime.encryption.native_frames import Direction, NativeOpener, NativeSealer
from velocious.realtime.encryption.sealing_sink import SealingSink
from velocious.testing.realtime import MemorySink

if TYPE_CHECKING:
    from velocious.realtime.encryption import Crypto, NativeSession
    from velocious.testing.environment import TestEnvironment

KEY = bytes(range(32))
NONCE = bytes(12)
CONNECTION = "4f1c2b"

_KEY = "feffe9928665731c6d6a8f9467308308" * 2
_PLAIN = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
)
_SEALED = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
)
#: The cases of GCM's own specification with keys of 256 bits and nonces of 96: key, nonce, data,
#: context, what is sealed.
VECTORS = [
    ("00" * 32, "00" * 12, "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
    (
        *("00" * 32, "00" * 12, "00" * 16, ""),
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
    ),
    (
        *(_KEY, "cafebabefacedbaddecaf888", _PLAIN, ""),
        _SEALED + "b094dac5d93471bdec1a502270e3cc6c",
    ),
    (
        *(_KEY, "cafebabefacedbaddecaf888", _PLAIN[:120]),
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        _SEALED[:120] + "76fc6ece0f4e1768cddf8853bb2d551b",
    ),
]

#: Points of small order (RFC 7748, section 6.1): a secret with them is zero, whoever asks.
SMALL_ORDER = [
    bytes(32),
    b"\x01" + bytes(31),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
]


@pytest.fixture
def crypto(sqlite_environment: TestEnvironment) -> Crypto:
    return sqlite_environment.handler().crypto()


async def both_ends(
    crypto: Crypto, curve: Curve = Curve.P256
) -> tuple[NativeSession, NativeSession]:
    """An encrypted connection: the server's end, and the client's."""
    offer = await NativeOffer.make(crypto, curve)
    answer, server = await native.accept(crypto, offer.public_key, CONNECTION)
    client = await offer.accepted(answer.server_public_key, answer.salt, CONNECTION)
    return server, client


async def refusal(opener: Any, wire: str | bytes) -> str:
    with pytest.raises(FrameRefusedError) as caught:
        await opener.open(wire)
    return caught.value.reason


def compact(frame: dict[str, Any]) -> str:
    """*frame* as every client writes it."""
    return json.dumps(frame, separators=(",", ":"), ensure_ascii=False)


# Agreeing on a secret


@pytest.mark.parametrize("curve", list(Curve))
async def test_two_pairs_agree_on_one_secret(crypto: Crypto, curve: Curve) -> None:
    mine, theirs = await crypto.key_pair(curve), await crypto.key_pair(curve)
    secret = await mine.agree(theirs.public)
    assert len(secret) == 32
    assert await theirs.agree(mine.public) == secret
    assert mine.curve is curve
    assert len(mine.public) == curve.public_size
    assert Curve.of(mine.public) is curve


@pytest.mark.parametrize("curve", list(Curve))
async def test_every_pair_is_another(crypto: Crypto, curve: Curve) -> None:
    publics = {(await crypto.key_pair(curve)).public for _ in range(20)}
    assert len(publics) == 20


async def test_what_is_no_point_of_p256_is_refused(crypto: Crypto) -> None:
    pair = await crypto.key_pair(Curve.P256)
    other = (await crypto.key_pair(Curve.P256)).public
    not_on_the_curve = other[:-1] + bytes([other[-1] ^ 1])
    compressed = bytes([2 + other[-1] % 2]) + other[1:33]
    hybrid = bytes([6 + other[-1] % 2]) + other[1:]
    wrong = [b"", b"\0", bytes(65), b"\4" + bytes(64), b"\4" + b"\xff" * 64, other[:-1]]
    for peer in (*wrong, other + b"\0", not_on_the_curve, compressed, hybrid):
        with pytest.raises(UnusableKeyError, match="p256"):
            await pair.agree(peer)


async def test_what_leads_to_a_secret_that_anybody_knows_is_refused(crypto: Crypto) -> None:
    pair = await crypto.key_pair(Curve.X25519)
    for peer in (*SMALL_ORDER, b"", bytes(31), bytes(33)):
        with pytest.raises(UnusableKeyError, match="x25519"):
            await pair.agree(peer)


# AES-256-GCM


@pytest.mark.parametrize(("key", "nonce", "data", "context", "sealed"), VECTORS)
async def test_the_cipher_is_that_of_the_specification(
    crypto: Crypto, key: str, nonce: str, data: str, context: str, sealed: str
) -> None:
    aead = await crypto.aead(bytes.fromhex(key))
    parts = bytes.fromhex(nonce), bytes.fromhex(data), bytes.fromhex(context)
    assert (await aead.seal(*parts)).hex() == sealed
    opened = await aead.open(parts[0], bytes.fromhex(sealed), parts[2])
    assert opened == parts[1]


async def test_a_changed_byte_anywhere_opens_nothing(crypto: Crypto) -> None:
    aead = await crypto.aead(KEY)
    sealed = await aead.seal(NONCE, b"five", b"cart")
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        assert await aead.open(NONCE, changed, b"cart") is None
        assert await aead.open(NONCE, sealed[:place], b"cart") is None
    assert await aead.open(b"\1" * 12, sealed, b"cart") is None
    assert await aead.open(NONCE, sealed, b"carts") is None
    assert await (await crypto.aead(KEY[::-1])).open(NONCE, sealed, b"cart") is None


async def test_a_key_of_another_length_is_an_error(crypto: Crypto) -> None:
    for length in (0, 31, 33):
        with pytest.raises(ValueError, match=r"\d"):
            await crypto.aead(bytes(length))


# The native encryption


@pytest.mark.parametrize("curve", list(Curve))
async def test_both_ends_read_what_the_other_one_wrote(crypto: Crypto, curve: Curve) -> None:
    server, client = await both_ends(crypto, curve)
    for frame in ("", "x", '{"type":"event"}', "ä€🎈\0", "x" * 100_000, b"", b"\0\xff" * 5000):
        assert await client.opener.open(await server.sealer.seal(frame)) == frame
        assert await server.opener.open(await client.sealer.seal(frame)) == frame


async def test_nothing_of_a_frame_can_be_read_on_the_wire(crypto: Crypto) -> None:
    server, _ = await both_ends(crypto)
    wire = await server.sealer.seal('{"type":"event","ch":"news","data":"plain"}')
    assert list(json.loads(wire)) == ["type", "n", "ct"]
    assert "news" not in str(wire)
    assert "plain" not in str(wire)
    assert b"plain" not in await server.sealer.seal(b"plain")  # pyright: ignore[reportOperatorIssue]


async def test_equal_frames_look_unequal(crypto: Crypto) -> None:
    server, client = await both_ends(crypto)
    cts = [json.loads(await end.sealer.seal("x"))["ct"] for end in (server, client, server)]
    assert len(set(cts)) == 3


async def test_a_frame_that_comes_twice_is_refused(crypto: Crypto) -> None:
    server, client = await both_ends(crypto)
    first, second = await server.sealer.seal("one"), await server.sealer.seal("two")
    assert await client.opener.open(first) == "one"
    assert await client.opener.open(second) == "two"
    assert await refusal(client.opener, first) == "replayed"


async def test_a_frame_before_its_turn_is_refused(crypto: Crypto) -> None:
    server, client = await both_ends(crypto)
    _, second = await server.sealer.seal("one"), await server.sealer.seal("two")
    assert await refusal(client.opener, second) == "out_of_order"


async def test_a_frame_with_the_number_of_another_is_refused(crypto: Crypto) -> None:
    server, client = await both_ends(crypto)
    _, second = await server.sealer.seal("one"), json.loads(await server.sealer.seal("two"))
    assert await refusal(client.opener, compact(second | {"n": 0})) == "not_authentic"


async def test_a_frame_that_is_sent_back_is_refused(crypto: Crypto) -> None:
    server, _ = await both_ends(crypto)
    for frame in ("one", b"one"):
        server, _ = await both_ends(crypto)
        assert await refusal(server.opener, await server.sealer.seal(frame)) == "not_authentic"


async def test_a_frame_of_another_connection_is_refused(crypto: Crypto) -> None:
    server, _ = await both_ends(crypto)
    _, other_client = await both_ends(crypto)
    assert await refusal(other_client.opener, await server.sealer.seal("x")) == "not_authentic"


async def test_text_does_not_become_bytes(crypto: Crypto) -> None:
    server, client = await both_ends(crypto)
    wire = await server.sealer.seal(b"x")
    ct = native.to_text(wire[8:])  # pyright: ignore[reportArgumentType]
    as_text = compact({"type": "sealed", "n": 0, "ct": ct})
    assert await refusal(client.opener, as_text) == "not_authentic"


async def test_ends_that_know_different_ids_do_not_understand_each_other(crypto: Crypto) -> None:
    offer = await NativeOffer.make(crypto)
    answer, server = await native.accept(crypto, offer.public_key, "one")
    client = await offer.accepted(answer.server_public_key, answer.salt, "two")
    assert await refusal(client.opener, await server.sealer.seal("x")) == "not_authentic"


async def test_after_a_refusal_nothing_is_believed_any_more(crypto: Crypto) -> None:
    server, client = await both_ends(crypto)
    first, second = await server.sealer.seal("one"), await server.sealer.seal("two")
    assert await client.opener.open(first) == "one"
    assert await refusal(client.opener, first) == "replayed"
    assert await refusal(client.opener, second) == "replayed"


@pytest.mark.parametrize("sent", ["", "null", "[]", "1", '"x"', '{"type":"sub"}', "{", "[" * 9999])
async def test_what_is_not_sealed_is_refused(crypto: Crypto, sent: str) -> None:
    _, client = await both_ends(crypto)
    assert await refusal(client.opener, sent) in ("unencrypted", "malformed")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"n": 0},
        {"n": True, "ct": "A" * 24},
        {"n": "0", "ct": "A" * 24},
        {"n": 0.0, "ct": "A" * 24},
        {"n": -1, "ct": "A" * 24},
        {"n": 2**32, "ct": "A" * 24},
        {"n": 0, "ct": "A" * 23},
        {"n": 0, "ct": "AAAA"},
        {"n": 0, "ct": "A" * 23 + "\n"},
        {"n": 0, "ct": "A" * 21 + "B=="},
        {"n": 0, "ct": ["A" * 24]},
        {"n": 0, "ct": "ä" * 24},
    ],
)
async def test_sealed_frames_have_one_form(crypto: Crypto, fields: dict[str, Any]) -> None:
    _, client = await both_ends(crypto)
    assert await refusal(client.opener, compact({"type": "sealed", **fields})) == "malformed"


@pytest.mark.parametrize("sent", [b"", bytes(8), bytes(23), b"\xff" * 24])
async def test_sealed_bytes_have_one_form(crypto: Crypto, sent: bytes) -> None:
    _, client = await both_ends(crypto)
    assert await refusal(client.opener, sent) == "malformed"


async def test_frames_are_the_same_everywhere(crypto: Crypto) -> None:
    aead = await crypto.aead(KEY)
    sealer = NativeSealer(aead, Direction.TO_CLIENT, CONNECTION)
    assert await sealer.seal("news") == SEALED_TEXT
    assert await sealer.seal(b"news") == SEALED_BYTES
    opener = NativeOpener(aead, Direction.TO_CLIENT, CONNECTION)
    assert await opener.open(SEALED_TEXT) == "news"
    assert await opener.open(SEALED_BYTES) == b"news"


SEALED_TEXT = '{"type":"sealed","n":0,"ct":"YNnCrQq3d0tnq6p9LiGqFhWPt3s="}'
SEALED_BYTES = bytes.fromhex("00000000000000017bb3c88fbb1d974b01c87b3818db9d5f7d83942d")


@pytest.mark.parametrize("curve", list(Curve))
async def test_a_curve_that_is_not_wanted_is_refused(crypto: Crypto, curve: Curve) -> None:
    offer = await NativeOffer.make(crypto, curve)
    others = frozenset(Curve) - {curve}
    with pytest.raises(UnusableKeyError):
        await native.accept(crypto, offer.public_key, CONNECTION, curves=others)
    await native.accept(crypto, offer.public_key, CONNECTION, curves={curve})


@pytest.mark.parametrize("key", [None, 5, "", "A", "AAAA", "A" * 88, "-" * 88, ["x"], "ä" * 44])
async def test_a_key_that_is_none_is_an_error_and_no_accident(crypto: Crypto, key: object) -> None:
    for accept in (native.accept(crypto, key, CONNECTION), ignis.accept(crypto, key)):
        with pytest.raises(UnusableKeyError):
            await accept


async def test_an_answer_that_is_none_is_an_error_and_no_accident(crypto: Crypto) -> None:
    offer = await NativeOffer.make(crypto)
    answer, _ = await native.accept(crypto, offer.public_key, CONNECTION)
    for key, salt in ((None, answer.salt), (answer.server_public_key, "AAAA"), (answer.salt, None)):
        with pytest.raises(UnusableKeyError):
            await offer.accepted(key, salt, CONNECTION)


# Order


class Closing(MemorySink):
    """Tells when it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.has_closed = asyncio.Event()

    def close(self, code: int, reason: str) -> None:
        super().close(code, reason)
        self.has_closed.set()


async def test_frames_leave_in_the_order_in_which_they_were_written(crypto: Crypto) -> None:
    server, client = await both_ends(crypto)
    inner = Closing()
    sink = SealingSink(inner, server.sealer, messages=100, size=10**7)
    lengths = [50_000, 3, 20_000, 1] * 10
    frames = [str(number) + "x" * length for number, length in enumerate(lengths)]
    for frame in frames:
        assert sink.write(frame)
    sink.close(1000, "done")
    async with asyncio.timeout(30):
        await inner.has_closed.wait()
    assert [await client.opener.open(wire) for wire in inner.frames] == frames


# The encryption of ignis


async def test_an_ignis_client_reads_what_the_server_wrote(crypto: Crypto) -> None:
    offer = await IgnisOffer.make(crypto)
    answer, sealer = await ignis.accept(crypto, offer.public_key)
    opener = await offer.accepted(answer.server_public_key, answer.salt)
    for frame in ("", '{"event":"news","data":1}', "ä€🎈", "x" * 10_000):
        wire = await sealer.seal(frame)
        assert json.loads(wire)["event"] == "encrypted"
        assert await opener.open(wire) == frame


async def test_ignis_frames_have_the_form_of_ignis(crypto: Crypto) -> None:
    offer = await IgnisOffer.make(crypto)
    _, sealer = await ignis.accept(crypto, offer.public_key)
    wire = json.loads(await sealer.seal("x"))
    assert list(wire) == ["event", "data"]
    assert list(wire["data"]) == ["iv", "ct"]
    assert [len(native.from_text(wire["data"][name]) or b"") for name in ("iv", "ct")] == [12, 17]


@pytest.mark.parametrize("field", ["info", "context"])
async def test_ignis_ends_must_agree_on_what_the_keys_are_for(crypto: Crypto, field: str) -> None:
    offer = await IgnisOffer.make(crypto)
    given: Any = {field: "one"}
    answer, sealer = await ignis.accept(crypto, offer.public_key, **given)
    wire = await sealer.seal("x")
    same = await offer.accepted(answer.server_public_key, answer.salt, **given)
    assert await same.open(wire) == "x"
    other = await offer.accepted(answer.server_public_key, answer.salt)
    assert await refusal(other, wire) == "not_authentic"


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "null",
        "[]",
        '{"event":"news"}',
        '{"event":"encrypted"}',
        '{"event":"encrypted","data":1}',
    ]
    + [f'{{"event":"encrypted","data":{{"iv":"{iv}","ct":"AAAA"}}}}' for iv in ("", "AAAA", "A")],
)
async def test_what_ignis_did_not_encrypt_is_refused(crypto: Crypto, sent: str) -> None:
    offer = await IgnisOffer.make(crypto)
    answer, _ = await ignis.accept(crypto, offer.public_key)
    opener = await offer.accepted(answer.server_public_key, answer.salt)
    assert await refusal(opener, sent) in ("unencrypted", "malformed")


async def test_ignis_has_no_encrypted_bytes_and_says_so(crypto: Crypto) -> None:
    offer = await IgnisOffer.make(crypto)
    _, sealer = await ignis.accept(crypto, offer.public_key)
    with pytest.raises(EncryptionError, match="binary"):
        await sealer.seal(b"x")
