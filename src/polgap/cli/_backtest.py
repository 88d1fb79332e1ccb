"""Backtest: which options belong to what is tested, and the call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from polgap.cli._jobs import _load, _roots, clock
from polgap.errors import StudyError
from polgap.store import Project

Options = Mapping[str, Any]
"""Name -> value of the options that were given."""

PANEL = ("origins", "every", "ahead", "models", "target", "lag", "covariates", "publication_lag",
         "leak_test")  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """What is tested: the options it needs, those it may have, and the work."""

    work: Callable[[Options, Any, Any], dict[str, Any]]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


def backtest(preset: str | None, options: Options, *, workers: int, scheduler: str) -> Any:
    """Return the record of a backtest, also written to ``skill.json``.

    Raises
    ------
    StudyError
        If there is no such preset, or an option is missing or belongs to another.
    """
    from polgap.workers import mapper

    name = preset or "project"
    if name not in KINDS:
        wanted = ", ".join(k for k in KINDS if k != "project")
        raise StudyError(f"preset: got {preset!r}; wanted {wanted}, or PROJECT and no preset")
    kind = KINDS[name]
    given = {k: v for k, v in options.items() if v is not None and v is not False}
    everywhere = ("seed", "out")
    missing = [k for k in kind.needs if k not in given]
    strange = [k for k in given if k not in (*kind.needs, *kind.may, *everywhere)]
    said = "a backtest of a project" if preset is None else f"preset {preset}"
    if missing:
        raise StudyError(f"{said}: wanted {', '.join(map(_option, missing))} as well")
    if strange:
        allowed = ", ".join(map(_option, (*kind.needs, *kind.may, *everywhere)))
        raise StudyError(f"{said}: got {', '.join(map(_option, strange))}; it takes {allowed}")
    with clock() as say, mapper(workers, scheduler, say.progress) as each:
        return kind.work(given, each, say)


def _option(name: str) -> str:
    return "PROJECT" if name == "project" else f"--{name.replace('_', '-')}"


def _project(given: Options, each: Any, say: Any) -> dict[str, Any]:
    """Roll origins over a project's own panel."""
    from polgap.study import backtest_panel

    project = Project.open(given["project"])
    study = project.study()
    say("read")
    panel = _with_covariates(_load(project, study).panel, given)
    said = {
        "vintage": f"as in the project, up to {study.origin}",
        "scored": "the project's panel",
        "known": "the project's panel up to each origin, as revised since",
    }
    out = given.get("out", given["project"] / "backtest")
    return backtest_panel(
        panel, _asked(given, seed=study.seed), out, said=said, mapper=each, say=say
    )


def _views(given: Options, each: Any, say: Any) -> dict[str, Any]:
    """Forecast windows of the VIEWS challenge, and write the page of how good that was."""
    from polgap.brief import LANGUAGES, render_skill
    from polgap.sources import resolve
    from polgap.study import backtest_views

    windows = given["windows"]
    years = [part.strip() for part in windows.split(",") if part.strip()]
    if not years or not all(part.isdigit() for part in years):
        raise StudyError(f"windows: got {windows!r}; wanted years parted by commas")
    roots = _roots()
    folder = _folder(given["data"])
    same = {k: given[k] for k in ("all_models", "lag", "vintage", "leak_test") if k in given}
    out: Path = given["out"]
    record = backtest_views(
        folder,
        resolve(given["history"], roots),
        [int(part) for part in years],
        out,
        seed=given.get("seed", 1),
        mapper=each,
        say=say,
        **same,
    )
    for language in LANGUAGES:
        page = render_skill(record, language)
        (out / f"skill.{language}.html").write_text(page, encoding="utf-8")
    return record


def _folder(data: Path) -> Path:
    """Return a folder of data, looked for as all paths are."""
    roots = _roots()
    folders = [root / data for root in roots if (root / data).is_dir()]
    if not folders:
        raise StudyError(f"data: got no folder {data}; looked in {', '.join(map(str, roots))}")
    return folders[0]


def _countries(given: Options) -> list[str]:
    return [part.strip() for part in given["country"].split(",") if part.strip()]


def _placement(given: Options, each: Any, say: Any) -> dict[str, Any]:
    """Choose sites for past years and score them on the year that came."""
    from polgap.study import backtest_placement

    return backtest_placement(
        _folder(given["data"]), _countries(given), given.get("out"), seed=given.get("seed", 1),
        mapper=each, say=say,
    )  # fmt: skip


