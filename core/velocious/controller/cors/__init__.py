"""CORS: which other sites may read what this application answers to their pages.

Law: nothing is allowed that no rule names, and credentials never go to every origin.
"""

from __future__ import annotations

from velocious.controller.cors.cors import Cors as Cors
