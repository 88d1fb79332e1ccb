"""Secrets: taken from the environment, sent, and kept out of all that is written or shown."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import quote

from polgap.sources.fetch._address import with_parameters
from polgap.sources.fetch.base import Token, failed

_HIDDEN = "REDACTED"


@dataclass(frozen=True)
class Secret:
    """A token as it stands in the environment; without one, all methods leave things as they are.

    Parameters
    ----------
    token : Token or None
    value : str
    """

    token: Token | None = None
    value: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Headers to be sent."""
        token = self.token
        return {token.header: self.value} if token and token.header and self.value else {}

    def strip(self, url: str) -> str:
        """Return an address without the parameter that carries the secret."""
        name = self.token.parameter if self.token else ""
        return with_parameters(url, {}, without=name) if name else url

    def add(self, url: str) -> str:
        """Return an address with the parameter that carries the secret."""
        token = self.token
        if token and token.parameter and self.value:
            return with_parameters(url, {token.parameter: self.value})
        return url

    def hide(self, text: str) -> str:
        """Return a text without the secret, as it is or as it stands in an address."""
        for form in {self.value, quote(self.value, safe="")} - {""}:
            text = text.replace(form, _HIDDEN)
        return text

    def clean(self, raw: bytes) -> bytes:
        """Return bytes without the secret."""
        for form in {self.value, quote(self.value, safe="")} - {""}:
            raw = raw.replace(form.encode(), _HIDDEN.encode())
        return raw


def secret(token: Token | None, where: str, by_hand: str) -> Secret:
    """Return the secret a remote needs.

    Parameters
    ----------
    token : Token or None
    where : str
        Name of the remote, for the message.
    by_hand : str
        The road without a token.

    Raises
    ------
    DataError
        If the environment does not hold it, naming the variable and the road without it.
    """
    if token is None:
        return Secret()
    value = os.environ.get(token.variable, "").strip()
    if not value:
        wanted = f"{token.variable}=... in the environment ({token.road}). Without: {by_hand}"
        raise failed("no token", wanted, "no_token", where)
    if not value.isascii() or not value.isprintable() or len(value) < 4:
        wanted = f"{token.variable}: at least 4 printable ASCII characters on one line"
        raise failed("no usable token", wanted, "no_token", where)
    return Secret(token, value)