def _theatres(given: Options, each: Any, say: Any) -> dict[str, Any]:
    """Plan for real missions from what was known, and judge the plans by the year that came."""
    from polgap.brief import LANGUAGES, render_theatres
    from polgap.cli._theatres import theatres
    from polgap.study import backtest_theatres

    out: Path = given["out"]
    origins = [part.strip() for part in given["origin"].split(",") if part.strip()]
    settings = {k: given[k] for k in ("seed", "draws") if k in given}
    left_out: list[dict[str, str]] = []
    found = theatres(
        _folder(given["data"]), _countries(given), origins, out, left_out, say, **settings
    )
    record, outlines = backtest_theatres(found, out, left_out=left_out, mapper=each, say=say)
    for language in LANGUAGES:
        page = render_theatres(record, outlines, language)
        (out / f"theatres.{language}.html").write_text(page, encoding="utf-8")
    return record


def _subnational(given: Options, each: Any, say: Any) -> dict[str, Any]:
    """Roll origins over areas below the country."""
    from polgap.study import backtest_subnational

    return backtest_subnational(
        _folder(given["data"]), _countries(given), given["out"], unit=given.get("unit", "both"),
        all_models=given.get("all_models", False), leak_test=given.get("leak_test", False),
        seed=given.get("seed", 1), mapper=each, say=say,
    )  # fmt: skip


def _history(given: Options, each: Any, say: Any) -> dict[str, Any]:
    """Roll origins over a history of countries: horizons beyond the challenge's."""
    from polgap.forecast.registry import country_models
    from polgap.sources import resolve
    from polgap.sources.views import history_cells
    from polgap.study import backtest_panel, history_panel

    say("read")
    path: Path = resolve(given["history"], _roots())
    panel = _with_covariates(history_panel(history_cells(path, None)), given)
    said = {"vintage": f"as in {path.name}", "scored": path.name, "known": path.name}
    usual = {"models": f"{next(iter(country_models()))},decay", "ahead": 36}
    asked = _asked(usual | dict(given), bands=((1, 14), (15, 36)), against=("last60",))
    return backtest_panel(panel, asked, given["out"], said=said, mapper=each, say=say)


def _with_covariates(panel: Any, given: Options) -> Any:
    """Return the panel with the series of ``--covariates``, each with its publication lag.

    Raises
    ------
    StudyError
        If one of the two options comes without the other, or a lag is no whole number.
    """
    options = ("covariates", "publication_lag")
    there = [name for name in options if name in given]
    if not there:
        return panel
    if len(there) < len(options):
        missing = next(name for name in options if name not in given)
        raise StudyError(f"{_option(there[0])}: wanted {_option(missing)} as well")
    from polgap.forecast.covariates import with_covariates
    from polgap.sources import resolve
    from polgap.sources.covariates import series

    lags = {}
    for part in given["publication_lag"].split(","):
        name, _, months = part.strip().partition("=")
        if not name or not months.strip().isdigit():
            raise StudyError(f"publication-lag: got {part!r}; wanted NAME=MONTHS")
        lags[name.strip()] = int(months)
    path: Path = resolve(given["covariates"], _roots())
    found = series(path, panel["area"].values.tolist(), list(lags))
    return with_covariates(panel, found, lags)


def _asked(given: Options, **more: Any) -> Any:
    from polgap.study import Asked

    names = {"models": "models", "target": "targets"}
    lists = {
        field: tuple(part.strip() for part in given[option].split(",") if part.strip())
        for option, field in names.items()
        if option in given
    }
    plain = {k: given[k] for k in ("origins", "every", "ahead", "lag", "leak_test") if k in given}
    return Asked(**(more | lists | plain | ({"seed": given["seed"]} if "seed" in given else {})))


KINDS: dict[str, Kind] = {
    "project": Kind(_project, ("project",), PANEL),
    "views-cm": Kind(
        _views, ("data", "history", "windows", "out"), ("all_models", "lag", "vintage", "leak_test")
    ),
    "views-history": Kind(_history, ("history", "out"), PANEL),
    "subnational": Kind(
        _subnational, ("data", "country", "out"), ("unit", "all_models", "leak_test")
    ),
    "placement": Kind(_placement, ("data", "country")),
    "theatres": Kind(_theatres, ("data", "country", "origin", "out"), ("draws",)),
}
"""What can be tested; every preset has one line here."""
