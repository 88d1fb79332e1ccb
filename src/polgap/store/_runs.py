"""Runs: what was asked, what entered, what came out, who approved it.

``result.json`` holds no time, path or host; those go to ``timing.json``. The inputs of a run are
kept beside it, so it can be reproduced after the project has moved on.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from polgap.domain import Futures, Result, Study
from polgap.errors import StudyError
from polgap.store import _decisions
from polgap.store._project import Project, sha256


def dump(block: Mapping[str, Any]) -> str:
    """Return JSON text with sorted keys, the one way PolGap writes it.

    Examples
    --------
    >>> print(dump({"b": 1, "a": None}), end="")
    {
     "a": null,
     "b": 1
    }
    """
    return json.dumps(block, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def result_bytes(result: Result) -> bytes:
    """Return ``result.json`` as it is written."""
    return dump(result.blocks).encode()


@dataclass(frozen=True)
class Run:
    """A stored run.

    Parameters
    ----------
    folder : Path
        ``runs/<id>`` of a project, or a copy of one elsewhere.
    """

    folder: Path

    @classmethod
    def find(cls, name: str, project: Path) -> Run:
        """Return a run by id or by path; ``last`` is the newest of the project.

        Raises
        ------
        StudyError
            If there is no such run.
        """
        runs = sorted(p.parent for p in (project / "runs").glob("*/result.json"))
        if name == "last" and runs:
            return cls(runs[-1])
        for folder in (project / "runs" / name, Path(name)):
            if (folder / "result.json").is_file():
                return cls(folder)
        known = ", ".join(p.name for p in runs) or "none"
        raise StudyError(f"run: got {name!r}; wanted one of {known} in {project}, or a path")

    @classmethod
    def every(cls, project: Path) -> list[Run]:
        """Return the runs of a project, the oldest first."""
        return [cls(p.parent) for p in sorted((project / "runs").glob("*/result.json"))]

    @property
    def name(self) -> str:
        """The id of the run."""
        return self.folder.name

    def result(self) -> dict[str, Any]:
        """Return ``result.json``."""
        return self._json("result.json")

    def details(self) -> dict[str, Any]:
        """Return ``details.json``, what the brief shows beside the result."""
        return self._json("details.json")

    def manifest(self) -> dict[str, Any]:
        """Return ``manifest.json``: study, author, input hashes, versions."""
        return self._json("manifest.json")

    def result_hash(self) -> str:
        """Return the SHA-256 of ``result.json``."""
        return sha256((self.folder / "result.json").read_bytes())

    def study(self) -> Study:
        """Return the study the run answered."""
        return Study(**self.manifest()["study"])

    def inputs(self) -> Project:
        """Return the inputs as they were when the run was made."""
        return Project.open(self.folder / "inputs")

    def futures(self) -> Futures:
        """Return the joint futures of violence the run rested on."""
        import xarray as xr

        with xr.open_dataset(self.folder / "futures.nc", engine="h5netcdf") as stored:
            return Futures(stored.load())

    @property
    def log(self) -> Path:
        """The log of decisions."""
        return self.folder / _decisions.FILE

    def decisions(self, inputs_now: str) -> list[dict[str, Any]]:
        """Return every decision, none ever deleted: ``void`` says why one no longer holds.

        Parameters
        ----------
        inputs_now : str
            Fingerprint of the project as it stands: a changed input voids a decision.
        """
        return _decisions.read(self.log, self.result_hash(), inputs_now)

    def approve(self, by: str, note: str, inputs_now: str, dissent: str = "") -> dict[str, Any]:
        """Approve a run without naming an option; as `decide` otherwise."""
        return self.decide("", by, note, inputs_now, dissent)

    def decide(
        self, option: str, by: str, note: str, inputs_now: str, dissent: str = ""
    ) -> dict[str, Any]:
        """Append a decision bound to result and inputs; author and approver differ.

        Preconditions of the option that are not met are kept with the decision as ``unmet``.

        Raises
        ------
        StudyError
            If the approver made the run or gives no role, an input or the log has changed since,
            the run has no such option, or preconditions are unmet and no note says why.
        """
        author = str(self.manifest()["author"])
        if not by.strip() or _decisions.same_role(by, author):
            raise StudyError(f"by: got {by!r}; wanted a role other than {author!r}, the author's")
        if inputs_now != self.inputs().fingerprint():
            raise StudyError(f"inputs: changed since {self.name}; run again first")
        result = self.result()
        lacking = _decisions.unmet(result, option)
        if option:
            _decisions.checked_option(result, option)
        if not note.strip() and (lacking or not option):
            told = f": not met for {option!r}: {', '.join(lacking)}" if lacking else ""
            raise StudyError(f"note: got none; wanted why this is decided{told}")
        row = {
            "option": option,
            "by": by.strip(),
            "note": note.strip(),
            "dissent": dissent.strip(),
            "unmet": lacking,
            "result_sha256": self.result_hash(),
            "inputs_sha256": inputs_now,
        }
        return _decisions.append(self.log, row)

    def tampered(self) -> list[int]:
        """Return the lines of the log of decisions that were changed after they were written."""
        return list(_decisions.tampered(self.log))

    def _json(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return found


def save_run(
    project: Project, study: Study, result: Result, *, author: str, seconds: Mapping[str, float]
) -> Run:
    """Store a run under the next free id, whole or not at all, and return it.

    Parameters
    ----------
    author : str
        Role of who made the run.
    seconds : Mapping[str, float]
        Time spent, kept out of the result.
    """
    runs = project.root / "runs"
    runs.mkdir(exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".run-", dir=runs))
    try:
        (scratch / "result.json").write_bytes(result_bytes(result))
        (scratch / "details.json").write_text(dump(result.details), encoding="utf-8")
        manifest = {
            "schema": "polgap.manifest/1",
            "author": author,
            "study": asdict(study),
            "inputs": project.manifest(),
            "versions": result.blocks["manifest"]["versions"],
        }
        (scratch / "manifest.json").write_text(dump(manifest), encoding="utf-8")
        (scratch / "timing.json").write_text(dump(dict(seconds)), encoding="utf-8")
        _keep_inputs(project, scratch / "inputs")
        _write_tables(scratch, result)
        scratch.chmod(0o755)
        return Run(scratch.rename(runs / _next_id(runs)))
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def _next_id(runs: Path) -> str:
    taken = [int(p.name[1:]) for p in runs.glob("r[0-9]*") if p.name[1:].isdigit()]
    return f"r{max(taken, default=0) + 1:04d}"


def _keep_inputs(project: Project, folder: Path) -> None:
    for path in project.files():
        target = folder / path.relative_to(project.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _write_tables(folder: Path, result: Result) -> None:
    import duckdb

    for name, table in result.tables.items():
        with duckdb.connect() as connection:
            connection.register("rows", table)
            connection.sql("select * from rows").write_parquet(str(folder / f"{name}.parquet"))
    for name, cube in result.cubes.items():
        packing = {str(v): {"zlib": True, "complevel": 4} for v in cube.data_vars}
        cube.to_netcdf(folder / f"{name}.nc", engine="h5netcdf", encoding=packing)
