"""A headless Firefox, spoken to as its own remote control, Marionette, wants it: there is no other driver to install.

The protocol (https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html): every message is its length in
bytes, a colon, and JSON: [0, id, command, parameters] one way, [1, id, error, result] the other.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

NAMES = ("firefox-esr", "firefox")
SECONDS_TO_START = 120  # on a busy machine; usually a few
LISTENING = re.compile(r"Listening on port (\d+)")
NOWHERE = 9  # the port of the discard protocol, where nobody listens
PREFERENCES = {
    "marionette.port": 0,
    # All that is not on the disk goes to a proxy that is not there: the network is off.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": NOWHERE,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": NOWHERE,
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.server": "",
}


def find_firefox() -> str | None:
    """The Firefox of this machine, if it has one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Firefox:
    """One window. Leaving it ends the process."""

    def __init__(self, path: str, profile: Path) -> None:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines))
        self._process = subprocess.Popen(
            [path, "--headless", "--no-remote", "--marionette", "--profile", str(profile)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._count = 0

    def __enter__(self) -> Firefox:
        self._socket = socket.create_connection(("127.0.0.1", self._port()), timeout=SECONDS_TO_START)
        self._stream = self._socket.makefile("rwb")
        self._read()  # it says first what it speaks
        self.do("WebDriver:NewSession", {})
        self.do("WebDriver:SetTimeouts", {"script": 1000 * SECONDS_TO_START})
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()
        self._socket.close()
        self._process.terminate()
        self._process.communicate(timeout=SECONDS_TO_START)

    def open(self, address: str) -> None:
        """Goes to an address and waits until it is loaded."""
        self.do("WebDriver:Navigate", {"url": address})

    def run(self, script: str) -> Any:
        """What a script returns in the page; a promise is waited for."""
        ended = ".then(done, (error) => done(`${error}`))"
        body = f"const done = arguments[arguments.length - 1]; (async () => {{ {script} }})(){ended};"
        return self.do("WebDriver:ExecuteAsyncScript", {"script": body, "args": []})["value"]

    def do(self, command: str, parameters: dict[str, Any]) -> Any:
        """The result of a command; it fails where that is an error."""
        self._count += 1
        text = json.dumps([0, self._count, command, parameters]).encode()
        self._stream.write(b"%d:%s" % (len(text), text))
        self._stream.flush()
        _, _, error, result = self._read()
        assert error is None, error
        return result

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._stream.read(1)
        return json.loads(self._stream.read(int(length[:-1])))

    def _port(self) -> int:
        """The port that it announces. It fails if none comes in time."""
        assert self._process.stdout is not None
        too_late = threading.Timer(SECONDS_TO_START, self._process.kill)
        too_late.start()
        found = next((match for line in self._process.stdout if (match := LISTENING.search(line))), None)
        too_late.cancel()
        assert found, "Firefox did not start its remote control."
        threading.Thread(target=self._process.stdout.read, daemon=True).start()  # or it would wait for a reader
        return int(found[1])
