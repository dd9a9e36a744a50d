from __future__ import annotations

import asyncio

import pytest

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.images.samples import load_samples
from app.lab import Lab
from app.resources import resource
from app.web.responses.ready_response import Reply, accepts_gzip, matches, tag, to_json
from app.web.static_files import read_statics
from app.web.work.cache import Flights, Shelf
from app.web.work.work_executor import HEAVY, SMALL, cost_of


def test_a_full_shelf_gives_up_what_was_unused_for_longest():
    shelf: Shelf[str] = Shelf(40, len)
    for name in "abcd":
        shelf.put(name, name * 10)
    assert shelf.get("a") == "a" * 10
    shelf.put("e", "e" * 10)
    assert shelf.get("b") is None
    assert [shelf.get(name) is not None for name in "acde"] == [True] * 4
    assert shelf.used == 40


def test_a_shelf_is_not_emptied_for_one_huge_thing_and_counts_a_replaced_one_once():
    shelf: Shelf[str] = Shelf(40, len)
    shelf.put("a", "a" * 10)
    shelf.put("huge", "h" * 11)
    assert shelf.get("huge") is None
    shelf.put("a", "b" * 7)
    assert (shelf.get("a"), shelf.used, len(shelf)) == ("b" * 7, 7, 1)


def test_who_comes_while_it_is_computed_waits_for_the_same_and_who_comes_later_does_not():
    async def scenario():
        flights: Flights[int] = Flights()
        gate, calls = asyncio.Event(), []

        async def compute():
            calls.append(1)
            await gate.wait()
            return len(calls)

        waiting = [asyncio.create_task(flights.share("key", compute)) for _ in range(5)]
        await asyncio.sleep(0)
        waiting[0].cancel()  # who asked first goes away
        gate.set()
        assert await asyncio.gather(*waiting[1:]) == [1, 1, 1, 1]
        assert await flights.share("key", compute) == 2

    asyncio.run(scenario())


def test_a_failure_is_told_to_all_who_wait_and_not_kept():
    async def scenario():
        flights: Flights[int] = Flights()

        async def fail():
            await asyncio.sleep(0)
            raise ValueError("no")

        async def succeed():
            return 1

        both = await asyncio.gather(flights.share(1, fail), flights.share(1, fail), return_exceptions=True)
        assert [type(one) for one in both] == [ValueError, ValueError]
        assert await flights.share(1, succeed) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("asked", "yes"),
    [("gzip", True), ("gzip, br", True), ("br;q=1, gzip;q=0.5", True), ("*", True), ("", False), ("br", False),
     ("gzip;q=0", False), ("gzip; q=0.0", False), ("identity", False)],
)  # fmt: skip
def test_gzip_is_sent_to_who_asks_for_it(asked, yes):
    assert accepts_gzip(asked) is yes


def test_an_etag_matches_weak_or_strong_alone_or_among_others():
    assert all(matches(text, "x") for text in ('W/"x"', '"x"', '"a", W/"x"'))
    assert not any(matches(text, "x") for text in ("", '"xx"', "x", 'W/"X"', "*"))


def test_numbers_that_json_lacks_become_null():
    assert to_json({"a": [float("inf"), float("nan"), 1.5]}) == b'{"a":[null,null,1.5]}'


def test_an_answer_has_the_same_name_in_every_process():
    assert tag("a", ("b", 1)) == tag("a", ("b", 1))
    assert tag("a", "b") != tag("ab")


def test_small_answers_are_not_zipped_and_pictures_never():
    assert Reply(b"x" * 100, "application/json").packed().zipped is None
    assert Reply(b"x" * 9000, "image/png").packed().zipped is None
    assert len(Reply(b"x" * 9000, "application/json").packed().zipped or b"") < 100


def test_a_page_may_ask_at_once_for_a_module_and_all_that_it_imports(tmp_path):
    (tmp_path / "views").mkdir()
    (tmp_path / "a.js").write_text(
        'import {b} from "convoscope/b.js";\nimport {\n  c,\n} from "convoscope/views/c.js";\n'
    )
    (tmp_path / "b.js").write_text('import {a} from "convoscope/a.js"; // import {x} from "convoscope/x.js"\n')
    (tmp_path / "views" / "c.js").write_text('export {d} from "convoscope/d.js";\nimport("convoscope/late.js");\n')
    for name in ("d", "late", "x"):
        (tmp_path / f"{name}.js").write_text("")
    statics = read_statics(tmp_path)
    assert statics.modules("a.js") == ("a.js", "b.js", "views/c.js", "d.js")
    assert statics.modules("none.js") == ()


def test_another_byte_in_any_file_is_another_build(tmp_path):
    (tmp_path / "a.js").write_text("1")
    first = read_statics(tmp_path).build
    assert read_statics(tmp_path).build == first
    (tmp_path / "a.js").write_text("2")
    second = read_statics(tmp_path).build
    (tmp_path / "a.js").rename(tmp_path / "b.js")
    assert len({first, second, read_statics(tmp_path).build}) == 3


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
def test_what_a_figure_will_cost_is_known_before_anything_is_read_or_computed(query, cost):
    lab = Lab(load_samples(resource("sample_images")), None, Limits())
    milliseconds = cost_of(parse_link(query, Limits()).scene, lab)
    assert cost == ("small" if milliseconds <= SMALL else "light" if milliseconds < HEAVY else "heavy")
