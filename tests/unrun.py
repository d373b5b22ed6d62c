"""What could not run is named in the last lines, and on a CI server counts as a failure."""

import os

import pytest

# Reasons with these words name what a clone need not have; a missing browser, say, is no such thing.
ELSEWHERE = "not beside this repository"


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
    is_lacking = any(ELSEWHERE not in reason for reason in skip_reasons(session.config))
    if os.environ.get("CI") and is_lacking and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what could not run."""
    for reason, count in skip_reasons(config).items():
        terminalreporter.write_line(f"could not run {count}: {reason}", yellow=True)
