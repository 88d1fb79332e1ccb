"""Sources: read what planners and public data sets give, check it, refuse what must not enter.

`import_sources` makes the tables of a project from source files; `load_inputs` reads a project
for a run; `resolve` finds a file; `areas_geojson` and `templates` give text to be written;
`SOURCES` lists what can be read.
"""

from polgap.sources._files import resolve
from polgap.sources._import import import_sources
from polgap.sources._load import load_inputs
from polgap.sources._request import Imported, ImportRequest
from polgap.sources._write import areas_geojson, templates
from polgap.sources.registry import SOURCES

__all__ = [
    "SOURCES", "ImportRequest", "Imported", "areas_geojson", "import_sources", "load_inputs",
    "resolve", "templates",
]  # fmt: skip
