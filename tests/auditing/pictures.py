"""Takes the pictures of docs/auditors-page.md from a server on which the stories were played.

    .venv/bin/python -m tests.auditing.pictures http://127.0.0.1:8000 TOKEN

The token is of somebody who took part in the learning walk, as `run.py demo` tells it.
"""

import sys
import tempfile
import time
from base64 import b64decode
from pathlib import Path
from typing import Any

import httpx
from tests.auditing.browsing import browser, sign_in
from tests.house.tree import ROOT

FOLDER = ROOT / "docs/pictures"
WIDE, NARROW = 1000, 420
SHOWN, EARLIER, LATER = 41, 36, 44
"""Revisions in the walk: in the corridor, and around it."""


def take(driver: Any, name: str, high: int, below: str = "html") -> None:
    """A picture of the page from an element on, so many px high."""
    top = "return document.querySelector(arguments[0]).getBoundingClientRect().top + scrollY"
    size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    y = max(0, int(driver.execute_script(top, below)))
    clip = {"x": 0, "y": y, "width": size["width"], "height": high, "scale": 1}
    asked = {"captureBeyondViewport": True, "clip": clip}
    png = b64decode(driver.execute_cdp_cmd("Page.captureScreenshot", asked)["data"])
    (FOLDER / f"{name}.png").write_bytes(png)
    print(f"{name}: {len(png) // 1024} kB")  # noqa: T201 - a program for a terminal


def look(driver: Any, width: int, scheme: str) -> None:
    """Be a screen of this width, for somebody who likes it light or dark."""
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == NARROW}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)


def opened(driver: Any, address: str) -> None:
    driver.get(address)
    time.sleep(1)


def main(url: str, token: str) -> None:
    """Six pictures: four wide and light, two narrow and dark."""
    answer = httpx.get(f"{url}/v1/runs", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    runs = answer.json()["items"]
    walk = next(run["id"] for run in runs if run["method"] == "learning-walk")
    here = f"{url}/audit/runs/{walk}"
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browser(Path(folder)) as driver:
        sign_in(driver, url, token)
        look(driver, WIDE, "light")
        opened(driver, f"{here}?event={SHOWN}")
        take(driver, "auditor-moment", 980)
        take(driver, "auditor-timeline", 560, "#timeline")
        opened(driver, f"{here}/compare?from={EARLIER}&to={LATER}")
        take(driver, "auditor-compare", 700)
        opened(driver, f"{here}/events/{SHOWN}")
        driver.execute_script("document.querySelector('#check').click()")
        time.sleep(2)
        take(driver, "auditor-proof", 620, "#proof")
        look(driver, NARROW, "dark")
        opened(driver, f"{here}?event={SHOWN}")
        take(driver, "auditor-narrow", 1120)
        opened(driver, f"{here}/events/{SHOWN}")
        driver.execute_script("document.querySelector('#check').click()")
        time.sleep(2)
        take(driver, "auditor-proof-narrow", 900, "#proof")


if __name__ == "__main__":
    main(*sys.argv[1:3])
