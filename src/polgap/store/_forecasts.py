"""Forecasts that a project keeps: made once, taken up again while nothing they rest on has changed.

A file is named by the hash of all that enters the forecast: panel, origin, months, draws, seed,
settings of the models, versions, and the text of the program. What is read back is what was made,
to the last digit, so no result depends on whether it was found. A file that cannot be read whole
(each member has its check sum) is made again.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from polgap import forecast
from polgap.domain import Futures, Note, Panel, Study
from polgap.forecast import Forecast
from polgap.forecast.registry import models

KEPT = 6
"""Forecasts of a project that are kept; the one not used for longest goes first."""

_LIBRARIES = ("polgap", "numpy", "scipy", "pandas", "xarray", "scikit-learn")
_TEXTS = ("forecast", "domain", "draws.py", "score.py")
_ABOUT = "about.json"
_BROKEN = (OSError, ValueError, KeyError, TypeError, EOFError, RuntimeError,
           zipfile.BadZipFile, zlib.error)  # fmt: skip


@dataclass(frozen=True)
class StoredForecasts:
    """`forecast.predict` with a memory: call it with study, panel and mapper.

    Parameters
    ----------
    folder : Path
        Where the files are; made when needed. One that cannot be written to is done without.
    told : callable
        Told the file of a forecast that was taken up again.
    only : tuple of str
        Variables that the caller looks at: no others are read back; empty = all.
    """

    folder: Path
    told: Callable[[Path], None] = lambda path: None
    only: tuple[str, ...] = ()

    def __call__(
        self, study: Study, panel: Panel, mapper: Callable[..., Iterable[Any]] = map
    ) -> Forecast:
        """Return the forecast, from the folder if it is there.

        Raises
        ------
        StudyError, ModelError
            As of `forecast.predict`.
        """
        key = forecast_key(study, panel)
        path = self.folder / f"forecast-{key[:16]}.zip"
        found = _read(path, key, self.only)
        if found is not None:
            self.told(path)
            return found
        made = forecast.predict(study, panel, mapper)
        try:
            _write(path, key, made)
            self._tidy()
        except OSError:
            pass  # a full or read-only disk must not cost the planner the answer
        return made

    def _tidy(self) -> None:
        known = sorted(self.folder.glob("forecast-*.zip"), key=lambda p: p.stat().st_mtime_ns)
        for path in known[:-KEPT]:
            path.unlink(missing_ok=True)


def forecast_key(study: Study, panel: Panel) -> str:
    """Return the SHA-256 of all that enters the forecast of `study` from `panel`."""
    asked = {
        "origin": study.origin, "months": study.forecast_months, "draws": study.draws,
        "seed": study.seed, "models": repr(models()), "text": _text(),
        "versions": {name: version(name) for name in _LIBRARIES},
    }  # fmt: skip
    hashed = sha256(json.dumps(asked, sort_keys=True).encode())
    for name in (*panel.coords, *panel.data_vars):
        values = panel[name]
        head = [str(name), [str(d) for d in values.dims], list(values.shape), str(values.dtype)]
        hashed.update(json.dumps(head).encode())
        plain = np.ascontiguousarray(values.values)
        text = plain.dtype.kind not in "iufb"
        hashed.update(json.dumps(plain.tolist()).encode() if text else plain.tobytes())
    return hashed.hexdigest()


@cache
def _text() -> str:
    """Return the SHA-256 of the program that forecasts: another program, another forecast."""
    hashed = sha256()
    root = Path(str(files("polgap")))
    for part in _TEXTS:
        found = root / part
        for path in sorted(found.rglob("*.py")) if found.is_dir() else [found]:
            hashed.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return hashed.hexdigest()


def _write(path: Path, key: str, made: Forecast) -> None:
    """Write a forecast whole or not at all."""
    about = {
        "key": key,
        "attrs": dict(made.futures.attrs),
        "coords": {
            str(n): {"dims": list(c.dims), "values": c.values.tolist(), "attrs": c.attrs}
            for n, c in made.futures.coords.items()
        },
        "variables": {
            str(n): {"dims": list(v.dims), "dtype": v.dtype.str, "attrs": v.attrs}
            for n, v in made.futures.data_vars.items()
        },
        "skill": made.skill,
        "fan": made.fan.to_dict("list"),
        "model": made.model,
        "notes": [asdict(note) for note in made.notes],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(prefix=".forecast-", dir=path.parent)
    try:
        with (
            os.fdopen(handle, "wb") as out,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        ):
            for name, values in made.futures.data_vars.items():
                counts = np.ascontiguousarray(values.values)
                held = io.BytesIO()
                np.save(held, counts.astype(np.min_scalar_type(int(counts.max(initial=0)))))
                archive.writestr(f"{name}.npy", held.getvalue())
            archive.writestr(_ABOUT, json.dumps(about, default=lambda value: value.item()))
        Path(scratch).chmod(0o644)
        Path(scratch).replace(path)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise


def _read(path: Path, key: str, only: tuple[str, ...] = ()) -> Forecast | None:
    """Return the forecast in a file; None if there is none, it is broken, or another's."""
    if not path.is_file():
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            about = json.loads(archive.read(_ABOUT))
            if about["key"] != key:
                return None
            coords = {n: (c["dims"], c["values"], c["attrs"]) for n, c in about["coords"].items()}
            variables = {}
            for name in only or about["variables"]:
                row = about["variables"][name]
                held = io.BytesIO(archive.read(f"{name}.npy"))
                counts = np.load(held, allow_pickle=False).astype(row["dtype"])
                variables[name] = (row["dims"], counts, row["attrs"])
        drawn = Futures(xr.Dataset(variables, coords, about["attrs"]))
        notes = tuple(Note(n["code"], n["values"]) for n in about["notes"])
        os.utime(path)
        fan = pd.DataFrame(about["fan"])
        return Forecast(drawn, about["skill"], fan, about["model"], notes)
    except _BROKEN:
        return None
