"""Answers that are sent in parts: files, streams and server-sent events.

Law: imported when the first one is sent.
"""
