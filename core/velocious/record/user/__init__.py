"""What a model of people who sign in needs: passwords, and tokens for links in mails."""

from __future__ import annotations

from velocious.record.user.password import has_secure_password as has_secure_password
from velocious.record.user.secure_password import SecurePassword as SecurePassword
from velocious.record.user.token import generates_token_for as generates_token_for
