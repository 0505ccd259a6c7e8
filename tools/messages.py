"""The words of the interface: `update` brings message files up to date with the sources, `check` finds faults.

    .venv/bin/python -m tools.messages update|check

Both begin with a fresh extraction by Django's own makemessages out of a copy of the sources, so that nothing here
depends on what an editor did to a `.po`. English is the language of the sources: its file repeats the msgid.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

import polib

from portal.languages import LANGUAGES, Language
from tools.setup import ROOT, VENV_PYTHON

SOURCE: Final = "en"
TWO: Final = "nplurals=2; plural=(n != 1);"
TWO_WITH_ZERO: Final = "nplurals=2; plural=(n > 1);"
SLAVIC: Final = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
)
ARABIC: Final = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
)
PLURALS: Final = {
    **dict.fromkeys(("fi", "fi-simple", "sv", "en", "et", "so", "sq", "ckb", "tr", "es"), TWO),
    **dict.fromkeys(("fa", "fr"), TWO_WITH_ZERO),
    **dict.fromkeys(("ru", "uk"), SLAVIC),
    **dict.fromkeys(("zh-hans", "vi"), "nplurals=1; plural=0;"),
    "ar": ARABIC,
}
"""How each language counts (Unicode CLDR's plural rules, as gettext writes them)."""

PLACEHOLDER: Final = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
BARE_PLACEHOLDER: Final = re.compile(r"%[sd]")
TAG: Final = re.compile(r"</?[a-z][a-z0-9]*\b")
Key = tuple[str | None, str, str]


# ------------------------------------------------------------------------------------------------- extraction
def extract() -> polib.POFile:
    """Return all messages of the sources, freshly extracted; raises RuntimeError with makemessages' own words."""
    with tempfile.TemporaryDirectory(prefix="tietoni-messages-") as folder:
        copy = Path(folder)
        unwanted = shutil.ignore_patterns("__pycache__", "content", "*.css", "*.svg")
        for name in ("portal", "requests_app", "templates"):
            shutil.copytree(ROOT / name, copy / name, ignore=unwanted)
        shutil.copy(ROOT / "manage.py", copy)
        (copy / "locale").mkdir()
        command = [str(VENV_PYTHON), "manage.py", "makemessages", "--keep-pot", "--locale", SOURCE]
        environment = {**os.environ, "PYTHONPATH": str(copy), "DJANGO_SETTINGS_MODULE": "portal.settings"}
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"makemessages failed:\n{done.stdout}{done.stderr}")
        return polib.pofile(str(copy / "locale" / "django.pot"))


def file_of(language: Language) -> Path:
    """Return where a language's message file lies."""
    return ROOT / "locale" / language.locale / "LC_MESSAGES" / "django.po"


def key_of(entry: polib.POEntry) -> Key:
    """Return what makes a message the same message: context, text, plural."""
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def count_of_plurals(language: Language) -> int:
    """Return how many plural forms a language has; raises KeyError for one that PLURALS does not know."""
    return int(PLURALS[language.code].split("=")[1].split(";")[0])


# ----------------------------------------------------------------------------------------------------- update
def updated(template: polib.POFile, old: polib.POFile | None, language: Language) -> polib.POFile:
    """Return a language's file with exactly the messages of `template`, in its order, and the old translations."""
    known = {key_of(entry): entry for entry in old or [] if not entry.obsolete}
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = {
        "Project-Id-Version": "Tietoni",
        "Language": language.locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language.code],
    }
    if old is not None:
        fresh.header = old.header
    for wanted in template:
        before = known.get(key_of(wanted))
        entry = polib.POEntry(
            msgctxt=wanted.msgctxt,
            msgid=wanted.msgid,
            msgid_plural=wanted.msgid_plural,
            comment=wanted.comment,
            tcomment=before.tcomment if before else "",
            flags=sorted({*wanted.flags, *(["fuzzy"] if before and before.fuzzy else [])}),
            # Without line numbers, so that a moved line changes no message file.
            occurrences=[(file, "") for file in sorted({file for file, _ in wanted.occurrences})],
        )
        if wanted.msgid_plural:
            forms = before.msgstr_plural if before else {}
            entry.msgstr_plural = {
                form: forms.get(form, "") or _source_text(wanted, form, language)
                for form in range(count_of_plurals(language))
            }
        else:
            entry.msgstr = (before.msgstr if before else "") or _source_text(wanted, 0, language)
        fresh.append(entry)
    return fresh


def _source_text(entry: polib.POEntry, form: int, language: Language) -> str:
    if language.code != SOURCE:
        return ""
    return entry.msgid_plural if form and entry.msgid_plural else entry.msgid


