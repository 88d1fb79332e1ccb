"""What flows: cubes (xarray), tables (pandas), records (frozen dataclasses), and months."""

from polgap.domain.classes import MENTORING, class_parts, unit_class
from polgap.domain.cubes import (
    DIMS,
    KINDS,
    Arrival,
    Futures,
    Gap,
    Mission,
    Need,
    Outcome,
    Panel,
    Provision,
    Requirement,
    cube,
    is_covariate,
    publication_lag,
    require_same,
)
from polgap.domain.months import add_months, month_label, month_number, month_range
from polgap.domain.records import (
    BASES,
    GOVERNANCE,
    NOBODY,
    PHASES,
    POSTURES,
    POWERS,
    Assessment,
    Deployed,
    Effects,
    Generation,
    Inputs,
    LeftOpen,
    Note,
    Plan,
    Posture,
    Result,
    Risk,
    Study,
    Timetable,
)
from polgap.domain.rules import Rotation, opening_costs, rotation
from polgap.domain.tables import Column, check_table, empty_table, schema

__all__ = [
    "BASES", "DIMS", "GOVERNANCE", "KINDS", "MENTORING", "NOBODY", "PHASES", "POSTURES", "POWERS",
    "Arrival", "Assessment", "Column", "Deployed", "Effects", "Futures", "Gap", "Generation",
    "Inputs", "LeftOpen", "Mission", "Need", "Note", "Outcome", "Panel", "Plan", "Posture",
    "Provision", "Requirement", "Result", "Risk", "Rotation", "Study", "Timetable", "add_months",
    "check_table", "class_parts", "cube", "empty_table", "is_covariate", "month_label",
    "month_number", "month_range", "opening_costs", "publication_lag", "require_same", "rotation",
    "schema", "unit_class",
]  # fmt: skip
