"""A project folder on disk: settings, tables, runs, approvals, briefs."""

from polgap.store._config import Config, read_config, write_config
from polgap.store._project import Project, create
from polgap.store._runs import Run, save_run

__all__ = ["Config", "Project", "Run", "create", "read_config", "save_run", "write_config"]
