"""How commands get to a backend: in batches, over a websocket or HTTP."""
