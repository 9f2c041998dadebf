"""How a connection to PostgreSQL is encrypted.

Law: what was asked for is what is done. ``prefer``, the default, encrypts where the server can, and
proves nothing; only ``verify-full`` knows whom it talks to.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError

if TYPE_CHECKING:
    from velocious.database.server_address import ServerAddress


def encryption(address: ServerAddress) -> ssl.SSLContext | str | bool:
    """What asyncpg's argument ``ssl`` takes for *address*.

    Raises:
        ConfigurationError: for a file that cannot be read.
    """
    if address.host.startswith("/") or address.tls == "disable":
        return False
    own_files = address.tls_ca or address.tls_certificate
    if address.tls == "prefer" and not own_files:
        return "prefer"
    context = ssl.create_default_context()
    context.check_hostname = address.tls == "verify-full"
    if address.tls in ("prefer", "require") and not address.tls_ca:
        context.verify_mode = ssl.CERT_NONE
    try:
        if address.tls_ca:
            context.load_verify_locations(address.tls_ca)
        if address.tls_certificate:
            context.load_cert_chain(address.tls_certificate, address.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"A file of sslrootcert, sslcert or sslkey cannot be used ({error}). Give the paths of "
            "PEM files that this process may read."
        ) from error
    return context
