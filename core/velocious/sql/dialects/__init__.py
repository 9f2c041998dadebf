"""Dialects: what differs from standard SQL, one file each."""
