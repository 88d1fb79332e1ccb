"""Invented names: pronounceable, and of no real place as far as a check can tell."""

from __future__ import annotations

from polgap.draws import stream

COUNTRY, ISO3, ISO2, MISSION = "Quelmora", "XQE", "XQ", "IPMQ"
"""Codes from the ranges that ISO 3166 leaves to users (XA-XZ, XAA-XZZ): no State has them."""

NEIGHBOURS = ("Dardamir", "Yallume")
"""The two neighbouring States, beyond the land border; only their names are used."""

RIVER = "Solithume"

_POOL = """
Aloseme Alovisa Aluvithe Asholvora Ashorlor Balmari Barodon Besterel Bevisaire Binovir Bordane
Boskore Bravolora Breildey Brulden Buvonora Deinador Delvasen Dindorel Distova Drovane Durvinne
Elendane Elevinne Elonande Elunaire Esolmessa Esulivor Fadreme Falvande Fenithon Findathir
Foreminne Furevora Garvesen Gassarune Geiskora Gistolane Gondineme Guvorel Haelanune Helovume
Hethosse Holeva Hornilor Ilarnume Ilivande Kaernor Kallesir Karnideth Keilidis Kildoven Kithelune
Kolvon Komnora Kulvasora Laestir Leirlir Levamon Lilvolen Linasor Lorvessa Lumbithis Lurlasis
Maelvimey Meilminor Milmor Mirlonen Mithosse Mustalora Nalmande Nardari Neilvon Nidremon Noldelume
Nunerane Olervune Olestune Olullor Orestume Orisume Oruvinne Paelvosse Palilor Passithor Peldirane
Petholora Pindessa Podrosse Quvasa Qustari Qustune Reivor Relvari Rinomande Riskora Rizhune Rulvaire
Rurdane Sambonel Seiveror Selane Sirdari Soremande Sunerande Suriden Taelvonor Tavadessa Telithon
Terlorune Tervenel Thasson Thovora Torvonon Tralaire Trellari Trivelis Tunovey Uradrora Uravison
Vaelvor Valmenir Vassaire Vervoris Vildora Vistune Volasel Vrirande Yadrovor Yelladane Yolvon
Zaelvomon Zerdey Zindolle Zissaire Zurlovir
"""


def place_names(seed: int) -> list[str]:
    """Return the pool of invented place names in the order this theatre uses them.

    Made from syllables, then checked against the names of 53,000 towns, 33,000 administrative
    units and 28,000 airports; a test repeats the check where the data are at hand.

    Examples
    --------
    >>> names = place_names(1)
    >>> len(names) == len(set(names)), sorted(names) == sorted(place_names(2))
    (True, True)
    """
    names = _POOL.split()
    return [names[i] for i in stream(seed, "exercise", "names").permutation(len(names))]
