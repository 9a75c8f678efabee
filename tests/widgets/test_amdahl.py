import pytest

from labkit.errors import BadArgument
from labkit.widgets import AmdahlExplorer


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"serial_fraction": -0.1}, "serial_fraction is -0.1"),
        ({"serial_fraction": 1.2}, "serial_fraction is 1.2"),
        ({"serial_fraction": float("nan")}, "serial_fraction is nan"),
        ({"serial_fraction": "0.1"}, "serial_fraction is '0.1'"),
        ({"target": 0}, "target is 0"),
        ({"target": -3}, "target is -3"),
        ({"measured": [(0.5, 1.0)]}, "workers of measured[0] is 0.5"),
        ({"workers": 1}, "workers is 1"),
        ({"workers": 8.5}, "workers is 8.5"),
        ({"cursor": 0}, "cursor is 0"),
        ({"cursor": 300}, "cursor is 300"),
        ({"cursor": 2.5}, "cursor is 2.5"),
    ],
)
def test_bad_arguments_state_the_value_and_the_remedy(arguments, found):
    with pytest.raises(BadArgument) as caught:
        AmdahlExplorer(**arguments)
    assert found in caught.value.problem
    assert caught.value.remedy


def test_assignment_is_checked_too_and_changes_nothing():
    explorer = AmdahlExplorer(0.1, target=20)
    for name, value in (("serial_fraction", 2.0), ("target", 0.0), ("measured", [(0, 1.0)]), ("workers", 1)):
        before = getattr(explorer, name)
        with pytest.raises(BadArgument):
            setattr(explorer, name, value)
        assert getattr(explorer, name) == before


def test_the_table_follows_what_is_assigned():
    explorer = AmdahlExplorer(0.1, target=20)
    explorer.serial_fraction = 0.0123
    assert 0.0123 in explorer.table["fractions"]
    explorer.target = 5.0
    assert explorer.table["break_even"] == 0.2
    explorer.measured = [(4, 2.0), (2, 1.5)]
    assert explorer.measured == [[2.0, 1.5], [4.0, 2.0]]
    assert explorer.fitted == explorer.table["fitted"] == pytest.approx(1 / 3)
    explorer.workers = 32
    assert explorer.table["workers"][-1] == 32


def test_a_stop_of_the_slider_costs_no_new_table():
    explorer = AmdahlExplorer(0.1)
    before = explorer.table
    explorer.serial_fraction = 0.2
    assert explorer.table is before


@pytest.mark.parametrize(
    ("f", "target", "words"),
    [
        (0.1, 20, "a milestone of 20x is unphysical"),
        (0.05, 20, "a milestone of 20x is unphysical"),
        (0.04, 20, "a milestone of 20x takes 96 workers"),  # (1 - 0.04) / (1/20 - 0.04)
        (1.0, 1, "a milestone of 1x takes 1 worker."),
        (0.0, None, "nothing limits the speedup."),
    ],
)
def test_the_summary_is_the_text_representation(f, target, words):
    explorer = AmdahlExplorer(f, target=target)
    assert words in explorer.summary()
    data, _ = explorer._repr_mimebundle_()
    assert data["text/plain"] == repr(explorer) == explorer.summary()
