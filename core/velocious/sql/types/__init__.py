"""Column types: how a value is cast when assigned, encoded for the driver and decoded from a row.

Law: every value round-trips exactly, or is refused with
:class:`velocious.errors.UnsupportedValueError`; nothing is rounded, cut or turned into text on the
way. None is None everywhere and never reaches these methods.

*cast* is lenient (forms and CSV files bring text) and returns what it cannot read unchanged, for
validations to report; *encode* is strict. What a driver wants to be given is the dialect's matter:
see ``base.py``.
"""

from velocious.sql.types.base import AnyType as AnyType
from velocious.sql.types.base import Codec as Codec
from velocious.sql.types.base import ColumnType as ColumnType
from velocious.sql.types.binary import BinaryType as BinaryType
from velocious.sql.types.binary import UuidType as UuidType
from velocious.sql.types.boolean import BooleanType as BooleanType
from velocious.sql.types.document import JsonType as JsonType
from velocious.sql.types.moments import DatetimeType as DatetimeType
from velocious.sql.types.moments import DateType as DateType
from velocious.sql.types.moments import TimeType as TimeType
from velocious.sql.types.numbers import BigintType as BigintType
from velocious.sql.types.numbers import DecimalType as DecimalType
from velocious.sql.types.numbers import FloatType as FloatType
from velocious.sql.types.numbers import IntegerType as IntegerType
from velocious.sql.types.numbers import SmallIntegerType as SmallIntegerType
from velocious.sql.types.registry import COLUMN_TYPES as COLUMN_TYPES
from velocious.sql.types.registry import column_type as column_type
from velocious.sql.types.text import StringType as StringType
from velocious.sql.types.text import TextType as TextType
