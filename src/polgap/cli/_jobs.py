"""What the commands do: open the project, call the steps, store what comes out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from polgap.domain import Inputs, Note, Result, Study
from polgap.errors import DataError, Problem, StudyError
from polgap.store import CACHE, Config, Kept, Project, Run, StoredForecasts, create, save_run

LANGUAGES = ("en", "fr")
NOT_OFFERED = ("status_quo", "population_spread")


@dataclass(frozen=True)
class Finished:
    """A run that was made and stored, with its briefs.

    Parameters
    ----------
    run : Run
    result : Mapping[str, Any]
        ``result.json``.
    briefs : Mapping[str, Path]
        Language -> file.
    seconds : Mapping[str, float]
        By step, and ``total``.
    """

    run: Run
    result: Mapping[str, Any]
    briefs: Mapping[str, Path]
    seconds: Mapping[str, float]

    @property
    def violations(self) -> list[str]:
        """Rules that an offered option breaks; what is there already, or only compared, aside."""
        offered = [o for o in self.result["options"] if o["name"] not in NOT_OFFERED]
        return [f"{o['name']}: {v}" for o in offered for v in o["violations"]]


@dataclass(frozen=True)
class Made:
    """A project that was made from sources, and what the import has to say."""

    project: Project
    notes: tuple[Note, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


class Clock:
    """Say on stderr which step is under way, and keep how long each took."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._start = self._last = time.perf_counter()
        self._step = ""
        self.seconds: dict[str, float] = {}

    def __call__(self, step: str) -> None:
        """Note that `step` begins."""
        now = time.perf_counter()
        if self._step:
            self.seconds[self._step] = self.seconds.get(self._step, 0.0) + now - self._last
        self._step, self._last = step, now
        if step:
            self._show(step)

    def progress(self, done: int, jobs: int) -> None:
        """Show how many of the jobs of the step under way are done."""
        self._show(f"{self._step} ({done} of {jobs} done)")

    def finish(self) -> dict[str, float]:
        """Return seconds by step and in total."""
        self("")
        return {**self.seconds, "total": time.perf_counter() - self._start}


