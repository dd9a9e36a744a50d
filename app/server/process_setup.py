"""Sets up a server process: memory and threads before numpy is loaded, open files, its end with the supervisor."""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import multiprocessing.connection
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

# Nothing imported here may load numpy: its BLAS reads the number of threads once, when it is loaded.

METRICS_FOLDER, METRICS_PREFIX = "PROMETHEUS_MULTIPROC_DIR", "convoscope-metrics-"
"""The variable that names the folder in which workers add up their metrics, and how folders of this server begin."""
SHUTDOWN_SECONDS = 5
"""Seconds for open requests when the server is stopped."""
BLAS_THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
MEBIBYTE = 2**20

log = logging.getLogger(__name__)


def prepare_process() -> None:
    """Sets one BLAS thread, and keeps freed memory for the next array. Call it before numpy is imported."""
    for name in BLAS_THREAD_VARIABLES:
        # There is one worker per core, so more threads would compete. An operator's own choice is kept.
        os.environ.setdefault(name, "1")
    _keep_freed_memory()


def libc() -> ctypes.CDLL | None:
    """The C library of this process; None on Windows."""
    return None if sys.platform == "win32" else ctypes.CDLL(None)


def _keep_freed_memory() -> None:
    """Makes glibc reuse the pages of large arrays.

    By default it maps large arrays anew and unmaps them when they are freed, and the page faults cost several
    times as much as a convolution of 512x512 cells.
    """
    mallopt = getattr(libc(), "mallopt", None)  # only in glibc
    if mallopt is None:
        return
    trim_threshold, mmap_threshold = -1, -3  # glibc's malloc.h
    mallopt(mmap_threshold, 32 * MEBIBYTE)  # the highest that it accepts
    mallopt(trim_threshold, 256 * MEBIBYTE)


def raise_file_limit(wanted: int) -> int:
    """Raises the limit of open files of this process and its children as far as possible; returns the limit."""
    if sys.platform == "win32":
        return wanted
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    possible = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft == resource.RLIM_INFINITY or soft >= possible:
        return wanted if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (possible, hard))
    except (OSError, ValueError):  # macOS has a lower limit that it does not report
        return soft
    return possible


def exit_with_supervisor() -> None:
    """Ends this worker when the process that started it has ended, so that no worker keeps the port."""
    supervisor = multiprocessing.parent_process()
    if supervisor is None:
        return

    def watch() -> None:
        multiprocessing.connection.wait([supervisor.sentinel])
        log.warning("the supervisor has ended, so this server process ends")
        if (folder := Path(os.environ.get(METRICS_FOLDER, ""))).name.startswith(METRICS_PREFIX):
            shutil.rmtree(folder, ignore_errors=True)
        signal.raise_signal(signal.SIGTERM)
        time.sleep(2 * SHUTDOWN_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="supervisor", daemon=True).start()
