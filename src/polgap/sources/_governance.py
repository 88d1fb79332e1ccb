"""Country-year indicators: the names PolGap gives them, and their 10 and 90 % points."""

from __future__ import annotations

WGI = {
    "va": "wgi_voice_accountability",
    "pv": "wgi_political_stability",
    "ge": "wgi_government_effectiveness",
    "rq": "wgi_regulatory_quality",
    "rl": "wgi_rule_of_law",
    "cc": "wgi_control_of_corruption",
}
"""Code of a Worldwide Governance Indicator -> our name; standard normal scores, about -2.5..2.5."""

WGI_WORDS = {
    "voiceandaccountability": "va",
    "politicalstability": "pv",
    "politicalstabilityandabsenceofviolence": "pv",
    "politicalstabilityandabsenceofviolenceterrorism": "pv",
    "politicalstabilitynoviolence": "pv",
    "governmenteffectiveness": "ge",
    "regulatoryquality": "rq",
    "ruleoflaw": "rl",
    "controlofcorruption": "cc",
}
"""How files write an indicator, letters only, lower case."""

VDEM = (
    "v2x_rule", "v2x_clphy", "v2x_execorr", "v2x_pubcorr", "v2x_corr", "v2x_neopat",
    "v2x_jucon", "v2x_horacc", "v2x_accountability", "v2x_civlib", "v2xcl_rol", "v2xcl_acjst",
    "v2xnp_client", "v2xnp_pres", "v2xnp_regcorr", "v2clkill", "v2cltort", "v2clrspct",
    "v2clrgunev", "v2svstterr", "v2juhcind", "v2stcritrecadm", "v2exbribe", "v2extheft",
)  # fmt: skip
"""Series of V-Dem that say something on police and the State behind it."""

VDEM_SHARES = tuple(
    n for n in VDEM if n.startswith("v2x") and n not in ("v2x_horacc", "v2x_accountability")
)
"""Those of them that lie between 0 and 1."""

WORLD_BANK_CODES = {"ADO": "AND", "KSV": "XKX", "ROM": "ROU", "TMP": "TLS", "WBG": "PSE",
                    "ZAR": "COD", "IMY": "IMN"}  # fmt: skip
"""Codes that World Bank files use instead of ISO3."""

Z90 = 1.2815515655446004
"""Standard deviations from the middle to the 90 % point."""


def ends(value: float, error: float) -> tuple[float, float]:
    """Return the 10 and 90 % points of an estimate with a standard error.

    Examples
    --------
    >>> [round(e, 2) for e in ends(-2.0, 0.2)]
    [-2.26, -1.74]
    """
    return value - Z90 * error, value + Z90 * error
