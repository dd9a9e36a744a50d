"""Fair queueing: whose work is next, and who gets Retry-After."""

from __future__ import annotations

import asyncio
import threading

import pytest

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.scene import Scene
from app.core.texts import make_text
from app.images.store.store import Store
from app.lab import Lab
from app.web.responses.http_errors import HTTPError
from app.web.work.fair_queue import FairQueue, QueueLimits, Work
from app.web.work.work_executor import HEAVY_MS, WorkExecutor, estimate_cost
from tests.web.routes.test_image_uploads import PHOTO
from tests.web_client import running

BUSY = make_text("busy")
HEAVY_LINK = "/api/trace?size=512&stages=0&layers=conv:random*4@15x15,padding=same,seed={}~relu"


def order_of(*asked: Work, at_once: int = 1) -> list[int]:
    """The order in which pieces of work get their turn that are submitted one after the other, the first at once."""

    async def run() -> list[int]:
        turns, order = FairQueue(at_once, QueueLimits(1_000, None, BUSY)), []

        async def one(number: int, work: Work) -> None:
            async with turns.turn(work):
                order.append(number)
                await asyncio.sleep(0)

        await asyncio.gather(*(one(number, work) for number, work in enumerate(asked)))
        return order

    return asyncio.run(run())


def test_one_address_with_a_hundred_pieces_of_work_keeps_another_waiting_for_about_one():
    order = order_of(*[Work("a")] * 100, Work("b"), Work("c"))
    assert order.index(100) <= 2
    assert order.index(101) <= 3


def test_work_of_one_address_runs_in_the_order_of_its_requests():
    assert order_of(*[Work("a", cost) for cost in (5, 1, 9, 2)]) == [0, 1, 2, 3]


def test_short_work_goes_before_long_work_of_others():
    assert order_of(Work("a"), Work("b", 50), Work("c", 1), Work("d", 10)) == [0, 2, 3, 1]


def test_long_work_gets_its_turn_while_short_work_keeps_coming():
    work = [Work("a"), Work("b", 30), *(Work("c") for _ in range(100))]
    assert 25 < order_of(*work).index(1) < 40


def test_cancelled_work_leaves_its_turn_to_the_next():
    async def run() -> list[str]:
        turns, done = FairQueue(1, QueueLimits(10, None, BUSY)), []

        async def one(name: str) -> None:
            async with turns.turn(Work(name)):
                done.append(name)
                await asyncio.sleep(0.01)

        tasks = [asyncio.create_task(one(name)) for name in "abc"]
        await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert tasks[1].cancelled()
        assert turns.waiting == 0
        await one("d")
        return done

    assert asyncio.run(run()) == ["a", "c", "d"]


def test_work_that_waits_too_long_or_behind_too_much_gets_retry_after():
    async def refused_of(queue: QueueLimits) -> HTTPError:
        turns = FairQueue(1, queue)

        async def one() -> None:
            async with turns.turn(Work("")):
                pass

        async with turns.turn(Work("")):
            tasks = [asyncio.create_task(one()) for _ in range(2)]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        await asyncio.gather(*tasks, return_exceptions=True)
        refused = done.pop().exception()
        assert isinstance(refused, HTTPError)
        return refused

    for queue in (QueueLimits(1, None, BUSY), QueueLimits(10, 0.01, BUSY)):
        refused = asyncio.run(refused_of(queue))
        assert refused.status == 503
        assert refused.headers["Retry-After"]


def test_heavy_work_leaves_a_thread_for_other_work():
    async def run() -> str:
        place, go_on = WorkExecutor(2, 10, 100), threading.Event()
        heavy = [asyncio.create_task(place.run(lambda: go_on.wait(30), Work("a", HEAVY_MS))) for _ in range(10)]
        await asyncio.sleep(0)
        light = await place.run(lambda: "light", Work("a", 2))
        waited = sum(not task.done() for task in heavy)
        go_on.set()
        await asyncio.gather(*heavy)
        place.close()
        return f"{light} beside {waited}"

    assert asyncio.run(run()) == "light beside 10"


def test_heavy_work_of_one_address_is_bounded_and_that_of_others_is_not():
    async def run() -> list[int]:
        place, go_on = WorkExecutor(2, 3, 100), threading.Event()

        async def ask(address: str) -> int:
            try:
                await place.run(lambda: go_on.wait(30), Work(address, HEAVY_MS))
            except HTTPError as refused:
                return refused.status if "Retry-After" in refused.headers else 0
            return 200

        tasks = [asyncio.create_task(ask(address)) for address in ["a"] * 5 + ["b"] * 2]
        await asyncio.sleep(0)
        go_on.set()
        answers = await asyncio.gather(*tasks)
        assert await ask("a") == 200  # what is done counts no more
        place.close()
        return list(answers)

    assert asyncio.run(run()) == [200, 200, 200, 429, 429, 200, 200]


def test_too_many_large_figures_for_one_address_are_a_429_with_retry_after(tmp_path):
    with running(tmp_path, heavy_per_address=1, threads=1) as site:
        answers = site.ask_together(*(HEAVY_LINK.format(seed) for seed in range(3)), "/api/trace?size=8", "/")
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 429, 429]
        refused = next(answer for answer in answers if answer.status_code == 429)
        assert int(refused.headers["retry-after"]) >= 1
        assert "for your address" in refused.json()["detail"]


