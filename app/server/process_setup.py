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
    """One BLAS thread, and freed memory kept for the next array. Call it before numpy is imported."""
    for name in BLAS_THREAD_VARIABLES:
        # One worker a core: more threads would fight over the same ones. An operator's own choice stands.
        os.environ.setdefault(name, "1")
    _keep_freed_memory()


def libc() -> ctypes.CDLL | None:
    """The C library that this process runs on; none on Windows."""
    return None if sys.platform == "win32" else ctypes.CDLL(None)


def _keep_freed_memory() -> None:
    """Let glibc reuse the pages of large arrays.

    It takes larger arrays fresh from the system and hands them back when they are freed, and the faults on
    all these fresh pages cost several times what a convolution of 512x512 cells does.
    """
    mallopt = getattr(libc(), "mallopt", None)  # glibc's alone
    if mallopt is None:
        return
    trim_threshold, mmap_threshold = -1, -3  # glibc's malloc.h
    mallopt(mmap_threshold, 32 * MEBIBYTE)  # the highest that it accepts
    mallopt(trim_threshold, 256 * MEBIBYTE)


def raise_file_limit(wanted: int) -> int:
    """Lets this process and those that it starts have so many files open, if the system does; returns how many."""
    if sys.platform == "win32":
        return wanted
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    possible = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft == resource.RLIM_INFINITY or soft >= possible:
        return wanted if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (possible, hard))
    except (OSError, ValueError):  # macOS has a lower limit that it does not tell
        return soft
    return possible


def exit_with_supervisor() -> None:
    """Ends this worker when the process that started it is gone, so that nothing holds the port after that."""
    supervisor = multiprocessing.parent_process()
    if supervisor is None:
        return

    def watch() -> None:
        multiprocessing.connection.wait([supervisor.sentinel])
        log.warning("the supervisor is gone, so this server process ends")
        if (folder := Path(os.environ.get(METRICS_FOLDER, ""))).name.startswith(METRICS_PREFIX):
            shutil.rmtree(folder, ignore_errors=True)
        signal.raise_signal(signal.SIGTERM)
        time.sleep(2 * SHUTDOWN_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="supervisor", daemon=True).start()
