from dataclasses import replace

import pytest

from labkit.errors import BadArgument
from labkit.serving import EngineSettings, FleetSettings, Routing
from labkit.serving.engine import arguments, environment
from labkit.serving.settings import cluster_slots, deployment_options

ENGINE = EngineSettings("/models/large", "large")
READER = EngineSettings("/models/small", "small", pooling=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"context_tokens": 0},
        {"batch": 0},
        {"cores": 0},
        {"gpus": -1},
        {"cache_gib": 0},
        {"model": ""},
        {"name": ""},
    ],
)
def test_an_engine_refuses_what_cannot_be(wrong):
    with pytest.raises(BadArgument, match=next(iter(wrong))):
        replace(ENGINE, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"replicas": 0},
        {"replicas": 3, "most": 2},
        {"queue": 0},
        {"deadline": 0},
        {"port": 70_000},
        {"queued_per_replica": 0},
        {"reader": ENGINE},
        {"reader": replace(READER, name="large")},
    ],
)
def test_a_fleet_refuses_what_cannot_be(wrong):
    with pytest.raises(BadArgument):
        FleetSettings(ENGINE, **wrong)


def test_settings_survive_the_way_to_another_process():
    settings = FleetSettings(ENGINE, replicas=2, most=4, routing=Routing.PREFIX_AWARE, reader=READER)
    assert FleetSettings.from_json(settings.to_json()) == settings
    assert FleetSettings.from_json(FleetSettings(ENGINE).to_json()) == FleetSettings(ENGINE)


def test_fleets_that_differ_in_replicas_alone_are_the_same_fleet():
    assert FleetSettings(ENGINE).fingerprint() == FleetSettings(ENGINE, replicas=2).fingerprint()
    assert FleetSettings(ENGINE).fingerprint() != FleetSettings(replace(ENGINE, batch=8)).fingerprint()


def test_a_replica_on_the_cpu_is_one_process_on_its_cores():
    variables, chosen = environment(replace(ENGINE, cores=2)), arguments(replace(ENGINE, cache_gib=0.5))
    assert variables["OMP_NUM_THREADS"] == "2"
    assert variables["RAY_worker_niceness"] == "0"
    assert variables["VLLM_ENABLE_V1_MULTIPROCESSING"] == "0"
    assert chosen["distributed_executor_backend"] == "uni"
    assert chosen["kv_cache_memory_bytes"] == 1 << 29
    assert chosen["enforce_eager"]


def test_a_replica_on_gpus_has_vllms_own_processes_and_memory():
    gpus = replace(ENGINE, gpus=4, cores=8)
    variables, chosen = environment(gpus), arguments(gpus)
    options = deployment_options(FleetSettings(gpus), gpus)["ray_actor_options"]
    assert not {"VLLM_ENABLE_V1_MULTIPROCESSING", "LD_PRELOAD", "TORCH_COMPILE_DISABLE"} & set(variables)
    assert (chosen["tensor_parallel_size"], chosen["distributed_executor_backend"]) == (4, "mp")
    assert chosen["dtype"] == "bfloat16"
    assert not {"kv_cache_memory_bytes", "enforce_eager"} & set(chosen)
    assert (options["num_cpus"], options["num_gpus"]) == (8, 4)


def test_a_pooling_engine_caches_no_prefixes():
    chosen = arguments(READER)
    assert chosen["runner"] == "pooling"
    assert not chosen["enable_prefix_caching"]


@pytest.mark.parametrize(
    "settings",
    [
        FleetSettings(ENGINE, replicas=2, queue=5),
        FleetSettings(ENGINE, most=3),
        FleetSettings(ENGINE, routing=Routing.PREFIX_AWARE, reader=READER),
        FleetSettings(replace(ENGINE, gpus=2)),
    ],
)
def test_serve_accepts_the_options(settings):
    from ray import serve

    from labkit.serving.replica import Replica

    for engine in filter(None, (settings.engine, settings.reader)):
        made = serve.deployment(Replica, name=engine.name, **deployment_options(settings, engine))
        assert made.max_queued_requests == settings.queue
        assert made.max_ongoing_requests == 40
        assert made._deployment_config.backpressure_config.status_code == 429
        scaling = made._deployment_config.autoscaling_config
        assert (scaling.max_replicas if scaling else None) == settings.most
        if not settings.autoscaling:
            assert made.num_replicas == (settings.replicas if engine is settings.engine else 1)


def test_the_cluster_has_room_for_the_most_replicas_or_for_one_more():
    assert cluster_slots(FleetSettings(ENGINE, most=6), cores=2) == 6
    assert cluster_slots(FleetSettings(ENGINE, replicas=2, reader=READER), cores=2) == 4
    assert cluster_slots(FleetSettings(ENGINE), cores=16) == 16
