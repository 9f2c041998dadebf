"""What an action declares that it takes and answers: checked before it, documented from it."""

from __future__ import annotations

from velocious.controller.declaring.declaring import Answered as Answered
from velocious.controller.declaring.declaring import Declaration as Declaration
from velocious.controller.declaring.declaring import accepts as accepts
from velocious.controller.declaring.declaring import declaration_of as declaration_of
from velocious.controller.declaring.declaring import responds as responds
