"""Somebody who signs in."""

from __future__ import annotations

from app.model_bases.user import UserBase

from velocious.record.user import SecurePassword, generates_token_for, has_secure_password


class User(UserBase, SecurePassword):
    """Somebody who signs in."""

    password = has_secure_password(minimum=12)
    pin = has_secure_password(minimum=6, required=False)
    invitation = generates_token_for(expires_in=3600)
