"""Examples: a toy study, and the built-in exercise theatre with its hidden truth.

Nothing here describes a real place. Every number has basis ``exercise``.
"""

from polgap.examples._score import score, summary
from polgap.examples._sources import request, sources, truth_json
from polgap.examples._texture import texture
from polgap.examples._theatre import Exercise, theatre
from polgap.examples._toy import inputs, study, toy
from polgap.examples._truth import Truth

__all__ = [
    "Exercise", "Truth", "inputs", "request", "score", "sources", "study", "summary", "texture",
    "theatre", "toy", "truth_json",
]  # fmt: skip
