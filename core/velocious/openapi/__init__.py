"""The OpenAPI 3.1 document of an application: its routes, and what its actions declare.

Law: nothing is written down twice: what is documented is what the router matches, what
``@accepts`` checks and what ``routing/failures.py`` answers.
"""

from __future__ import annotations

from velocious.openapi.document import openapi_document as openapi_document
