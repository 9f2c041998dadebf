"""Records: rows as objects, with relationships, validations and callbacks.

Law: what many models do without is imported when it is named: a page waits for every module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.late import late_names
from velocious.record.attribute import Attribute as Attribute
from velocious.record.callbacks import after_commit as after_commit
from velocious.record.callbacks import after_create as after_create
from velocious.record.callbacks import after_destroy as after_destroy
from velocious.record.callbacks import after_rollback as after_rollback
from velocious.record.callbacks import after_save as after_save
from velocious.record.callbacks import after_update as after_update
from velocious.record.callbacks import after_validation as after_validation
from velocious.record.callbacks import before_create as before_create
from velocious.record.callbacks import before_destroy as before_destroy
from velocious.record.callbacks import before_save as before_save
from velocious.record.callbacks import before_update as before_update
from velocious.record.callbacks import before_validation as before_validation
from velocious.record.declared import attribute as attribute
from velocious.record.record import Record as Record
from velocious.record.relationships.belongs_to import BelongsTo as BelongsTo
from velocious.record.relationships.belongs_to import belongs_to as belongs_to
from velocious.record.relationships.collection import Collection as Collection
from velocious.record.relationships.has_many import HasMany as HasMany
from velocious.record.relationships.has_many import has_many as has_many
from velocious.record.relationships.has_one import HasOne as HasOne
from velocious.record.relationships.has_one import has_one as has_one
from velocious.record.relationships.nested import (
    accepts_nested_attributes_for as accepts_nested_attributes_for,
)
from velocious.record.scope import scope as scope
from velocious.record.validations.method import validate as validate
from velocious.record.validations.validates import validates as validates
from velocious.record.validations.validator import Validator as Validator

if TYPE_CHECKING:
    from velocious.record.at_home import at_home as at_home
    from velocious.record.attachments.declaration import HasManyAttachments as HasManyAttachments
    from velocious.record.attachments.declaration import HasOneAttachment as HasOneAttachment
    from velocious.record.attachments.declaration import (
        has_many_attachments as has_many_attachments,
    )
    from velocious.record.attachments.declaration import has_one_attachment as has_one_attachment
    from velocious.record.broadcasting import broadcasts_to as broadcasts_to
    from velocious.record.bulk import BulkInsertError as BulkInsertError
    from velocious.record.bulk import BulkResult as BulkResult
    from velocious.record.enums import enum as enum
    from velocious.record.soft_delete import SoftDelete as SoftDelete
    from velocious.record.state_machines import state_machine as state_machine
    from velocious.record.translated import translates as translates

__getattr__ = late_names(
    __name__,
    {
        "BulkInsertError": "velocious.record.bulk",
        "BulkResult": "velocious.record.bulk",
        "HasManyAttachments": "velocious.record.attachments.declaration",
        "HasOneAttachment": "velocious.record.attachments.declaration",
        "SoftDelete": "velocious.record.soft_delete",
        "at_home": "velocious.record.at_home",
        "broadcasts_to": "velocious.record.broadcasting",
        "enum": "velocious.record.enums",
        "has_many_attachments": "velocious.record.attachments.declaration",
        "has_one_attachment": "velocious.record.attachments.declaration",
        "state_machine": "velocious.record.state_machines",
        "translates": "velocious.record.translated",
    },
)
