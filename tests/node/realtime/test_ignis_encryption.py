"""Encryption as ignis does it, judged by ignis' own class, in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.node.realtime.foreign_client import foreign_client, needs
from velocious.errors import FrameRefusedError
from velocious.realtime.encryption import IgnisOffer, ignis
from velocious_node.realtime.crypto import NodeCrypto

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.node.realtime.foreign_client import ForeignClient

CRYPTO = NodeCrypto()
FRAMES = [
    "",
    '{"event":"news","data":{"text":"plain"}}',
    '{"event":"ä€🎈","data":"\\ud83d"}',
    "x" * 20_000,
]


class Theirs:
    """Ignis' class, one step after the other."""

    def __init__(self, client: ForeignClient) -> None:
        self._client = client

    async def asks(self, step: str, **given: Any) -> dict[str, Any]:
        """The answer to *step*, or what it failed with."""
        before = len(self._client.said)
        await self._client.do(step, **given)
        await self._client.hears_more_than(before)
        return self._client.said[before]


@pytest.fixture
async def theirs(tmp_path: Path) -> AsyncIterator[Theirs]:
    needs("@venizia/ignis-helpers")
    # Its logger makes files where it is started.
    async with foreign_client("ecdh.cjs", directory=tmp_path) as client:
        yield Theirs(client)


@pytest.mark.parametrize("context", ["", "client-1"])
@pytest.mark.parametrize("info", [ignis.INFO, "another purpose"])
async def test_their_client_reads_our_server(theirs: Theirs, info: str, context: str) -> None:
    pair = await theirs.asks("pair", info=info)
    answer, sealer = await ignis.accept(CRYPTO, pair["publicKey"], info=info, context=context)
    await theirs.asks("derive", peer=answer.server_public_key, salt=answer.salt)
    for frame in FRAMES:
        opened = await theirs.asks("open", frame=await sealer.seal(frame), context=context)
        assert opened == {"kind": "open", "event": "encrypted", "text": frame}


@pytest.mark.parametrize("context", ["", "client-1"])
async def test_our_client_reads_their_server(theirs: Theirs, context: str) -> None:
    offer = await IgnisOffer.make(CRYPTO)
    pair = await theirs.asks("pair")
    derived = await theirs.asks("derive", peer=offer.public_key)
    opener = await offer.accepted(pair["publicKey"], derived["salt"], context=context)
    for frame in FRAMES:
        sealed = await theirs.asks("seal", text=frame, context=context)
        assert await opener.open(sealed["frame"]) == frame


async def test_neither_reads_what_was_changed_or_is_for_something_else(theirs: Theirs) -> None:
    pair = await theirs.asks("pair")
    answer, sealer = await ignis.accept(CRYPTO, pair["publicKey"], context="client-1")
    await theirs.asks("derive", peer=answer.server_public_key, salt=answer.salt)
    for context in ("client-2", ""):
        opened = await theirs.asks("open", frame=await sealer.seal("x"), context=context)
        assert opened["kind"] == "failed"
        assert "OperationError" in opened["message"]

    offer = await IgnisOffer.make(CRYPTO)
    derived = await theirs.asks("derive", peer=offer.public_key)
    opener = await offer.accepted(pair["publicKey"], derived["salt"])
    sealed = await theirs.asks("seal", text="x", context="client-1")
    with pytest.raises(FrameRefusedError, match="changed"):
        await opener.open(sealed["frame"])


async def test_they_take_no_key_that_we_refuse(theirs: Theirs) -> None:
    await theirs.asks("pair")
    answer, _ = await ignis.accept(CRYPTO, (await theirs.asks("pair"))["publicKey"])
    for peer in ("", "AAAA", answer.salt, "BA" + "A" * 86):
        derived = await theirs.asks("derive", peer=peer, salt=answer.salt)
        assert derived["kind"] == "failed"