@pytest.mark.parametrize("small", ["/api/trace?size=9", "/?size=9", "/healthz", "/static/none.js"])
def test_small_requests_are_served_while_large_figures_are_computed(tmp_path, small):
    with running(tmp_path) as site:

        async def ask() -> tuple[int, bool]:
            heavy = [asyncio.create_task(site.start("GET", HEAVY_LINK.format(seed), b"", "")) for seed in range(20)]
            await asyncio.sleep(0.01)
            answer = await site.start("GET", small, b"", "")
            last_is_waiting = not heavy[-1].done()
            for task in heavy:
                task.cancel()  # what nobody waits for is not computed
            await asyncio.gather(*heavy, return_exceptions=True)
            return answer.status_code, last_is_waiting

        status, came_first = site.runner.run(ask())
        assert status in (200, 404)
        assert came_first


def test_one_address_that_fills_the_queue_does_not_block_others():
    async def run() -> tuple[list[int], int]:
        turns, statuses = FairQueue(1, QueueLimits(10, None, BUSY)), []

        async def one(address: str) -> None:
            try:
                async with turns.turn(Work(address)):
                    await asyncio.sleep(0)
            except HTTPError as refused:
                statuses.append(refused.status)

        greedy = [asyncio.create_task(one("greedy")) for _ in range(11)]
        await asyncio.sleep(0)
        await one("honest")
        honest_was_refused = len(statuses) > 1
        await asyncio.gather(*greedy)
        return statuses, honest_was_refused

    assert asyncio.run(run()) == ([503], False)


def test_cancelled_work_takes_no_place_in_the_queue():
    async def run() -> int:
        turns = FairQueue(1, QueueLimits(2, 0.01, BUSY))

        async def one() -> None:
            async with turns.turn(Work("")):
                pass

        async with turns.turn(Work("")):
            await asyncio.gather(one(), one(), return_exceptions=True)
            return turns.waiting

    assert asyncio.run(run()) == 0


def test_a_slow_read_of_the_store_blocks_no_computing_thread(tmp_path, monkeypatch):
    """Figures of uploads wait for the folder; a figure of a sample does not wait for them."""
    read, seen = Store.get, []
    free = threading.Event()

    def slow(self: Store, id: str) -> object:
        seen.append(threading.current_thread().name)
        free.wait(30)
        return read(self, id)

    with running(tmp_path) as site:
        files = {"file": ("a.png", PHOTO)}
        images = [site.ask("POST", "/api/images", files=files).json()["image"] for _ in range(3)]
        monkeypatch.setattr(Store, "get", slow)

        async def ask() -> tuple[list[int], int]:
            own = [asyncio.create_task(site.start("GET", f"/api/trace?image={id}&size=8", b"", "")) for id in images]
            while len(seen) < 3:
                await asyncio.sleep(0.001)
            sample = await site.start("GET", "/api/trace?size=300", b"", "")
            waited = sum(not task.done() for task in own)
            free.set()
            assert {answer.status_code for answer in await asyncio.gather(*own)} == {200}
            return [sample.status_code], waited

        assert site.runner.run(ask()) == ([200], 3)
        assert set(seen) == {"store"}


def test_long_text_counts_as_heavy_work(tmp_path):
    with running(tmp_path) as site:
        lab, link = site.app.state.app_state.lab, "size=180&layers=conv:random*1@3x3,seed=1"
        scene = parse_link(link, Limits()).scene
        assert estimate_cost(scene, lab) < HEAVY_MS <= estimate_cost(scene, lab, as_text=True)
        assert site.get(f"/api/trace?{link}&format=json").json()["stages"][1]["output"][0][0][0] is not None


def test_work_whose_clients_have_disconnected_is_not_started(tmp_path, monkeypatch):
    """A visitor reloads twenty times: the last request waits only for the figure that is being computed."""
    answer, computed, go_on = Lab.compute, [], threading.Event()

    def slow(self: Lab, scene: Scene, *more: object) -> object:
        computed.append(scene)
        go_on.wait(30)
        return answer(self, scene, *more)

    monkeypatch.setattr(Lab, "compute", slow)
    with running(tmp_path, threads=1) as site:

        async def reload() -> int:
            asked = [f"size={300 + number}" for number in range(20)]
            gone = [asyncio.create_task(site.ask_and_go_away("/api/trace", query)) for query in asked]
            while not computed:
                await asyncio.sleep(0.001)
            site.goes_away.set()
            last = asyncio.create_task(site.start("GET", "/api/trace?size=299", b"", ""))
            await asyncio.sleep(0.05)
            go_on.set()
            await asyncio.gather(*gone)
            return (await last).status_code

        assert site.runner.run(reload()) == 200
        assert len(computed) == 2


def test_a_full_queue_uses_the_place_of_a_request_cancelled_in_the_same_moment():
    async def run() -> list[str]:
        turns, done = FairQueue(1, QueueLimits(1, None, BUSY)), []

        async def one(address: str, cost: float) -> None:
            async with turns.turn(Work(address, cost)):
                done.append(address)

        async with turns.turn(Work("first")):
            gone = asyncio.create_task(one("gone", 50))
            await asyncio.sleep(0)
            next_one = asyncio.create_task(one("next", 1))
            gone.cancel()
            await asyncio.sleep(0)
            turns_are_waited_for = turns.waiting
        await asyncio.gather(gone, next_one, return_exceptions=True)
        assert turns_are_waited_for == 1
        return done

    assert asyncio.run(run()) == ["next"]
