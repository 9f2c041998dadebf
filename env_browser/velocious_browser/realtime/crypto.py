"""The cryptography of browsers: WebCrypto.

Law: as in ``interop.py``, a name that holds a JavaScript value starts with ``js_``. Private keys
stay in the browser's keeping: not even this program can read them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from velocious.errors import NotAvailableHereError
from velocious.errors.encryption import UnusableKeyError
from velocious.realtime.encryption.crypto import KEY, TAG, Curve

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from velocious.realtime.encryption.crypto import Aead, KeyPair

_NAMES = {
    Curve.P256: {"name": "ECDH", "namedCurve": "P-256"},
    Curve.X25519: {"name": "X25519"},
}


class BrowserCrypto:
    """Asks the browser, which answers later.

    Raises:
        NotAvailableHereError: the page came over plain HTTP from another machine, where browsers
            offer no cryptography.
    """

    def __init__(self) -> None:
        import js

        self._js_subtle: Any = getattr(getattr(js, "crypto"), "subtle", None)  # noqa: B009
        if self._js_subtle is None:
            raise NotAvailableHereError(
                "Encryption",
                environment="browser",
                instead="Serve the page over HTTPS, or from localhost.",
            )

    async def key_pair(self, curve: Curve) -> KeyPair:
        js_name = _js_object(_NAMES[curve])
        with _unsupported(curve):
            js_pair: Any = await self._js_subtle.generateKey(js_name, False, _js(["deriveBits"]))
        js_public: Any = await self._js_subtle.exportKey("raw", js_pair.publicKey)
        return WebKeyPair(self._js_subtle, js_pair.privateKey, curve, js_public.to_bytes())

    async def aead(self, key: bytes) -> Aead:
        if len(key) != KEY:
            raise ValueError(f"A key of AES-256 has {KEY} bytes, not {len(key)}.")
        js_key: Any = await self._js_subtle.importKey(
            "raw", _js(key), "AES-GCM", False, _js(["encrypt", "decrypt"])
        )
        return WebAesGcm(self._js_subtle, js_key)


class WebKeyPair:
    """A private key that the browser keeps, and the public one."""

    def __init__(self, js_subtle: Any, js_private: Any, curve: Curve, public: bytes) -> None:
        self._js_subtle = js_subtle
        self._js_private = js_private
        self.curve = curve
        self.public = public

    async def agree(self, peer: bytes) -> bytes:
        given = _NAMES[self.curve]
        if len(peer) != self.curve.public_size:
            raise _unusable(self.curve)
        with _refused_key(self.curve):
            js_peer: Any = await self._js_subtle.importKey(
                "raw", _js(peer), _js_object(given), False, _js([])
            )
            js_how = _js_object({"name": given["name"], "public": js_peer})
            js_bits: Any = await self._js_subtle.deriveBits(js_how, self._js_private, 256)
        return js_bits.to_bytes()


class WebAesGcm:
    """AES-256-GCM with one key."""

    def __init__(self, js_subtle: Any, js_key: Any) -> None:
        self._js_subtle = js_subtle
        self._js_key = js_key

    async def seal(self, nonce: bytes, data: bytes, context: bytes) -> bytes:
        js_how = _how(nonce, context)
        js_sealed: Any = await self._js_subtle.encrypt(js_how, self._js_key, _js(data))
        return js_sealed.to_bytes()

    async def open(self, nonce: bytes, sealed: bytes, context: bytes) -> bytes | None:
        from pyodide.ffi import JsException

        try:
            js_opened: Any = await self._js_subtle.decrypt(
                _how(nonce, context), self._js_key, _js(sealed)
            )
        except JsException as error:
            # The one error of WebCrypto for what is not authentic.
            if getattr(error, "name", "") == "OperationError":
                return None
            raise
        return js_opened.to_bytes()


def _how(nonce: bytes, context: bytes) -> Any:
    parts = {"name": "AES-GCM", "iv": _js(nonce), "tagLength": TAG * 8}
    return _js_object({**parts, "additionalData": _js(context)})


def _js(value: object) -> Any:
    from pyodide.ffi import to_js

    return to_js(value)


def _js_object(fields: Mapping[str, object]) -> Any:
    import js

    js_object: Any = getattr(js, "Object")  # noqa: B009
    js_made: Any = js_object.new()
    for name, value in fields.items():
        setattr(js_made, name, value)
    return js_made


@contextmanager
def _refused_key(curve: Curve) -> Generator[None]:
    from pyodide.ffi import JsException

    try:
        yield
    except JsException as error:
        if getattr(error, "name", "") in ("DataError", "OperationError"):
            raise _unusable(curve) from error
        raise


@contextmanager
def _unsupported(curve: Curve) -> Generator[None]:
    from pyodide.ffi import JsException

    try:
        yield
    except JsException as error:
        if getattr(error, "name", "") == "NotSupportedError":
            raise NotAvailableHereError(
                f"The curve {curve}",
                environment="browser",
                instead=f"Use {Curve.P256}, which every browser has.",
            ) from error
        raise


def _unusable(curve: Curve) -> UnusableKeyError:
    return UnusableKeyError("public key", f"a point of {curve}, {curve.public_size} bytes")
