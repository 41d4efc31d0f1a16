"""The auditor's page in a real browser: by keyboard alone, without scripts, and read aloud."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.api.world import World
from tests.auditing.conftest import signed
from tests.auditing.test_pages import circle

from enquiry_api.server import address, listen, serving

browsing = pytest.importorskip("tests.auditing.browsing", reason="no driver for a browser is here")
By = pytest.importorskip("selenium.webdriver.common.by").By
Keys = pytest.importorskip("selenium.webdriver.common.keys").Keys
Stale = pytest.importorskip("selenium.common.exceptions").StaleElementReferenceException
pytestmark = pytest.mark.skipif(
    not (browsing.BROWSER and browsing.DRIVER),
    reason="no Chromium with its chromedriver is here: the page is NOT tested in a browser",
)


class Desk:
    """A server, somebody's token, a run to look at, and a folder for a browser's profile."""

    def __init__(self, url: str, token: str, run: str, folder: Path) -> None:
        self.url, self.token, self.run, self.folder = url, token, run, folder

    def open(self, **settings: Any) -> Any:
        return browsing.browser(self.folder, **settings)


@pytest.fixture
async def desk(proved: World, tmp_path: Path) -> AsyncIterator[Desk]:
    run = await circle(proved, books=3, close=True)
    await signed(proved)
    bound = listen("127.0.0.1", 0)
    async with serving(proved.app, bound):
        yield Desk(address(bound), proved.token(proved.member), run, tmp_path / "profile")


def until(driver: Any, done: Callable[[], Any]) -> Any:
    """What is true in the end; a page may change while it is being read."""
    for _ in range(200):
        with contextlib.suppress(Stale):
            if found := done():
                return found
        time.sleep(0.1)
    raise AssertionError(driver.page_source[:2000])


def text(driver: Any, selector: str) -> str:
    found = driver.find_elements(By.CSS_SELECTOR, selector)
    return found[0].text if found else ""


def troubles(driver: Any) -> list[str]:
    """What the browser complains of: scripts that broke, what the policy has held back."""
    said = [line["message"] for line in driver.get_log("browser")]
    return [one for one in said if "status of 401" not in one and "favicon" not in one]


async def test_by_keyboard_alone_one_signs_in_chooses_a_run_and_proves_an_event(
    desk: Desk,
) -> None:
    def walk() -> None:
        with desk.open() as driver:
            browsing.sign_in(driver, desk.url, desk.token)
            until(driver, lambda: "What there is" in text(driver, "h1"))
            hands = browsing.Hands(driver)
            hands.tab_to(f'a[href="{desk.run}"]')
            hands.press(Keys.ENTER)
            until(driver, lambda: "Event 7 of 7" in text(driver, "#shown"))
            hands.tab_to(f'#proof a[href^="{desk.run}/events/"]')
            hands.press(Keys.ENTER)
            until(driver, lambda: text(driver, "#check"))
            hands.tab_to("#check")
            hands.press(Keys.ENTER)
            told = until(driver, lambda: text(driver, "#verdict"))
            assert "Valid, as far as it was checked." in told
            assert "inclusion: leaf" in told
            assert "keys: those that this server names were believed" in told
            assert troubles(driver) == []

    await asyncio.to_thread(walk)


async def test_the_first_thing_that_tab_reaches_leads_past_the_head(desk: Desk) -> None:
    def walk() -> None:
        with desk.open() as driver:
            driver.get(f"{desk.url}/audit/sign-in")
            hands = browsing.Hands(driver)
            hands.press(Keys.TAB)
            assert hands.focus().text == "To the content"
            hands.press(Keys.ENTER)
            assert hands.focus().get_attribute("id") == "main"

    await asyncio.to_thread(walk)


async def test_the_slider_shows_each_moment_and_keeps_the_focus(desk: Desk) -> None:
    def walk() -> None:
        with desk.open() as driver:
            browsing.sign_in(driver, desk.url, desk.token)
            driver.get(desk.url + desk.run)
            assert "Stage then: Closed" in text(driver, "figcaption").replace("closed", "Closed")
            hands = browsing.Hands(driver)
            slider = hands.tab_to("#event")
            hands.press(Keys.HOME)
            until(driver, lambda: "Event 1 of 7" in text(driver, "#shown"))
            assert "event=1" in driver.current_url
            assert text(driver, "tr[aria-current] .tag") == "shown"
            assert hands.focus() == slider
            assert slider.get_attribute("aria-valuetext").startswith("event 1: The stream")
            hands.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
            until(driver, lambda: "Event 3 of 7" in text(driver, "#shown"))
            driver.refresh()
            assert "Event 3 of 7" in text(driver, "#shown")
            assert troubles(driver) == []

    await asyncio.to_thread(walk)


async def test_without_scripts_all_but_the_check_works(desk: Desk) -> None:
    def walk() -> None:
        with desk.open(script=False) as driver:
            browsing.sign_in(driver, desk.url, desk.token)
            driver.get(desk.url + desk.run)
            hands = browsing.Hands(driver)
            for _ in range(TABS):
                hands.press(Keys.TAB)
                if hands.focus().get_attribute("id") == "event":
                    break
            hands.press(Keys.HOME, Keys.ENTER)
            until(driver, lambda: "Event 1 of 7" in text(driver, "#shown"))
            driver.find_element(By.CSS_SELECTOR, "#compare ~ form button").click()
            until(driver, lambda: "Two moments" in text(driver, "h1"))
            driver.get(f"{desk.url}{desk.run}/events/1")
            until(driver, lambda: "takes a script" in text(driver, "#verify"))

    await asyncio.to_thread(walk)


TABS = 40
OVER = "const d = document.documentElement; return d.scrollWidth - d.clientWidth"


async def test_what_was_seen_before_must_go_on_and_what_was_changed_is_found(
    desk: Desk, proved: World
) -> None:
    page = f"{desk.url}{desk.run}/events/1"

    def verdict(driver: Any) -> str:
        button = until(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "#check"))[0]
        until(driver, button.is_displayed)
        button.click()
        return until(driver, lambda: text(driver, "#verdict"))

    with desk.open() as driver:
        await asyncio.to_thread(browsing.sign_in, driver, desk.url, desk.token)
        await asyncio.to_thread(driver.get, page)
        assert "saw no checkpoint before" in await asyncio.to_thread(verdict, driver)
        await circle(proved)
        await signed(proved)
        await asyncio.to_thread(driver.get, page)
        told = await asyncio.to_thread(verdict, driver)
        assert "events that this browser saw before are unchanged" in told

        def spoiled(script: str) -> str:
            driver.get(page)
            driver.execute_script(script)
            return verdict(driver)

        entry = (
            "const e = document.getElementById('entry');"
            " e.textContent = 'A' + e.textContent.slice(1)"
        )
        told = await asyncio.to_thread(spoiled, entry)
        assert "the entry does not make the leaf" in told
        assert "Valid" not in told
        told = await asyncio.to_thread(spoiled, forged(2, f"'{'A' * 43}='"))
        assert "fork: two histories" in told
        told = await asyncio.to_thread(spoiled, forged(1, "'3'"))
        assert "no part of this history" in told


def forged(line: int, value: str) -> str:
    """A script that changes one line of the checkpoint that the browser has kept."""
    return (
        "const k = Object.keys(localStorage)[0]; const n = localStorage.getItem(k).split('\\n');"
        f" n[{line}] = {value}; localStorage.setItem(k, n.join('\\n'))"
    )


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 420)])
async def test_no_page_has_a_barrier_that_a_program_can_find(
    desk: Desk, scheme: str, width: int
) -> None:
    core = pytest.importorskip(
        "axe_core_python", reason="axe is not here: barriers are NOT looked for"
    )
    axe = Path(core.__file__).with_name("axe.min.js").read_text()

    def walk() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        with desk.open(width=width) as driver:
            media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
            driver.get(f"{desk.url}/audit")
            found["sign in"] = barriers(driver, axe)
            browsing.sign_in(driver, desk.url, desk.token)
            paths = (
                "",
                f"{desk.run}?event=2",
                f"{desk.run}/compare?from=1",
                f"{desk.run}/events/1",
            )
            for path in ("/audit", *paths[1:]):
                driver.get(desk.url + path)
                found[path] = barriers(driver, axe)
                assert driver.execute_script(OVER) <= 0, f"{path} is wider than the window"
        return found

    found = await asyncio.to_thread(walk)
    assert len(found) == 5
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def barriers(driver: Any, axe: str) -> list[str]:
    """What axe finds, once every part that can be opened is open."""
    opened = "document.querySelectorAll('details').forEach((one) => (one.open = true))"
    driver.execute_script(f"{opened};\n{axe}")
    told = driver.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
    assert len(told["passes"]) > 10
    return [f"{v['id']}: {n['html'][:200]}" for v in told["violations"] for n in v["nodes"]]
