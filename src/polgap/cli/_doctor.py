"""Examine the machine and the installation."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

_DISK_GB = 1.0


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    what : str
    fine : bool
        Whether it is as it should be.
    text : str
        What was found, and what to do if it is not fine.
    """

    what: str
    fine: bool
    text: str


def examine() -> list[Finding]:
    """Return what was found: Python, libraries, bytecode, disk, data folder, browser."""
    return [_python(), *_libraries(), _bytecode(), _disk(), _data(), _browser()]


def _python() -> Finding:
    fine = sys.version_info >= (3, 11)
    return Finding("python", fine, f"{platform.python_version()}; wanted 3.11 or newer")


def _libraries() -> list[Finding]:
    missing = []
    for line in requires("polgap") or []:
        if "extra ==" in line:
            continue
        name = line.split(";")[0].strip()
        for mark in "<>=!~ ":
            name = name.split(mark)[0]
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    text = f"missing: {', '.join(missing)}; run make demo" if missing else "all core libraries"
    return [Finding("libraries", not missing, text)]


def _bytecode() -> Finding:
    off = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
    text = "PYTHONDONTWRITEBYTECODE is set: every start compiles all libraries" if off else "kept"
    return Finding("bytecode", not off, text)


def _disk() -> Finding:
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    return Finding("disk", free >= _DISK_GB, f"{free:.1f} GB free; wanted {_DISK_GB:g}")


def _data() -> Finding:
    named = os.environ.get("POLGAP_DATA")
    if not named:
        return Finding("data", True, "POLGAP_DATA is not set: --source paths are taken as given")
    there = Path(named).is_dir()
    return Finding("data", there, f"POLGAP_DATA={named}" + ("" if there else " is no folder"))


def _browser() -> Finding:
    found = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("firefox")
    return Finding("browser", True, found or "none found: copy the brief to a machine with one")
