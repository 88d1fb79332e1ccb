"""The planner's own table of incidents, in whatever columns it has (``--map``).

``--map date=..,lat=..,lon=..,kind=..,deaths=..`` names the columns; ``event=`` and ``where_prec=``
may be added, and ``kind.VALUE=`` says what a word in the kind column means. Kinds are
state_based, non_state, one_sided, protest, riot, other; 1, 2, 3 and the common English and French
words are known. A peaceful assembly is `protest`: it never counts as violence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from polgap.domain import KINDS, Note
from polgap.errors import DataError, Problem
from polgap.sources._countries import country
from polgap.sources._dates import WANTED, month_of
from polgap.sources._geometry import slug
from polgap.sources._plain import typed
from polgap.sources._select import of_country, within
from polgap.sources._sheet import Sheet, number_text, plain, read_sheet
from polgap.sources.base import Context, Parsed, refuse
from polgap.sources.safeguards import check_cells, check_headers

NAMES = {
    "date": ("date", "month", "event_date", "date_end", "jour", "mois"),
    "lat": ("lat", "latitude", "y"),
    "lon": ("lon", "longitude", "long", "lng", "x"),
    "kind": ("kind", "type", "event_type", "type_of_violence", "nature"),
    "deaths": ("deaths", "fatalities", "best", "killed", "morts", "deces", "décès"),
    "event": ("event", "id", "event_id", "event_id_cnty"),
    "where_prec": ("where_prec",),
}
"""Our name -> columns looked for when ``--map`` does not name one."""

CODES = {"iso3": "iso3", "iso_n3": "iso_n3", "iso": "iso_n3", "country_id": "gw"}
"""Column -> kind of country code, in a table of many countries."""

EVENT_KINDS = (*KINDS, "protest", "riot", "other")

_WORDS = {
    "state_based": "1 state-based battle battles combat combats armed-clash "
    "armed-clashes affrontement affrontements explosions-remote-violence explosion",
    "non_state": "2 non-state communal communal-violence intercommunal "
    "intercommunal-violence violence-communautaire violence-intercommunautaire "
    "violences-intercommunautaires gang-violence",
    "one_sided": "3 one-sided violence-against-civilians attack-on-civilians "
    "attacks-on-civilians violence-contre-les-civils violences-contre-les-civils "
    "attaque-contre-des-civils",
    "protest": "protest protests demonstration demonstrations assembly peaceful-protest "
    "manifestation manifestations rassemblement marche",
    "riot": "riot riots mob-violence violent-demonstration emeute emeutes",
    "other": "other autre autres",
}
_KNOWN = {word: kind for kind, words in _WORDS.items() for word in words.split()}


@dataclass(frozen=True)
class Events:
    """The source `events`."""

    name: str = "events"
    title: str = "Incidents recorded by the planner"
    licence: str = "the planner's own"
    citation: str = "incident table of the planner"
    table: str = "events"

    def parse(self, path: Path, context: Context) -> Parsed:
        """Return the incidents until the origin; unknown kinds count as `other` and are named.

        Raises
        ------
        DataError
            If a column is missing or cells are wrong, all of them at once; a `SafeguardError`
            if the table holds persons or group identity.
        """
        sheet = read_sheet(path)
        refuse(check_headers(sheet.headers, sheet.file) + check_cells(sheet.frame, sheet.file))
        if context.iso3 and sheet.column(*CODES):
            sheet = replace(sheet, frame=of_country(sheet, CODES, country(context.iso3)))
        columns = _columns(sheet, context)
        kind, strange = _kinds(sheet, columns, context)
        date = sheet.frame[columns["date"]]
        month = date.map(lambda text: month_of(text) or "")
        deaths, empty = _deaths(sheet, columns, kind)
        problems = [
            sheet.problem(int(str(row)), columns["date"], repr(date[row]), WANTED, "wrong_type")
            for row in month.index[month == ""]
        ]
        frame = pd.DataFrame(
            {
                "event": _keys(sheet, columns),
                "month": month,
                **{n: _numbers(sheet, columns[n]) for n in ("lon", "lat")},
                "kind": kind,
                "deaths": deaths,
                "where_prec": sheet.frame[columns["where_prec"]] if "where_prec" in columns else "",
            }
        )
        problems += _repeated(sheet, frame, columns.get("event", "event"))
        columns = {**columns, "month": columns["date"]}
        table = typed("events", frame, sheet.file, before=problems + empty, names=columns).table
        kept, start, notes = within(table, sheet.file, start=context.start, until=context.until)
        said = {v for k, v in context.columns.items() if k.startswith("kind.")}
        kinds = tuple(k for k in EVENT_KINDS if k in said or (table["kind"] == k).any())
        details = {"file": sheet.file, "from": start, "kinds": kinds}
        return Parsed(kept, (*_notes(sheet, strange), *notes), context.until, details)


def _columns(sheet: Sheet, context: Context) -> dict[str, str]:
    """Return our name -> column, as mapped or by the usual names."""
    found: dict[str, str] = {}
    problems = []
    for name, usual in NAMES.items():
        asked = context.columns.get(name)
        column = sheet.column(plain(asked)) if asked else sheet.column(*usual)
        if column is not None:
            found[name] = column
        elif asked or name in ("date", "lat", "lon", "kind"):
            wanted = f"a column {asked}" if asked else f"--map {name}=COLUMN"
            problems.append(
                Problem(f"columns {list(sheet.headers)}", wanted, "missing_column", sheet.file,
                        row=1, column=asked or name)
            )  # fmt: skip
    unknown = [k for k in context.columns if k not in NAMES and not k.startswith("kind.")]
    problems += [
        Problem(f"--map {k}=", f"one of {list(NAMES)} or kind.VALUE", "unknown_map", sheet.file)
        for k in unknown
    ]
    bad = {k: v for k, v in context.columns.items() if k.startswith("kind.")}
    problems += [
        Problem(f"--map {k}={v}", f"one of {EVENT_KINDS}", "unknown_map", sheet.file)
        for k, v in bad.items()
        if v not in EVENT_KINDS
    ]
    if problems:
        raise DataError(problems)
    return found


def _kinds(
    sheet: Sheet, columns: dict[str, str], context: Context
) -> tuple[pd.Series, dict[str, int]]:
    """Return the kind of each row, and the words that stood for no known kind with their rows."""
    said = {_word(k[5:]): v for k, v in context.columns.items() if k.startswith("kind.")}
    known = {**_KNOWN, **said}
    words = sheet.frame[columns["kind"]]
    strange = words[[_word(w) not in known for w in words]]
    kind = words.map(lambda w: known.get(_word(w), "other"))
    return kind, {str(k): int(v) for k, v in strange.value_counts(sort=False).items()}


def _word(text: str) -> str:
    """Return a word of the kind column in comparable form, in any script."""
    return slug(text.removesuffix(".0")) or text.strip().casefold()


def _deaths(
    sheet: Sheet, columns: dict[str, str], kind: pd.Series
) -> tuple[pd.Series, list[Problem]]:
    """Return deaths as text; an empty cell is 0 for protests, riots and other incidents only."""
    lethal = kind.isin(KINDS)
    wanted = "the number of deaths (0 if none; an empty cell is not zero)"
    if "deaths" not in columns:
        if lethal.any():
            raise DataError(
                [Problem("no column of deaths", "--map deaths=COLUMN", "missing_column",
                         sheet.file, row=1, column="deaths")]
            )  # fmt: skip
        return pd.Series("0", index=kind.index, dtype="str"), []
    deaths = _numbers(sheet, columns["deaths"])
    blank = deaths == ""
    problems = [
        sheet.problem(int(str(row)), columns["deaths"], "an empty cell", wanted, "empty")
        for row in deaths.index[blank & lethal]
    ]
    return deaths.where(~blank, "0"), problems


def _numbers(sheet: Sheet, column: str) -> pd.Series:
    return sheet.frame[column].map(lambda c: number_text(c, sheet.separator))


def _keys(sheet: Sheet, columns: dict[str, str]) -> pd.Series:
    if "event" in columns:
        return sheet.frame[columns["event"]]
    return pd.Series([f"row-{r}" for r in sheet.rows()], index=sheet.frame.index, dtype="str")


def _repeated(sheet: Sheet, frame: pd.DataFrame, column: str) -> list[Problem]:
    twice = frame["event"][frame["event"].duplicated()]
    return [
        sheet.problem(int(str(row)), column, repr(key), "an id used once", "duplicate")
        for row, key in twice.items()
    ]


def _notes(sheet: Sheet, strange: dict[str, int]) -> list[Note]:
    if not strange:
        return []
    words = ", ".join(sorted(strange)[:12])
    values = {"file": sheet.file, "kinds": words, "count": sum(strange.values())}
    return [Note("sources.kinds_other", values)]


SOURCE = Events()
