"""Print how a tree is written, one figure a line: `style_metrics.py [DIR]` (see the house style for what we reach for).

Counted are lines that hold something: no blank line and no comment. Migrations and papers count for nothing; tests
are counted apart.
"""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONG_FUNCTION, LONG_FILE, LONGEST_FILE = 50, 400, 500
SIGNALS = re.compile(r"^(?:from|import) django\.(?:dispatch|db\.models\.signals)\b", re.MULTILINE)
NO_CODE = {"migrations", "docs"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file: its text and its tree."""

    path: str
    text: str

    @property
    def is_test(self) -> bool:
        """Tell whether the file belongs to the tests."""
        return any(part in {"tests", "test"} for part in Path(self.path).parts[:-1])

    @property
    def lines(self) -> int:
        """Return how many lines hold something."""
        return sum(bool(line.strip()) and not line.lstrip().startswith("#") for line in self.text.splitlines())

    @property
    def functions(self) -> list[Function]:
        """Return every function and method of the file."""
        return [node for node in ast.walk(ast.parse(self.text)) if isinstance(node, Function)]


def main(folder: Path) -> list[str]:
    """Return the figures of the tree as sentences."""
    modules = list(modules_of(folder))
    code = [module for module in modules if not module.is_test]
    tests = [module for module in modules if module.is_test]
    functions = [function for module in code for function in module.functions]
    lengths = sorted(length_of(function) for function in functions) or [0]
    written = sum(module.lines for module in code)
    files = [len(module.text.splitlines()) for module in code]
    return [
        f"code: {written:,} lines in {len(code)} files, {len(functions):,} functions",
        f"function length: median {statistics.median(lengths):.0f}, p90 {lengths[int(0.9 * (len(lengths) - 1))]}",
        f"functions over {LONG_FUNCTION} lines: {share(lengths, LONG_FUNCTION)}",
        f"files over {LONG_FILE} lines: {share(files, LONG_FILE)}; over {LONGEST_FILE}: {share(files, LONGEST_FILE)}",
        f"functions typed: {100 * sum(map(is_typed, functions)) / max(1, len(functions)):.1f} %",
        f"modules with signals: {sum(bool(SIGNALS.search(module.text)) for module in code)}",
        f"lines of test per line of code: {sum(module.lines for module in tests) / max(1, written):.2f}",
    ]


def modules_of(folder: Path) -> Iterator[Module]:
    """Yield the tree's own Python files: those that git knows, or all where there is no git."""
    asked = ["git", "-C", str(folder), "ls-files", "*.py"]
    listed = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()
    names = listed or [str(path.relative_to(folder)) for path in folder.rglob("*.py")]
    for name in sorted(names):
        if not NO_CODE.intersection(Path(name).parts) and (folder / name).exists():
            yield Module(name, (folder / name).read_text(encoding="utf-8"))


def length_of(function: Function) -> int:
    """Return how many lines a function has, its docstring and its decorators not among them."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return 1 + (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 1


def is_typed(function: Function) -> bool:
    """Tell whether every argument and the answer of a function have a type."""
    given = function.args
    arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    named = [argument for argument in arguments if argument and argument.arg not in {"self", "cls"}]
    return function.returns is not None and all(argument.annotation for argument in named)


def share(values: list[int], limit: int) -> str:
    """Return how many values lie above a limit, and what part of all that is."""
    above = sum(value > limit for value in values)
    return f"{above} ({100 * above / max(1, len(values)):.1f} %)"


if __name__ == "__main__":
    print("\n".join(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)))
