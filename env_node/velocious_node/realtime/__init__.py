"""Realtime on a server: the websocket that writes frames which are made once, and its ciphers."""
