"""Whether a client may keep an answer, and whether it has the present one already.

Law: imported when the first action asks.
"""
