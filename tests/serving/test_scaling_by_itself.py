"""A step of load brings a second replica, and prompts that begin alike go where their beginning is cached."""

import openai
import pytest

from labkit.loadgen import Workload, saturate
from labkit.serving import Routing, default_settings, fleet

pytestmark = pytest.mark.vllm

LONG = "The night sky holds many clusters. " * 60
WAVES = 40


@pytest.mark.usefixtures("other_home")
def test_a_fleet_that_scales_itself_and_routes_by_prefix():
    wanted = default_settings(most=2, queued_per_replica=2.0, routing=Routing.PREFIX_AWARE)
    with fleet(wanted) as running:
        name = running.settings.engine.name
        assert running.writers() == 1
        for _ in range(WAVES):
            saturate(running.api_base, name, Workload(["Once"], output_tokens=64, stream=False), 8, 16)
            if running.writers() == 2:
                break
        assert running.writers() == 2

        # Nobody else asks now, so the less busy replica would be either: one in 128 times it is the same eight times.
        with openai.OpenAI(base_url=running.api_base, api_key="none", timeout=120) as client:
            cached = [
                client.completions.create(
                    model=name, prompt=f"{LONG} {number}", max_tokens=1
                ).usage.prompt_tokens_details.cached_tokens
                for number in range(9)
            ]
    assert min(cached[1:]) >= 256, cached
