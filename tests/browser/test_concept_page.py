"""A question on a concept in a page with no kernel: each choice is explained, and another may be tried."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def form(visited, built_page):
    visited.goto(built_page.as_uri())
    form = visited.locator(".labkit-concept")
    form.wait_for()
    return form


def test_a_wrong_choice_is_explained_and_another_may_be_tried(form):
    form.get_by_role("radio", name="time").check()
    form.get_by_role("button", name="Check").click()
    assert form.get_by_role("status").inner_text() == "Not this one. It runs one way."
    assert form.get_by_role("radio", name="rows").is_enabled()
    form.get_by_role("radio", name="rows").check()
    form.get_by_role("button", name="Check").click()
    assert form.get_by_role("status").inner_text() == "Right. They are independent."
    assert form.get_by_role("radio", name="time").is_disabled()
    assert not form.get_by_role("button").is_visible()


def test_it_can_be_answered_by_keyboard(form, visited):
    form.get_by_role("radio", name="rows").focus()
    visited.keyboard.press("ArrowDown")
    visited.keyboard.press("Enter")
    assert form.get_by_role("status").inner_text() == "Not this one. It runs one way."


def test_nothing_is_explained_before_something_is_chosen(form):
    form.get_by_role("button", name="Check").click()
    assert form.get_by_role("status").inner_text() == ""


def test_words_are_text(form):
    assert form.get_by_role("radio", name="a <b>name</b>").is_visible()
