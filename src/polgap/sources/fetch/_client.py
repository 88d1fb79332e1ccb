"""Ask over HTTP: with patience, from where it broke off, and from the cache where that is enough.

What one call of `Client.get` does
----------------------------------
An answer younger than a day is taken from the cache; an older one is asked for again with its
validators, so an unchanged file costs a few bytes. Busy servers and broken lines are asked up to
`TRIES` times, at growing distance or as ``Retry-After`` says. A file (``resume=True``) that broke
off goes on by ``Range`` and ``If-Range`` where the server gave a validator, else it starts over;
of a page nothing is kept until it is whole. Offline, the cache answers or says what is missing.

Secrets go out with each request to the remote's own host and nowhere else: not into the cache, not
into a message, not after a redirect to another host.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2

from polgap.errors import DataError
from polgap.sources.fetch._address import mirrored, same_site, with_parameters
from polgap.sources.fetch._answer import Answer
from polgap.sources.fetch._cache import Kept, Slot, cache_folder, slot
from polgap.sources.fetch._patience import TRIES, Absent, Busy, Stop, delay, said_delay
from polgap.sources.fetch._secrets import Secret, secret
from polgap.sources.fetch._stream import Body, write_body
from polgap.sources.fetch.base import Terms, changed, failed

FRESH = timedelta(hours=24)
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = 5
_TIMEOUT = httpx2.Timeout(30.0, read=60.0)
_LOCAL = ("127.0.0.1", "localhost", "::1")


@dataclass
class Client:
    """Ask one remote.

    Parameters
    ----------
    where : str
        Name of the remote.
    terms : Terms
    by_hand : str
        The road without a token.
    offline, refresh : bool
        Answer from the cache only; ask even where the cache is fresh.
    folder : Path
        Of the cache.
    wait : callable
        What waits a number of seconds.
    show : callable
        What shows progress.
    """

    where: str
    terms: Terms = field(default_factory=Terms)
    by_hand: str = ""
    offline: bool = False
    refresh: bool = False
    folder: Path = field(default_factory=cache_folder)
    wait: Callable[[float], None] = time.sleep
    show: Callable[[str], None] = lambda text: None
    used: list[Kept] = field(default_factory=list)
    _http: httpx2.Client | None = None
    _secret: Secret | None = None
    _last: float = float("-inf")

    def get(
        self, url: str, parameters: Mapping[str, str] | None = None, *, resume: bool = False
    ) -> Answer:
        """Return the answer of an address.

        Parameters
        ----------
        url : str
        parameters : Mapping[str, str], optional
        resume : bool
            A large file: it may go on where it broke off.

        Raises
        ------
        DataError
            If it cannot be had, naming the address without secrets.
        """
        found = self.find(url, parameters, resume=resume)
        if found is not None:
            return found
        public = self._public(url, parameters)
        if self.offline:
            got = f"nothing in the cache for {public}"
            wanted = f"the same command once without --offline. Without a network: {self.by_hand}"
            raise failed(got, wanted, "offline_missing", self.where)
        got = f"404 (not found) from {public}"
        wanted = f"the data set there; it may have moved. Without this command: {self.by_hand}"
        raise failed(got, wanted, "not_found", self.where)

    def find(
        self, url: str, parameters: Mapping[str, str] | None = None, *, resume: bool = False
    ) -> Answer | None:
        """Return the answer of an address, None where there is none (offline: in the cache).

        Raises
        ------
        DataError
            If it cannot be had for another reason.
        """
        public = self._public(url, parameters)
        place = slot(self.folder, public)
        kept = place.read()
        if not self.offline and (kept is None or self.refresh or not _fresh(kept)):
            try:
                kept = self._ask(public, place, kept, resume)
            except Absent:
                return None
        if kept is None:
            return None
        self.used.append(kept)
        return Answer(place.body, kept, self.where)

    def _public(self, url: str, parameters: Mapping[str, str] | None) -> str:
        try:
            return Secret(self.terms.token).strip(with_parameters(url, parameters or {}))
        except ValueError as error:
            raise changed(f"the address {url!r} ({error})", "an address", self.where) from error

    def next_page(self, link: Any, base: str) -> str:
        """Return the address of a next page, "" at the end (None and "" both mean the end).

        Raises
        ------
        DataError
            If the link leads to another host: the token would go there too.
        """
        if link is None or link == "":
            return ""
        wanted = f"one at {urlsplit(base).netloc}"
        try:
            if not isinstance(link, str) or not same_site(urljoin(base, link), base):
                raise changed(f"a next page at {link!r}", wanted, self.where)
            parts = urlsplit(urljoin(base, link))._replace(scheme=urlsplit(base).scheme)
        except ValueError as error:
            if isinstance(error, DataError):
                raise
            raise changed(f"a next page at {link!r}", wanted, self.where) from error
        return self._public(parts.geturl(), None)

    def forget(self) -> None:
        """Drop the answers used so far from the cache: they are not what they should be."""
        for kept in self.used:
            slot(self.folder, kept.url).drop()

    def close(self) -> None:
        """Close the connection."""
        if self._http is not None:
            self._http.close()

    def _ask(self, public: str, place: Slot, kept: Kept | None, resume: bool) -> Kept:
        """Ask until there is an answer or patience ends."""
        if self._secret is None:
            self._secret = secret(self.terms.token, self.where, self.by_hand)
        for attempt in range(1, TRIES + 1):
            self._pause()
            self.show(f"{self.where}: {urlsplit(public).netloc} (try {attempt})")
            try:
                try:
                    return self._once(public, place, kept, resume)
                except Busy as busy:
                    if attempt == TRIES:
                        wanted = f"an answer; try again later. Without: {self.by_hand}"
                        raise Stop(f"{busy.text}, {TRIES} times,", wanted, busy.code) from busy
                    self.wait(delay(attempt, busy))
            except Stop as stop:
                got = f"{self._secret.hide(stop.text)} from {public}"
                raise failed(got, stop.wanted, stop.code, self.where) from stop
        raise AssertionError("unreachable")

    def _once(self, public: str, place: Slot, kept: Kept | None, resume: bool) -> Kept:
        size, validator = place.begun() if resume else (0, "")
        headers = {"accept-encoding": "identity"} if resume else {}
        if size:
            headers |= {"range": f"bytes={size}-", "if-range": validator}
        elif kept is not None:
            headers |= {"if-none-match": kept.etag} if kept.etag else {}
            headers |= {"if-modified-since": kept.last_modified} if kept.last_modified else {}
        try:
            with self._open(public, headers) as response:
                return self._take(response, public, place, kept, Body(resume, size))
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            late = isinstance(error, httpx2.TimeoutException)
            text = f"{type(error).__name__} ({error})"
            raise Busy(text, None, "timeout" if late else "connection") from error
        except (httpx2.InvalidURL, ValueError) as error:
            raise Stop(f"a redirect that is no address ({error})", "https", "redirect") from error

    @contextmanager
    def _open(self, public: str, headers: Mapping[str, str]) -> Iterator[httpx2.Response]:
        """Give the response, redirects followed; the secret stays with the first host."""
        assert self._secret is not None
        url, http = public, self._connect()
        for _ in range(_REDIRECTS):
            own = same_site(url, public)
            sent = self._secret.add(url) if own else url
            said = {**headers, **(self._secret.headers if own else {})}
            with http.stream("GET", mirrored(sent), headers=said) as response:
                if not response.has_redirect_location:
                    yield response
                    return
                url = self._secret.strip(urljoin(url, response.headers["location"]))
            if urlsplit(url).scheme != "https" and urlsplit(url).hostname not in _LOCAL:
                raise Stop("a redirect to an address without encryption", "https", "redirect")
        raise Stop(f"{_REDIRECTS} redirects", "an answer", "redirect")

    def _take(
        self, response: httpx2.Response, public: str, place: Slot, kept: Kept | None, body: Body
    ) -> Kept:
        """Return what is known of an answer that is now whole and stored."""
        status, now = response.status_code, datetime.now(UTC).isoformat(timespec="seconds")
        if status == 304 and kept is not None:
            kept = replace(kept, at=now)
            place.note(kept)
            return kept
        if status == 416 and body.size:
            place.drop_part()
            raise Busy("416 (the rest cannot be had)", 0.0, "connection")
        self._require_fine(response)
        assert self._secret is not None
        whole, sha256 = write_body(response, place, body, self._secret)
        get = response.headers.get
        kept = Kept(public, now, sha256, get("content-type", ""), get("etag", ""),
                    get("last-modified", ""))  # fmt: skip
        place.store(whole, kept)
        return kept

    def _require_fine(self, response: httpx2.Response) -> None:
        status = response.status_code
        if status in (200, 206):
            return
        response.read()
        text = f"{status} ({response.reason_phrase or 'no reason'}) {_start(response)!r}"
        if status in _BUSY | self.terms.also_busy:
            raise Busy(text, said_delay(response.headers.get("retry-after", "")), "busy")
        if status == 404:
            raise Absent
        if status in (401, 403) and self.terms.token:
            variable = self.terms.token.variable
            wanted = f"a valid {variable} ({self.terms.token.road}). Without: {self.by_hand}"
            raise Stop(text, wanted, "token_refused")
        raise Stop(text, f"an answer. Without this command: {self.by_hand}", "http_error")

    def _pause(self) -> None:
        left = self._last + self.terms.pause - time.monotonic()
        if left > 0:
            self.wait(left)
        self._last = time.monotonic()

    def _connect(self) -> httpx2.Client:
        if self._http is None:
            # The library logs whole addresses, which may carry a token.
            logging.getLogger("httpx2").setLevel(logging.WARNING)
            agent = {"user-agent": "polgap (planning tool; fetches public data)"}
            self._http = httpx2.Client(timeout=_TIMEOUT, headers=agent, verify=_trust())
        return self._http


@cache
def _trust() -> ssl.SSLContext:
    """Return the certificates that are trusted; loading them takes a third of a second."""
    return httpx2.create_ssl_context()


def _fresh(kept: Kept) -> bool:
    try:
        age = datetime.now(UTC) - datetime.fromisoformat(kept.at)
    except (ValueError, TypeError):
        return False
    return timedelta(0) <= age < FRESH


def _start(response: httpx2.Response) -> str:
    return " ".join(response.text[:120].split())
