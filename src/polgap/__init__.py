"""PolGap: see the policing gap, plan the force, hand over.

The public surface: a study is answered with `run`, its inputs come from `load_inputs` (a project
folder) or `toy` (a tiny example), and `render` writes the brief. Names are imported when they are
first used, so that ``polgap --help`` stays quick.

Examples
--------
>>> import polgap
>>> study, inputs = polgap.toy()
>>> answer = polgap.run(study, inputs)
>>> sorted(answer.blocks)[:3]
['arrival', 'gap', 'handover']
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Config": "polgap.store",
    "DataError": "polgap.errors",
    "Inputs": "polgap.domain",
    "ImportRequest": "polgap.sources",
    "Plan": "polgap.domain",
    "PolGapError": "polgap.errors",
    "Project": "polgap.store",
    "Result": "polgap.domain",
    "Study": "polgap.domain",
    "StudyError": "polgap.errors",
    "import_sources": "polgap.sources",
    "load_inputs": "polgap.sources",
    "render": "polgap.brief",
    "run": "polgap.study",
    "toy": "polgap.examples",
}

__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'polgap' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
