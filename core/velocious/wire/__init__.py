"""Values on their way to another program: JSON text, with marks for what JSON has no form for.

Law: :func:`decode` gives back what :func:`encode` was given, or what ``docs/javascript.md`` says in
its table; a value that has no form raises, and names where it lies. Nothing is guessed.
"""

from __future__ import annotations

from velocious.wire.decoding import decode as decode
from velocious.wire.encoding import encode as encode
