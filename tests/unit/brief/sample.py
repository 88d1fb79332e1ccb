"""A made-up run, complete in shape: what `study.run` writes as result.json and details.json.

`bare()` is the same with everything missing that may be missing.
"""

import random
from copy import deepcopy
from math import exp, hypot, pi, sin

from polgap import catalogue
from polgap.domain import add_months, month_range

ORIGIN, MONTHS, AHEAD, PAST = "2020-12", 12, 36, 60
COLUMNS, ROWS = 10, 6
OPTIONS = ("status_quo", "reduced", "recommended", "recommended_without_gendarmerie",
           "population_spread")  # fmt: skip
SHARE = {"status_quo": 1.0, "reduced": 0.72, "recommended": 0.55,
         "recommended_without_gendarmerie": 0.61, "population_spread": 0.74}  # fmt: skip
SYLLABLES = ("Alo", "Vora", "Tes", "Brin", "Quel", "Mora", "Dar", "Yll", "Sen", "Kol", "Ome")


def ends(mid, spread=0.3):
    return {"low": mid * exp(-1.28 * spread), "mid": mid, "high": mid * exp(1.28 * spread)}


def _corner(x, y):
    """Return a corner shared by neighbours, moved a little but always alike."""
    luck = random.Random(f"{x:.2f} {y:.2f}")
    lon = 18.0 + x * 0.62 + luck.uniform(-0.13, 0.13) + 0.35 * sin(y)
    return [round(lon, 3), round(7.0 - y * 0.55 + luck.uniform(-0.11, 0.11), 3)]


def _hexagon(column, row):
    x, y = column + (0.5 if row % 2 else 0.0), row * 0.87
    around = [(0, -0.58), (0.5, -0.29), (0.5, 0.29), (0, 0.58), (-0.5, 0.29), (-0.5, -0.29)]
    return [_corner(x + dx, y + dy) for dx, dy in [*around, around[0]]]


