"""Playwright, started once per process: a second one beside it is refused. And the browser that it drives."""

from functools import cache

from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from vciso.launch import system

# Root may not use the browser's sandbox, nothing here talks to the makers of the browser, and no script
# runs so long on a page that it would be worth compiling a second time.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--js-flags=--no-opt --no-maglev",
]  # fmt: skip
# Milliseconds for whatever a person waits for: two browsers, portals and workers may share two cores.
WAIT = 60_000


@cache
def one_playwright() -> Playwright:
    """The process's own; it ends with the process."""
    return sync_playwright().start()


def launched() -> Browser:
    """Debian's browser; whoever launched it closes it."""
    expect.set_options(timeout=WAIT)
    return one_playwright().chromium.launch(executable_path=system.browser(), args=FLAGS)
