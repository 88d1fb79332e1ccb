"""Arrays kept by the hash of what they are made from: same content, no second calculation."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

FOLDER = ".cache"
"""Folder of a project that may be deleted at any time."""


@dataclass(frozen=True)
class Kept:
    """Arrays in a folder, one file a hash.

    Parameters
    ----------
    folder : Path
        Made when something is first kept; a folder that cannot be written keeps nothing.
    """

    folder: Path

    def __call__(self, key: str, make: Callable[[], Array]) -> Array:
        """Return the array of a hash, made and kept where it is not there or cannot be read."""
        path = self.folder / f"{key}.npy"
        try:
            with path.open("rb") as handle:
                return np.asarray(np.load(handle, allow_pickle=False))
        except (OSError, ValueError, EOFError):
            made = make()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".npy", delete=False) as file:
                np.save(file, made)
            Path(file.name).replace(path)
        except OSError:
            pass
        return made
