"""Texts for people, in their language."""

from __future__ import annotations

from velocious.translation.catalogue import Catalogue as Catalogue
from velocious.translation.catalogue import Messages as Messages
from velocious.translation.locale import current_locale as current_locale
from velocious.translation.locale import locale_chain as locale_chain
from velocious.translation.locale import use_locale as use_locale
