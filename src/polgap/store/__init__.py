"""A project folder on disk: settings, tables, runs, approvals, briefs, forecasts made before."""

from polgap.store._config import Config, read_config, write_config
from polgap.store._forecasts import StoredForecasts
from polgap.store._kept import FOLDER as CACHE
from polgap.store._kept import Kept
from polgap.store._project import Project, create, sha256
from polgap.store._runs import Run, dump, result_bytes, save_run

__all__ = [
    "CACHE", "Config", "Kept", "Project", "Run", "StoredForecasts", "create", "dump",
    "read_config", "result_bytes", "save_run", "sha256", "write_config",
]  # fmt: skip
