"""A fleet of a model that writes and one that embeds or reads: two models at one address."""

import numpy as np
import openai
import pytest

from labkit.embedding import SentenceEncoder
from labkit.extraction import LocalSpanModel, PairEncoder, ServedSpanModel
from labkit.pretrained import encoder_folder, reader_folder
from labkit.serving import EngineSettings, default_settings, fleet

pytestmark = pytest.mark.vllm

TEXTS = ["the orion cluster runs eight vLLM replicas", "prefix caching reuses the shared system prompt"]


@pytest.mark.usefixtures("other_home")
def test_one_writes_and_the_other_embeds():
    encoder = EngineSettings(str(encoder_folder()), "encoder", pooling=True, context_tokens=256, dtype="float32")
    with fleet(default_settings(reader=encoder)) as both:
        client = openai.OpenAI(base_url=both.api_base, api_key="none", timeout=120)
        writer = both.settings.engine.name
        assert [card.id for card in client.models.list()] == [writer, "encoder"]
        made = client.embeddings.create(model="encoder", input=TEXTS, encoding_format="float").data
        assert client.completions.create(model=writer, prompt="One, two,", max_tokens=2).choices[0].text
        client.close()
    np.testing.assert_allclose([one.embedding for one in made], SentenceEncoder().encode(TEXTS), atol=1e-4)


@pytest.mark.usefixtures("other_home")
def test_the_small_tier_behind_the_address_says_what_plain_torch_says():
    folder = reader_folder()
    local = LocalSpanModel(folder)
    reader = EngineSettings(str(folder), folder.name, pooling=True, context_tokens=512, dtype="float32")
    pairs = [PairEncoder(folder)("How many replicas does orion run?", [text])[0].ids for text in TEXTS]
    with fleet(default_settings(reader=reader)) as both:
        served = ServedSpanModel(both.address, folder.name).logits(pairs)
    for ours, theirs in zip(local.logits(pairs), served, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-3)
