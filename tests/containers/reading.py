"""docker-compose.yml, the Dockerfile and the proxy's settings, read as data."""

import re
import shlex
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = re.compile(r"\$\{(?P<name>[A-Z0-9_]+)(?P<rule>:\?|:-|-)?(?P<default>[^}]*)\}")


@cache
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


def services() -> dict[str, dict[str, Any]]:
    return dict(compose()["services"])


def example_env() -> dict[str, str]:
    lines = (ROOT / "docker/example.env").read_text().splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def references(value: Any) -> dict[str, str]:
    """Every ${NAME} in a part of the file, with its rule (required, default or none)."""
    if isinstance(value, dict):
        return {n: r for part in (*value, *value.values()) for n, r in references(part).items()}
    if isinstance(value, list):
        return {n: r for part in value for n, r in references(part).items()}
    return {found["name"]: found["rule"] or "" for found in REFERENCE.finditer(str(value))}


def filled(value: str, given: dict[str, str]) -> str:
    """The text as Compose hands it on. Raises KeyError for a required value that is empty."""

    def fill(found: re.Match[str]) -> str:
        name, rule, default = found["name"], found["rule"], found["default"]
        if rule == ":?" and not given.get(name):
            raise KeyError(name)
        if rule == "-":
            return given.get(name, default)
        return given.get(name) or default

    return REFERENCE.sub(fill, value).replace("$$", "$")


@dataclass
class Stage:
    """One FROM of a Dockerfile and the instructions below it."""

    image: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, instruction: str) -> list[str]:
        return [words for what, words in self.steps if what == instruction]

    def runs(self) -> list[list[str]]:
        """The single commands of every RUN."""
        commands = [part for words in self.all("RUN") for part in re.split(r"&&|;", words)]
        return [shlex.split(command) for command in commands if command.strip()]


def dockerfile() -> list[Stage]:
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.M).replace("\\\n", " ")
    stages: list[Stage] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        instruction, _, words = line.partition(" ")
        if instruction == "FROM":
            image, _, name = words.partition(" AS ")
            stages.append(Stage(image, name))
        else:
            stages[-1].steps.append((instruction, re.sub(r"\s+", " ", words)))
    return stages


@dataclass
class Block:
    """A directive of nginx: its words, and what stands inside its braces."""

    words: list[str]
    inside: list["Block"] = field(default_factory=list)

    def find(self, *words: str) -> list["Block"]:
        return [block for block in self.inside if block.words[: len(words)] == list(words)]


def nginx(text: str | None = None) -> Block:
    text = text or (ROOT / "docker/nginx.conf").read_text()
    tokens = re.findall(r"'[^']*'|\"[^\"]*\"|[{};]|[^\s{};]+", re.sub(r"#.*", "", text))
    whole = Block([])
    open_blocks, words = [whole], []
    for token in tokens:
        if token == "{":
            block = Block(words)
            open_blocks[-1].inside.append(block)
            open_blocks.append(block)
            words = []
        elif token == "}":
            open_blocks.pop()
        elif token == ";":
            open_blocks[-1].inside.append(Block(words))
            words = []
        else:
            words = [*words, token.strip("'\"")]
    assert open_blocks == [whole] and not words, "a brace or a semicolon is missing"
    return whole
