"""What a page without a kernel gets."""

import json
import re

from labkit.widgets import AmdahlExplorer, CostExplorer, Prediction
from labkit.widgets.page import STATIC, module

VIEW = "application/vnd.jupyter.widget-view+json"


def state_of(html):
    return json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.DOTALL)[1])


def test_both_faces_are_offered():
    explorer = AmdahlExplorer(0.1)
    data, _ = explorer._repr_mimebundle_()
    assert data[VIEW]["model_id"] == explorer.model_id
    assert '<script type="module">' in data["text/html"]


def test_the_page_holds_the_present_state_and_no_kernel():
    explorer = AmdahlExplorer(0.1, target=20, measured=[(1, 1.0), (2, 1.8)])
    explorer.serial_fraction = 0.3
    state = state_of(explorer.page_html())
    assert state["kernel"] is False
    assert state["serial_fraction"] == 0.3
    assert state["table"] == explorer.table
    assert set(state) == {"serial_fraction", "target", "measured", "workers", "cursor", "table", "kernel"}
    assert explorer.kernel is True


def test_each_fragment_has_its_own_id():
    explorer = AmdahlExplorer(0.1)
    ids = [re.search(r'id="(labkit-\w+)"', explorer.page_html())[1] for _ in range(2)]
    assert ids[0] != ids[1]


def test_no_text_can_leave_its_element():
    hostile = "</script><script>alert(1)</script><!-- <b>&amp;"
    html = Prediction(hostile, choices=[hostile, "b"]).page_html()
    assert "<script>alert" not in html
    assert state_of(html)["question"] == hostile
    assert len(re.findall("<script", html)) == len(re.findall("</script>", html)) == 2


def test_the_module_is_one_and_imports_nothing():
    for widget in (AmdahlExplorer, CostExplorer, Prediction):
        source = str(widget._esm)
        assert len(re.findall(r"^export ", source, re.MULTILINE)) == 1
        assert not re.search(r"^\s*import\b|\bimport\(", source, re.MULTILINE)
        names = re.findall(r"^(?:function|const|let) (\w+)", source + module("page_model.js"), re.MULTILINE)
        assert len(names) == len(set(names))


def test_no_front_end_file_names_an_address():
    for path in STATIC.iterdir():
        found = re.findall(r"https?://[^\s\"')]+", path.read_text(encoding="utf-8"))
        assert all(address.startswith("http://www.w3.org/") for address in found), path.name
        assert len(path.read_text(encoding="utf-8").splitlines()) < 250, path.name
