"""Serves: binds the address, runs the server processes, prints the address."""

from __future__ import annotations

import errno
import logging
import os
import socket
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from ..folder_checks import check_added_folders, find_folder_warnings
from ..logging_setup import start_logging
from ..rate_limited_log import limit_to_once_a_minute
from ..resources import UnusableFile
from ..settings import Settings, find_variable_warnings

# Nothing imported here may load numpy: its BLAS reads the number of threads once, when it is loaded.
from .connection import LimitedConfig
from .connection_limits import ConnectionLimits
from .process_setup import (
    METRICS_FOLDER,
    METRICS_PREFIX,
    SHUTDOWN_SECONDS,
    exit_with_supervisor,
    prepare_process,
    raise_file_limit,
)

if TYPE_CHECKING:
    from fastapi import FastAPI

OTHER_FILES = 200
"""Open files of a server process other than connections: pictures, pipes to decoders, libraries."""
log = logging.getLogger(__name__)


class CannotListen(Exception):
    """The address cannot be listened on; the message says why and what to do."""


def serve(settings: Settings, *, open_browser: bool = False) -> None:
    """Serves until interrupted; prints the address once the server responds. Raises CannotListen, UnusableFile."""
    check_added_folders(settings)
    prepare_process()
    with _bind(settings.host, settings.port) as listener, _share_metrics_folder(settings.workers):
        stopped = threading.Event()
        start_logging(settings.logs())
        for sentence in (*find_variable_warnings(), *find_folder_warnings(settings)):
            log.warning("%s", sentence)
        arguments = (listener, stopped, open_browser, settings.root_path)
        threading.Thread(target=announce, args=arguments, daemon=True).start()
        try:
            _run_server(settings, listener)
        finally:
            stopped.set()


def create_worker_app() -> FastAPI:
    """Prepares a server process and creates its application; uvicorn calls it in each process."""
    prepare_process()
    exit_with_supervisor()
    limit_to_once_a_minute(logging.getLogger("uvicorn.error"))
    logging.getLogger("python_multipart").setLevel(logging.ERROR)  # an invalid form gets a response, not a log line
    try:
        from ..web import create_app

        return create_app(Settings())
    except Exception as error:
        if isinstance(error, UnusableFile):
            log.critical("%s", error)
        else:
            log.critical("the server could not be started", exc_info=True)
        # With any other status, uvicorn would start another process with the same failure, for ever.
        sys.exit(STARTUP_FAILURE)


def _run_server(settings: Settings, listener: socket.socket) -> None:
    config = LimitedConfig(
        f"{__name__}:create_worker_app",
        _make_connection_limits(settings),
        settings.logs(),
        factory=True,
        workers=settings.workers,
        access_log=False,  # what a class looks at is private, and the log costs time
        server_header=False,
        proxy_headers=False,  # web/requests/public_url.py reads them
        ws="none",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    if settings.workers > 1:
        parent = Multiprocess(config, sockets=[listener])
        parent.run()
        if any(process.exitcode == STARTUP_FAILURE for process in parent.processes):
            sys.exit(STARTUP_FAILURE)
    else:
        uvicorn.Server(config).run(sockets=[listener])


def _make_connection_limits(settings: Settings) -> ConnectionLimits:
    """The limits of connections: as many as in the settings, or as the system's limit of open files allows."""
    files = raise_file_limit(settings.connections + OTHER_FILES)
    possible = min(settings.connections, max(1, files - OTHER_FILES))
    if possible < settings.connections:
        log.warning(
            "This system lets a process open %d files, so at most %d connections are possible, not %d. "
            "More are possible with a higher `ulimit -Hn`.",
            files,
            possible,
            settings.connections,
        )
    return ConnectionLimits(
        settings.header_bytes,
        settings.header_seconds,
        unread_seconds=2 * settings.header_seconds,
        connections=possible,
    )


def _bind(host: str, port: int) -> socket.socket:
    """A socket that is bound to the address but does not listen before a server uses it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise CannotListen(f"{host} is not an address that this machine knows.") from error
    listener = socket.socket(family, kind, protocol)
    if sys.platform != "win32":  # there it would let two servers share one port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise CannotListen(_explain_bind_error(error, host, port)) from error
    listener.set_inheritable(True)
    return listener


def _explain_bind_error(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is used by another program. Stop that one, or use another port: --port {port + 1}."
        case errno.EACCES:
            return f"Port {port} needs an administrator's rights; ports from 1024 on do not: --port 8000."
        case errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this machine. 127.0.0.1 is this machine alone, 0.0.0.0 all."
        case _:
            return f"Cannot listen on {host}, port {port}: {error.strerror}."


def announce(
    listener: socket.socket, stopped: threading.Event, open_browser: bool = False, root_path: str = ""
) -> None:
    """Prints the address as soon as the server accepts connections there; opens a browser if asked to."""
    host, port = listener.getsockname()[:2]
    local_host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    while not _accepts_connections(local_host, port):
        if stopped.wait(0.02):
            return
    url = f"http://{f'[{local_host}]' if ':' in local_host else local_host}:{port}/"
    print(f"Convoscope is at {url}", flush=True)
    if host == "0.0.0.0" and (network_address := _find_network_address()):
        print(f"and, for others in this network, at http://{network_address}:{port}/", flush=True)
    if root_path:
        print(f"and, for others behind its proxy, under {root_path}/", flush=True)
    if open_browser:
        webbrowser.open(url)


def _accepts_connections(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _find_network_address() -> str | None:
    """This machine's address in its network; None if there is no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # reserved for documentation; nothing is sent
        except OSError:
            return None
        return str(probe.getsockname()[0])


@contextmanager
def _share_metrics_folder(workers: int) -> Iterator[None]:
    """Makes a folder in which several workers add up their metrics, so that each can respond for all."""
    if workers == 1 or METRICS_FOLDER in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix=METRICS_PREFIX, ignore_cleanup_errors=True) as folder:
        os.environ[METRICS_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[METRICS_FOLDER]
