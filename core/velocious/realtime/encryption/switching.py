"""The moment from which a connection is encrypted. There is no way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.realtime.connection import Connection
    from velocious.realtime.encryption.sealing import Agreement


def encrypt(connection: Connection, agreement: Agreement) -> None:
    """From now on, *connection* sends and takes what *agreement* says, and nothing else."""
    if connection.agreement is not None:
        # Who it is was said once more: it keeps the keys it has, or has none.
        return
    connection.agreement = agreement
    if agreement.sealer is None:
        return
    # Imported here: most applications leave the encryption to TLS.
    from velocious.realtime.encryption.opening import Opening
    from velocious.realtime.encryption.sealing_sink import SealingSink
    from velocious.realtime.receiving import receive_opened

    settings = connection.engine.settings
    # In the place of the one before: whatever is written goes through it.
    connection.sink = SealingSink(
        connection.sink, agreement.sealer, settings.queue_messages, settings.queue_bytes
    )
    if agreement.opener is not None:
        connection.opening = Opening(connection, agreement.opener, receive_opened)
