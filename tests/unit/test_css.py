"""The stylesheet and the script keep what look.md promises: direction, colours, contrast, weight."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import tinycss2  # type: ignore[import-untyped]
import tinycss2.color3  # type: ignore[import-untyped]
import tinycss2.color5  # type: ignore[import-untyped]

ROOT: Final = Path(__file__).resolve().parents[2]
STATIC: Final = ROOT / "static"
STYLESHEET: Final = STATIC / "tietoni.css"

TOKENS: Final = {
    "paper": "#fbf8f3",
    "sand": "#f3ece1",
    "white": "#fff",
    "ink": "#1d2a30",
    "ink-2": "#46545b",
    "pine": "#0b5351",
    "pine-dark": "#073b3a",
    "visited": "#5b3f8c",
    "copper": "#8a380f",
    "error": "#8f1628",
    "error-bg": "#fdf1f2",
    "success": "#285427",
    "success-bg": "#e9f3e7",
    "warning": "#6e4300",
    "warning-bg": "#fff3d6",
    "info": "#184e7a",
    "info-bg": "#e7f0f8",
    "border": "#757067",
    "hairline": "#d9cfc0",
    "gold": "#ffd25e",
}
"""The colours of look.md, and white, on which it measures."""

AAA: Final = 7.0
DEFAULT_SURFACES: Final = ("paper", "white")
TINTS: Final = (".notice", ".note", ".filters", ".band", ".site-footer", "tr:has(:checked)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One style rule: its selectors, its declarations as text, and the at-rules around it."""

    selectors: tuple[str, ...]
    declarations: tuple[tuple[str, str], ...]
    within: str

    def value(self, name: str) -> str:
        """Return the value of the last declaration of `name`, "" where there is none."""
        return next((value for key, value in reversed(self.declarations) if key == name), "")


def _rules(nodes: list[Any], within: str = "") -> Iterator[Rule]:
    for node in nodes:
        if node.type == "at-rule" and node.content is not None and node.lower_at_keyword == "media":
            condition = tinycss2.serialize(node.prelude).strip()
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(inner, condition)
        elif node.type == "qualified-rule":
            content = tinycss2.parse_declaration_list(node.content, skip_comments=True, skip_whitespace=True)
            assert not [one for one in content if one.type == "error"], tinycss2.serialize(node.prelude)
            yield Rule(
                selectors=_split(tinycss2.serialize(node.prelude)),
                declarations=tuple((one.name, tinycss2.serialize(one.value).strip()) for one in content),
                within=within,
            )
        else:
            assert node.type == "at-rule", node
            assert node.lower_at_keyword == "page", node


def _split(selectors: str) -> tuple[str, ...]:
    """Return the selectors of a list; commas inside brackets part nothing."""
    parts, depth = [""], 0
    for sign in selectors:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return tuple(" ".join(part.split()) for part in parts)


@pytest.fixture(scope="module")
def rules() -> list[Rule]:
    """Return the rules of the stylesheet; fails where it can't be parsed."""
    nodes = tinycss2.parse_stylesheet(STYLESHEET.read_text(), skip_comments=True, skip_whitespace=True)
    return list(_rules(nodes))


