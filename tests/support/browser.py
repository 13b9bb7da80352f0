"""A real browser for tests: Debian's Chromium, driven by playwright, with nothing to reach but the page's own place.

A test asks for the fixture `browser` and opens pages with `visit`. Where there is no browser, CI (the environment
variable CI is set) fails and everybody else's tests are skipped; both say how to get one.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:  # most tests do without a browser
    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")  # what .ci/browser looks for, too
HOW_TO_GET_ONE = "Install Chromium, on Debian with: sudo apt-get install chromium. Then run the test again."
PHONE, TABLET, DESKTOP = 390, 820, 1280  # CSS pixels wide
HEIGHT = 900
PICTURES_WITHOUT_TEXT = "[...document.images].filter(one => !one.alt.trim()).map(one => one.src.slice(0, 60))"
LOOKS = [(width, scheme) for width in (PHONE, TABLET, DESKTOP) for scheme in ("light", "dark")]


def find_browser() -> str | None:
    """Return the path of the browser on PATH, None if there is none."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


def do_without(reason: str) -> NoReturn:
    """End a test that has no browser: in CI it fails, elsewhere it is skipped."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason} {HOW_TO_GET_ONE}", pytrace=False)
    pytest.skip(f"{reason} {HOW_TO_GET_ONE}")


@pytest.fixture(scope="module")  # no longer: playwright holds this thread's event loop, which other modules need
def browser() -> Iterator["Browser"]:
    """Give a browser that runs until the module's last test is done."""
    path = find_browser()
    if path is None:
        do_without("There is no browser on PATH.")
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(executable_path=path)
        except Error as error:
            do_without(f"{path} does not start: {str(error).splitlines()[0]}.")
        yield running
        running.close()


@dataclass
class Visit:
    """A page in the browser: what it wrote to the console, and what it asked for that lies beyond `home`."""

    page: "Page"
    home: str
    width: int
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def is_at_home(self, url: str) -> bool:
        return url.startswith((self.home, "data:", "blob:", "about:"))

    def guard(self, route: "Route") -> None:
        """Let through what belongs to the page, and stop and note the rest."""
        if self.is_at_home(route.request.url):
            route.continue_()
        else:
            self.elsewhere.append(route.request.url)
            route.abort()

    def note(self, message: "ConsoleMessage") -> None:
        """Note an error, unless it says that something from elsewhere did not come."""
        if message.type == "error" and self.is_at_home(message.location.get("url") or self.home):
            self.errors.append(message.text)

    def list_faults(self) -> list[str]:
        """Return what is wrong with the page, a sentence each: errors, requests, width, pictures without a text."""
        faults = [f"The console says: {text}" for text in self.errors]
        faults += [f"It asks for {url}." for url in self.elsewhere]
        shown = self.page.evaluate("document.scrollingElement.scrollWidth")
        if shown > self.width:
            faults.append(f"It is {shown} pixels wide, on a screen of {self.width}.")
        return faults + [f"No text for {source}." for source in self.page.evaluate(PICTURES_WITHOUT_TEXT)]


@contextlib.contextmanager
def visit(
    browser: "Browser",
    address: str | Path,
    *,
    home: str = "",
    width: int = DESKTOP,
    scheme: str = "light",
    headers: dict[str, str] | None = None,
) -> Iterator[Visit]:
    """Open a page, a file or an address, on a screen of that width; `home` is where it may ask for more."""
    url = address.resolve().as_uri() if isinstance(address, Path) else address
    options = {"viewport": {"width": width, "height": HEIGHT}, "color_scheme": scheme, "extra_http_headers": headers}
    with contextlib.closing(browser.new_context(**options, is_mobile=width <= PHONE)) as context:
        shown = Visit(context.new_page(), home or url, width)
        shown.page.route("**/*", shown.guard)
        shown.page.on("console", shown.note)
        shown.page.on("pageerror", lambda error: shown.errors.append(str(error)))
        shown.page.goto(url)
        yield shown
