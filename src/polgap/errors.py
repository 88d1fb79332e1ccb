"""The error tree: every error that PolGap raises on purpose.

::

    PolGapError
    ├── StudyError            asked for the impossible (bad month, unknown option)
    ├── DataError             an input cannot be used; carries every problem found
    │   ├── SchemaError       a table lacks a column or holds a value out of range
    │   ├── LabelError        two cubes do not cover the same labels
    │   └── SafeguardError    person-level or group-identity content was refused
    ├── ModelError            a forecast model cannot be fitted or used
    └── PlanError             no plan, or a plan that breaks a rule

User input is checked as a whole: a `DataError` carries a list of `Problem`, each of which
names file, sheet, row, column, what was got and what was wanted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Problem:
    """One problem in an input, in the words of the person who has to mend it.

    Parameters
    ----------
    got, wanted : str
        What stood there and what would have been right.
    code : str
        Stable short name of the kind of problem, such as ``wrong_type``.
    file, sheet, row, column : str or int or None
        Where. `row` counts as a spreadsheet does: the header is row 1.
    """

    got: str
    wanted: str
    code: str
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        where = [
            str(self.file) if self.file else "",
            f"sheet {self.sheet}" if self.sheet else "",
            f"row {self.row}" if self.row is not None else "",
            f"column {self.column}" if self.column else "",
        ]
        place = ", ".join(part for part in where if part) or "input"
        return f"{place}: got {self.got}; wanted {self.wanted} [{self.code}]"

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the problem as a JSON-ready mapping with the keys of contracts.md 3."""
        return asdict(self)


class PolGapError(Exception):
    """Base of all errors that PolGap raises on purpose."""


class StudyError(PolGapError, ValueError):
    """The study asks for something impossible."""


class DataError(PolGapError, ValueError):
    """An input cannot be used; `problems` lists everything that is wrong with it.

    Examples
    --------
    >>> error = DataError([Problem("-3", "a number >= 0", "out_of_range", "e.csv", row=4)])
    >>> print(error)
    e.csv, row 4: got -3; wanted a number >= 0 [out_of_range]
    """

    def __init__(self, problems: Iterable[Problem] | str) -> None:
        if isinstance(problems, str):
            self.problems: list[Problem] = []
            super().__init__(problems)
            return
        self.problems = list(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class SchemaError(DataError):
    """A table lacks a column or holds a value of the wrong kind or range."""


class LabelError(DataError):
    """Two cubes do not cover the same labels."""


class SafeguardError(DataError):
    """Person-level or group-identity content was refused."""


class ModelError(PolGapError):
    """A forecast model cannot be fitted or used."""


class PlanError(PolGapError):
    """No plan exists, or a plan breaks a rule."""
