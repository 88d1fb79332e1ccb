"""``project.toml``: read with tomllib, checked with Pydantic; an unknown key is an error."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from polgap.domain import BASES
from polgap.errors import DataError, Problem

_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
_MAXIMUM = 36
"""Months the forecast reaches (contracts.md 1.1)."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Theatre(_Strict):
    """What is studied."""

    name: str
    iso3: str = ""
    mission: str = ""
    capital: str = ""
    language: str = ""
    basis: Annotated[str, Field(pattern=f"^({'|'.join(BASES)})$")] = "given"


class RunSettings(_Strict):
    """The clock and the size of a run."""

    origin: Annotated[str, Field(pattern=_MONTH)]
    months: Annotated[int, Field(ge=1, le=_MAXIMUM)] = 12
    forecast_months: Annotated[int, Field(ge=12, le=_MAXIMUM)] = _MAXIMUM
    draws: Annotated[int, Field(ge=50, le=20_000)] = 1000
    seed: Annotated[int, Field(ge=0)] = 1


class SourceRecord(_Strict):
    """Where a table of the project came from."""

    origin: str
    sha256: str
    rows: int
    as_of: str = ""
    licence: str = ""
    map: dict[str, str] = {}


class Config(_Strict):
    """The settings of a project: theatre, run, parameters set by the planner, sources.

    Raises
    ------
    pydantic.ValidationError
        For an unknown key or a value out of range; `read_config` turns it into a `DataError`.
    """

    theatre: Theatre
    run: RunSettings
    parameters: dict[str, tuple[float, float, float]] = {}
    sources: dict[str, SourceRecord] = {}


def read_config(path: Path) -> Config:
    """Return the checked settings of ``project.toml``.

    Raises
    ------
    DataError
        Naming file, line, got, wanted and the nearest valid key, for every problem at once.
    """
    text = path.read_text(encoding="utf-8")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError([Problem(str(error), "TOML", "toml", path.name)]) from error
    try:
        return Config.model_validate(raw)
    except ValidationError as error:
        raise DataError([_problem(e, text, path.name) for e in error.errors()]) from error


def _problem(error: Any, text: str, file: str) -> Problem:
    *section, key = [str(part) for part in error["loc"]] or [""]
    where = ".".join([*section, key])
    row = _line(text, section, key)
    if error["type"] != "extra_forbidden":
        return Problem(
            repr(error.get("input")), error["msg"], "setting", file, row=row, column=where
        )
    valid = _fields(section)
    near = difflib.get_close_matches(key, valid, n=1)
    wanted = f"{near[0]!r} (nearest valid key)" if near else f"one of {valid}"
    return Problem(f"unknown key {where!r}", wanted, "unknown_key", file, row=row, column=where)


def _fields(section: list[str]) -> list[str]:
    model: Any = Config
    for part in section:
        field = model.model_fields.get(part) if hasattr(model, "model_fields") else None
        if field is None:
            model = SourceRecord if model is SourceRecord else model
            continue
        inner = [a for a in get_args(field.annotation) if isinstance(a, type)]
        models = [a for a in (*inner, field.annotation) if hasattr(a, "model_fields")]
        model = models[0] if models else model
    return sorted(model.model_fields)


def _line(text: str, section: list[str], key: str) -> int | None:
    """Return the line of a key, counted from 1, looking below its section's head first."""
    lines = text.splitlines()
    head = re.compile(rf"^\s*\[{re.escape('.'.join(section))}\]\s*$")
    start = next((i for i, line in enumerate(lines) if section and head.match(line)), 0)
    wanted = re.compile(rf"^\s*(\[.*)?\b{re.escape(key)}\b\s*(=|\])")
    for i in range(start, len(lines)):
        if wanted.match(lines[i]):
            return i + 1
    return start + 1 if section else None


def write_config(config: Config) -> str:
    """Return ``project.toml`` as text that `read_config` reads back.

    Examples
    --------
    >>> c = Config.model_validate({"theatre": {"name": "toy"}, "run": {"origin": "2020-12"}})
    >>> print(write_config(c).splitlines()[0])
    # PolGap project. Months are YYYY-MM; an unknown key is an error.
    """
    lines = ["# PolGap project. Months are YYYY-MM; an unknown key is an error."]
    data = config.model_dump()
    for section in ("theatre", "run"):
        lines += ["", f"[{section}]", *_pairs(data[section])]
    lines += ["", "# Your own values: name = [low, mid, high], the 10, 50 and 90 % points."]
    lines += ["[parameters]", *_pairs(data["parameters"])]
    for name, source in sorted(data["sources"].items()):
        lines += ["", f"[sources.{name}]", *_pairs({k: v for k, v in source.items() if v})]
    return "\n".join(lines) + "\n"


def _pairs(values: dict[str, Any]) -> list[str]:
    return [f"{key} = {_toml(value)}" for key, value in values.items()]


def _toml(value: Any) -> str:
    if isinstance(value, str):
        plain = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
        return f'"{plain}"'
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{k}" = {_toml(v)}' for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    return str(value).lower() if isinstance(value, bool) else repr(value)
