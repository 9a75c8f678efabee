"""Predictions in a page with no kernel: kept on the page, sent nowhere."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def forms(visited, built_page):
    visited.goto(built_page.as_uri())
    visited.locator(".labkit-prediction").nth(1).wait_for()
    return [visited.locator(".labkit-prediction").nth(k) for k in range(2)]


def test_a_number_is_committed_once(forms, visited):
    form = forms[0]
    assert "Nothing is sent or stored" in form.inner_text()
    assert form.get_by_role("status").inner_text() == ""
    field = form.get_by_role("spinbutton", name="How much faster will four workers be?")
    field.fill("3.25")
    visited.keyboard.press("Enter")
    assert form.get_by_role("status").inner_text().startswith("You predicted 3.25 times. Now read on")
    assert field.is_disabled()
    assert not form.get_by_role("button").is_visible()


@pytest.mark.parametrize("text", ["", "-1"])
def test_a_number_out_of_bounds_is_not_taken(forms, text):
    field = forms[0].get_by_role("spinbutton")
    field.fill(text)
    forms[0].get_by_role("button").click()
    assert forms[0].get_by_role("status").inner_text() == ""
    assert field.is_enabled()


def test_a_choice_is_committed_by_keyboard(forms, visited):
    form = forms[1]
    form.get_by_role("radio", name="the index").focus()
    visited.keyboard.press("ArrowDown")
    form.get_by_role("button", name="Commit my prediction").press("Enter")
    assert "You predicted “whatever the profile says”." in form.get_by_role("status").inner_text()
    assert form.get_by_role("radio", name="the index").is_disabled()
    assert forms[0].get_by_role("status").inner_text() == ""


def test_a_reload_forgets_it(forms, visited):
    forms[0].get_by_role("spinbutton").fill("4")
    forms[0].get_by_role("button").click()
    visited.reload()
    visited.locator(".labkit-prediction").first.wait_for()
    assert forms[0].get_by_role("spinbutton").input_value() == ""
    assert (
        visited.evaluate("[localStorage, sessionStorage].some(s => Object.keys(s).some(k => /labkit/.test(k)))")
        is False
    )
