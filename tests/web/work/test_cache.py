from __future__ import annotations

import asyncio

import pytest

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.images.samples import load_samples
from app.lab import Lab
from app.resources import find_resource
from app.web.responses.ready_response import Reply, accepts_gzip, encode_json, make_etag, matches_etag
from app.web.static_files import read_static_files
from app.web.work.cache import LRUCache, SingleFlight
from app.web.work.work_executor import HEAVY_MS, SMALL_MS, estimate_cost


def test_a_full_cache_drops_the_least_recently_used_value():
    cache: LRUCache[str] = LRUCache(40, len)
    for name in "abcd":
        cache.put(name, name * 10)
    assert cache.get("a") == "a" * 10
    cache.put("e", "e" * 10)
    assert cache.get("b") is None
    assert [cache.get(name) is not None for name in "acde"] == [True] * 4
    assert cache.used == 40


def test_a_cache_keeps_no_huge_value_and_counts_a_replaced_value_once():
    cache: LRUCache[str] = LRUCache(40, len)
    cache.put("a", "a" * 10)
    cache.put("huge", "h" * 11)
    assert cache.get("huge") is None
    cache.put("a", "b" * 7)
    assert (cache.get("a"), cache.used, len(cache)) == ("b" * 7, 7, 1)


def test_requests_share_a_running_computation_and_later_ones_start_a_new_one():
    async def scenario():
        flight: SingleFlight[int] = SingleFlight()
        gate, calls = asyncio.Event(), []

        async def compute():
            calls.append(1)
            await gate.wait()
            return len(calls)

        waiting = [asyncio.create_task(flight.run_once("key", compute)) for _ in range(5)]
        await asyncio.sleep(0)
        waiting[0].cancel()  # who asked first goes away
        gate.set()
        assert await asyncio.gather(*waiting[1:]) == [1, 1, 1, 1]
        assert await flight.run_once("key", compute) == 2

    asyncio.run(scenario())


def test_an_exception_reaches_all_waiting_requests_and_is_not_cached():
    async def scenario():
        flight: SingleFlight[int] = SingleFlight()

        async def fail():
            await asyncio.sleep(0)
            raise ValueError("no")

        async def succeed():
            return 1

        both = await asyncio.gather(flight.run_once(1, fail), flight.run_once(1, fail), return_exceptions=True)
        assert [type(one) for one in both] == [ValueError, ValueError]
        assert await flight.run_once(1, succeed) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("asked", "yes"),
    [("gzip", True), ("gzip, br", True), ("br;q=1, gzip;q=0.5", True), ("*", True), ("", False), ("br", False),
     ("gzip;q=0", False), ("gzip; q=0.0", False), ("identity", False)],
)  # fmt: skip
def test_gzip_is_sent_to_clients_that_accept_it(asked, yes):
    assert accepts_gzip(asked) is yes


def test_an_etag_matches_weak_or_strong_alone_or_among_others():
    assert all(matches_etag(text, "x") for text in ('W/"x"', '"x"', '"a", W/"x"'))
    assert not any(matches_etag(text, "x") for text in ("", '"xx"', "x", 'W/"X"', "*"))


def test_numbers_that_json_lacks_become_null():
    assert encode_json({"a": [float("inf"), float("nan"), 1.5]}) == b'{"a":[null,null,1.5]}'


def test_an_etag_is_the_same_in_every_process():
    assert make_etag("a", ("b", 1)) == make_etag("a", ("b", 1))
    assert make_etag("a", "b") != make_etag("ab")


def test_small_bodies_and_pictures_are_not_compressed():
    assert Reply(b"x" * 100, "application/json").with_gzip().gzipped is None
    assert Reply(b"x" * 9000, "image/png").with_gzip().gzipped is None
    assert len(Reply(b"x" * 9000, "application/json").with_gzip().gzipped or b"") < 100


def test_a_changed_byte_in_any_file_changes_the_build(tmp_path):
    (tmp_path / "a.js").write_text("1")
    first = read_static_files(tmp_path).build
    assert read_static_files(tmp_path).build == first
    (tmp_path / "a.js").write_text("2")
    second = read_static_files(tmp_path).build
    (tmp_path / "a.js").rename(tmp_path / "b.js")
    assert len({first, second, read_static_files(tmp_path).build}) == 3


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("", "small"),
        ("size=64", "small"),
        ("image=(1,2;3,4)&layers=relu", "small"),
        ("size=256", "light"),
        ("size=64&layers=conv:random*8@15x15", "light"),
        ("image=u-aaaaaaaaaaaaaaaaaaaa", "light"),
        ("layers=conv:w-aaaaaaaaaaaaaaaaaaaa/conv1", "light"),
        ("layers=conv:misspelt/conv1~relu", "light"),
        ("size=512&layers=conv:random*2@15x15,padding=same~conv:random*8@5x5", "heavy"),
        ("size=256&channels=rgb&layers=conv:w-aaaaaaaaaaaaaaaaaaaa/conv1", "heavy"),
    ],
)
def test_the_cost_of_a_figure_is_estimated_before_anything_is_read_or_computed(query, cost):
    lab = Lab(load_samples(find_resource("sample_images")), None, Limits())
    milliseconds = estimate_cost(parse_link(query, Limits()).scene, lab)
    assert cost == ("small" if milliseconds <= SMALL_MS else "light" if milliseconds < HEAVY_MS else "heavy")
