"""Servers that do the same; see ``benchmarks/realtime/talk.py`` for what that is."""