def areas():
    luck, rows = random.Random(3), []
    for i in range(COLUMNS * ROWS):
        column, row = i % COLUMNS, i // COLUMNS
        ring = _hexagon(column, row)
        name = "".join(luck.sample(SYLLABLES, 2)).capitalize()
        population = round(exp(luck.gauss(10.6, 0.8)))
        lon, lat = (sum(p[k] for p in ring[:-1]) / 6 for k in (0, 1))
        rows.append(
            {
                "area": f"XQ{i:02d}",
                "name": f"{name} {'Nord' if i % 7 == 3 else ''}".strip(),
                "parent": f"XP{row}",
                "sensitivity": "public",
                "population": 640_000 if i == 34 else population,
                "population_basis": "assumed" if i % 9 == 0 else "given",
                "km2": 3200.0,
                "lon": lon,
                "lat": lat,
                "phase": ("fighting", "ceasefire", "post_conflict")[
                    int(hypot(column - 7, row)) % 3
                ],
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return rows


def need_models():
    rows = [
        {
            "function": f,
            "model": m,
            "used": m == "bottom_up",
            **ends(900 * (1 + len(m) / 9), 0.8),
            "source": "made up",
            "mark": "RECALLED",
        }
        for f, m in catalogue.table("need_models")[["function", "model"]].to_numpy().tolist()
    ]
    peaks = {"sum_of_peaks": ends(800), "pooled_peak": ends(600), "ratio": 1.33}
    return {
        "units": "officers on strength",
        "rows": rows,
        "totals": {"used": ends(9000), "least": ends(4000), "most": ends(21000)},
        "benchmark_band": ends(15000, 0.7),
        "pooling": {"protection": peaks, "public_order": {**peaks, "ratio": None}},
    }


def _by_area(places):
    luck, rows = random.Random(5), []
    for i, a in enumerate(places):
        need = a["population"] / 420 * exp(luck.gauss(0, 0.4)) + 6
        short = need * luck.uniform(0.3, 0.8)
        asked, left = short * 0.34, short * 0.34 * luck.uniform(0.2, 0.9)
        numbers, presence, capability, will = (luck.uniform(0, 0.3) for _ in range(4))
        rest = 1 - numbers - presence - capability - will
        rows.append(
            {
                "area": a["area"],
                "name": a["name"],
                "need": ends(need),
                "national_shortfall": ends(short, 0.4),
                "requirement": ends(asked, 0.45),
                "left_open": ends(left, 0.6),
                "data": "none" if i in (7, 48) else "observed",
                "host_basis": "assumed" if i % 4 == 0 else "given",
                "observed_months": 0 if i in (7, 48) else 60,
                "events": None if i in (7, 48) else 12.0,
                "why": {"numbers": numbers, "presence": presence, "capability": capability,
                        "will": will, "structural": rest},
            }
        )  # fmt: skip
    return rows


def _plan(places, name):
    rows, types = [], ("FPU", "IPO", "IPU", "SPT")
    if name == "recommended_without_gendarmerie":
        types = ("FPU", "IPO", "SPT")
    if name == "status_quo":
        types = ("FPU", "IPO")
    luck = random.Random(9)
    for a in places[:: 3 if name != "status_quo" else 6]:
        for unit in types:
            if luck.random() < 0.45:
                continue
            top = luck.choice((1, 2)) if unit != "IPO" else luck.randrange(8, 60)
            for t, month in enumerate(month_range(add_months(ORIGIN, 1), MONTHS)):
                there = top if name == "status_quo" or t // 3 >= luck.choice((0, 1)) else 0
                start = 0 if name == "status_quo" else (2 if unit in ("FPU", "IPU") else 1)
                number = top if t // 3 >= start else (0 if unit != "IPO" else top // 2)
                number = there if name == "status_quo" else number
                if number:
                    rows.append({"pledge": f"p-{unit}", "unit_type": unit, "area": a["area"],
                                 "month": month, "number": float(number)})  # fmt: skip
    return rows


def _options(places, asked):
    posture = [
        {"area": a["area"], "posture": "reinforce" if i % 5 else "partial_replace",
         "preconditions": [{"name": "consent", "met": True}, {"name": "hrddp", "met": False},
                           {"name": "powers_protect", "met": True}]}
        for i, a in enumerate(places)
    ]  # fmt: skip
    return [
        {
            "name": name,
            "cost": ends(61e6 / SHARE[name] ** 0.6, 0.12),
            "unmet_need": ends(asked * SHARE[name] * 12, 0.35),
            "bound": None if name in ("status_quo", "population_spread") else asked * 6.4,
            "gap_percent": None if name in ("status_quo", "population_spread") else 1.4,
            "grade": "B",
            "posture": posture,
            "plan": _plan(places, name),
            "violations": ["ceiling_total: 2120 officers in 2021-07, at most 2000"]
            if name == "population_spread" else [],
        }
        for name in OPTIONS
    ]  # fmt: skip


MEASURES = {"unmet_need": ("officer-months", 9000), "civilian_deaths": ("deaths", 420),
            "all_deaths": ("deaths", 1400), "months_below_floor": ("share of area-months", 0.31),
            "people_covered": ("share of population-months", 0.44), "cost": ("USD", 7.1e7),
            "host_effective_end": ("officers", 5100), "trust_end": ("0 to 1", 0.47),
            "misconduct": ("area-months with an incident", 3.0),
            "harmful_share": ("share of futures", 0.29)}  # fmt: skip


def _outcome():
    luck, rows = random.Random(11), []
    for name in OPTIONS:
        for measure, (units, size) in MEASURES.items():
            for part in ("all", "published", "panel", "sceptical"):
                row = ends(size * SHARE[name] ** 0.2 * luck.uniform(0.95, 1.05), 0.15)
                rows.append({"option": name, "measure": measure, "part": part, "units": units,
                             **row})  # fmt: skip
    return rows


def _curves(months):
    top = {"status_quo": 1150, "reduced": 1600, "recommended": 2050,
           "recommended_without_gendarmerie": 1900, "population_spread": 2000}  # fmt: skip
    return {
        name: [
            {"month": m, **ends(1150 + (most - 1150) * (1 - exp(-t / 4)), 0.08)}
            for t, m in enumerate(months)
        ]
        for name, most in top.items()
    }


def _fan():
    rows = []
    for measure, level in (("deaths", 130.0), ("events", 34.0)):
        for t, month in enumerate(month_range(add_months(ORIGIN, 1), AHEAD)):
            wide = 0.45 + 0.012 * t
            points = {"q05": -1.64, "q10": -1.28, "q25": -0.67, "q50": 0, "q75": 0.67,
                      "q90": 1.28, "q95": 1.64}  # fmt: skip
            season = level * (1 + 0.2 * sin(t * pi / 6))
            rows.append({"month": month, "measure": measure,
                         **{q: season * exp(z * wide) for q, z in points.items()}})  # fmt: skip
    return rows


def _history():
    luck, rows = random.Random(13), []
    for t, month in enumerate(month_range(add_months(ORIGIN, 1 - PAST), PAST)):
        size = 130 * exp(luck.gauss(0, 0.5))
        if 20 <= t < 24:
            rows.append({"month": month, "state_based": None, "non_state": None,
                         "one_sided": None, "events": None})  # fmt: skip
        else:
            rows.append({"month": month, "state_based": round(size * 0.5),
                         "non_state": round(size * 0.2), "one_sided": round(size * 0.3),
                         "events": round(size / 4)})  # fmt: skip
    return rows


def _assumptions():
    rows = []
    for name, p in list(catalogue.parameters().items()):
        if p.is_default:
            rows.append({"name": name, "low": p.low, "mid": p.mid, "high": p.high,
                         "units": p.units, "mark": p.mark, "source": p.source, "date": p.date,
                         "basis": {"RECALLED": "recalled"}.get(p.mark, "computed"),
                         "owner_role": "police_planner", "enters": "assess, rebuild",
                         "changes": "need", "share_need": 0.2})  # fmt: skip
    rows.append({"name": "table:host_police", "mid": 1, "units": "rows", "mark": "RECALLED",
                 "basis": "assumed", "source": "data/host_police.csv",
                 "owner_role": "host_personnel", "enters": "assess, calibrate"})  # fmt: skip
    return rows


def _inquiry():
    """What to find out first, what would change the advice, and shares of variance."""
    figure = {"low": 200.0, "mid": 250.0, "high": 300.0, "share": 0.25, "width_now": 1200.0,
              "width_then": 640.0}  # fmt: skip
    choice = {"low": 9e4, "mid": 1e5, "high": 2e5, "share": 0.1, "width_now": None,
              "width_then": None}  # fmt: skip
    held = {"units": "hours", "mark": "RECALLED", "low": 40.0, "mid": 48.0, "high": 56.0}
    some = {"units": "share", "mark": "RECALLED", "low": 0.3, "mid": 0.6, "high": 0.9}
    first = {"rank": 1, "name": "weekly_hours", "role": "host_personnel", "how": "duty_roster",
             **held, "figure": figure, "choice": choice}  # fmt: skip
    second = {"rank": 2, "name": "host_willing", "role": "human_rights", "how": "interviews",
              **some, "figure": {**figure, "low": 0.0, "mid": 0.0}, "choice": choice}  # fmt: skip
    turn = {"name": "weekly_hours", "at": 44.0, "at_low": 42.1, "at_high": 45.9, "chance": 0.97,
            "holds": "above", **held}  # fmt: skip
    share = {"first": 0.4, "first_low": 0.3, "first_high": 0.5, "total": 0.6, "total_low": 0.5,
             "total_high": 0.7}  # fmt: skip
    rows = [{"name": "weekly_hours", "kind": "parameter", **share},
            {"name": "violence", "kind": "group", **share, "first": None}]  # fmt: skip
    totals = ("need", "national_shortfall", "mission_requirement", "left_open")
    return {
        "checklist": {
            "decisions": {
                "figure": {"short": 4.0, "idle": 1.0, "level": 0.8, "officers": 1460.0,
                           "expected_loss": 1000.0},
                "choice": {"usd_per_officer_month_open": 16200.0},
            },
            "rows": [first, second],
            "together": [{"answers": k, "figure": figure, "choice": choice} for k in (1, 2)],
            "by_role": [{"role": r["role"], "names": [r["name"]]} for r in (first, second)],
            "others": 31,
        },
        "turning": [
            {"kind": "choice", "preferred": "recommended", "rival": "reduced", "turns": [turn]},
            {"kind": "choice", "preferred": "recommended", "rival": "status_quo", "turns": [],
             "share_better": 0.89},
            {"kind": "mission", "present": 240.0, "above": True, "share_above": 1.0, "turns": []},
            {"kind": "mission", "present": 240.0, "above": False, "share_above": 0.2,
             "turns": [{**turn, "holds": "below"}]},
            {"kind": "grade", "letter": "D", "steps": [{"name": "beat_ratio", "letter": "D"},
                                                       {"name": "weekly_hours", "letter": "C"}]},
            {"kind": "grade", "letter": "B", "steps": [{"name": "beat_ratio", "letter": "B"}]},
        ],
        "sensitivity": {"headlines": [{"headline": t, "rows": rows} for t in totals]},
    }  # fmt: skip


def _handover(places):
    luck, rows = random.Random(17), []
    for i, a in enumerate(places):
        reached = i % 6 == 2
        rows.append(
            {
                "area": a["area"],
                "earliest": add_months(ORIGIN, 14 + i % 20) if reached else None,
                "confidence": luck.uniform(0.8, 0.95) if reached else luck.uniform(0, 0.6),
                "criteria": {c: luck.random() for c in
                             ("response", "certified", "logistics", "stability")},
                "reversal": ends(0.12, 0.4),
            }
        )  # fmt: skip
    return rows


def _monthly(mid, months, spread=0.4):
    """Return low, mid and high as lists over the months."""
    rows = [ends(mid * (1 + 0.15 * sin(t)), spread) for t, _ in enumerate(months)]
    return {k: [row[k] for row in rows] for k in ("low", "mid", "high")}


def _violence(places, months):
    luck, rows = random.Random(19), []
    for i, a in enumerate(places):
        size = luck.choice((0, 0, 3, 12, 60))
        known = i != 7

        def year(scale, size=size, known=known):
            kinds = {"state_based": 0.5, "non_state": 0.2, "one_sided": 0.3, "events": 0.4}
            return {k: round(size * s * scale) if known else None for k, s in kinds.items()}

        past = [float(luck.randrange(0, size + 1)) if known else None for _ in range(36)]
        rows.append({"area": a["area"], "last12": {**year(1.0), "protests": 3.0},
                     "before12": {**year(luck.choice((0.4, 1.0, 2.0))), "protests": None},
                     "past": past, "ahead": ends(size + 1.0),
                     "fan": _monthly(size / 6 + 0.1, months)})  # fmt: skip
    return rows


def _facts(places, rows, months, functions):
    """Return what the assessment report reads beside the brief."""
    police = {"institution": "National Police", "area": "*", "authorised": 9000.0, "roll": 8100.0,
              "operational": 7300.0, "available": 5200.0, "vetted": 0.7, "trained": 0.75,
              "equipped": 0.6, "paid": 0.8, "in_reach": 0.9, "women": 0.08, "as_of": "2020-06",
              "basis": "given"}  # fmt: skip
    indicators = catalogue.table("indicators")["indicator"].astype(str)
    return {
        "report_months": list(months),
        "area_months": [{"area": r["area"], **_monthly(r["left_open"]["mid"], months)}
                        for r in rows],
        "function_months": [
            {"function": f, "need": _monthly(400.0, months),
             "national_shortfall": _monthly(300.0, months), "left_open": _monthly(90.0, months)}
            for f in functions
        ],
        "violence_years": [
            {"year": str(y), "months": 12, "state_based": 40.0 * k, "non_state": 20.0,
             "one_sided": None if k == 1 else 30.0, "events": 50.0, "protests": 12.0}
            for k, y in enumerate(range(2014, 2021))
        ],
        "violence_areas": _violence(places, months),
        "coverage": [{"kind": k, "first": "2014-01", "last": ORIGIN, "observed": 0.98,
                      "areas_silent": 1} for k in ("state_based", "one_sided", "events")],
        "host_effective": ends(2900.0, 0.1),
        "host_institutions": [
            {**{k: v for k, v in police.items() if k != "area"}, "rows": 1, "women": 648.0},
            {**{k: v for k, v in police.items() if k != "area"}, "rows": 1, "women": None,
             "institution": "Gendarmerie", "authorised": None, "basis": "assumed/given"},
        ],
        "host_by_area": [{"area": r["area"], **ends(r["need"]["mid"] * 0.2)} for r in rows],
        "host_police": [police],
        "willingness": [
            {"institution": "National Police", "area": a, "indicator": k, "low": 0.3, "mid": 0.5,
             "high": 0.7, "assessor_role": "police adviser", "evidence_grade": "C",
             "as_of": "2020-08", "basis": "given"}
            for a in ("*", "XQ03") for k in indicators
        ],
        "other_providers": [
            {"provider": "host military", "area": "XQ03", "function": "static", "from": "",
             "until": "2021-06", "strength": 120.0, "legal_basis": "decree", "counts": "bridging",
             "basis": "given"},
            {"provider": "community guards", "area": "XQ04", "function": "protection", "from": "",
             "until": "", "strength": 80.0, "legal_basis": "none", "counts": "never",
             "basis": "assumed"}],
        "programmes": [
            {"institution": "National Police", "area": "*", "type": "reform", "donor": "Donor",
             "from": "2020-01", "until": "2022-12", "cost": 4.2e6, "output": "academy",
             "verified_by": "auditor"},
            {"institution": "National Police", "area": "*", "type": "governance", "donor": "",
             "from": "2020-01", "until": "2022-12", "cost": None, "output": "", "verified_by": ""}],
        "mandate": [
            {"paragraph": "8(a)", "task": "Protect civilians", "function": "protection", "area": "",
             "posture": "reinforce", "powers": "protect", "ceiling_formed": 1260.0,
             "ceiling_individual": 420.0, "host_consent": "yes", "hrddp": "", "detention": "no",
             "prosecutors": "", "applicable_law": "yes", "basis": "assumed"}],
        "pledges": [
            {"pledge": "p1", "contributor": who, "unit_type": "FPU", "number": 2.0,
             "readiness": ready, "from": "", "until": "", "language": "fr", "women": 0.1,
             "caveats": "", "chance": 0.6, "area": "", "basis": basis}
            for who, ready, basis in (("PRESENT", "in_mission", "given"), ("Contributor A", "RDL",
                                      "given"), ("NOTIONAL", "L3", "assumed"))],
    }  # fmt: skip


def _notes():
    values = {
        "note.host_assumed": {},
        "note.notional_pledges": {},
        "evidence.effect_unsure": {"share": 0.31},
        "evidence.cap": {"cap": 1132.0},
        "deploy.unlikely": {"count": 2, "pledges": 9, "names": "p-IPU, p-SPT"},
    }
    return [
        {
            "code": code.removeprefix("note."),
            "text": catalogue.message(code, "en", **v),
            "values": v,
        }
        for code, v in values.items()
    ]


def _provision(places):
    officers = {"authorised": None, "roll": ends(9000.0, 0.1), "ghosts": ends(300.0, 0.6),
                "present": ends(8700.0, 0.1), "available": ends(5200.0, 0.1),
                "able": ends(2100.0, 0.2)}  # fmt: skip
    shares = {"able_share": 0.42, "able_bound_low": 0.0, "able_bound_high": 0.6,
              "in_capital": 0.66, "harm_share": 0.12}  # fmt: skip
    return {
        "institutions": [{"institution": "Quelmora Constabulary", "basis": "assumed", **officers,
                          **{k: ends(v, 0.1) for k, v in shares.items()}}],
        "assessors": [
            {"institution": "Quelmora Constabulary", "area": where, "indicator": what,
             "assessors": 2, "roles": "police adviser, human rights officer", "low": 0.2,
             "mid": 0.45, "high": 0.7, "between": between, "age_months": 7, "basis": "given"}
            for where, what, between in (("*", "lawful_orders", 0.1),
                                         (places[3]["area"], "abuse_allegations", 0.8))],
        "ledger": [
            {"provider": "private", "area": places[0]["area"], "function": "protection",
             "authorised": None, "deployed": 40.0, "effective": 0.0, "counts": "full",
             "from": "", "until": "", "reason": "assess.private_not_counted"},
            {"provider": "EU", "area": places[1]["area"], "function": "community",
             "authorised": 60.0, "deployed": 50.0, "effective": 25.0, "counts": "bridging",
             "from": "2021-07", "until": "", "reason": ""}],
        "strength": [
            {"who": "host", "authorised": None, "deployed": ends(5200.0),
             "effective": ends(1800.0)},
            {"who": "mission", "authorised": {"low": 1500.0, "mid": 1500.0, "high": 1500.0},
             "deployed": ends(1100.0), "effective": ends(800.0)},
            {"who": "others", "authorised": None, "deployed": ends(90.0),
             "effective": ends(25.0)}],
    }  # fmt: skip


def _advice(places):
    values = {"able": 0.8, "willing": 0.28, "harm": 0.12, "short": 0.5, "least": 0.35,
              "ready": 0.5, "most": 0.1, "able_enough": 0.5, "covered": 0.05,
              "element": "vetted", "indicator": "abuse_allegations"}  # fmt: skip
    rows = (("*", "account", "both", ["accountability", "leverage", "protection"], False),
            (places[3]["area"], "build", "unable", ["training", "equipment"], True),
            (places[4]["area"], "account", "both", ["accountability"], False))  # fmt: skip
    return [
        {"institution": "Quelmora Constabulary", "area": where, "advice": kind, "gives": gives,
         "equipment": helped, "headcount": False, "conditional": helped, "sure": 0.74,
         "able": ends(0.8, 0.05), "willing": ends(0.28, 0.2), "harm": ends(0.12, 0.3),
         "short": ends(0.5, 0.2), "basis": {"able": "given", "willing": "assumed"},
         "reason": {"code": f"advice.reason.{why}", "values": values},
         "change": {"code": f"advice.change.{kind}", "values": values}}
        for where, kind, why, gives, helped in rows
    ]  # fmt: skip


def result(places, rows, months):
    need = sum(r["need"]["mid"] for r in rows)
    short = sum(r["national_shortfall"]["mid"] for r in rows)
    asked, left = short * 0.42, short * 0.27
    by_month = [{"month": m, **ends(left * (1 + 0.1 * sin(t)), 0.35)} for t, m in enumerate(months)]
    return {
        "schema": "polgap.result/1",
        "study": {"theatre": "Quelmora", "origin": ORIGIN, "first_month": months[0],
                  "months": MONTHS, "draws": 1000, "seed": 1, "basis": "assumed"},
        "gap": {
            "units": "officers on strength",
            "need": ends(need, 0.2),
            "national_shortfall": ends(short, 0.25),
            "mission_requirement": ends(asked, 0.3),
            "left_open": ends(left, 0.35),
            "peak": max(by_month, key=lambda r: r["mid"]),
            "by_month": by_month,
            "benchmark_band": {"low": 3900.0, "mid": 9800.0, "high": 17700.0},
            "why": {"numbers": 0.13, "presence": 0.22, "capability": 0.31, "will": 0.19,
                    "structural": 0.15},
            "gaps": {"deployment": ends(left * 0.7), "enforcement": ends(left * 0.3),
                     "institutional": ends(short * 1.1)},
            "by_area": [], "by_function": [],
        },
        "options": _options(places, asked),
        "arrival": {
            "option": "recommended",
            "pledges": [
                {"pledge": f"{who}-{unit}", "unit_type": unit, "p50": add_months(ORIGIN, 4 + k),
                 "p80": add_months(ORIGIN, 6 + k), "p95": None if k % 3 else "2021-12"}
                for k, (who, unit) in enumerate(
                    [("NOTIONAL-1", "FPU"), ("NOTIONAL-2", "FPU"), ("NOTIONAL-3", "IPU"),
                     ("NOTIONAL-4", "IPO"), ("NOTIONAL-5", "SPT"), ("NOTIONAL-6", "SPC")])
            ],
            "curve": _curves(months)["recommended"],
            "critical_path": [
                {"activity": a, "days": d} for a, d in
                (("decision", 30.0), ("note_verbale", 10.0), ("pledge", 30.0), ("sur", 30.0),
                 ("mou", 60.0), ("procurement", 100.0), ("approval", 21.0), ("lift", 21.0),
                 ("induction", 7.0))
            ],
        },
        "handover": _handover(places),
        "outcome": _outcome(),
        "skill": [
            {"target": t, "model": "negbin_pooled", "baseline": "last12", "origins": 36,
             "ratio_crps": x, "low": x - 0.07, "high": x + 0.07, "coverage90": c}
            for t, x, c in (("state_based", 0.86, 0.9), ("non_state", 0.98, 0.81),
                            ("one_sided", 1.12, 0.88), ("events", 0.8, 0.97))
        ],
        "manifest": {"inputs": [], "versions": {"polgap": "0.1.0", "numpy": "2.4.0"}, "seed": 1},
        "notes": _notes(),
    }  # fmt: skip


def area_functions(rows, functions):
    return [
        {"area": row["area"], "functions": functions, "basis": "assumed",
         "left_open": {k: [None if v is None else 0.013 * i * v for i, _ in enumerate(functions)]
                       for k, v in row["left_open"].items()}}
        for row in rows
    ]  # fmt: skip


def generated():
    """Return a complete run with its force generation plan, and an area that nobody can serve."""
    main, details = full()
    months = [row["month"] for row in main["gap"]["by_month"]]
    tasks = [{"activity": a, "begin": b, "end": e, "critical": c, "share": s}
             for a, b, e, c, s in (("decision", 0, 30, True, 1.0), ("camp", 30, 45, False, 0.04),
                                   ("lift", 95, 106, True, 0.96))]  # fmt: skip
    details["force"] = {
        "option": "recommended", "method": "list", "retendered": 0.2,
        "resources": [
            {"resource": "airport", "capacity": 3, "units": "formed units received at once",
             "per": "unit", "basis": "given",
             "windows": [{"from": "2021-02", "until": "2021-03", "capacity": 0},
                         {"from": "2021-08", "until": "", "capacity": 1}]},
            {"resource": "lift", "capacity": 2, "units": "units at once", "per": "unit",
             "basis": "recalled", "windows": []}],
        "gantt": [{"pledge": "p1", "law": "RDL", "activities": tasks, "unit_type": "FPU",
                   "readiness": "RDL", "number": 2.0, "p50": "2021-04", "p80": "2021-06",
                   "p95": None}],
        "criticality": [{"activity": "lift", "share": 0.9, "waited": 0.2, **ends(12.0)}],
        "bridging": [
            {"area": "XQ00", "until": "2021-06", "short": ends(80.0), "left": 3.0, "bridges": [
                {"bridge": "rdl", "ready": "2021-02", "months": 6, "cap": 140.0, "officers": 60.5,
                 "functions": ["protection"], "mark": "RECALLED"},
                {"bridge": "military", "ready": "2021-03", "months": 3, "cap": None,
                 "officers": None, "functions": ["static"], "mark": "RECALLED"}]},
            {"area": "XQ04", "until": None, "short": ends(20.0), "left": 20.0, "bridges": []}],
        "shortfall": [{"unit_type": "FPU", "month": m, "at50": 101.5, "at80": 203.25, "units50": 2,
                       "units80": 3} for m in months[:3]],
        "unreached": [{"area": "XQ04", "name": "Alovora", "reason": r, "hours": h, "open": ends(9)}
                      for r, h in (("consent", 7.5), ("threat", None))],
        "calls": [{"pledge": "p1", "contributor": "Contributor A", "unit_type": "FPU",
                   "readiness": "RDL", "chance": 0.6, "ask": "certain", "gain": 220.4,
                   "earlier": {**ends(40.0), "mean": 41.5}, "certain": {**ends(210), "mean": 220}}],
        "asks": [],
        "turnover": [
            {"kind": "vacancy", "pledge": "p1", "unit_type": "FPU", "month": "2021-03",
             "number": 2.0, "low": 2.0, "high": 2.0, "basis": "given"},
            {"kind": "rotation", "pledge": "p1", "unit_type": "FPU", "month": None, "number": 1.0,
             "low": 0.0, "high": 2.0, "basis": "assumed"}],
        "outside": None,
    }  # fmt: skip
    return main, details


def full():
    """Return (result, details) of a complete run."""
    places, months = areas(), month_range(add_months(ORIGIN, 1), MONTHS)
    rows = _by_area(places)
    main = result(places, rows, months)
    functions = catalogue.table("functions")["function"].astype(str).tolist()
    weights = [0.1, 0.12, 0.2, 0.17, 0.05, 0.04, 0.08, 0.09, 0.03, 0.0, 0.0, 0.08, 0.04]
    total = main["gap"]["need"]["mid"]
    by_function = [
        {"function": f, "need": ends(total * w if f not in functions[:2] else 0.0),
         "national_shortfall": ends(total * w * 0.5), "requirement": ends(total * w * 0.2),
         "left_open": ends(total * w * (0.12 if f != "community" else 0.02), 0.5)}
        for f, w in zip(functions, weights, strict=True) if w
    ]  # fmt: skip
    details = {
        "theatre": {"name": "Quelmora", "iso3": "XQE", "mission": "IPMQ", "capital": "XQ34",
                    "exercise": False},
        "areas": places,
        "history": _history(),
        "fan": _fan(),
        "waterfall": [],
        "by_area": rows,
        "by_function": by_function,
        "area_functions": area_functions(rows, [f["function"] for f in by_function]),
        "provision": _provision(places),
        "advice": _advice(places),
        "phase_rule": "assess.phase_rule",
        "need_models": need_models(),
        "women_on_duty": {
            "units": "officers on strength", "total": ends(61),
            "by_area": [{"area": "XQ00", "name": "Alovora", **ends(9)}],
            "targets": {"individual": 0.3, "formed": 0.2},
        },
        "movers": [
            {"name": n, "units": u, "mark": "RECALLED", "basis": "recalled", "low": lo, "high": hi,
             "change_low": -c, "change_high": c * 1.6, "source": "General knowledge"}
            for n, u, lo, hi, c in (
                ("incidents_per_ged_event", "incidents needing police per lethal event",
                 1, 20, 480),
                ("host_roll_per_100k", "officers per 100000 inhabitants", 40, 300, -310),
                ("relief_factor_24_7", "officers on strength per officer on duty", 4.2, 5.8, 240),
                ("officers_per_incident", "officers on duty", 10, 84, 190),
                ("beat_ratio", "inhabitants per community officer on strength", 500, 2500, -95),
                ("mission_self_share", "share of formed capacity", 0.1, 0.35, 60),
                ("command_admin_share", "share of component", 0.08, 0.12, 25))
        ] + [
            {"name": "host_willing", "units": "share", "mark": "RECALLED", "basis": "assumed",
             "low": 0.3, "high": 0.9, "change_low": 20.0, "change_high": 22.0, "source": "x"},
            {"name": "stations_per_100k", "units": "stations per 100000 inhabitants",
             "mark": "SEEN", "basis": "computed", "low": 1, "high": 5, "change_low": 0.0,
             "change_high": -18.0, "source": "x"},
        ],
        "grade": {"letter": "B", "share_assumed": 0.34},
        "assumptions": _assumptions(),
        **_inquiry(),
        "reporting": {"months": 60, "area_months": 3600, "observed": 3480, "areas": 60,
                      "areas_silent": 2},
        "institutions": 2,
        "data": [
            {"source": s, "origin": o, "sha256": "9f2c4e11aa0b" * 5, "rows": n, "as_of": d,
             "age_months": g, "quality": q, "licence": "CC BY 4.0", "notes": None}
            for s, o, n, d, g, q in (
                ("ucdp_ged", "ged251.csv.gz", 4120, "2020-12", 0, "A"),
                ("areas", "geoBoundaries ADM2", 60, "2019-01", 23, "C"),
                ("host_police", "host_police.csv", 1, None, None, "U"))
        ],
        "import_report": [{"code": "deploy.no_offers", "values": {}}],
        "comparison": {"recommended_vs": [
            {"name": "status_quo", "unmet_less": {"low": 2100, "mid": 4300, "high": 7200},
             "share_better": 0.97, "better": True},
            {"name": "population_spread", "unmet_less": {"low": -400, "mid": 900, "high": 2300},
             "share_better": 0.81, "better": True}]},
        "gendarmerie": {"unmet": {"low": -1500, "mid": -620, "high": 240},
                        "cost": {"low": 2.1e6, "mid": 4.4e6, "high": 7.3e6},
                        "cover_month": {"with": "2021-05", "without": None}},
        "against": [
            {"code": "against.left_open", "values": {"share": 0.43, "officers": 9120.4}},
            {"code": "against.may_be_worse", "values": {"rival": "population_spread",
                                                         "share": 0.19}},
            {"code": "against.price", "values": {"usd": 5120.0, "more": 2.2e7, "officers": 4300.0}},
            {"code": "against.effect_unsure", "values": {"share": 0.31}}],
        "hubs": [
            {"hubs": n, "areas": [places[i]["area"] for i in range(n)],
             "hours": ends(7.3 / n, 0.2), "within": ends(0.3 + 0.2 * n, 0.1), "reach_hours": 4.0,
             "gap_percent": 0.0, "proved": True}
            for n in (1, 2, 3)],
        "harm": [
            {"code": "harm.misconduct", "values": {"officers": 1920.0}},
            {"code": "harm.economy", "values": {"usd": 8.1e7}},
            {"code": "harm.effect", "values": {"share": 0.31}}],
        "storyline": {"option": "recommended", "draw": 417, "lines": [
            {"month": months[0], "code": "story.start", "values": {"percent": 93}},
            *({"month": m, "code": "story.month",
               "values": {"name": places[34]["name"], "officers": 120 + t, "total": 900 + 10 * t,
                          "deaths": 150, "civilians": 41}} for t, m in enumerate(months)),
            {"month": months[6], "code": "story.budget_cut",
             "values": {"percent": 25, "officers": 480}}]},
        "shocks": [
            {"shock": s, "chance": c, "hit_share": c * 0.98} for s, c in
            (("pledge_fails", 0.25), ("consent_withdrawn", 0.06), ("budget_cut", 0.25),
             ("violence_spike", 0.25), ("attrition_crisis", 0.12))],
        "generation": [
            {"readiness": k, "activity": a, "days": d, "critical": a != "training"}
            for k in ("RDL", "L3", "L2", "individual") for a, d in
            (("decision", 30.0), ("note_verbale", 10.0), ("mou", 60.0), ("training", 75.0),
             ("lift", 21.0))],
        "posture": {"basis": "given", "powers": 1, "preconditions": [
            {"name": "consent", "met": True}, {"name": "hrddp", "met": False}]},
        "curve_options": _curves(months),
        "institutional": [
            {"month": m, **ends(2900 - 22 * t, 0.25)}
            for t, m in enumerate(month_range(months[0], AHEAD))],
        **_facts(places, rows, months, [row["function"] for row in by_function]),
    }  # fmt: skip
    return main, details


def weak():
    """Return a run whose decision grade is D and which is an exercise."""
    main, details = full()
    for option in main["options"]:
        option["grade"] = "D"
    details["grade"] = {"letter": "D", "share_assumed": 0.91}
    details["theatre"]["exercise"] = True
    main["study"]["basis"] = "exercise"
    main["notes"].append({"code": "note.exercise", "text": "EXERCISE", "values": {}})
    details["comparison"]["recommended_vs"][1] |= {"better": False, "share_better": 0.38}
    return main, details


def bare():
    """Return a run in which everything that may be missing is missing."""
    main, details = deepcopy(full())
    main["gap"]["why"] = None
    main["skill"], main["outcome"], main["notes"] = [], [], []
    main["arrival"] = {"option": "recommended", "pledges": [], "curve": [], "critical_path": []}
    for row in main["handover"]:
        row |= {"earliest": None, "confidence": None, "reversal": None}
        row["criteria"] = dict.fromkeys(row["criteria"])
    for option in main["options"]:
        option |= {"bound": None, "gap_percent": None, "posture": [], "plan": []}
    for row in details["by_area"]:
        row |= {"why": None, "data": "none"}
        row["left_open"] = {"low": None, "mid": None, "high": None}
    for row in details["history"]:
        row |= dict.fromkeys(("state_based", "non_state", "one_sided", "events"))
    tables = ("report_months", "area_months", "function_months", "violence_years", "violence_areas",
              "coverage", "host_institutions", "host_by_area", "host_police", "willingness",
              "other_providers", "programmes", "mandate", "pledges")  # fmt: skip
    details |= {name: [] for name in tables}
    details |= {
        "host_effective": None,
        "gendarmerie": None, "checklist": None, "turning": [],
        "sensitivity": {}, "movers": [], "assumptions": [], "data": [], "import_report": [],
        "against": [], "harm": [], "storyline": {}, "shocks": [], "generation": [],
        "curve_options": {}, "institutional": [], "fan": [], "comparison": {"recommended_vs": []},
        "grade": {"letter": "B", "share_assumed": None}, "by_function": [],
        "provision": {}, "advice": [],
    }  # fmt: skip
    return main, details
