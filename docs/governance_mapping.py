"""Fit how country-year governance series point to willingness, and print ``governance.csv``.

    POLGAP_DATA=... python docs/governance_mapping.py > src/polgap/catalogue/governance.csv

Each indicator of willingness has one nearest construct in V-Dem (a judgement, marked so). Every
series is put on the log-odds scale and the construct is regressed on it over country-years. The
width of a prior has two parts: what the regression leaves (0 where the series is the construct),
and how far the five constructs lie apart within one country-year, which stands in for how far an
institution may lie from the construct: nobody has measured that.
"""

import csv
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from polgap.evidence.priors import on_scale

CONSTRUCT = {
    "protection_of_all_groups": "v2clrspct",
    "political_interference": "v2x_neopat",
    "abuse_allegations": "v2x_clphy",
    "accountability_body": "v2x_jucon",
    "lawful_orders": "v2x_rule",
}
SCALE = {
    "v2clrspct": "score", "v2x_neopat": "reversed", "v2x_clphy": "share", "v2x_jucon": "share",
    "v2x_rule": "share", "v2x_execorr": "reversed", "wgi_rule_of_law": "score",
    "wgi_control_of_corruption": "score", "wgi_government_effectiveness": "score",
    "wgi_voice_accountability": "score",
}  # fmt: skip
WGI = {
    "RuleofLaw": "wgi_rule_of_law",
    "ControlofCorruption": "wgi_control_of_corruption",
    "GovernmentEffectiveness": "wgi_government_effectiveness",
    "VoiceandAccountability": "wgi_voice_accountability",
}
COLUMNS = ("indicator", "series", "scale", "constant", "slope", "sd", "n", "mark", "source")


def panel(folder):
    """Return the series of each country-year, each on the log-odds scale, high = better."""
    vdem = pd.read_csv(folder / "evidence" / "vdem12_elite_indicators_1989_2014.csv")
    wgi = pd.read_csv(folder / "governance" / "wgi_1996_2019.csv.gz", keep_default_na=False)
    wgi["estimate"] = pd.to_numeric(wgi["estimate"], errors="coerce")
    wide = wgi.replace({"indicator": WGI}).pivot_table(
        index=["code", "year"], columns="indicator", values="estimate"
    )
    wide = wide.reset_index().rename(columns={"code": "iso3"})
    wide["year"] = wide["year"].astype(int)
    both = vdem.merge(wide, on=["iso3", "year"], how="left")
    return pd.DataFrame({s: on_scale(both[s].to_numpy(), scale) for s, scale in SCALE.items()})


def apart(series):
    """Return how far the constructs lie apart within a country-year, log odds."""
    rows = series[list(CONSTRUCT.values())].dropna()
    rest = rows - rows.mean()
    rest = rest.sub(rest.mean(axis=1), axis=0)
    return float(np.sqrt((rest**2).to_numpy().sum() / ((len(CONSTRUCT) - 1) * (len(rows) - 1))))


def fitted(folder):
    """Return the rows of ``governance.csv``."""
    series, found = panel(folder), []
    between = apart(series)
    for indicator, construct in CONSTRUCT.items():
        for name, scale in SCALE.items():
            known = series[[construct, name]].dropna().to_numpy()
            if name == construct:
                slope, constant, left = 1.0, 0.0, 0.0
            else:
                slope, constant = np.polyfit(known[:, 1], known[:, 0], 1)
                left = (known[:, 0] - constant - slope * known[:, 1]).std(ddof=2)
            source = f"V-Dem v12 {construct}, 121 countries 1989-2014"
            source += "" if name == construct else f", on {name}"
            values = (f"{constant:.3f}", f"{slope:.3f}", f"{np.hypot(left, between):.3f}")
            found.append((indicator, name, scale, *values, len(known), "COMPUTED", source))
    return found


if __name__ == "__main__":
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(COLUMNS)
    out.writerows(fitted(Path(os.environ["POLGAP_DATA"])))
