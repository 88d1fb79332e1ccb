"""The project folder: settings, ``data/*.csv``, ``geo/areas.geojson``, ``runs``, ``briefs``."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import pandas as pd

from polgap.domain import Study, schema
from polgap.errors import StudyError
from polgap.store._config import Config, read_config, write_config

SETTINGS = "project.toml"
SECRET = "export.key"
SHEETS = (
    "host_police", "willingness", "other_providers", "mandate", "pledges", "rules", "programmes",
    "hrddp", "crime", "protests", "roads",
)  # fmt: skip
"""Tables that planners fill in: their second line says the units, each after a #."""


@dataclass(frozen=True)
class Project:
    """A theatre on disk.

    Parameters
    ----------
    root : Path
        The folder.
    config : Config
        Its settings.
    """

    root: Path
    config: Config

    @classmethod
    def open(cls, root: Path) -> Project:
        """Return the project in a folder.

        Raises
        ------
        StudyError
            If the folder holds no ``project.toml``.
        DataError
            If the settings are wrong.
        """
        path = root / SETTINGS
        if not path.is_file():
            raise StudyError(
                f"{root}: got no {SETTINGS}; wanted a project folder (polgap init NAME makes one)"
            )
        return cls(root, read_config(path))

    def study(self, **changes: Any) -> Study:
        """Return what is asked, from the settings and the changes that are not None."""
        theatre, run = self.config.theatre, self.config.run
        asked: dict[str, Any] = {
            "theatre": theatre.name,
            "iso3": theatre.iso3,
            "mission": theatre.mission,
            "capital": theatre.capital,
            "language": theatre.language,
            "basis": theatre.basis,
            **run.model_dump(),
        }
        asked.update({k: v for k, v in changes.items() if v is not None})
        study = Study(**asked)
        if study.months > study.forecast_months:
            raise StudyError(
                f"months: got {study.months}; wanted at most {study.forecast_months}, "
                "the months that are forecast"
            )
        return study

    def files(self) -> list[Path]:
        """Return the input files, in a fixed order."""
        data = sorted((self.root / "data").glob("*.csv"))
        geo = sorted((self.root / "geo").glob("*.geojson"))
        return [self.root / SETTINGS, *data, *geo]

    def manifest(self) -> list[dict[str, Any]]:
        """Return name, SHA-256, rows, age and origin of each input file."""
        known = self.config.sources
        made_from = {"events": "ucdp_ged" if "ucdp_ged" in known else "events"}
        rows = []
        for path in self.files():
            name = path.relative_to(self.root).as_posix()
            source = known.get(made_from.get(path.stem, path.stem))
            rows.append(
                {
                    "name": name,
                    "sha256": sha256(path.read_bytes()),
                    "rows": _rows(path),
                    "as_of": source.as_of if source else "",
                    "origin": source.origin if source else "",
                    "licence": source.licence if source else "",
                }
            )
        return rows

    def secret(self) -> bytes:
        """Return the secret that fixes how numbers are rounded in exports; made when first asked.

        It is no input of a run and enters no result. Who has it can narrow what an export
        withholds, so it stays with the project: never send it along.
        """
        path = self.root / SECRET
        if not path.is_file():
            with path.open("x", encoding="ascii") as handle:
                handle.write(token_hex(32))
            path.chmod(0o600)
        return bytes.fromhex(path.read_text(encoding="ascii").strip())

    def fingerprint(self) -> str:
        """Return one SHA-256 over all input files: it changes when any input does."""
        return sha256("\n".join(f"{e['name']} {e['sha256']}" for e in self.manifest()).encode())


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes as hexadecimal text."""
    return hashlib.sha256(content).hexdigest()


def _rows(path: Path) -> int | None:
    if path.suffix != ".csv":
        return None
    with path.open("rb") as handle:
        lines = [line for line in handle if line.strip() and not line.startswith(b"#")]
    return max(0, len(lines) - 1)


def create(
    root: Path,
    config: Config,
    tables: Mapping[str, pd.DataFrame],
    areas: str,
    *,
    force: bool = False,
    extra: Mapping[str, str] | None = None,
) -> Project:
    """Write a project folder, whole or not at all, and return it.

    Parameters
    ----------
    root : Path
        The folder to make.
    config : Config
    tables : Mapping[str, pd.DataFrame]
        ``data/<name>.csv`` each, in the columns of the schema.
    areas : str
        GeoJSON text of ``geo/areas.geojson``.
    force : bool
        Replace an existing project; its runs and briefs are kept.
    extra : Mapping[str, str], optional
        Further text files by relative path.

    Raises
    ------
    StudyError
        If the folder exists, is not empty and `force` is not set.
    """
    if root.exists() and any(root.iterdir()) and not force:
        raise StudyError(f"{root}: exists already; wanted a new folder, or --force")
    root.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{root.name}-", dir=root.parent))
    try:
        (scratch / SETTINGS).write_text(write_config(config), encoding="utf-8")
        for folder in ("data", "geo", "scenarios", "runs", "briefs"):
            (scratch / folder).mkdir()
        for name, frame in sorted(tables.items()):
            write_table(scratch / "data" / f"{name}.csv", frame)
        (scratch / "geo" / "areas.geojson").write_text(areas, encoding="utf-8")
        for name, text in (extra or {}).items():
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            (scratch / name).write_text(text, encoding="utf-8")
        for kept in ("runs", "briefs", "scenarios"):
            if (root / kept).is_dir():
                shutil.rmtree(scratch / kept)
                shutil.copytree(root / kept, scratch / kept)
        if (root / SECRET).is_file():
            shutil.copy2(root / SECRET, scratch / SECRET)
        scratch.chmod(0o755)
        if root.exists():
            shutil.rmtree(root)
        scratch.rename(root)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return Project.open(root)


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as CSV in the order of the schema; a planner's sheet also says its units."""
    columns = [c for c in schema().get(path.stem, ()) if c.name in frame.columns]
    known = [c.name for c in columns]
    rest = [c for c in frame.columns if c not in known and c != "geometry"]
    text = frame[known + rest].to_csv(index=False, float_format="%.10g", lineterminator="\n")
    if path.stem in SHEETS:
        units = [c.units or ("YYYY-MM" if c.kind == "month" else "text") for c in columns]
        head, _, body = text.partition("\n")
        text = f"{head}\n{','.join(f'#{u}' for u in units + ['text'] * len(rest))}\n{body}"
    path.write_text(text, encoding="utf-8")
