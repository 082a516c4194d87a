"""The extension as a project: types, style, logic, what is in the package, settings that are the server's."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from codeserver import EXTENSION, npm

from reload_lsp.server.settings import SCHEMA, SECTION

MANIFEST = json.loads((EXTENSION / "package.json").read_text())
CONTRIBUTES = MANIFEST["contributes"]


@pytest.mark.parametrize("script", ["check", "test"], ids=["types-and-style", "vitest"])
def test_clean(modules: None, script: str) -> None:
    npm("run", script)


def test_the_lock_file_names_no_registry() -> None:
    lock = (EXTENSION / "package-lock.json").read_text()
    assert '"resolved"' not in lock and "registry" not in lock


def test_the_package_runs_on_every_platform(vsix: Path) -> None:
    names = zipfile.ZipFile(vsix).namelist()
    assert not [name for name in names if name.endswith((".so", ".pyd", ".dll", ".dylib", ".pyc", ".ts", ".map"))]
    for needed in ("bundled/launch.py", "bundled/libs/reload_lsp/agent/bootstrap/sitecustomize.py"):
        assert f"extension/{needed}" in names
    assert not [name for name in names if "node_modules" in name or "/test" in name]
    assert [name for name in names if name.endswith(".js") and "/out/" in name] == ["extension/out/extension.js"]


def test_the_package_is_one_that_a_marketplace_takes(vsix: Path) -> None:
    package = zipfile.ZipFile(vsix)
    for needed in ("LICENSE.txt", "changelog.md", "readme.md", "out/NOTICES.md", MANIFEST["icon"]):
        assert package.read(f"extension/{needed}")
    for name in (
        "publisher",
        "repository",
        "bugs",
        "license",
        "categories",
        "keywords",
        "description",
        "galleryBanner",
    ):
        assert MANIFEST[name]
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", package.read("extension/readme.md").decode())
    base = "https://github.com/reload-lsp/reload-lsp/raw/HEAD/vscode-extension/"
    assert pictures and all((EXTENSION / picture.removeprefix(base)).is_file() for picture in pictures)


def test_nothing_is_sent_anywhere() -> None:
    sources = "\n".join(path.read_text() for path in (EXTENSION / "src").rglob("*.ts"))
    assert not re.search(r"telemetry|node:https?|node:net|fetch\(|axios", sources, re.IGNORECASE)


def test_an_untrusted_folder_gives_no_setting_that_runs_something() -> None:
    capabilities = MANIFEST["capabilities"]
    assert capabilities["untrustedWorkspaces"]["supported"] == "limited"
    assert capabilities["virtualWorkspaces"]["supported"] is False
    restricted = set(capabilities["untrustedWorkspaces"]["restrictedConfigurations"])
    assert restricted >= {f"{SECTION}.{name}" for name in ("interpreter", "serverPath", "importStrategy", "autoAttach")}


def test_every_setting_and_command_says_what_it_is_for() -> None:
    for name, shown in CONTRIBUTES["configuration"]["properties"].items():
        assert shown["markdownDescription"].endswith("."), name
        assert len(shown.get("enumDescriptions", ())) in (0, len(shown.get("enum", ()))), name
    for command in CONTRIBUTES["commands"]:
        assert command["title"][0].isupper() and command["category"] == "reload-lsp"


def test_every_setting_of_the_server_is_one_of_the_extension() -> None:
    properties = CONTRIBUTES["configuration"]["properties"]
    for setting in SCHEMA:
        shown = properties[f"{SECTION}.{setting.name}"]
        assert shown["default"] == setting.default
        assert tuple(shown.get("enum", ())) == setting.allowed
        assert shown["markdownDescription"]


def test_commands_are_declared_as_they_are_registered() -> None:
    declared = {command["command"] for command in CONTRIBUTES["commands"]}
    source = (EXTENSION / "src" / "commands.ts").read_text()
    assert declared == {word.split("'")[0] for word in source.split("'")[1::2] if word.startswith("reloadLsp.ui.")}
    used = [entry["command"] for menu in CONTRIBUTES["menus"].values() for entry in menu]
    assert declared >= {*used, *(binding["command"] for binding in CONTRIBUTES["keybindings"])}


def test_pictures_that_the_manifest_shows_are_there() -> None:
    steps = [step for walkthrough in CONTRIBUTES["walkthroughs"] for step in walkthrough["steps"]]
    assert len(steps) == 3
    shown = [MANIFEST["icon"], *(step["media"]["image"] for step in steps)]
    assert not [name for name in shown if not (EXTENSION / name).is_file()]


def test_the_versions_agree() -> None:
    from reload_lsp.wire.version import VERSION

    assert MANIFEST["version"] == VERSION
    assert (EXTENSION / "LICENSE").read_text() == (EXTENSION.parent / "LICENSE").read_text()
