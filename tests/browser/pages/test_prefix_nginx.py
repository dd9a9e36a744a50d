"""The site behind nginx as its documentation sets it up: a location that takes a path off, and one that keeps it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from tests.browser.deck import site
from tests.browser.embed.test_deck import figure
from tests.browser.lab_page import SECONDS, Lab
from tests.browser.share.test_share import link, open_share, upload
from tests.serving import RunningServer

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")
PATH = "/convoscope"
CONFIGURATION = """
{user}
pid nginx.pid;
error_log stderr;
events {{ }}
http {{
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {{
    listen 127.0.0.1:{port};
    location {path}/ {{ proxy_pass {upstream}; }}
  }}
}}
"""


@contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[str]:
    """The address of a site under PATH. nginx says another Host to the server than the visitor's, unless it is told."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = "user root;" if os.geteuid() == 0 else ""  # whose folder this is
    (folder / "nginx.conf").write_text(CONFIGURATION.format(user=user, port=port, path=PATH, upstream=upstream))
    command = [str(NGINX), "-p", str(folder), "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}{PATH}"
    finally:
        process.terminate()
        process.wait(SECONDS)


def wait_for(port: int) -> None:
    end = monotonic() + SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            assert monotonic() < end, "nginx did not start"


@pytest.fixture(params=["taken off", "kept"])
def behind(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if NGINX is None:
        pytest.skip("nginx is not installed")
    kept = request.param == "kept"
    told = {"CONVOSCOPE_ROOT_PATH": PATH} if kept else {}
    with RunningServer(tmp_path, environment=told) as server:
        folder = tmp_path / "nginx"
        folder.mkdir()
        with nginx(folder, server.url if kept else f"{server.url}/") as url:
            yield url


@pytest.mark.long
def test_the_lab_an_upload_and_an_embed_work_behind_nginx(page: Page, behind: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    lab = Lab(page, behind)
    page.goto(behind)  # it adds the slash
    lab.ready()
    with lab.answers():
        page.locator("[data-part=tray] [data-kernel=sharpen]").click()
    upload(lab)
    open_share(lab)
    assert link(lab).startswith(f"{behind}/?image=u-")
    page.goto(f"{behind}/filters?model=lenet5")
    lab.until("document.querySelector('[data-part=row-value]')?.textContent")
    assert [url for url in asked if not url.startswith((f"{behind}/", "data:", "blob:")) and url != behind] == []
    with site(f"<!doctype html>{figure(behind)}") as url:
        page.goto(url)
        expect(page.frame_locator("iframe").locator(".maps.live")).to_have_count(2)
