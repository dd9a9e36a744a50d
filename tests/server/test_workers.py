"""Several real server processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.web.routes.test_image_uploads import PHOTO

CHECKOUT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    store = str(tmp_path_factory.mktemp("site") / "uploads")
    command = [sys.executable, "-m", "app", "serve", "--host", "127.0.0.1", "--port", "0", "--workers", "2"]
    environment = {**os.environ, "CONVOSCOPE_STORE": store}
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        yield re.search(r"http://\S+", said)[0].rstrip("/")
        server.terminate()


def get(address: str) -> httpx.Response:
    return httpx.get(address, timeout=30)


def many(addresses: list[str]) -> list[httpx.Response]:
    """Requests over separate connections, so that both workers get some."""
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(get, addresses))


def test_each_worker_reports_the_metrics_of_all_workers(address):
    assert {answer.status_code for answer in many([f"{address}/api/kernels"] * 100)} == {200}
    for answer in many([f"{address}/metrics"] * 8):
        assert 'convoscope_requests_total{route="/api/kernels",status="200"} 100.0' in answer.text


def test_all_workers_give_the_same_response_with_the_same_etag(address):
    answers = many([f"{address}/api/trace?size=16"] * 40)
    assert len({answer.headers["etag"] for answer in answers}) == 1
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.json()["build"] for answer in many([f"{address}/healthz"] * 40)}) == 1


def test_all_workers_see_an_upload_and_its_deletion(address):
    brought = httpx.post(f"{address}/api/images", files={"file": ("a.png", PHOTO)}, timeout=30).json()
    looking = [f"{address}/api/trace?image={brought['image']}&size=8"] * 30
    assert {answer.status_code for answer in many(looking)} == {200}
    httpx.delete(f"{address}/api/images/{brought['image']}", headers={"X-Delete-Token": brought["delete_token"]})
    assert {answer.status_code for answer in many(looking)} == {410}


def test_large_figures_do_not_block_small_requests(address):
    seeds = np.arange(6)
    large = [f"{address}/api/trace?size=256&layers=conv:random*16@11x11,padding=same,seed={seed}" for seed in seeds]
    answers = many([*large, *[f"{address}/healthz"] * 50])
    assert {answer.status_code for answer in answers} == {200}