@contextmanager
def clock() -> Iterator[Clock]:
    """Give a clock whose steps appear on stderr while it runs, when stderr is a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield Clock(lambda step: None)
        return
    with console.status("polgap") as status:
        yield Clock(lambda step: status.update(f"polgap: {step}"))


def demo(folder: Path, *, seed: int, draws: int) -> Finished:
    """Make the exercise theatre in `folder` if it is not there, and add a run."""
    if not (folder / "project.toml").is_file():
        _make_exercise(folder, seed, draws)
    return run(folder, {"draws": draws}, workers=1, author="planner")


def _make_exercise(folder: Path, seed: int, draws: int) -> None:
    from tempfile import TemporaryDirectory

    from polgap import examples

    exercise = examples.theatre(seed)
    with TemporaryDirectory() as scratch:
        files = {}
        for name, (file, text) in examples.sources(exercise).items():
            files[name] = Path(scratch) / file
            files[name].write_text(text, encoding="utf-8")
        config, tables, areas, _ = _imported(
            examples.request(exercise, files), seed=seed, draws=draws, exercise=True
        )
    truth = {"truth/truth.json": examples.truth_json(exercise)}
    create(folder, config, tables, areas, extra=truth)


def init(
    name: Path,
    *,
    country: str,
    sources: Sequence[str],
    until: str,
    mission: str,
    columns: Sequence[str],
    area_id: str,
    capital: str,
    language: str,
    seed: int,
    force: bool,
) -> Made:
    """Make a project from source files, whole or not at all."""
    from polgap.sources import ImportRequest

    if name.exists() and any(name.iterdir()) and not force:
        raise StudyError(f"{name}: exists already; wanted a new folder, or --force")
    request = ImportRequest(
        theatre=name.name,
        iso3=country.upper(),
        mission=mission,
        until=until,
        sources=_files(sources),
        columns=_pairs(columns, "--map"),
        area_id=area_id,
        capital=capital,
        language=language,
        seed=seed,
    )
    config, tables, areas, notes = _imported(request, seed=seed)
    project = create(name, config, tables, areas, force=force)
    return Made(project, notes, {k: len(v) for k, v in tables.items()})


def _imported(
    request: Any,
    *,
    seed: int,
    draws: int = 1000,
    exercise: bool = False,
    edit: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict,
) -> tuple[Config, dict[str, Any], str, tuple[Note, ...]]:
    """Return settings, tables, areas (GeoJSON) and notes of what a request imports, edited."""
    from polgap.sources import areas_geojson, import_sources

    got = import_sources(request)
    tables = {k: v for k, v in edit(got.tables).items() if k != "areas"}
    config = Config.model_validate(
        {
            "theatre": {
                "name": request.theatre,
                "iso3": request.iso3,
                "mission": request.mission,
                "capital": got.capital,
                "language": request.language,
                "basis": "exercise" if exercise else got.basis,
            },
            "run": {"origin": request.until, "seed": seed, "draws": draws},
            "sources": {
                e["source"]: {k: e[k] for k in ("origin", "sha256", "rows", "as_of", "licence")}
                for e in got.manifest
            },
        }
    )
    return config, tables, areas_geojson(got.tables["areas"]), tuple(got.notes)


def _files(sources: Sequence[str]) -> dict[str, Path]:
    from polgap.sources import resolve

    roots = _roots()
    found: dict[str, Path] = {}
    problems: list[Problem] = []
    for name, text in _pairs(sources, "--source").items():
        try:
            found[name] = resolve(text, roots)
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    return found


def _roots() -> list[Path]:
    """Return where paths are looked up: the current folder, then POLGAP_DATA."""
    named = os.environ.get("POLGAP_DATA")
    return [Path.cwd(), *([Path(named)] if named else [])]


def _pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """Return ``a=b`` texts as a mapping; one text may hold several, parted by commas."""
    found = {}
    for text in texts:
        parts = text.split(",") if option == "--map" else [text]
        for part in parts:
            key, sign, value = part.partition("=")
            if not sign or not key.strip() or not value.strip():
                raise StudyError(f"{option}: got {part!r}; wanted name=value")
            found[key.strip()] = value.strip()
    return found


def check(folder: Path) -> tuple[list[Problem], list[Note]]:
    """Return every problem of a project's inputs, and what is worth noting otherwise."""
    try:
        project = Project.open(folder)
        inputs = _load(project, project.study())
    except DataError as error:
        return error.problems or [Problem(str(error), "valid input", "input")], []
    return [], list(inputs.notes)


def _load(project: Project, study: Study, *, stored: bool = False) -> Inputs:
    """Return the inputs of a project; a stored run is left as it is, so nothing is kept there."""
    from polgap.sources import load_inputs

    more = {} if stored else {"keep": Kept(project.root / CACHE)}
    return load_inputs(
        study,
        project.root,
        overrides=project.config.parameters,
        manifest=project.manifest(),
        **more,
    )


def run(
    folder: Path, asked: Mapping[str, Any], *, workers: int, author: str, scheduler: str = ""
) -> Finished:
    """Answer the study of a project, store the run and write its briefs and papers."""
    from polgap import study as sentence
    from polgap.cli import _papers
    from polgap.workers import mapper

    project = Project.open(folder)
    study = project.study(**asked)
    with clock() as say, mapper(workers, scheduler, say.progress) as each:
        say("read")
        inputs = _load(project, study)
        result = sentence.run(study, inputs, each, say, _stored(project))
        say("write")
        stored = save_run(project, study, result, author=author, seconds=say.seconds)
        briefs = _write_briefs(project, stored)
        _papers.write_all(project, stored)
        seconds = say.finish()
    return Finished(stored, stored.result(), briefs, seconds)


def part(verb: str, folder: Path, asked: Mapping[str, Any], *, workers: int) -> dict[str, Any]:
    """Return one block of the result with `schema` and `study`; nothing is stored."""
    from polgap import study as sentence
    from polgap.workers import mapper

    project = Project.open(folder)
    study = project.study(**asked)
    with clock() as say, mapper(workers, told=say.progress) as each:
        say("read")
        kept = _stored(project, sentence.LOOKED_AT.get(verb, ()))
        return sentence.part(verb, study, _load(project, study), each, say, kept)


def _stored(project: Project, only: tuple[str, ...] = ()) -> StoredForecasts:
    """Return what forecasts with the memory of the project; it says when it remembers."""
    import typer

    def told(path: Path) -> None:
        name = path.relative_to(project.root).as_posix()
        typer.echo(f"forecast: taken from {name} (nothing it rests on has changed)", err=True)

    return StoredForecasts(project.root / CACHE, told, only)


