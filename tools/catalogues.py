"""Translations without the gettext programs: `catalogues.py merge | check | compile`.

Each app keeps its translations in `locale/fragments/<app>.po`. `merge` makes one catalogue of them, `check` compares it
with the messages in the code and the templates, `compile` writes what Django reads.
"""

import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
WITHOUT_MESSAGES = {"tests", "tools"}
TEMPLATES = {".html", ".mjml", ".txt", ".svg"}
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%[sd]|\{\w*\}")
HEADER = """\
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
CALLS = {"gettext": None, "pgettext": ((1, "c"), 2), "ngettext": (1, 2), "npgettext": ((1, "c"), 2, 3)}
KEYWORDS = {"_": None, "gettext_noop": None} | {
    name + suffix: arguments for name, arguments in CALLS.items() for suffix in ("", "_lazy")
}
Key = tuple[str, str | None]


def merge(locale: Path = LOCALE) -> list[str]:
    """Write the catalogue anew from the fragments; return the contradictions."""
    merged = empty_catalogue()
    problems = []
    for fragment in sorted((locale / "fragments").glob("*.po")):
        for message in messages_of(fragment):
            known = merged.get(message.id, message.context)
            if known and known.string != message.string:
                problems.append(f"{fragment.name}: {key(message)} is {message.string!r} here, {known.string!r} before")
            elif not known:
                merged.add(message.id, message.string, flags=message.flags, context=message.context)
    catalogue_path(locale).parent.mkdir(parents=True, exist_ok=True)
    with catalogue_path(locale).open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, merged, width=120, sort_output=True, omit_header=True, no_location=True)
    return problems


def check(locale: Path = LOCALE, root: Path = ROOT) -> list[str]:
    """Return what the catalogue lacks, holds in doubt, holds in vain, or says with other placeholders."""
    translated = {key(message): message for message in messages_of(catalogue_path(locale))}
    wanted = dict(messages_in_sources(root))
    problems = [f"{path}: no translation of {wish[0]!r}" for wish, path in wanted.items() if wish not in translated]
    for found, message in translated.items():
        if found not in wanted:
            problems.append(f"used nowhere: {found[0]!r}")
        elif "fuzzy" in message.flags or not all(strings(message.string)):
            problems.append(f"empty or fuzzy: {found[0]!r}")
        elif placeholders(message.id) != placeholders(message.string):
            problems.append(f"other placeholders in the translation: {found[0]!r}")
        elif message.python_format and not fills_in(message):
            problems.append(f"a sign % that is not doubled: {found[0]!r}")
    return problems


def compile_all(locale: Path = LOCALE) -> list[str]:
    """Write a `.mo` beside every catalogue that is younger than its own."""
    for path in locale.glob("*/LC_MESSAGES/*.po"):
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            with path.open("rb") as source, compiled.open("wb") as target:
                write_mo(target, read_po(source))
    return []


def messages_in_sources(root: Path) -> Iterator[tuple[Key, Path]]:
    """Yield each message of the code and the templates with the file that holds it."""
    packages = [path.parent for path in sorted(root.glob("*/__init__.py")) if path.parent.name not in WITHOUT_MESSAGES]
    for package in packages:
        for path in sorted(package.rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                source = path.read_bytes()
            elif path.suffix in TEMPLATES and "templates" in path.parts:
                source = python_of(path)
            else:
                continue
            for _, found, _, context in extract("python", io.BytesIO(source), KEYWORDS):
                yield (strings(found)[0], context), path.relative_to(root)


def python_of(template: Path) -> bytes:
    """Return a template's messages as Python calls; everything else becomes a word that means nothing."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    calls = templatize(template.read_text(encoding="utf-8"), origin=str(template))
    return "\n".join(line.strip() for line in calls.splitlines()).encode()


def fills_in(message: Message) -> bool:
    """Tell whether every form of a translation can be filled in as its message can."""
    values = dict.fromkeys(re.findall(r"%\((\w+)\)", " ".join(strings(message.id))), 0)
    try:
        return all(form % values is not None for form in strings(message.string)) if values else True
    except (ValueError, TypeError):
        return False


def messages_of(path: Path) -> list[Message]:
    """Return the messages of one `.po` file, its header excepted."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        return [message for message in read_po(file, abort_invalid=True) if message.id]


def empty_catalogue() -> Catalog:
    """Return a catalogue for Simplified Chinese."""
    return Catalog(locale="zh_Hans", fuzzy=False)


def catalogue_path(locale: Path) -> Path:
    """Return where Django looks for Simplified Chinese."""
    return locale / "zh_Hans" / "LC_MESSAGES" / "django.po"


def key(message: Message) -> Key:
    """Return what tells a message from others."""
    return strings(message.id)[0], message.context


def strings(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """Return the forms of a message as a list, also when there is but one."""
    return [value] if isinstance(value, str) else list(value or [""])


def placeholders(value: str | tuple[str, ...] | list[str] | None) -> set[str]:
    """Return the places of a message that are filled in."""
    return {place for form in strings(value) for place in PLACEHOLDER.findall(form)}


COMMANDS: dict[str, Callable[[], list[str]]] = {"merge": merge, "check": check, "compile": compile_all}

if __name__ == "__main__":
    found_problems = COMMANDS[sys.argv[1]]()
    print("\n".join(found_problems), file=sys.stderr, end="\n" if found_problems else "")
    sys.exit(bool(found_problems))
