"""Encryption as ignis does it, judged by ignis' own class, in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.node.realtime.packages import running
from velocious.errors import FrameRefusedError
from velocious.realtime.encryption import IgnisOffer, ignis
from velocious_node.realtime.crypto import NodeCrypto

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.node.realtime.packages import Program

CRYPTO = NodeCrypto()
FRAMES = [
    "",
    '{"event":"news","data":{"text":"plain"}}',
    '{"event":"ä€🎈","data":"\\ud83d"}',
    "x" * 100_000,
]


@pytest.fixture
async def theirs() -> AsyncIterator[Program]:
    async with running("ecdh.cjs") as program:
        yield program


@pytest.mark.parametrize("context", ["", "client-1"])
@pytest.mark.parametrize("info", [ignis.INFO, "another purpose"])
async def test_their_client_reads_our_server(theirs: Program, info: str, context: str) -> None:
    pair = await theirs.asks("pair", info=info)
    answer, sealer = await ignis.accept(CRYPTO, pair["publicKey"], info=info, context=context)
    await theirs.asks("derive", peer=answer.server_public_key, salt=answer.salt)
    for frame in FRAMES:
        opened = await theirs.asks("open", frame=await sealer.seal(frame), context=context)
        assert opened == {"event": "encrypted", "text": frame}


@pytest.mark.parametrize("context", ["", "client-1"])
async def test_our_client_reads_their_server(theirs: Program, context: str) -> None:
    offer = await IgnisOffer.make(CRYPTO)
    pair = await theirs.asks("pair")
    derived = await theirs.asks("derive", peer=offer.public_key)
    opener = await offer.accepted(pair["publicKey"], derived["salt"], context=context)
    for frame in FRAMES:
        sealed = await theirs.asks("seal", text=frame, context=context)
        assert await opener.open(sealed["frame"]) == frame


async def test_neither_reads_what_was_changed_or_is_for_something_else(theirs: Program) -> None:
    pair = await theirs.asks("pair")
    answer, sealer = await ignis.accept(CRYPTO, pair["publicKey"], context="client-1")
    await theirs.asks("derive", peer=answer.server_public_key, salt=answer.salt)
    refused = {"error": "OperationError"}
    assert await theirs.asks("open", frame=await sealer.seal("x"), context="client-2") == refused
    assert await theirs.asks("open", frame=await sealer.seal("x")) == refused

    offer = await IgnisOffer.make(CRYPTO)
    derived = await theirs.asks("derive", peer=offer.public_key)
    opener = await offer.accepted(pair["publicKey"], derived["salt"])
    sealed = await theirs.asks("seal", text="x", context="client-1")
    with pytest.raises(FrameRefusedError, match="changed"):
        await opener.open(sealed["frame"])


async def test_they_take_no_key_that_we_refuse(theirs: Program) -> None:
    await theirs.asks("pair")
    answer, _ = await ignis.accept(CRYPTO, (await theirs.asks("pair"))["publicKey"])
    for peer in ("", "AAAA", answer.salt, "BA" + "A" * 86):
        assert "error" in await theirs.asks("derive", peer=peer, salt=answer.salt)
