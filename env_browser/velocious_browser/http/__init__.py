"""Requests that this browser answers itself: what they are made of, and the cookies they carry."""
