"""Makes strings.json: what every catalogue of the browser says today. Read its diff: it is what users will read.

PYTHONPATH=. .venv/bin/python tests/golden/make_strings.py
"""

from __future__ import annotations

from playwright.sync_api import sync_playwright

from tests.browser.catalogues import CALL, MODULES, list_calls, write_golden
from tests.browser.chromium import launch
from tests.browser.pure_page import empty_page

with sync_playwright() as playwright, launch(playwright) as browser, empty_page(browser) as page:
    write_golden(page.evaluate(CALL, [MODULES, list_calls()]))
