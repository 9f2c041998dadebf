"""Tags of our own: ``{% content_for %}`` and ``{% cache %}``."""