def sensitivity(folder: Path, asked: Mapping[str, Any], *, workers: int) -> dict[str, Any]:
    """Return the block of the gap with what it rests on; nothing is stored."""
    from polgap import study as sentence
    from polgap.workers import mapper

    project = Project.open(folder)
    study = project.study(**asked)
    with clock() as say, mapper(workers, told=say.progress) as each:
        say("read")
        inputs = _load(project, study)
        return sentence.sensitivity(study, inputs, each, say, _stored(project))


def forecast(
    folder: Path, asked: Mapping[str, Any], *, since: str | None, out: Path | None, workers: int
) -> tuple[dict[str, Any], dict[str, Path]]:
    """Return the forecast of a project, and the pages written of it."""
    from polgap import study as sentence
    from polgap.brief import LANGUAGES, render_forecast
    from polgap.store import dump
    from polgap.workers import mapper

    project = Project.open(folder)
    study = project.study(**asked)
    with clock() as say, mapper(workers, told=say.progress) as each:
        say("read")
        inputs = _load(project, study)
        earlier = _earlier(since, folder) if since else None
        block = sentence.outlook(study, inputs, earlier, each, say, _stored(project))
    written: dict[str, Path] = {}
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "forecast.json").write_text(dump(block), encoding="utf-8")
        for language in LANGUAGES:
            written[language] = out / f"forecast.{language}.html"
            written[language].write_text(render_forecast(block, language), encoding="utf-8")
    return block, written


def _earlier(name: str, folder: Path) -> Any:
    """Return a stored run with the panel it saw and the futures it gave."""
    from polgap.study import Earlier

    stored = Run.find(name, folder)
    study = stored.study()
    panel = _load(stored.inputs(), study, stored=True).panel
    return Earlier(stored.name, study, panel, stored.futures())


def arrival(data: Path) -> dict[str, Any]:
    """Return the arrival law learnt from past missions, its fill by kind, and its own test."""
    from dataclasses import asdict

    from polgap.draws import stream
    from polgap.evidence import arrival as room
    from polgap.score import quantile
    from polgap.sources.arrivals import fills

    folder = next((root / data for root in _roots() if (root / data).is_dir()), data)
    past = fills(folder)
    law = room.fit(past)
    rows = []
    for kind in (*(k for k in law.time if k), "voluntary"):
        drawn = law.sample(kind, room.MONTHS, 4000, stream(1, "arrival law", kind))
        for month in (3, 6, 12, 24):
            low, mid, high = quantile(drawn[:, month - 1], [0.1, 0.5, 0.9]).tolist()
            rows.append({"kind": kind, "month": month, "low": low, "mid": mid, "high": high})
    return {
        "schema": "polgap.arrival/1",
        "law": asdict(law),
        "fill": rows,
        "left_out": room.leave_one_out(past),
    }


def brief(name: str, folder: Path, edition: str = "internal") -> dict[str, Path]:
    """Write the briefs of a stored run again."""
    project = Project.open(folder)
    return _write_briefs(project, Run.find(name, folder), edition)


def _write_briefs(project: Project, stored: Run, edition: str = "internal") -> dict[str, Path]:
    from polgap.brief import render
    from polgap.cli._export import cut

    result, details = cut(project, stored, edition)
    decisions = stored.decisions(project.fingerprint())
    target = project.root / "briefs"
    target.mkdir(exist_ok=True)
    written = {}
    for language in LANGUAGES:
        mark = "" if edition == "internal" else f".{edition}"
        path = target / f"{stored.name}{mark}.{language}.html"
        path.write_text(render(result, details, language, decisions), encoding="utf-8")
        written[language] = path
    return written


def reproduce(name: str, folder: Path, *, workers: int) -> tuple[str, str]:
    """Return the SHA-256 of a stored ``result.json`` and of the one made again."""
    from polgap import study as sentence
    from polgap.store import result_bytes, sha256
    from polgap.workers import mapper

    stored = Run.find(name, folder)
    with clock() as say, mapper(workers, told=say.progress) as each:
        say("read")
        study = stored.study()
        result: Result = sentence.run(study, _load(stored.inputs(), study, stored=True), each, say)
    return stored.result_hash(), sha256(result_bytes(result))
