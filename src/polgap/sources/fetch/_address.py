"""Addresses: parameters, hosts, and the mirror of an office."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit


def with_parameters(url: str, more: Mapping[str, str], *, without: str = "") -> str:
    """Return an address with further parameters, each name once.

    Examples
    --------
    >>> with_parameters("https://a.example/b?x=1&id=me", {"x": "2"}, without="id")
    'https://a.example/b?x=2'
    """
    parts = urlsplit(url)
    known = dict(parse_qsl(parts.query, keep_blank_values=True))
    known = {k: v for k, v in {**known, **more}.items() if k != without}
    return urlunsplit((*parts[:3], urlencode(known, safe=","), ""))


def same_site(url: str, other: str) -> bool:
    """Return whether two addresses are of one host and port (the scheme aside)."""
    return urlsplit(url).netloc.casefold() == urlsplit(other).netloc.casefold()


def mirrored(url: str) -> str:
    """Return the address at the mirror, where ``POLGAP_MIRROR`` names one.

    A mirror holds the same paths below the name of the host, such as
    ``https://mirror.example/ucdp.uu.se/downloads/...``; tokens are sent to it.
    """
    mirror = os.environ.get("POLGAP_MIRROR", "").rstrip("/")
    if not mirror or url.startswith(f"{mirror}/"):
        return url
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{mirror}/{parts.netloc}{parts.path}{query}"
