"""The limits of connections, on a real server over plain sockets."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import httpx
import pytest

from tests.serving import CHECKOUT, RunningServer
from tests.web.routes.test_image_uploads import PHOTO

ASKED = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
HALF_BODY = b"POST /api/images HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2000\r\n\r\n--x"
SECONDS = 0.5
PATIENCE = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[RunningServer]:
    limits = {"CONVOSCOPE_HEADER_SECONDS": str(SECONDS), "CONVOSCOPE_BODY_STALL_SECONDS": str(SECONDS)}
    with RunningServer(tmp_path_factory.mktemp("limits"), environment=limits) as running:
        yield running


def connected(server: RunningServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), PATIENCE)


def all_of(sock: socket.socket) -> bytes:
    """All bytes until the server closes the connection."""
    parts = []
    try:
        while part := sock.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def answer_to(server: RunningServer, *parts: bytes) -> bytes:
    """The response to some bytes, until the server closes the connection."""
    with connected(server) as sock:
        try:
            for part in parts:
                sock.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return all_of(sock)


def sent_until_it_closes(sock: socket.socket, part: bytes, most: int) -> int:
    """How often some bytes could be sent before the server closed the connection."""
    for count in range(most):
        try:
            sock.sendall(part)
        except ConnectionError:
            return count
    return most


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


@pytest.mark.parametrize(
    "half",
    [b"G", b"GET / HTTP/1.1", ASKED, b"POST /api/images HTTP/1.1\r\nContent-Le", b"\r\n"],
)
def test_headers_that_do_not_arrive_in_time_are_rejected_with_a_message(server, half):
    answer = answer_to(server, half)
    assert status(answer) == 408
    assert b"did not arrive within 0.5 seconds" in answer
    assert b"application/problem+json" in answer


def test_a_silent_connection_is_closed_without_a_response(server):
    assert answer_to(server) == b""


def test_headers_that_arrive_byte_by_byte_have_no_more_time_than_others(server):
    with connected(server) as sock:
        sock.settimeout(0.02)
        sock.sendall(ASKED)
        began, answer = time.monotonic(), b""
        while not answer and time.monotonic() - began < PATIENCE:
            try:
                sock.sendall(b"A: b\r\n")
                answer = sock.recv(65_536)
            except TimeoutError:
                continue
            except ConnectionError:  # the answer went by between two of our bytes
                break
    assert status(answer) in (408, 0)
    assert time.monotonic() - began < PATIENCE


def test_the_next_request_of_a_kept_connection_has_as_much_time_as_the_first(server):
    with connected(server) as sock:
        sock.sendall(ASKED + b"\r\n")
        assert status(sock.recv(65_536)) == 200
        sock.sendall(ASKED)
        assert status(all_of(sock)) == 408


@pytest.mark.parametrize(
    "long",
    [
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        ASKED + b"A: " + b"x" * 70_000 + b"\r\n\r\n",
        ASKED + b"A: " + b"x" * 3_000_000,
        ASKED + b"".join(b"A%d: x\r\n" % number for number in range(20_000)) + b"\r\n",
        b"GET /" + b"x" * 3_000_000,
    ],
    ids=["address", "field", "endless field", "many fields", "endless address"],
)
def test_headers_of_over_64_kilobytes_are_rejected_while_they_arrive(server, long):
    assert status(answer_to(server, long)) in (431, 0)  # 0: the answer was lost with what nobody reads
    assert status(answer_to(server, long[:800_000])) in (431, 400, 0)


def test_headers_of_nearly_64_kilobytes_are_accepted(server):
    answer = answer_to(server, ASKED + b"A: " + b"x" * 60_000 + b"\r\nConnection: close\r\n\r\n")
    assert status(answer) == 200


def test_trailers_of_a_body_in_chunks_count_as_headers(server):
    head = b"POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    with connected(server) as sock:
        sock.sendall(head + b"2\r\n{}\r\n0\r\nA: ")
        assert sent_until_it_closes(sock, b"x" * 100_000, 100) < 50


@pytest.mark.parametrize("framing", ["Content-Length: {}", "Transfer-Encoding: chunked"])
def test_the_body_of_a_request_with_an_upgrade_is_read(server, framing):
    """Otherwise the server would handle a body as another request."""
    body = ASKED + b"\r\n"
    sent = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if "chunked" in framing else body
    head = f"POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n{framing}\r\n\r\n"
    for parts in ((head.format(len(body)).encode(), sent), (head.format(len(body)).encode() + sent,)):
        answer = answer_to(server, *parts)
        assert len(re.findall(rb"HTTP/1\.1 \d{3} ", answer)) == 1
        assert status(answer) == 422
        assert b"not JSON" in answer


def test_an_upload_with_an_upgrade_works(server):
    request = httpx.Request("POST", server.url, files={"file": ("a.png", PHOTO)})
    kind, body = request.headers["content-type"], request.read()
    head = (
        f"POST /api/images HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        f"HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    assert status(answer_to(server, head.encode(), body[:50], body[50:])) == 201


def test_invalid_http_is_rejected_with_a_message(server):
    answer = answer_to(server, b"\x16\x03\x01 hello\r\n\r\n")
    assert status(answer) == 400
    assert b"application/problem+json" in answer
    assert b"nosniff" in answer


def test_too_many_pipelined_requests_are_not_all_served(server):
    answer = answer_to(server, (ASKED + b"\r\n") * 5_000)
    assert 1 <= answer.count(b"HTTP/1.1 200 OK") < 100


@pytest.mark.parametrize(
    "body",
    [b"Content-Length: 2000\r\n\r\n" + b"x" * 80, b"Transfer-Encoding: chunked\r\n\r\n50\r\n" + b"x" * 80 + b"\r\n"],
    ids=["with a length", "in chunks"],
)
@pytest.mark.parametrize(
    "address", ["/api/images", "/api/weights", "/api/weights/layers", "/api/trace", "/api/export/html"]
)
def test_a_stalled_body_is_rejected(server, address, body):
    head = f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    answer = answer_to(server, head.encode() + body.replace(b"x" * 80, b"--x\r\na: b\r\n\r\n" + b"y" * 67))
    assert status(answer) == 408


def test_a_client_can_send_a_far_too_large_body_to_its_end_and_gets_a_response(server):
    """Many clients read no response before they have sent everything."""
    head = b"POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 12000000\r\nConnection: close\r\n\r\n"
    assert status(answer_to(server, head, *[b" " * 1_000_000] * 12)) == 413


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "POST"])
def test_a_body_that_nobody_reads_does_not_keep_a_connection_open(server, method):
    head = f"{method} /nothing/here HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n"
    with connected(server) as sock:
        sock.sendall(head.encode())
        sock.settimeout(0.1)
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            try:
                sock.sendall(b"x")
                if not sock.recv(65_536):
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        else:
            pytest.fail("the connection is still open")


def test_hundreds_of_incomplete_requests_do_not_block_others(server):
    """A normal upload works while the server holds 200 incomplete headers and 200 incomplete bodies."""
    with ExitStack() as held:
        for half in (ASKED, HALF_BODY) * 200:
            held.enter_context(connected(server)).sendall(half)
        answer = httpx.post(f"{server.url}/api/images", files={"file": ("a.png", PHOTO)}, timeout=PATIENCE)
    assert answer.status_code == 201


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of open files")
@pytest.mark.parametrize("half", [b"", ASKED, HALF_BODY], ids=["silent", "half headers", "half bodies"])
def test_more_connections_than_open_files_do_not_block_others(tmp_path, half):
    """The server may have 300 open files, and 400 clients connect and send at most half a request."""
    import resource

    command = (sys.executable, "-c", "import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (300, 300)); "
               "from app.cli import main; sys.exit(main(sys.argv[1:]))")  # fmt: skip
    own = resource.getrlimit(resource.RLIMIT_NOFILE)
    if own[0] < 1_000:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1_000, own[1]), own[1]))
    with RunningServer(tmp_path, command=command) as server, ExitStack() as held:
        for _ in range(400):
            with suppress(ConnectionError):
                held.enter_context(connected(server)).sendall(half)
        assert httpx.get(f"{server.url}/healthz", timeout=PATIENCE).status_code == 200
        assert httpx.get(f"{server.url}/api/trace?size=9", timeout=PATIENCE).status_code == 200


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of open files")
def test_the_server_raises_the_number_of_files_that_it_may_have_open(tmp_path):
    command = (sys.executable, "-c", "import resource, sys; hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]; "
               "resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard)); "
               "from app.cli import main; sys.exit(main(sys.argv[1:]))")  # fmt: skip
    with RunningServer(tmp_path, command=command) as server, ExitStack() as held:
        for _ in range(300):
            held.enter_context(connected(server)).sendall(ASKED)
        assert httpx.get(f"{server.url}/healthz", timeout=PATIENCE).status_code == 200
        assert server.process is not None
        if sys.platform == "linux":
            assert len(os.listdir(f"/proc/{server.process.pid}/fd")) > 300


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_workers_end_with_their_supervisor(tmp_path):
    """As when the system is out of memory and kills only the first process."""
    with RunningServer(tmp_path, ("--workers", "2")) as server:
        httpx.get(f"{server.url}/healthz", timeout=PATIENCE)
        server.stop(signal.SIGKILL)
        for _ in range(PATIENCE * 20):
            try:
                socket.create_connection(("127.0.0.1", server.port), 1).close()
            except OSError:
                break
            time.sleep(0.05)
        server.start()  # on the same port
        assert httpx.get(f"{server.url}/healthz", timeout=PATIENCE).status_code == 200


def test_a_reached_limit_is_logged_but_not_a_thousand_times(tmp_path):
    command = [sys.executable, "-m", "app", "serve", "--port", "0"]
    environment = {**os.environ, "CONVOSCOPE_STORE": str(tmp_path), "CONVOSCOPE_HEADER_SECONDS": str(SECONDS)}
    process = subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        port = int(re.findall(r":(\d+)/", process.stdout.readline())[0])
        with ExitStack() as held:
            socks = [held.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE)) for _ in range(50)]
            for sock in socks:
                sock.sendall(ASKED)
            for sock in socks:
                assert status(all_of(sock)) == 408
        process.terminate()
        _, said = process.communicate(timeout=PATIENCE)
    assert said.count("headers did not arrive within 0.5 s") == 1
