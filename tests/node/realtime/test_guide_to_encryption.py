"""What the guide to encrypted sockets says is run."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.node.guides import python_blocks, run
from velocious.realtime import Engine
from velocious.realtime.encryption import NativeHandshake, NativeOffer
from velocious.realtime.encryption.text import from_text, to_text
from velocious.testing.realtime import Participant
from velocious_node.realtime.crypto import NodeCrypto

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

GUIDE = "docs/encrypted-sockets.md"
SECRET = "a secret that only these tests know."


async def test_the_encryption_and_the_tickets_of_the_guide(
    sqlite_environment: TestEnvironment,
) -> None:
    guide = run("\n".join(python_blocks(GUIDE)))
    async with sqlite_environment.application(routes=guide["routes"], secret=SECRET):
        engine = Engine(authenticate=guide["by_token"], handshake=guide["handshake"])
        ann = Participant(engine)
        offer = await NativeOffer.make(NodeCrypto())
        await ann.says(type="auth", token="ann", publicKey=offer.public_key)
        assert ann.heard("ready")["serverPublicKey"]
        assert ann.connection.is_encrypted

        credentials = {"ticket": await guide["ticket_for"](5)}
        found = await guide["by_ticket"](ann.connection, credentials)
        assert found.id == "5"
        assert await guide["by_ticket"](ann.connection, credentials) is None


async def test_whoever_does_what_the_table_says_understands_the_server() -> None:
    engine = Engine(authenticate=by_token, handshake=NativeHandshake(NodeCrypto()))
    ann = Participant(engine)
    private = generate_private_key(SECP256R1())
    mine = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    await ann.says(type="auth", token="ann", publicKey=to_text(mine))
    ready = ann.heard("ready")
    theirs, salt = from_text(ready["serverPublicKey"]), from_text(ready["salt"])
    assert theirs is not None
    public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), theirs)
    secret = private.exchange(ECDH(), public)
    me = ready["cid"].encode()
    digests = b"".join(sha256(part).digest() for part in (me, mine, theirs))

    def cipher(direction: bytes) -> AESGCM:
        info = b"velocious realtime v1 aes-256-gcm\0" + direction + b"\0" + digests
        return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret))

    def bound(direction: bytes) -> bytes:
        return b"velocious realtime v1\0" + direction + b"\0text\0" + me

    ping = cipher(b"to server").encrypt(bytes(12), b'{"type":"ping"}', bound(b"to server"))
    await ann.sends(f'{{"type":"sealed","n":0,"ct":"{to_text(ping)}"}}')
    pong = from_text(ann.heard("sealed")["ct"])
    assert pong is not None
    opened = cipher(b"to client").decrypt(bytes(12), pong, bound(b"to client"))
    assert opened == b'{"type":"pong"}'


async def by_token(_: object, credentials: dict[str, str]) -> str | None:
    return credentials.get("token")
