"""A route is one of the specialists, or refused."""

import pytest

from labkit.skills import InvalidRoute, parse_route, route_messages
from labkit.tasks import Skill


@pytest.mark.parametrize(("said", "skill"), [("retrieve", Skill.RETRIEVE), (" Calculate.\n", Skill.CALCULATE)])
def test_routes(said, skill):
    assert parse_route(said) is skill


@pytest.mark.parametrize("said", ["", "both", "retrieve and calculate"])
def test_what_is_no_route(said):
    with pytest.raises(InvalidRoute, match="reply with one of retrieve, calculate"):
        parse_route(said)


def test_the_step_comes_last():
    assert route_messages("8 * 24")[1]["content"].endswith("8 * 24")
