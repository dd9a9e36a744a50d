"""Pages that are used again, each clean as a new one: a new page is a new process with cold caches, which costs more
than what most tests do in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Page

AT_MOST = 4  # pages that wait to be used again, of all kinds of devices together
PARKED, PARKED_AMONG_OTHERS = "/parked", "/healthz"
"""Small pages on which a page waits. The first, which the site does not have, is isolated from other sites as the Lab
is, the second is not, as what is embedded: from one kind to the other a browser starts a new process."""

# What cannot be taken back from a page, and from all pages of a context. Who calls it leaves none behind.
OF_THE_PAGE = ("add_init_script", "expose_function", "expose_binding", "emulate_media", "set_viewport_size")
OF_THE_CONTEXT = (
    "add_init_script",
    "expose_function",
    "expose_binding",
    "grant_permissions",
    "new_cdp_session",
    "route",
    "set_extra_http_headers",
    "set_geolocation",
    "set_offline",
)
OF_THE_CLOCK = ("install", "pause_at", "set_fixed_time", "set_system_time")


@dataclass(eq=False, slots=True)
class WarmPage:
    """A page in a context of its own, and what a test did to them."""

    kind: str
    context: BrowserContext
    page: Page
    cdp: CDPSession
    stained: bool = False
    routed: bool = False
    listening: list[tuple[str, Callable[..., Any]]] = field(default_factory=list)

    def watch(self) -> None:
        """From now on it is noted what has to be taken back, and what cannot be."""
        for owner, names in ((self.page, OF_THE_PAGE), (self.context, OF_THE_CONTEXT), (self.page.clock, OF_THE_CLOCK)):
            for name in names:
                self._before(owner, name, self._stain)
        for name in ("on", "once"):
            self._before(self.page, name, lambda event, f: self.listening.append((event, f)))
        self._before(self.page, "route", self._note_route)
        self._before(self.context, "on", self._stain)

    def _before(self, owner: Any, name: str, note: Callable[..., None]) -> None:
        method = getattr(owner, name)

        def noted(*args: Any, **more: Any) -> Any:
            note(*args, **more)
            return method(*args, **more)

        setattr(owner, name, noted)

    def _stain(self, *args: Any, **more: Any) -> None:
        self.stained = True

    def _note_route(self, *args: Any, **more: Any) -> None:
        self.routed = True

    def clean(self, url: str) -> bool:
        """Take back all that a test did, as far as the site at `url` knows; False where that cannot be."""
        if self.stained or self.page.is_closed():
            return False
        with suppress(Error):
            for event, listener in self.listening:
                with suppress(KeyError):  # it was heard once, or was taken back by the test
                    self.page.remove_listener(event, listener)  # type: ignore[call-overload]
            self.listening.clear()
            if self.routed:
                self.page.unroute_all(behavior="ignoreErrors")
                self.routed = False
            for other in self.context.pages:
                if other is not self.page:
                    other.close()
            self.page.mouse.move(-1, -1)
            isolated = self.page.url.startswith(url) and not self.page.url.startswith(f"{url}/embed")
            self.page.goto(f"{url}{PARKED if isolated else PARKED_AMONG_OTHERS}")
            self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); window.name = ''; }")
            self.context.clear_cookies()
            self.cdp.send("Page.resetNavigationHistory")
            return True
        return False


class WarmPages:
    """Lends pages, and takes all of them back at the end of a test. `make` is what opens one in a context."""

    def __init__(self, browser: Browser, url: str, make: Callable[[BrowserContext], Page]) -> None:
        self._browser, self._url, self._make = browser, url, make
        self._waiting: list[WarmPage] = []
        self._lent: list[WarmPage] = []

    def lend(self, **device: Any) -> Page:
        """A clean page on that device, which is what Playwright's new_context takes; no other has its storage."""
        kind = repr(sorted(device.items()))
        warm = next((one for one in reversed(self._waiting) if one.kind == kind), None)
        if warm:
            self._waiting.remove(warm)
        else:
            context = self._browser.new_context(**device)
            page = self._make(context)
            warm = WarmPage(kind, context, page, context.new_cdp_session(page))
            warm.watch()
        self._lent.append(warm)
        return warm.page

    def take_back(self) -> None:
        """Clean what was lent, and keep of it what was used last."""
        for warm in self._lent:
            if warm.clean(self._url):
                self._waiting.append(warm)
            else:
                warm.context.close()
        self._lent.clear()
        while len(self._waiting) > AT_MOST:
            self._waiting.pop(0).context.close()
