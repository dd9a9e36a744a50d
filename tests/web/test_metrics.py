"""GET /metrics: the build, response times, the contents of the store, open connections."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import urllib.request
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from app import __version__
from app.web.metrics import WorkersCollector, drop_dead_workers
from tests.pictures import file, photo
from tests.serving import RunningServer
from tests.web_client import Client, running

PICTURE = {"file": ("a.png", file(photo(60, 90), "PNG"))}


def value(text: str, name: str) -> float:
    """The value of a metric, with labels in its name if it has some."""
    (found,) = re.findall(rf"^{re.escape(name)} (\S+)$", text, flags=re.MULTILINE)
    return float(found)


def metrics(site: Client) -> str:
    return site.get("/metrics").text


def test_metrics_have_the_version_and_the_build(tmp_path: Path):
    with running(tmp_path) as site:
        build = site.get("/healthz").json()["build"]
        assert value(metrics(site), f'convoscope_build_info{{build="{build}",version="{__version__}"}}') == 1


def test_response_times_are_counted_by_route_in_buckets_also_for_cached_replies(tmp_path: Path):
    with running(tmp_path) as site:
        for _ in range(3):
            site.get("/api/trace?size=8")
        site.get("/api/trace?size=0")
        site.get("/nowhere")
        text = metrics(site)
    assert value(text, 'convoscope_request_seconds_count{route="/api/trace"}') == 4
    assert value(text, 'convoscope_request_seconds_bucket{le="+Inf",route="/api/trace"}') == 4
    assert value(text, 'convoscope_request_seconds_sum{route="/api/trace"}') > 0
    assert value(text, 'convoscope_request_seconds_count{route="none"}') == 1
    assert value(text, 'convoscope_requests_total{route="/api/trace",status="422"}') == 1


def test_what_is_in_the_store_is_counted_as_soon_as_it_changes(tmp_path: Path):
    with running(tmp_path) as site:
        assert [value(metrics(site), f"convoscope_store_{what}") for what in ("files", "bytes")] == [0, 0]
        brought = [site.ask("POST", "/api/images", files=PICTURE).json() for _ in range(3)]
        text = metrics(site)
        assert value(text, "convoscope_store_files") == 3
        assert value(text, "convoscope_store_bytes") >= 3 * 60 * 90 * 3
        one = brought[0]
        site.ask("DELETE", f"/api/images/{one['image']}.png", headers={"x-delete-token": one["delete_token"]})
        assert value(metrics(site), "convoscope_store_files") == 2


def test_a_store_that_cannot_be_read_has_no_numbers_and_stops_no_others(tmp_path: Path):
    (tmp_path / "uploads").write_text("no folder")
    with running(tmp_path) as site:
        text = metrics(site)
    assert value(text, 'convoscope_store{state="missing"}') == 1
    assert value(text, "convoscope_store_files") == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_open_connections_and_the_store_are_those_of_all_workers(workers: str, tmp_path: Path):
    def asked(url: str) -> str:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.read().decode()

    with RunningServer(tmp_path, ["--workers", workers]) as server, ExitStack() as stack:
        for _ in range(6):
            one = stack.enter_context(closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)))
            one.request("GET", "/healthz")
            assert one.getresponse().read()
        (tmp_path / "uploads" / "u-damaged").write_bytes(b"-")
        text = asked(f"{server.url}/metrics")
        assert value(text, "convoscope_connections") == 7
        assert value(text, "convoscope_store_files") == 1
        assert text.count("\nconvoscope_build_info{") == 1


def test_connections_of_a_killed_worker_are_no_longer_counted(tmp_path: Path):
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as lives:
        for process in (ended.pid, lives.pid):
            for kind in ("gauge_livesum", "counter"):
                (tmp_path / f"{kind}_{process}.db").touch()
        drop_dead_workers(tmp_path)
        left = {path.name for path in tmp_path.iterdir()}
        lives.communicate(b"\n")
    assert left == {f"gauge_livesum_{lives.pid}.db", f"counter_{lives.pid}.db", f"counter_{ended.pid}.db"}


def test_a_worker_that_is_about_to_write_its_first_metric_disturbs_nobody(tmp_path: Path):
    (tmp_path / "counter_1.db").touch()
    registry = CollectorRegistry()
    WorkersCollector(registry, str(tmp_path))
    assert generate_latest(registry) == b""
