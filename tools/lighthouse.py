"""Measure the pages of a running demo with Lighthouse, as a telephone sees them, signed in as each kind of reader.

``make lighthouse`` (after ``make demo`` in another terminal; ``PORT`` and ``VAR`` as there). One line a page: the
median of ``RUNS`` runs of performance with its spread, and accessibility. Exit status 1 below 0.95 or 1.00.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
ACCOUNTS = Path(os.environ.get("VAR", str(ROOT / "var"))) / "demo" / "accounts.json"
RUNS = int(os.environ.get("RUNS", "3"))
PERFORMANCE, ACCESSIBILITY = 0.95, 1.0
CHROME = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
# One reader of each desk; the pages are these, those of the navigation, and those below the first link of a kind.
READERS = {
    "": ("/", "/account/login/", "/display/", "/help/", "/help/company/"),
    "qinghe.admin": ("/", "/me/", "/me/tokens/", "/me/notices/", "/notices/"),
    "yunqi.reviewer": ("/",),
    "city.reviewer": ("/",),
    "housing.evaluator": ("/",),
    "city.auditor": ("/",),
}
# On which page a link of the kind is looked for, and what below it is measured as well.
BELOW: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {
    "qinghe.admin": [("/company/cases/", "/company/cases/", ("", "form/basics/", "evidence/", "check/", "print/"))],
    "yunqi.reviewer": [("/district/cases/", "/district/cases/", ("", "scores/"))],
    "city.reviewer": [("/city/cases/", "/city/cases/", ("",)), ("/city/ranking/", "/city/campaigns/", ("",))],
    "housing.evaluator": [("/evaluator/visits/", "/evaluator/communities/", ("", "items/1/", "hand-in/", "conflict/"))],
    "city.auditor": [("/audit/events/", "/audit/events/", ("",))],
}
ATTEMPTS = 3  # Chromium now and then records nothing
NAVIGATION = re.compile(r'<nav class="jy-nav.*?</nav>', re.DOTALL)
HREF = re.compile(r'href="(/[^"?#]*)"')


class Reader:
    """Somebody at a telephone: signed in by the form, as everybody is."""

    def __init__(self, username: str) -> None:
        self.username = username
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        if username:
            self._sign_in()

    def read(self, path: str, form: dict[str, str] | None = None) -> str:
        """Return a page, or what a form is answered with."""
        content = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(ADDRESS + path, content, {"Referer": ADDRESS + path})  # noqa: S310  # our own
        with self.opener.open(request, timeout=60) as answer:
            return str(answer.read().decode())

    def pages(self) -> Iterator[str]:
        """Yield the addresses that are measured, each once."""
        own = READERS[self.username]
        navigation = NAVIGATION.search(self.read("/"))
        found = HREF.findall(navigation.group()) if navigation else []
        below = [page for kind in BELOW.get(self.username, ()) for page in self._below(*kind)]
        yield from dict.fromkeys([*own, *found, *below])

    def _below(self, listing: str, start: str, parts: tuple[str, ...]) -> list[str]:
        pattern = re.compile(f'href="({start}[0-9a-f]+-[^"?#]*)"')
        found = pattern.findall(self.read(listing))[:1]
        return [first + part for first in found for part in parts]

    @property
    def cookies(self) -> str:
        """Return the cookies as a header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def _sign_in(self) -> None:
        listed = json.loads(ACCOUNTS.read_text(encoding="utf-8"))["accounts"]
        [password] = [row["password"] for row in listed if row["username"] == self.username]
        form = self.read("/account/login/")
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[0]
        self.read("/account/login/", {"login": self.username, "password": password, "csrfmiddlewaretoken": token})


def measured(path: str, cookies: str) -> tuple[float, float]:
    """Return performance and accessibility of one run on one page."""
    command = [
        "node",
        str(ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"),
        ADDRESS + path,
        "--quiet",
        "--form-factor=mobile",
        "--only-categories=performance,accessibility",
        f"--chrome-flags={CHROME}",
        f"--extra-headers={json.dumps({'Cookie': cookies})}" if cookies else "--no-enable-error-reporting",
    ]
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command += ["--output=json", f"--output-path={report.name}"]
        for _attempt in range(ATTEMPTS):
            if subprocess.run(command, cwd=ROOT, check=False, env=_environment()).returncode == 0:
                break
        scores = json.load(report)["categories"]
    return float(scores["performance"]["score"] or 0), float(scores["accessibility"]["score"] or 0)


def line_of(username: str, path: str, runs: list[tuple[float, float]]) -> tuple[str, bool]:
    """Return what is printed about a page, and whether it is good enough."""
    speeds = [speed for speed, _access in runs]
    speed, access = statistics.median(speeds), min(access for _speed, access in runs)
    is_good = speed >= PERFORMANCE and access >= ACCESSIBILITY
    figures = f"{speed:.2f} ({min(speeds):.2f}-{max(speeds):.2f})  {access:.2f}"
    return f"{'ok  ' if is_good else 'POOR'} {username or 'anybody':16} {figures}  {path}", is_good


def main() -> int:
    """Measure every page, and print one line each."""
    print(f"     {'reader':16} performance       accessibility  page (median and spread of {RUNS} runs)")
    good = []
    for username in READERS:
        reader = Reader(username)
        for path in reader.pages():
            line, is_good = line_of(username, path, [measured(path, reader.cookies) for _run in range(RUNS)])
            print(line, flush=True)
            good.append(is_good)
    return 0 if all(good) else 1


def _environment() -> dict[str, str]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return os.environ | ({"CHROME_PATH": program} if program else {})


if __name__ == "__main__":
    sys.exit(main())
