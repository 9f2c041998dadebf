"""Live events: what happens to records goes to the clients that listen, each as far as it may see.

A save tells all processes what happened (``telling``), once it is committed. In each process that
somebody listens in, a ``desk`` hears it and finds out, for each distinct ability among those who
listen (``audience``), what they are to hear (``judging``). Clients listen by ``channel``.

Law: a client hears of a record what it could read at that moment, and nothing else. A record that
it could see and no longer can arrives as destroyed. Each distinct ability is asked once per event.
A gap is never silent: ``{"action": "resync"}`` says that something may be missing.
"""

from __future__ import annotations
