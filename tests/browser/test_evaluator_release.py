"""A new release while sheets are being scored: two web processes one after the other at one address, one database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from common import services
from common.services import ROOT
from tests.browser.test_evaluator import lines, opened, ready, score
from tests.browser.test_evaluator_offline import BANNER, eventually, keeps_the_sheet, kept_marks, written
from tests.browser.visitor import Visitor
from tests.running_demo import Demo

SCORER = "pool-d.evaluator"
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "staticfiles", "tests", "__pycache__")
IGNORED = [f"-i{name}" for name in ("admin", "drf_spectacular_sidecar", "rest_framework", "django_htmx")]


@dataclass(frozen=True)
class House:
    """The address at which the releases are served in turn, and what they share."""

    port: int
    environment: dict[str, str]

    @contextmanager
    def serving(self, tree: Path, var: Path) -> Iterator[None]:
        """Serve the pages of a source tree, with the files that it collects into a folder of its own."""
        var.mkdir()
        own = {"VAR": str(var), "PYTHONPATH": str(tree), "PROMETHEUS_MULTIPROC_DIR": str(var)}
        environment = self.environment | own
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0", *IGNORED]
        subprocess.run(collect, cwd=tree, env=environment, check=True)
        granian = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--no-ws"]
        program = [sys.executable, "-m", *granian, "--log-level", "error", "config.wsgi:application"]
        process = subprocess.Popen(program, cwd=tree, env=environment)
        try:
            self._wait(process)
            yield
        finally:
            process.terminate()
            process.wait(timeout=60)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            assert process.poll() is None
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                try:
                    connection.request("GET", "/account/login/")
                    if connection.getresponse().status == 200:
                        return
                except OSError:
                    time.sleep(0.2)
        raise AssertionError("the web process did not answer")


@pytest.fixture
def house(demo: Demo) -> House:
    """Return an address of its own beside the demo, on the demo's database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {
        "PORT": str(port),
        "DATABASE_URL": services.database_url(demo.var),
        "REDIS_URL": services.redis_url(demo.var),
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
    }
    return House(port, {name: value for name, value in os.environ.items() if name != "SITE_URL"} | own)


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """Return the sources of a release in which a module deep down and the look have changed."""
    tree = tmp_path / "next"
    shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
    files = tree / "web" / "static" / "web"
    with (files / "evaluator" / "store.js").open("a") as module:
        module.write('document.documentElement.dataset.release = "next";\n')
    with (files / "kit.css").open("a") as look:
        look.write(":root { --release: next; }\n")
    return tree


def release_of(page: Page) -> tuple[str | None, str]:
    """Return which release the page's script and its look are of; the first has no name."""
    root = page.locator("html")
    look = str(page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--release').trim()"))
    page.wait_for_function("getComputedStyle(document.documentElement).getPropertyValue('--jy-ink') !== ''")
    return root.get_attribute("data-release"), look


def editions(page: Page) -> list[str]:
    """Return the editions whose files this browser keeps, in the order of their arrival."""
    return [name for name in page.evaluate("caches.keys()") if name.startswith("jiayuan-shell-")]


def look_for_a_new_worker(page: Page) -> None:
    """Let the browser ask for the service worker, as it does by itself at each visit."""
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")


def is_in_place(page: Page) -> bool:
    """Tell whether the newest service worker is at work: one whose files are still arriving needs the connection."""
    states = "navigator.serviceWorker.getRegistration().then((one) => [one.installing, one.waiting, one.active?.state])"
    return bool(page.evaluate(states) == [None, None, "activated"])


@pytest.fixture
def on_the_road(visitor: Visitor, house: House) -> Iterator[Visitor]:
    """Return somebody at the address of the releases, who loses the connection now and then."""
    made = Visitor(visitor.browser, f"http://127.0.0.1:{house.port}", visitor.accounts, visitor.screenshots)
    made.expect_complaint("ERR_|Failed to fetch|net::")
    yield made
    made.leave()
    assert made.complaints == []


def test_new_release_takes_over_without_mixing_and_without_losing(
    on_the_road: Visitor, demo: Demo, house: House, next_release: Path, tmp_path: Path
) -> None:
    with house.serving(ROOT, tmp_path / "first"):
        old = opened(on_the_road, SCORER)
        keeps_the_sheet(old)
        overview = old.url
        old.goto(f"{overview}items/21/")
        ready(old)
        [first] = editions(old)
        old.context.set_offline(True)
        score(old, 7, remark="换版之前")
        expect(old.locator(BANNER)).to_contain_text("离线，已保存在本机 1 项")
        written(old)

    session = [cookie for cookie in old.context.cookies() if cookie["name"] == "sessionid"]
    old.context.clear_cookies(name="sessionid")
    old.context.set_offline(False)
    old.reload()
    ready(old)
    assert old.evaluate("navigator.onLine"), "there is a network, and nobody who answers"
    expect(old.locator(BANNER)).to_contain_text("离线，已保存在本机 1 项")

    with house.serving(next_release, tmp_path / "second"):
        look_for_a_new_worker(old)
        eventually(old, lambda: len(editions(old)) == 2, "the files of the next release")
        eventually(old, lambda: is_in_place(old), "the next release's worker")
        assert first in editions(old), "nobody is signed in: the pages are still those of the first release"
        old.context.set_offline(True)
        kept = old.context.new_page()
        kept.goto(f"{overview}items/22/")
        ready(kept)
        assert release_of(kept) == (None, "")
        expect(kept.locator("[data-number]")).to_have_text("22")
        kept.close()

        old.context.add_cookies(session)  # type: ignore[arg-type]  # what is read is what is written
        old.context.set_offline(False)
        eventually(old, lambda: lines(demo, SCORER)[20]["remark"] == "换版之前", "the mark that the old tab kept")
        fresh = old.context.new_page()
        fresh.goto("/evaluator/visits/")
        ready(fresh)
        assert release_of(fresh) == ("next", "next")
        look_for_a_new_worker(fresh)
        eventually(fresh, lambda: first not in editions(fresh) and len(editions(fresh)) == 1, "the old files gone")

        fresh.context.set_offline(True)
        fresh.goto(f"{overview}items/22/")
        ready(fresh)
        assert release_of(fresh) == ("next", "next")
        score(fresh, 8, remark="换版之后")
        written(fresh)
        score(old, 6, remark="旧标签页")
        written(old)
        fresh.context.set_offline(False)
        eventually(fresh, lambda: lines(demo, SCORER)[21]["remark"] == "换版之后", "the mark of the new tab")
        eventually(fresh, lambda: lines(demo, SCORER)[20]["remark"] == "旧标签页", "the mark of the old tab")
        eventually(fresh, lambda: kept_marks(fresh) == 0, "nothing kept any more")
