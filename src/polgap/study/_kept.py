"""What a backtest keeps on disk: parts that are taken up again, tables, the record.

A part is kept with the hash of all that went into it; a part of other inputs, or one that was
being written when the run was interrupted, is made again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SCHEMA = "polgap.skill/1"
"""Of the record of a backtest (contracts.md 3)."""


def key_of(values: NDArray[Any], *settings: object) -> str:
    """Return the hash of numbers and settings."""
    return sha256(np.ascontiguousarray(values).tobytes() + repr(settings).encode()).hexdigest()


def read(path: Path, key: str) -> dict[str, NDArray[Any]] | None:
    """Return the arrays of a finished part with this key, else None."""
    if not path.is_file():
        return None
    try:
        with np.load(path) as stored:
            return dict(stored) if str(stored["key"]) == key else None
    except (OSError, ValueError, KeyError, EOFError):
        return None


def save(path: Path, key: str, **arrays: Any) -> None:
    """Write a part whole or not at all."""
    memory = BytesIO()
    np.savez_compressed(memory, key=np.array(key), **arrays)
    write(path, memory.getvalue())


def table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as ``.csv.gz``; without a time in it the same scores are the same bytes."""
    frame.to_csv(
        path, index=False, float_format="%.8g", lineterminator="\n",
        compression={"method": "gzip", "mtime": 0},
    )  # fmt: skip


def record(path: Path, found: Mapping[str, Any]) -> None:
    """Write the record of a backtest."""
    text = json.dumps(found, indent=1, sort_keys=True, allow_nan=False)
    write(path, (text + "\n").encode())


def write(path: Path, raw: bytes) -> None:
    """Write a file whole or not at all."""
    new = path.with_suffix(path.suffix + ".part")
    new.write_bytes(raw)
    new.replace(path)
