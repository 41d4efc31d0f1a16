"""A real browser without a screen, steered by its keyboard; it may reach this machine alone."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=127.0.0.1",
)
"""Whatever is not on this machine goes to a proxy that is not there."""
SECONDS = 30
TABS_MAX = 200


@contextmanager
def browser(folder: Path, width: int = 1200, *, script: bool = True) -> Iterator[Chrome]:
    """A new browser with an empty profile.

    Args:
        folder: for its profile.
        width: of its window, in px.
        script: whether pages may run scripts.
    """
    options = ChromeOptions()
    options.binary_location = BROWSER or ""
    for switch in (*SWITCHES, f"--user-data-dir={folder}", f"--window-size={width},900"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not script:
        settings = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", settings)
    driver = Chrome(options=options, service=Service(DRIVER))
    try:
        driver.set_page_load_timeout(SECONDS)
        driver.set_script_timeout(SECONDS)
        yield driver
    finally:
        driver.quit()


class Hands:
    """Somebody with a keyboard and no mouse."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    def press(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def focus(self) -> Any:
        return self.driver.switch_to.active_element

    def tab_to(self, selector: str) -> Any:
        """Press Tab until what a selector names has the focus."""
        for _ in range(TABS_MAX):
            self.press(Keys.TAB)
            here = self.focus()
            if self.driver.execute_script(
                "return arguments[0].matches(arguments[1])", here, selector
            ):
                return here
        raise AssertionError(f"no way to {selector} by keyboard")

    def write(self, selector: str, text: str) -> None:
        self.tab_to(selector)
        self.press(text)


def sign_in(driver: Chrome, url: str, token: str) -> None:
    """As a person does: open the page, write the token, press the button."""
    driver.get(f"{url}/audit")
    hands = Hands(driver)
    hands.write("#token", token)
    hands.tab_to("form.stack button")
    hands.press(Keys.ENTER)