def _luminance(colour: str) -> float:
    rgba = tinycss2.color3.parse_color(colour)
    assert rgba is not None
    assert rgba != "currentColor"
    channels: list[float] = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (rgba.red, rgba.green, rgba.blue)
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two tokens by WCAG 2.2 (1.4.6), from 1 to 21."""
    light, dark = sorted((_luminance(TOKENS[one]), _luminance(TOKENS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_look_says() -> None:
    assert contrast("ink", "paper") == pytest.approx(13.90, abs=0.01)
    assert contrast("border", "white") == pytest.approx(4.92, abs=0.01)
    assert contrast("info", "info-bg") == pytest.approx(7.56, abs=0.01)


# -------------------------------------------------------------------------------------------- direction


def test_no_property_or_value_knows_left_or_right(rules: list[Rule]) -> None:
    physical = re.compile(r"(?<![\w])(left|right)(?![\w])")
    assert [
        (rule.selectors, name)
        for rule in rules
        for name, value in rule.declarations
        if physical.search(name) or physical.search(value)
    ] == []


def test_no_property_knows_top_bottom_width_or_height_where_a_logical_one_exists(rules: list[Rule]) -> None:
    physical = re.compile(
        r"(margin|padding|border|inset|scroll-margin|scroll-padding)-(top|bottom)\b|^(top|bottom)$"
        r"|^(min-|max-)?(width|height)$|^overflow-[xy]$"
    )
    found = [
        (rule.selectors, name) for rule in rules for name, _ in rule.declarations if physical.search(name)
    ]
    # Sideways scrolling of a wide table: `overflow-inline` is not implemented by any browser.
    assert found == [((".table-wrap",), "overflow-x")]


def test_no_shorthand_sets_two_sides_of_a_line_apart(rules: list[Rule]) -> None:
    shorthands = {"margin", "padding", "inset", "border-width", "border-style", "border-color"}
    assert [
        (rule.selectors, name, value)
        for rule in rules
        for name, value in rule.declarations
        if (name in shorthands and len(value.split()) == 4)
        or (name == "border-radius" and len(value.split()) > 1)
    ] == []


# ---------------------------------------------------------------------------------------------- colours


def test_tokens_are_those_of_look(rules: list[Rule]) -> None:
    root = next(rule for rule in rules if rule.selectors == (":root",))
    colours = {name.removeprefix("--"): value for name, value in root.declarations if value.startswith("#")}
    assert colours == TOKENS


def test_every_colour_is_a_token(rules: list[Rule]) -> None:
    strange = []
    for rule in rules:
        for name, value in rule.declarations:
            if rule.selectors == (":root",) and name.startswith("--"):
                continue
            for token in _flat(tinycss2.parse_component_value_list(value)):
                colour = tinycss2.color5.parse_color(token)
                if colour is None or isinstance(colour, str) or colour.alpha == 0:
                    continue
                if rule.within == "print" and tinycss2.serialize([token]) == "#000":
                    continue  # True black on paper.
                strange.append((rule.selectors, name, value))
    assert strange == []


def _flat(tokens: list[Any]) -> Iterator[Any]:
    for token in tokens:
        yield token
        if token.type == "function":
            yield from _flat(token.arguments)


def _token(value: str) -> str:
    match = re.fullmatch(r"var\(--([\w-]+)\)(?: !important)?", value)
    return match[1] if match and match[1] in TOKENS else ""


def _on_screen(rules: list[Rule]) -> list[Rule]:
    return [rule for rule in rules if rule.within != "print"]


def _backgrounds(rules: list[Rule]) -> dict[str, str]:
    """Return the background token of every selector that sets one."""
    return {
        selector: token
        for rule in _on_screen(rules)
        if (token := _token(rule.value("background")))
        for selector in rule.selectors
    }


def test_a_rule_that_sets_a_background_sets_a_readable_text_colour(rules: list[Rule]) -> None:
    bad = []
    for rule in _on_screen(rules):
        background = rule.value("background")
        if background in {"", "none"}:
            continue
        surface, text = _token(background), _token(rule.value("color"))
        if not surface or not text or contrast(surface, text) < AAA:
            bad.append((rule.selectors, background, rule.value("color")))
    assert bad == []


def test_every_text_colour_is_readable_where_it_stands(rules: list[Rule]) -> None:
    backgrounds = _backgrounds(rules)
    bad = []
    for rule in _on_screen(rules):
        text = _token(rule.value("color"))
        if not text or rule.value("background"):
            continue
        for selector in rule.selectors:
            surfaces = _surfaces(selector, backgrounds) or DEFAULT_SURFACES
            bad += [(selector, text, one) for one in surfaces if contrast(text, one) < AAA]
    assert bad == []


def _surfaces(selector: str, backgrounds: dict[str, str]) -> tuple[str, ...]:
    """Return the tokens on which text of `selector` stands: its own rule's, or the nearest ancestor's named in it."""
    compounds = re.split(r"\s*[ >+~]\s*(?![^(\[]*[)\]])", selector)
    for compound in reversed(compounds):
        bare = re.sub(r":{1,2}[\w-]+(\([^)]*\))?", "", compound)
        for candidate in (compound, bare):
            if candidate in backgrounds:
                return (backgrounds[candidate],)
    return ()


@pytest.mark.parametrize("link", ["pine", "pine-dark", "visited", "error", "ink"])
@pytest.mark.parametrize(
    "surface", ["paper", "white", "sand", "info-bg", "warning-bg", "success-bg", "error-bg"]
)
def test_ink_links_and_errors_are_readable_on_every_tint(link: str, surface: str) -> None:
    assert contrast(link, surface) >= AAA


def test_what_is_too_pale_for_a_tint_takes_the_tints_own_colour(rules: list[Rule]) -> None:
    """Muted ink and copper pass on paper and white alone, so a tint must override the classes that use them."""
    override = next(rule for rule in rules if ":is(.muted" in rule.selectors[0])
    assert override.value("color") == "inherit"
    (selector,) = override.selectors
    for tint in TINTS:
        assert tint in selector
    pale = {
        name
        for rule in _on_screen(rules)
        if _token(rule.value("color")) in {"ink-2", "copper"}
        for name in rule.selectors
        if re.fullmatch(r"\.[\w-]+", name)
    }
    assert pale - {".state"} == set(re.findall(r"\.[\w-]+", selector.split(":is(")[-1]))


@pytest.mark.parametrize("surface", ["paper", "white"])
def test_edges_of_fields_can_be_seen(surface: str) -> None:
    """WCAG 2.2, 1.4.11: 3:1 for what shows that there is a control."""
    assert contrast("border", surface) >= 3.0


def test_focus_shows_on_light_and_on_dark(rules: list[Rule]) -> None:
    focus = next(rule for rule in rules if rule.selectors == (":focus-visible",))
    assert focus.value("outline") == "3px solid var(--ink)"
    assert focus.value("box-shadow") == "0 0 0 6px var(--gold)"
    assert contrast("gold", "ink") >= AAA
    for surface in ("paper", "white", "sand"):
        assert contrast("ink", surface) >= 3.0
    for surface in ("pine", "pine-dark"):
        assert contrast("gold", surface) >= 3.0


# ----------------------------------------------------------------------------- people's own adjustments


@pytest.mark.parametrize(
    "condition", ["print", "(prefers-reduced-motion: reduce)", "(forced-colors: active)"]
)
def test_adjustments_are_answered(rules: list[Rule], condition: str) -> None:
    assert [rule for rule in rules if rule.within == condition]


def test_text_is_never_capitalised_slanted_or_spaced(rules: list[Rule]) -> None:
    forbidden = [("text-transform", ""), ("font-style", "italic"), ("letter-spacing", "")]
    assert [
        (rule.selectors, name, value)
        for rule in rules
        for name, value in rule.declarations
        for bad, unless in forbidden
        if name == bad and value not in {"inherit", "normal"} and unless in value
    ] == []


def test_arabic_script_is_larger_and_looser(rules: list[Rule]) -> None:
    arabic = next(rule for rule in rules if ":lang(ar)" in rule.selectors)
    assert {":lang(fa)", ":lang(ckb)"} <= set(arabic.selectors)
    assert (arabic.value("--size"), arabic.value("--line"), arabic.value("--h1")) == (
        "1.1875rem",
        "1.8",
        "1.5",
    )
    assert '"Noto Sans Arabic"' in arabic.value("--font")


# ----------------------------------------------------------------------------------------------- weight


def test_stylesheet_weighs_at_most_ten_kilobytes() -> None:
    assert len(gzip.compress(STYLESHEET.read_bytes(), 9)) <= 10_000


@pytest.mark.parametrize("script", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_script_weighs_at_most_five_kilobytes(script: Path) -> None:
    assert script.stat().st_size <= 5_000


def test_nothing_is_loaded_from_elsewhere() -> None:
    for path in STATIC.iterdir():
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text.replace('[href^="http"]', ""), path.name
        assert "@import" not in text
        assert "url(" not in text


# --------------------------------------------------------------------------------------------- templates

PAGES: Final = sorted(
    path
    for path in (ROOT / "templates").rglob("*.html")
    if path.relative_to(ROOT / "templates").parts[0] not in {"letters", "emails"}
    and path.name != "leaflet.html"  # It is paper, with a stylesheet of its own.
)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_uses_only_classes_that_the_stylesheet_knows(path: Path) -> None:
    known = set(re.findall(r"\.([A-Za-z][\w-]*)", STYLESHEET.read_text()))
    used: set[str] = set()
    for value in re.findall(r'class="((?:[^"{]|{%.*?%}|{{.*?}})*)"', path.read_text()):
        used |= set(re.sub(r"{%.*?%}|{{.*?}}", " ", value).split())
    assert used - known - {"home"} == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_has_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    # Data for a script is no script.
    assert not re.search(r'<script(?![^>]*(\ssrc=|\stype="application/json"))', text)
