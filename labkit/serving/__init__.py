"""Layer 6: the language model, served by vLLM: one engine in this process, or replicas behind Ray Serve.

In the order of a request::

    LanguageModel -> chat (this process) or Endpoint -> Front -> Serve's router -> Replica -> vLLM

``chat`` starts an engine here. ``fleet()`` attaches to the fleet of this machine or starts it, and its ``api_base``
serves any OpenAI client.
"""

from labkit.serving.client import Endpoint
from labkit.serving.command import add_arguments, serve_command
from labkit.serving.engine import CONTEXT_TOKENS, EngineSettings
from labkit.serving.fleet import Fleet, default_settings, fleet, running_fleet, stop_fleet
from labkit.serving.in_process import Chat, Completion, Message, chat
from labkit.serving.language_model import LanguageModel
from labkit.serving.replica import ReplicaInfo
from labkit.serving.routing import Routing
from labkit.serving.served import served_chat, served_endpoint
from labkit.serving.settings import FleetSettings

__all__ = [
    "CONTEXT_TOKENS",
    "Chat",
    "Completion",
    "Endpoint",
    "EngineSettings",
    "Fleet",
    "FleetSettings",
    "LanguageModel",
    "Message",
    "ReplicaInfo",
    "Routing",
    "add_arguments",
    "chat",
    "default_settings",
    "fleet",
    "running_fleet",
    "serve_command",
    "served_chat",
    "served_endpoint",
    "stop_fleet",
]
