"""Server-sent events: the way out for clients that cannot open websockets.

Law: a stream that breaks is taken up again where it broke, or says that it cannot.
"""
