"""Packaged facts: functions, unit types, postures, parameters, shocks, references, words.

Data, not code: a new unit type or a corrected value is a changed row with its source.
"""

from polgap.catalogue._caveats import barred
from polgap.catalogue._load import (
    MARKS,
    Parameter,
    message,
    message_codes,
    message_text,
    parameters,
    table,
)

__all__ = [
    "MARKS", "Parameter", "barred", "message", "message_codes", "message_text", "parameters",
    "table",
]  # fmt: skip
