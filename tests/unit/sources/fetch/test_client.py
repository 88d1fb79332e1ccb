"""The client against a server that is busy, slow to finish, changed or gone."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from polgap.errors import DataError
from polgap.sources.fetch._client import Client
from polgap.sources.fetch._patience import TRIES
from polgap.sources.fetch.base import Terms, Token

HOST = "https://data.example"
FILE = "data.example/file.csv"
BODY = b"a,b\n" + b"1,2\n" * 50_000


@pytest.fixture
def made():
    clients, waits = [], []

    def make(terms=None, **more):
        client = Client("there", terms or Terms(), "take the file by hand", wait=waits.append,
                        **more)  # fmt: skip
        clients.append(client)
        return client

    make.waits = waits
    yield make
    for client in clients:
        client.close()


def code(error):
    assert len(error.value.problems) == 1
    return error.value.problems[0].code


def left(tmp_path):
    return sorted(p.suffix for p in (tmp_path / "cache").iterdir())


def test_an_answer_is_asked_for_once_a_day(web, made):
    web.put(FILE, web.Page(BODY))
    assert made().get(f"{HOST}/file.csv").path.read_bytes() == BODY
    assert made().get(f"{HOST}/file.csv").path.read_bytes() == BODY
    assert len(web.asked) == 1
    made(refresh=True).get(f"{HOST}/file.csv")
    assert len(web.asked) == 2


def test_parameters_are_part_of_the_address(web, made):
    web.put("data.example/x", lambda path, _: web.Page(path.encode()))
    one = made().get(f"{HOST}/x", {"a": "1"}).text()
    two = made().get(f"{HOST}/x", {"a": "2"}).text()
    assert one.endswith("?a=1") and two.endswith("?a=2")


def test_an_unchanged_file_is_not_sent_again(web, made):
    web.put(
        FILE,
        web.Page(BODY, headers={"ETag": '"v1"', "Last-Modified": "yesterday"}),
        web.Page(b"", 304),
    )
    made().get(f"{HOST}/file.csv")
    again = made(refresh=True).get(f"{HOST}/file.csv")
    assert web.asked[1][1]["if-none-match"] == '"v1"'
    assert web.asked[1][1]["if-modified-since"] == "yesterday"
    assert again.path.read_bytes() == BODY


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_at_growing_distance(web, made, status):
    web.put(
        FILE,
        web.Page(b"busy", status),
        web.Page(b"busy", status),
        web.Page(b"busy", status),
        web.Page(b"x"),
    )
    assert made().get(f"{HOST}/file.csv").text() == "x"
    assert len(web.asked) == 4
    assert [1 <= made.waits[0] <= 1.25, 2 <= made.waits[1] <= 2.5, 4 <= made.waits[2] <= 5] == [
        True
    ] * 3


def test_retry_after_is_honoured_as_a_number_and_as_a_date(web, made):
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    soon = web.Page(b"", 429, {"Retry-After": "7"})
    web.put(FILE, soon, web.Page(b"", 503, {"Retry-After": later}), web.Page(b"x"))
    made().get(f"{HOST}/file.csv")
    assert made.waits[0] == 7.0
    assert 30 < made.waits[1] <= 40


def test_nobody_waits_for_hours(web, made):
    web.put(FILE, web.Page(b"", 429, {"Retry-After": "7200"}))
    with pytest.raises(DataError) as error:
        made().get(f"{HOST}/file.csv")
    assert code(error) == "busy" and "120 minutes" in str(error.value)
    assert made.waits == []


def test_patience_ends(web, made, tmp_path):
    web.put(FILE, web.Page(b"overloaded", 503))
    with pytest.raises(DataError) as error:
        made().get(f"{HOST}/file.csv")
    assert code(error) == "busy"
    assert all(w in str(error.value) for w in ("503", "overloaded", FILE, "take the file by hand"))
    assert len(web.asked) == TRIES
    assert left(tmp_path) == []


def test_what_only_this_remote_calls_busy(web, made):
    web.put(FILE, web.Page(b"burst", 400), web.Page(b"x"))
    assert made(Terms(also_busy=frozenset({400}))).get(f"{HOST}/file.csv").text() == "x"
    web.put("data.example/y", web.Page(b"bad request", 400))
    with pytest.raises(DataError) as error:
        made().get(f"{HOST}/y")
    assert code(error) == "http_error" and "bad request" in str(error.value)


def test_requests_keep_their_distance(web, made):
    web.put("data.example/x", web.Page(b"x"))
    client = made(Terms(pause=30.0))
    for n in range(3):
        client.get(f"{HOST}/x", {"n": str(n)})
    assert len(made.waits) == 2 and all(29 < w <= 30 for w in made.waits)


def test_nothing_there(web, made):
    with pytest.raises(DataError) as error:
        made().get(f"{HOST}/file.csv")
    assert code(error) == "not_found" and "take the file by hand" in str(error.value)
    assert made().find(f"{HOST}/file.csv") is None
    assert made.waits == []


def ranged(web, tag):
    """A server that gives the rest of a file, if it is still the same."""

    def page(path, heads):
        if "range" in heads and heads.get("if-range") == tag:
            start = int(heads["range"].removeprefix("bytes=").removesuffix("-"))
            where = f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"
            return web.Page(BODY[start:], 206, {"ETag": tag, "Content-Range": where})
        return web.Page(BODY, headers={"ETag": tag})

    return page


def test_a_file_goes_on_where_it_broke_off(web, made):
    web.put(FILE, web.Page(BODY, headers={"ETag": '"v1"'}, cut=120_000), ranged(web, '"v1"'))
    got = made().get(f"{HOST}/file.csv", resume=True)
    assert got.path.read_bytes() == BODY
    sent = web.asked[1][1]
    start = int(sent["range"].removeprefix("bytes=").removesuffix("-"))
    assert 0 < start <= 120_000 and sent["if-range"] == '"v1"'


def test_a_file_goes_on_in_the_next_call_of_the_command(web, made, tmp_path):
    web.put(FILE, web.Page(BODY, headers={"ETag": '"v1"'}, cut=120_000), web.Page(b"down", 503))
    with pytest.raises(DataError):
        made().get(f"{HOST}/file.csv", resume=True)
    assert left(tmp_path) == [".json", ".part"]
    web.put(FILE, ranged(web, '"v1"'))
    assert made().get(f"{HOST}/file.csv", resume=True).path.read_bytes() == BODY
    assert "range" in web.asked[-1][1]
    assert left(tmp_path) == [".body", ".json"]


def test_a_file_that_changed_meanwhile_starts_over(web, made):
    web.put(
        FILE, web.Page(b"old" * 60_000, headers={"ETag": '"v1"'}, cut=100_000), ranged(web, '"v2"')
    )
    assert made().get(f"{HOST}/file.csv", resume=True).path.read_bytes() == BODY


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"weak"'}])
def test_without_a_validator_nothing_is_left(web, made, tmp_path, headers):
    web.put(FILE, web.Page(BODY, headers=headers, cut=100_000))
    with pytest.raises(DataError) as error:
        made().get(f"{HOST}/file.csv", resume=True)
    assert code(error) == "connection"
    assert left(tmp_path) == []
    assert not any("range" in heads for _, heads in web.asked)


def test_a_server_that_gives_the_wrong_part(web, made):
    wrong = web.Page(BODY[5:], 206, {"Content-Range": f"bytes 5-{len(BODY) - 1}/{len(BODY)}"})
    web.put(FILE, web.Page(BODY, headers={"ETag": '"v1"'}, cut=100_000), wrong, web.Page(BODY))
    assert made().get(f"{HOST}/file.csv", resume=True).path.read_bytes() == BODY


def test_a_part_that_cannot_go_on(web, made):
    web.put(
        FILE,
        web.Page(BODY, headers={"ETag": '"v1"'}, cut=100_000),
        web.Page(b"", 416),
        web.Page(BODY),
    )
    assert made().get(f"{HOST}/file.csv", resume=True).path.read_bytes() == BODY


def test_a_page_is_kept_whole_or_not_at_all(web, made, tmp_path):
    web.put(FILE, web.Page(BODY, headers={"ETag": '"v1"'}, cut=100_000))
    with pytest.raises(DataError) as error:
        made().get(f"{HOST}/file.csv")
    assert code(error) == "connection"
    assert left(tmp_path) == []


def test_an_interrupted_user_leaves_nothing_or_a_part(web, made, tmp_path):
    web.put(FILE, web.Page(b"", 503), web.Page(BODY))

    def interrupt(seconds):
        raise KeyboardInterrupt

    client = made()
    client.wait = interrupt
    with pytest.raises(KeyboardInterrupt):
        client.get(f"{HOST}/file.csv", resume=True)
    assert left(tmp_path) == []


def test_offline_the_cache_answers_or_says_what_is_missing(web, made):
    web.put(FILE, web.Page(BODY))
    with pytest.raises(DataError) as error:
        made(offline=True).get(f"{HOST}/file.csv", {"a": "1"})
    assert code(error) == "offline_missing"
    assert f"{HOST}/file.csv?a=1" in str(error.value)
    assert "take the file by hand" in str(error.value)
    assert web.asked == []
    made().get(f"{HOST}/file.csv")
    assert made(offline=True).get(f"{HOST}/file.csv").path.read_bytes() == BODY
    assert len(web.asked) == 1


def test_a_damaged_answer_is_none(web, made):
    web.put(FILE, web.Page(BODY))
    path = made().get(f"{HOST}/file.csv").path
    path.write_bytes(BODY[:-1])
    with pytest.raises(DataError) as error:
        made(offline=True).get(f"{HOST}/file.csv")
    assert code(error) == "offline_missing"
    assert made().get(f"{HOST}/file.csv").path.read_bytes() == BODY


def test_json_that_is_none_names_type_and_start(web, made):
    page = web.Page(b"<html>Log in</html>", headers={"Content-Type": "text/html"})
    web.put("data.example/x", page)
    with pytest.raises(DataError) as error:
        made().get(f"{HOST}/x").json()
    assert code(error) == "changed_answer"
    assert "text/html" in str(error.value) and "Log in" in str(error.value)


SECRET = "s3cret/word=="
IN_HEADER = Terms(token=Token("IDMC_CLIENT_ID", header="x-token", road="ask"))
IN_ADDRESS = Terms(token=Token("IDMC_CLIENT_ID", parameter="client_id", road="ask"))


def everything(tmp_path):
    return b"".join(p.read_bytes() + p.name.encode() for p in (tmp_path / "cache").iterdir())


@pytest.mark.parametrize("terms", [IN_HEADER, IN_ADDRESS])
def test_a_token_goes_out_and_is_kept_nowhere(web, made, tmp_path, monkeypatch, terms, caplog):
    monkeypatch.setenv("IDMC_CLIENT_ID", SECRET)
    caplog.set_level("DEBUG")
    web.put("data.example/x", lambda path, heads: web.Page(f'{{"you": "{path} {heads}"}}'.encode()))
    got = made(terms).get(f"{HOST}/x", {"a": "1"})
    path, heads = web.asked[0]
    assert heads.get("x-token") == SECRET or "client_id=s3cret%2Fword%3D%3D" in path
    kept = everything(tmp_path)
    assert b"s3cret" not in kept and b"REDACTED" in kept
    assert "s3cret" not in got.kept.url
    assert "s3cret" not in "".join(r.getMessage() for r in caplog.records if "httpx2" in r.name)
    assert made(terms, offline=True).get(f"{HOST}/x", {"a": "1"}).text() == got.text()


@pytest.mark.parametrize("terms", [IN_HEADER, IN_ADDRESS])
@pytest.mark.parametrize("status", [401, 403, 500])
def test_no_message_shows_a_token(web, made, monkeypatch, terms, status):
    monkeypatch.setenv("IDMC_CLIENT_ID", SECRET)
    web.put("data.example/x", lambda path, heads: web.Page(f"no: {path} {heads}".encode(), status))
    with pytest.raises(DataError) as error:
        made(terms).get(f"{HOST}/x")
    assert code(error) == ("busy" if status == 500 else "token_refused")
    assert "s3cret" not in str(error.value)
    assert "IDMC_CLIENT_ID" in str(error.value) or status == 500


def test_without_a_token_the_road_by_hand(web, made):
    with pytest.raises(DataError) as error:
        made(IN_HEADER).get(f"{HOST}/x")
    assert code(error) == "no_token"
    assert "IDMC_CLIENT_ID" in str(error.value) and "take the file by hand" in str(error.value)
    assert web.asked == []


@pytest.mark.parametrize("bad", ["two\nlines", "é" * 9, "abc"])
def test_a_token_that_cannot_be_one(web, made, monkeypatch, bad):
    monkeypatch.setenv("IDMC_CLIENT_ID", bad)
    with pytest.raises(DataError) as error:
        made(IN_HEADER).get(f"{HOST}/x")
    assert code(error) == "no_token" and bad not in str(error.value)


@pytest.mark.parametrize("terms", [IN_HEADER, IN_ADDRESS])
def test_a_redirect_to_another_host_gets_no_token(web, made, monkeypatch, terms):
    monkeypatch.setenv("IDMC_CLIENT_ID", SECRET)
    web.put("data.example/x", web.Page(b"", 302, {"Location": "https://other.example/y"}))
    web.put("other.example/y", web.Page(b"there"))
    assert made(terms).get(f"{HOST}/x").text() == "there"
    path, heads = web.asked[1]
    assert "x-token" not in heads and "s3cret" not in path


def test_a_redirect_without_encryption_is_not_followed(web, made):
    web.put("data.example/x", web.Page(b"", 302, {"Location": "http://data.example/y"}))
    with pytest.raises(DataError) as error:
        made().get(f"{HOST}/x")
    assert code(error) == "redirect"


@pytest.mark.parametrize("place", ["https://[x", "mailto:a@b.example"])
def test_a_redirect_to_nowhere(web, made, place):
    web.put("data.example/x", web.Page(b"", 302, {"Location": place}))
    with pytest.raises(DataError) as error:
        made().get(f"{HOST}/x")
    assert code(error) == "redirect"


def test_redirects_end(web, made):
    web.put("data.example/x", web.Page(b"", 302, {"Location": "/x"}))
    with pytest.raises(DataError) as error:
        made().get(f"{HOST}/x")
    assert code(error) == "redirect"


def test_the_next_page_stays_at_home(made):
    client, base = made(IN_ADDRESS), f"{HOST}/api"
    assert client.next_page(None, base) == client.next_page("", base) == ""
    assert client.next_page("?page=2&client_id=REDACTED", base) == f"{HOST}/api?page=2"
    assert client.next_page("http://data.example/api?page=2", base) == f"{HOST}/api?page=2"
    for wrong in ("https://other.example/api?page=2", 7, {"page": 2}):
        with pytest.raises(DataError) as error:
            client.next_page(wrong, base)
        assert code(error) == "changed_answer"


def test_nobody_listens(made, monkeypatch, tmp_path):
    monkeypatch.setenv("POLGAP_MIRROR", "http://127.0.0.1:9")
    monkeypatch.setenv("POLGAP_CACHE", str(tmp_path / "cache"))
    with pytest.raises(DataError) as error:
        made().get(f"{HOST}/x")
    assert code(error) == "connection" and len(made.waits) == TRIES - 1
