"""Shared by all tests: no network, and where the real data lie."""

import importlib.util
import os
import socket
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    real = socket.socket.connect

    def connect(self, address):
        if self.family == socket.AF_UNIX or str(address[0]).startswith(("127.", "::1")):
            return real(self, address)
        raise AssertionError(f"a test reached out to {address}")

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def back():
    """Return the reader of workbooks, `workbook_reader.py`."""
    path = Path(__file__).with_name("workbook_reader.py")
    spec = importlib.util.spec_from_file_location("workbook_reader", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def data() -> Path:
    """Folder of the real data; tests that need it are skipped, saying so, where it is not."""
    folder = Path(os.environ.get("POLGAP_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data: set POLGAP_DATA ({folder} is not there)")
    return folder