def update() -> int:
    """Write every language's file; tell how much each still lacks."""
    template = extract()
    for language in LANGUAGES:
        path = file_of(language)
        old = polib.pofile(str(path)) if path.exists() else None
        fresh = updated(template, old, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = str(fresh)
        if not text.endswith("\n"):
            text += "\n"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
        missing = sum(not entry.translated() for entry in fresh)
        print(f"{language.code}: {len(fresh)} messages, {missing} to translate")
    return 0


# ------------------------------------------------------------------------------------------------------ check
def faults_of(language: Language, template: polib.POFile) -> list[str]:
    """Return what is wrong with a language's file, one line per fault: language, message, fault."""
    path = file_of(language)
    if not path.exists():
        return [f"{language.code}: {path.relative_to(ROOT)} is missing; `make messages` makes it."]
    if language.code not in PLURALS:
        return [f"{language.code}: tools/messages.py does not know how it counts (PLURALS)."]
    faults = []
    file = polib.pofile(str(path))
    count = count_of_plurals(language)
    if f"nplurals={count};" not in file.metadata.get("Plural-Forms", "").replace(" ", ""):
        faults.append(f"{language.code}: header: Plural-Forms must be {PLURALS[language.code]!r}")
    wanted = {key_of(entry): entry for entry in template}
    found: Counter[Key] = Counter()
    for entry in file:
        if entry.obsolete:
            faults.append(f"{language.code}: {entry.msgid!r}: kept as obsolete")
            continue
        found[key_of(entry)] += 1
        if key_of(entry) not in wanted:
            faults.append(f"{language.code}: {entry.msgid!r}: no longer in the sources")
        else:
            faults += [f"{language.code}: {entry.msgid!r}: {fault}" for fault in faults_in(entry, count)]
    faults += [f"{language.code}: {key[1]!r}: missing" for key in wanted if key not in found]
    faults += [f"{language.code}: {key[1]!r}: there twice" for key, times in found.items() if times > 1]
    return faults


def faults_in(entry: polib.POEntry, count: int) -> list[str]:
    """Return what is wrong with one translation in a language of `count` plural forms."""
    if entry.fuzzy:
        return ["fuzzy"]
    if not entry.msgid_plural:
        if not entry.msgstr:
            return ["not translated"]
        return _differences(entry, entry.msgid, entry.msgstr)
    forms = [entry.msgstr_plural.get(form, "") for form in range(count)]
    if sorted(entry.msgstr_plural) != list(range(count)):
        return [f"has {len(entry.msgstr_plural)} plural forms, needs {count}"]
    if not all(forms):
        return ["not translated in all plural forms"]
    faults = _differences(entry, entry.msgid_plural, forms[-1])
    allowed = set(_placeholders(entry, entry.msgid_plural)) | set(_placeholders(entry, entry.msgid))
    for form in forms:
        # A form for one number, like Arabic's dual, may say the number as a word.
        if strange := set(_placeholders(entry, form)) - allowed:
            faults.append(f"has placeholders the source lacks: {', '.join(sorted(strange))}")
    return faults


def _placeholders(entry: polib.POEntry, text: str) -> Counter[str]:
    found = PLACEHOLDER.findall(text)
    if "python-format" in entry.flags:
        found += BARE_PLACEHOLDER.findall(text)
    return Counter(found)


def _differences(entry: polib.POEntry, source: str, target: str) -> list[str]:
    faults = []
    wanted, found = set(_placeholders(entry, source)), set(_placeholders(entry, target))
    if wanted != found:
        faults.append(f"placeholders differ: {', '.join(sorted(wanted ^ found))}")
    if Counter(TAG.findall(source)) != Counter(TAG.findall(target)):
        faults.append("HTML tags differ")
    return faults


def check() -> int:
    """Print every fault of every language; return 1 where there is one."""
    template = extract()
    faults = [fault for language in LANGUAGES for fault in faults_of(language, template)]
    for language in LANGUAGES:
        if (path := file_of(language)).exists():
            command = ["msgfmt", "--check", "--output-file", os.devnull, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                faults.append(f"{language.code}: msgfmt: {done.stderr.strip()}")
    known = {language.locale for language in LANGUAGES}
    strays = {path.name for path in (ROOT / "locale").iterdir() if path.is_dir()} - known
    faults += [f"locale/{name}: no such language in portal/languages.py" for name in sorted(strays)]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def main() -> int:
    """Do what the argument says."""
    actions = {"update": update, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        print("usage: python -m tools.messages update|check", file=sys.stderr)
        return 2
    return actions[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
