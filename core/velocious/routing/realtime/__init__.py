"""What ``routes.realtime`` mounts: websockets, and the few HTTP addresses beside them.

Law: the engine in ``velocious.realtime`` does the thinking; here HTTP is read and answered.
"""
