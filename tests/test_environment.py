"""The files that describe the environment agree, and the lock can be carried anywhere."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = {pin.name: pin for pin in map(Requirement, (ROOT / "requirements.lock").read_text().split("\n")[:-1])}
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())
DECLARED = [Requirement(line) for group in PROJECT["optional-dependencies"].values() for line in group]
DECLARED += [Requirement(line) for line in PROJECT["dependencies"]]


def pinned(requirement: Requirement) -> str:
    [only] = requirement.specifier
    assert only.operator == "==", f"{requirement} is not pinned"
    return only.version.partition("+")[0]


def test_the_lock_pins_every_package_exactly():
    assert len(LOCK) > 200
    for pin in LOCK.values():
        pinned(pin)


@pytest.mark.parametrize("requirement", DECLARED, ids=lambda requirement: requirement.name)
def test_the_lock_has_what_pyproject_asks_for(requirement):
    assert pinned(LOCK[requirement.name]) == pinned(requirement)


def test_environment_yml_brings_the_same_python_and_uv():
    versions = dict(line.split("=") for line in CONDA["dependencies"] if "=" in line)
    assert versions["python"] in SpecifierSet(PROJECT["requires-python"])
    assert versions["uv"] == pinned(LOCK["uv"])


def test_environment_yml_names_no_package_that_the_lock_pins_otherwise():
    for line in CONDA["dependencies"]:
        name, _, version = line.partition("=")
        assert name not in LOCK or version == pinned(LOCK[name])


def test_nothing_holds_the_address_of_a_package_host():
    for name in ("requirements.lock", "pyproject.toml", "environment.yml", "Makefile", "postBuild", ".ci/run"):
        assert not re.search(r"https?://|file://|--(extra-)?index-url|--find-links", (ROOT / name).read_text()), name
