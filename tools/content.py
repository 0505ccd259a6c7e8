"""The reviewed sources of content: every language has every answer, every file and table can be read.

    .venv/bin/python -m tools.content

Each is read by the code that loads it into the portal, so that what passes here loads there.
"""

from __future__ import annotations

import sys

from portal.faq.content import GLOSSARY_FILE, SLUGS, read_content
from portal.faq.glossary_files import read_glossaries
from portal.languages import LANGUAGES
from requests_app.rules.register import read_register


def faults_of_faq() -> list[str]:
    """Return the answer that can't be read, or those that are missing."""
    try:
        there = {(answer.language, answer.slug) for answer in read_content()}
    except (OSError, ValueError) as error:
        return [f"portal/faq/content: {error}"]
    wanted = [(language.code, slug) for language in LANGUAGES for slug in SLUGS]
    return [
        f"portal/faq/content/{code}/{slug}.md is missing"
        for code, slug in wanted
        if (code, slug) not in there
    ]


def faults_of_glossary() -> list[str]:
    """Return the glossary that can't be read, or those that are missing."""
    try:
        there = {glossary.language for glossary in read_glossaries()}
    except (OSError, ValueError) as error:
        return [f"portal/faq/content: {error}"]
    return [
        f"portal/faq/content/{language.code}/{GLOSSARY_FILE} is missing"
        for language in LANGUAGES
        if language.code not in there
    ]


def faults_of_register() -> list[str]:
    """Return what is wrong in the tables of holders and responsibilities."""
    try:
        read_register()
    except (OSError, ValueError) as error:
        return [f"requests_app/data: {error}"]
    return []


def main() -> int:
    """Print every fault; return 1 where there is one."""
    faults = faults_of_faq() + faults_of_glossary() + faults_of_register()
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
