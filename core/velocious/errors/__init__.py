"""The one error tree of Velocious.

Law: every error is a :class:`VelociousError`, keeps the facts as attributes and says three things
in its message: what was wrong (with the value), what would have been right, and the command or line
that fixes it.

::

    VelociousError
    ├── ConfigurationError
    │   ├── CurrentConfigurationNotSetError
    │   ├── CurrentScopeError
    │   ├── MissingSecretError
    │   ├── ResourceDeclarationError
    │   └── UnknownOptionError
    ├── DatabaseError
    │   ├── DatabaseUnavailableError
    │   │   ├── DatabaseLockedError
    │   │   ├── DatabaseCorruptError
    │   │   ├── DatabaseUnreachableError
    │   │   │   └── TooManyConnectionsError
    │   │   ├── ConnectionLostError
    │   │   ├── PoolTimeoutError
    │   │   ├── ReloadNeededError
    │   │   └── StorageFullError
    │   ├── NoConnectionError
    │   ├── ReadOnlyDatabaseError
    │   ├── StatementError
    │   │   ├── ConstraintError
    │   │   │   ├── UniqueConstraintError
    │   │   │   ├── ForeignKeyConstraintError
    │   │   │   ├── NotNullConstraintError
    │   │   │   └── CheckConstraintError
    │   │   ├── ValueOutOfRangeError
    │   │   ├── StatementTimeoutError
    │   │   ├── LockTimeoutError
    │   │   └── TransactionConflictError
    │   │       ├── DeadlockError
    │   │       └── SerializationError
    │   ├── TransactionError
    │   │   ├── TransactionTaskError
    │   │   └── TransactionLostError
    │   ├── AdvisoryLockError
    │   │   ├── AdvisoryLockBusyError
    │   │   └── AdvisoryLockTimeoutError
    │   ├── CopyError
    │   ├── BackupError
    │   ├── TenantError
    │   │   ├── TenantLimitError
    │   │   └── TenantSchemaError
    │   └── UnknownTableError
    ├── QueryError
    │   ├── LiveWriteError
    │   ├── UnknownAttributeError
    │   ├── UnknownRelationshipError
    │   ├── UnknownOperatorError
    │   ├── UnknownFilterError
    │   └── UnsupportedValueError
    ├── RecordError
    │   ├── RecordNotFoundError
    │   ├── ValidationError
    │   ├── RelationshipNotLoadedError
    │   ├── AttributeNotSelectedError
    │   ├── RecordNotPersistedError
    │   ├── RecordNotSavedError
    │   ├── StaleRecordError
    │   ├── StateTransitionError
    │   ├── UnreadableDigestError
    │   ├── Halt
    │   ├── DeleteRestrictedError
    │   ├── SchemaNotLoadedError
    │   ├── UnknownModelError
    │   └── AttachmentError
    │       ├── AttachmentInputError
    │       ├── AttachmentTooLargeError
    │       ├── AttachmentNotFoundError
    │       ├── AttachmentDamagedError
    │       ├── AttachmentWithoutUrlError
    │       └── AttachmentsTableMissingError
    ├── MigrationError
    │   ├── IrreversibleMigrationError
    │   ├── InterruptedMigrationError
    │   └── PendingMigrationsError
    ├── CommandError
    │   ├── WrongUsageError
    │   └── UnknownCommandError
    ├── RoutingError
    │   ├── FilterError
    │   ├── MissingControllerError
    │   ├── RouteHookError
    │   └── UrlError
    ├── RenderError
    │   ├── RedirectError
    │   ├── UnpermittedParametersError
    │   ├── MissingTemplateError
    │   └── TemplateError
    ├── AbilityNotSetError
    ├── RuleError
    ├── CookieError
    ├── SessionsTableMissingError
    ├── RequestError
    │   ├── MalformedRequestError
    │   ├── UnsupportedBodyError
    │   ├── TooManyParametersError
    │   ├── InvalidParameterError
    │   ├── MissingParameterError
    │   ├── NotAcceptableError
    │   ├── PreconditionFailedError
    │   ├── RangeNotSatisfiableError
    │   ├── HostNotAllowedError
    │   ├── OriginNotAllowedError
    │   ├── ForgeryError
    │   ├── AccessDeniedError
    │   ├── BodyTooLargeError
    │   ├── ActionTimeoutError
    │   └── ResourceError
    │       ├── UnknownResourceError
    │       ├── UnknownResourceCommandError
    │       ├── MalformedCommandError
    │       ├── NotExposedError
    │       ├── NotWritableError
    │       ├── InvalidArgumentsError
    │       ├── RawQueryRefusedError
    │       ├── ResourceLimitError
    │       └── CommandHaltedError
    ├── RealtimeError
    │   ├── Fault
    │   │   ├── BadFrameError
    │   │   ├── ChannelNameError
    │   │   └── NotAuthorizedError
    │   ├── ChannelSecretError
    │   ├── ConnectFailedError
    │   ├── EnvelopeError
    │   ├── ProviderUnavailableError
    │   ├── DuplicateMessageError
    │   ├── EncryptionError
    │   │   ├── UnusableKeyError
    │   │   └── FrameRefusedError
    │   ├── NotConnectedError
    │   ├── RemoteFault
    │   ├── SendBufferFullError
    │   └── SocketClosedError
    ├── RemoteError
    │   ├── NotRemoteError
    │   ├── BackendUnreachableError
    │   ├── BackendAnswerError
    │   └── CommandRefusedError
    ├── WireError
    ├── PlatformError
    │   └── NotAvailableHereError
    └── TestingError
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors.base import VelociousError as VelociousError
from velocious.errors.base import close_matches as close_matches
from velocious.errors.base import suggestion as suggestion
from velocious.errors.configuration import ConfigurationError as ConfigurationError
from velocious.errors.configuration import (
    CurrentConfigurationNotSetError as CurrentConfigurationNotSetError,
)
from velocious.errors.configuration import CurrentScopeError as CurrentScopeError
from velocious.errors.configuration import MissingSecretError as MissingSecretError
from velocious.errors.configuration import UnknownOptionError as UnknownOptionError
from velocious.errors.database import BackupError as BackupError
from velocious.errors.database import ConnectionLostError as ConnectionLostError
from velocious.errors.database import CopyError as CopyError
from velocious.errors.database import DatabaseCorruptError as DatabaseCorruptError
from velocious.errors.database import DatabaseError as DatabaseError
from velocious.errors.database import DatabaseLockedError as DatabaseLockedError
from velocious.errors.database import DatabaseUnavailableError as DatabaseUnavailableError
from velocious.errors.database import DatabaseUnreachableError as DatabaseUnreachableError
from velocious.errors.database import NoConnectionError as NoConnectionError
from velocious.errors.database import PoolTimeoutError as PoolTimeoutError
from velocious.errors.database import ReadOnlyDatabaseError as ReadOnlyDatabaseError
from velocious.errors.database import ReloadNeededError as ReloadNeededError
from velocious.errors.database import StorageFullError as StorageFullError
from velocious.errors.database import TooManyConnectionsError as TooManyConnectionsError
from velocious.errors.database import UnknownTableError as UnknownTableError
from velocious.errors.query import QueryError as QueryError
from velocious.errors.query import UnknownAttributeError as UnknownAttributeError
from velocious.errors.query import UnknownFilterError as UnknownFilterError
from velocious.errors.query import UnknownOperatorError as UnknownOperatorError
from velocious.errors.query import UnknownRelationshipError as UnknownRelationshipError
from velocious.errors.query import UnsupportedValueError as UnsupportedValueError
from velocious.errors.realtime import BadFrameError as BadFrameError
from velocious.errors.realtime import ChannelNameError as ChannelNameError
from velocious.errors.realtime import ChannelSecretError as ChannelSecretError
from velocious.errors.realtime import DuplicateMessageError as DuplicateMessageError
from velocious.errors.realtime import EnvelopeError as EnvelopeError
from velocious.errors.realtime import Fault as Fault
from velocious.errors.realtime import NotAuthorizedError as NotAuthorizedError
from velocious.errors.realtime import ProviderUnavailableError as ProviderUnavailableError
from velocious.errors.realtime import RealtimeError as RealtimeError
from velocious.errors.realtime_client import ConnectFailedError as ConnectFailedError
from velocious.errors.realtime_client import NotConnectedError as NotConnectedError
from velocious.errors.realtime_client import RemoteFault as RemoteFault
from velocious.errors.realtime_client import SendBufferFullError as SendBufferFullError
from velocious.errors.realtime_client import SocketClosedError as SocketClosedError
from velocious.errors.record import AttributeNotSelectedError as AttributeNotSelectedError
from velocious.errors.record import DeleteRestrictedError as DeleteRestrictedError
from velocious.errors.record import Halt as Halt
from velocious.errors.record import RecordError as RecordError
from velocious.errors.record import RecordNotFoundError as RecordNotFoundError
from velocious.errors.record import RecordNotPersistedError as RecordNotPersistedError
from velocious.errors.record import RecordNotSavedError as RecordNotSavedError
from velocious.errors.record import RelationshipNotLoadedError as RelationshipNotLoadedError
from velocious.errors.record import SchemaNotLoadedError as SchemaNotLoadedError
from velocious.errors.record import StaleRecordError as StaleRecordError
from velocious.errors.record import StateTransitionError as StateTransitionError
from velocious.errors.record import UnknownModelError as UnknownModelError
from velocious.errors.record import UnreadableDigestError as UnreadableDigestError
from velocious.errors.record import ValidationError as ValidationError
from velocious.errors.statement import CheckConstraintError as CheckConstraintError
from velocious.errors.statement import ConstraintError as ConstraintError
from velocious.errors.statement import DeadlockError as DeadlockError
from velocious.errors.statement import ForeignKeyConstraintError as ForeignKeyConstraintError
from velocious.errors.statement import LockTimeoutError as LockTimeoutError
from velocious.errors.statement import NotNullConstraintError as NotNullConstraintError
from velocious.errors.statement import SerializationError as SerializationError
from velocious.errors.statement import StatementError as StatementError
from velocious.errors.statement import StatementTimeoutError as StatementTimeoutError
from velocious.errors.statement import TransactionConflictError as TransactionConflictError
from velocious.errors.statement import UniqueConstraintError as UniqueConstraintError
from velocious.errors.statement import ValueOutOfRangeError as ValueOutOfRangeError
from velocious.late import late_names

if TYPE_CHECKING:
    from velocious.errors.attachment import AttachmentDamagedError as AttachmentDamagedError
    from velocious.errors.attachment import AttachmentError as AttachmentError
    from velocious.errors.attachment import AttachmentInputError as AttachmentInputError
    from velocious.errors.attachment import AttachmentNotFoundError as AttachmentNotFoundError
    from velocious.errors.attachment import (
        AttachmentsTableMissingError as AttachmentsTableMissingError,
    )
    from velocious.errors.attachment import AttachmentTooLargeError as AttachmentTooLargeError
    from velocious.errors.attachment import AttachmentWithoutUrlError as AttachmentWithoutUrlError
    from velocious.errors.authorization import AbilityNotSetError as AbilityNotSetError
    from velocious.errors.authorization import AccessDeniedError as AccessDeniedError
    from velocious.errors.authorization import RuleError as RuleError
    from velocious.errors.command import CommandError as CommandError
    from velocious.errors.command import UnknownCommandError as UnknownCommandError
    from velocious.errors.command import WrongUsageError as WrongUsageError
    from velocious.errors.encryption import EncryptionError as EncryptionError
    from velocious.errors.encryption import FrameRefusedError as FrameRefusedError
    from velocious.errors.encryption import UnusableKeyError as UnusableKeyError
    from velocious.errors.live import LiveWriteError as LiveWriteError
    from velocious.errors.migration import InterruptedMigrationError as InterruptedMigrationError
    from velocious.errors.migration import IrreversibleMigrationError as IrreversibleMigrationError
    from velocious.errors.migration import MigrationError as MigrationError
    from velocious.errors.migration import PendingMigrationsError as PendingMigrationsError
    from velocious.errors.platform import NotAvailableHereError as NotAvailableHereError
    from velocious.errors.platform import PlatformError as PlatformError
    from velocious.errors.remote import BackendAnswerError as BackendAnswerError
    from velocious.errors.remote import BackendUnreachableError as BackendUnreachableError
    from velocious.errors.remote import CommandRefusedError as CommandRefusedError
    from velocious.errors.remote import NotRemoteError as NotRemoteError
    from velocious.errors.remote import RemoteError as RemoteError
    from velocious.errors.request import ActionTimeoutError as ActionTimeoutError
    from velocious.errors.request import BodyTooLargeError as BodyTooLargeError
    from velocious.errors.request import CookieError as CookieError
    from velocious.errors.request import FilterError as FilterError
    from velocious.errors.request import ForgeryError as ForgeryError
    from velocious.errors.request import HostNotAllowedError as HostNotAllowedError
    from velocious.errors.request import InvalidParameterError as InvalidParameterError
    from velocious.errors.request import MalformedRequestError as MalformedRequestError
    from velocious.errors.request import MissingControllerError as MissingControllerError
    from velocious.errors.request import MissingParameterError as MissingParameterError
    from velocious.errors.request import NotAcceptableError as NotAcceptableError
    from velocious.errors.request import OriginNotAllowedError as OriginNotAllowedError
    from velocious.errors.request import PreconditionFailedError as PreconditionFailedError
    from velocious.errors.request import RangeNotSatisfiableError as RangeNotSatisfiableError
    from velocious.errors.request import RedirectError as RedirectError
    from velocious.errors.request import RenderError as RenderError
    from velocious.errors.request import RequestError as RequestError
    from velocious.errors.request import RouteHookError as RouteHookError
    from velocious.errors.request import RoutingError as RoutingError
    from velocious.errors.request import SessionsTableMissingError as SessionsTableMissingError
    from velocious.errors.request import TooManyParametersError as TooManyParametersError
    from velocious.errors.request import UnpermittedParametersError as UnpermittedParametersError
    from velocious.errors.request import UnsupportedBodyError as UnsupportedBodyError
    from velocious.errors.request import UrlError as UrlError
    from velocious.errors.resource import CommandHaltedError as CommandHaltedError
    from velocious.errors.resource import InvalidArgumentsError as InvalidArgumentsError
    from velocious.errors.resource import MalformedCommandError as MalformedCommandError
    from velocious.errors.resource import NotExposedError as NotExposedError
    from velocious.errors.resource import NotWritableError as NotWritableError
    from velocious.errors.resource import RawQueryRefusedError as RawQueryRefusedError
    from velocious.errors.resource import ResourceDeclarationError as ResourceDeclarationError
    from velocious.errors.resource import ResourceError as ResourceError
    from velocious.errors.resource import ResourceLimitError as ResourceLimitError
    from velocious.errors.resource import UnknownResourceCommandError as UnknownResourceCommandError
    from velocious.errors.resource import UnknownResourceError as UnknownResourceError
    from velocious.errors.tenant import TenantError as TenantError
    from velocious.errors.tenant import TenantLimitError as TenantLimitError
    from velocious.errors.tenant import TenantSchemaError as TenantSchemaError
    from velocious.errors.testing import TestingError as TestingError
    from velocious.errors.transaction import AdvisoryLockBusyError as AdvisoryLockBusyError
    from velocious.errors.transaction import AdvisoryLockError as AdvisoryLockError
    from velocious.errors.transaction import AdvisoryLockTimeoutError as AdvisoryLockTimeoutError
    from velocious.errors.transaction import TransactionError as TransactionError
    from velocious.errors.transaction import TransactionLostError as TransactionLostError
    from velocious.errors.transaction import TransactionTaskError as TransactionTaskError
    from velocious.errors.view import MissingTemplateError as MissingTemplateError
    from velocious.errors.view import TemplateError as TemplateError
    from velocious.errors.wire import WireError as WireError

__getattr__ = late_names(
    __name__,
    {
        "AttachmentError": "velocious.errors.attachment",
        "AttachmentInputError": "velocious.errors.attachment",
        "AttachmentTooLargeError": "velocious.errors.attachment",
        "AttachmentNotFoundError": "velocious.errors.attachment",
        "AttachmentDamagedError": "velocious.errors.attachment",
        "AttachmentWithoutUrlError": "velocious.errors.attachment",
        "AttachmentsTableMissingError": "velocious.errors.attachment",
        "AbilityNotSetError": "velocious.errors.authorization",
        "AccessDeniedError": "velocious.errors.authorization",
        "RuleError": "velocious.errors.authorization",
        "CommandError": "velocious.errors.command",
        "WrongUsageError": "velocious.errors.command",
        "UnknownCommandError": "velocious.errors.command",
        "EncryptionError": "velocious.errors.encryption",
        "UnusableKeyError": "velocious.errors.encryption",
        "FrameRefusedError": "velocious.errors.encryption",
        "LiveWriteError": "velocious.errors.live",
        "MigrationError": "velocious.errors.migration",
        "IrreversibleMigrationError": "velocious.errors.migration",
        "InterruptedMigrationError": "velocious.errors.migration",
        "PendingMigrationsError": "velocious.errors.migration",
        "PlatformError": "velocious.errors.platform",
        "NotAvailableHereError": "velocious.errors.platform",
        "RoutingError": "velocious.errors.request",
        "FilterError": "velocious.errors.request",
        "MissingControllerError": "velocious.errors.request",
        "RouteHookError": "velocious.errors.request",
        "UrlError": "velocious.errors.request",
        "BackendAnswerError": "velocious.errors.remote",
        "BackendUnreachableError": "velocious.errors.remote",
        "CommandRefusedError": "velocious.errors.remote",
        "NotRemoteError": "velocious.errors.remote",
        "RemoteError": "velocious.errors.remote",
        "RedirectError": "velocious.errors.request",
        "RenderError": "velocious.errors.request",
        "RequestError": "velocious.errors.request",
        "MalformedRequestError": "velocious.errors.request",
        "UnpermittedParametersError": "velocious.errors.request",
        "UnsupportedBodyError": "velocious.errors.request",
        "TooManyParametersError": "velocious.errors.request",
        "InvalidParameterError": "velocious.errors.request",
        "MissingParameterError": "velocious.errors.request",
        "NotAcceptableError": "velocious.errors.request",
        "PreconditionFailedError": "velocious.errors.request",
        "RangeNotSatisfiableError": "velocious.errors.request",
        "ActionTimeoutError": "velocious.errors.request",
        "BodyTooLargeError": "velocious.errors.request",
        "CookieError": "velocious.errors.request",
        "SessionsTableMissingError": "velocious.errors.request",
        "ForgeryError": "velocious.errors.request",
        "HostNotAllowedError": "velocious.errors.request",
        "OriginNotAllowedError": "velocious.errors.request",
        "ResourceDeclarationError": "velocious.errors.resource",
        "ResourceError": "velocious.errors.resource",
        "UnknownResourceError": "velocious.errors.resource",
        "UnknownResourceCommandError": "velocious.errors.resource",
        "MalformedCommandError": "velocious.errors.resource",
        "NotExposedError": "velocious.errors.resource",
        "NotWritableError": "velocious.errors.resource",
        "InvalidArgumentsError": "velocious.errors.resource",
        "RawQueryRefusedError": "velocious.errors.resource",
        "ResourceLimitError": "velocious.errors.resource",
        "CommandHaltedError": "velocious.errors.resource",
        "TestingError": "velocious.errors.testing",
        "TenantError": "velocious.errors.tenant",
        "TenantLimitError": "velocious.errors.tenant",
        "TenantSchemaError": "velocious.errors.tenant",
        "TransactionError": "velocious.errors.transaction",
        "TransactionTaskError": "velocious.errors.transaction",
        "TransactionLostError": "velocious.errors.transaction",
        "MissingTemplateError": "velocious.errors.view",
        "TemplateError": "velocious.errors.view",
        "WireError": "velocious.errors.wire",
        "AdvisoryLockError": "velocious.errors.transaction",
        "AdvisoryLockBusyError": "velocious.errors.transaction",
        "AdvisoryLockTimeoutError": "velocious.errors.transaction",
    },
)
