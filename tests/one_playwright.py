"""Playwright, started once per process: a second one beside it is refused."""

from functools import cache

from playwright.sync_api import Playwright, sync_playwright


@cache
def one_playwright() -> Playwright:
    """The process's own; it ends with the process."""
    return sync_playwright().start()
