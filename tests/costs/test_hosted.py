"""The hosted API: a real process in front of a real HTTP server. It bills, refuses, fails when asked to, and ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import psutil
import pytest
from upstream import MODEL, Upstream, upstream

from labkit.costs import HostedAPI, HostedSettings, Meter, ModelPrice, hosted_api, price_sheet
from labkit.errors import BadArgument, EngineFailure
from labkit.serving import Endpoint

PRICE = ModelPrice("api", input=0.001, output=0.1, cached_input=0.0005)
SAYS = [{"role": "user", "content": "which cluster serves it"}]  # four words, two of them cached
EACH = 2 * 0.001 + 2 * 0.0005 + 2 * 0.1


@pytest.fixture(scope="module")
def server() -> Iterator[Upstream]:
    with upstream(block=2) as found:
        found.cached(SAYS[0]["content"].split(), salt="")  # from now on its cache holds the first two words
        yield found


@pytest.fixture
def api(server) -> Iterator[HostedAPI]:
    server.asked.clear()
    with hosted_api(HostedSettings(server.base, PRICE)) as found:
        yield found


def test_what_is_answered_is_billed_and_the_callers_meter_agrees(api):
    meter = Meter()
    with meter.task("one"):
        replies = meter.over(api.endpoint().chat, "api")([SAYS] * 5)
    assert [reply.text for reply in replies] == ["orion eight"] * 5
    bill = api.bill()
    assert (bill["answered"], bill["refused"], bill["failed"]) == (5, 0, 0)
    assert (bill["input_tokens"], bill["cached_tokens"], bill["output_tokens"]) == (20, 10, 10)
    assert bill["dollars"] == pytest.approx(5 * EACH)
    assert meter.bill_of("one").dollars({"api": PRICE}) == pytest.approx(bill["dollars"])


def test_the_models_of_the_upstream_are_listed_for_nothing(api):
    assert api.endpoint().model_name == MODEL
    assert api.bill()["dollars"] == 0


@pytest.mark.parametrize("status", [500, 429])
def test_errors_on_request_are_tried_again_and_billed_once(api, server, status):
    api.fail_next(2, status)
    begin = time.monotonic()
    assert [reply.text for reply in api.endpoint(MODEL).chat([SAYS])] == ["orion eight"]
    waited = time.monotonic() - begin
    bill = api.bill()
    assert (bill["answered"], bill["failed"], len(server.asked)) == (1, 2, 1)
    assert bill["dollars"] == pytest.approx(EACH)
    if status == 429:  # it asked for a second each time
        assert waited >= 2


def test_without_retries_an_error_is_the_callers(api):
    api.fail_next(1, 503)
    with pytest.raises(EngineFailure, match="503"):
        api.endpoint(MODEL, retries=0).chat([SAYS])
    assert api.endpoint(MODEL, retries=0).chat([SAYS])[0].text == "orion eight"


def test_the_limit_refuses_says_how_long_to_wait_and_bills_nothing(server):
    with hosted_api(HostedSettings(server.base, PRICE, requests_per_minute=60, burst=2)) as slow:
        ask = {"model": MODEL, "messages": SAYS}
        got = [httpx.post(f"{slow.api_base}/chat/completions", json=ask, timeout=30) for _ in range(4)]
        assert [reply.status_code for reply in got] == [200, 200, 429, 429]
        assert {reply.headers["retry-after"] for reply in got[2:]} == {"1"}
        assert "60 requests a minute" in got[2].json()["error"]["message"]
        assert slow.bill()["dollars"] == pytest.approx(2 * EACH)
        # a client that waits as long as it is asked to gets all its answers
        assert len(slow.endpoint(MODEL).chat([SAYS] * 3)) == 3
        assert slow.bill()["answered"] == 5


def test_failures_of_the_upstream_cost_nothing(api, server):
    server.statuses[:] = [500]
    assert api.endpoint(MODEL).chat([SAYS])[0].text == "orion eight"
    bill = api.bill()
    assert (bill["answered"], bill["failed"]) == (1, 1)
    assert bill["dollars"] == pytest.approx(EACH)


def test_a_reply_that_cannot_be_billed_is_not_passed_on(api, server):
    server.usage = False
    try:
        with pytest.raises(EngineFailure, match="no usage"):
            api.endpoint(MODEL, retries=0).chat([SAYS])
    finally:
        server.usage = True
    assert api.bill()["dollars"] == 0


@pytest.mark.parametrize("body", [b"orion", b"[1]", b'{"messages": [], "stream": true}'])
def test_requests_that_are_none_are_refused(api, body):
    assert httpx.post(f"{api.api_base}/chat/completions", content=body, timeout=30).status_code == 400
    assert api.bill()["answered"] == 0


def test_an_upstream_that_is_not_there_is_a_502():
    with hosted_api(HostedSettings("http://127.0.0.1:9/v1", PRICE)) as api:
        with pytest.raises(EngineFailure, match="upstream does not answer"):
            api.endpoint(MODEL, retries=0).chat([SAYS])
        with pytest.raises(EngineFailure, match="502"):
            Endpoint(api.api_base, retries=0).chat([SAYS])


def test_only_errors_that_an_api_gives_can_be_asked_for(api):
    with pytest.raises(BadArgument, match="status is 404"):
        api.fail_next(1, 404)
    with pytest.raises(BadArgument, match="count is -1"):
        api.fail_next(-1, 500)


def test_nothing_is_left_after_the_block(server):
    with hosted_api(HostedSettings(server.base, PRICE)) as api:
        assert psutil.pid_exists(api.pid)
    assert not psutil.pid_exists(api.pid)
    with pytest.raises(EngineFailure, match="does not answer"):
        api.bill()
    with pytest.raises(KeyError, match="orion"), hosted_api(HostedSettings(server.base, PRICE)) as api:
        raise KeyError("orion")
    assert not psutil.pid_exists(api.pid)


def test_it_ends_when_its_owner_is_killed(server):
    program = (
        "import sys, time\n"
        "from labkit.costs import HostedSettings, hosted_api, price_sheet\n"
        "with hosted_api(HostedSettings(sys.argv[1], price_sheet().model('course-api'))) as api:\n"
        "    print(api.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, server.base], stdout=subprocess.PIPE, text=True) as owner:
        hosted = psutil.Process(int(owner.stdout.readline()))
        assert hosted.is_running()
        os.kill(owner.pid, signal.SIGKILL)
    assert psutil.wait_procs([hosted], timeout=30)[1] == []


def test_settings_survive_the_way_to_another_process(server):
    settings = HostedSettings(f"{server.base}/", price_sheet().model("course-api"), 30, 3)
    assert HostedSettings.from_json(settings.to_json()) == settings
    assert settings.upstream == server.base


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"upstream": "orion"}, "the endpoint is 'orion'"),
        ({"requests_per_minute": 0}, "requests_per_minute is 0"),
        ({"burst": 0}, "burst is 0"),
        ({"patience": 0}, "patience is 0"),
    ],
)
def test_wrong_settings_are_named(changes, message):
    with pytest.raises(BadArgument, match=message):
        HostedSettings(**{"upstream": "http://127.0.0.1:1/v1", "price": PRICE} | changes)
