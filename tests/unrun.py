"""What could not run is named in the last lines, and on a CI server counts as a failure."""

import os

import pytest


def skip_reasons(config: pytest.Config) -> dict[str, int]:
    """Return why tests were skipped, and how many for each reason."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    counts: dict[str, int] = {}
    for report in reporter.stats.get("skipped", []) if reporter else []:
        reason = report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else "skipped"
        counts[reason] = counts.get(reason, 0) + 1
    return counts


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a CI server see that something could not run."""
    if os.environ.get("CI") and skip_reasons(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what could not run."""
    for reason, count in skip_reasons(config).items():
        terminalreporter.write_line(f"could not run {count}: {reason}", yellow=True)
