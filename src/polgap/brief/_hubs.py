"""Hubs: where units that are called out would stand, in the annex."""

from __future__ import annotations

from polgap.brief._model import Cell, Raw, Table
from polgap.brief._reader import Reader, alphabetical, num


def hubs_table(r: Reader) -> Table | None:
    """Return where one to some hubs are nearest to what is asked, and how near that is."""
    rows, words = r.rows("details.hubs"), r.words
    if not rows:
        return None
    body = []
    for row in rows:
        places = [words.places.get(str(a), str(a)) for a in row.get("areas") or []]
        where = ", ".join(sorted(places, key=alphabetical))
        body.append(
            (
                num(r.value(row.get("hubs"), "count")),
                Cell((Raw(where),), "head"),
                num(r.claim(row.get("hours"), "hours")),
                num(r.claim(row.get("within"), "share of officers")),
            )
        )
    reach = r.value(rows[0].get("reach_hours"), "count")
    head = r.head("#head.hubs", "head.hubs_where", "#head.hubs_hours", "#head.hubs_within")
    proved = all(row.get("proved") for row in rows)
    note = words.say("table.hubs.proved" if proved else "table.hubs.open", hours=reach)
    return Table("t-hubs", words.say("table.hubs"), head, tuple(body), "details.hubs", "dense",
                 note)  # fmt: skip
