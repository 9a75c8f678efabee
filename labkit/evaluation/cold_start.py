"""Applications that nobody has asked yet: what is measured one after another must not warm what comes next."""

import uuid
from dataclasses import replace

from labkit.agents import Agent
from labkit.costs import Cascade
from labkit.extraction import CourseReader
from labkit.planning import require_planner
from labkit.ranking import Narrowed
from labkit.reading import Model
from labkit.serving import Endpoint, LanguageModel, served_chat, served_endpoint
from labkit.settings import settings
from labkit.stages import Application


def cold(application: Application) -> Application:
    """The application over the same index, with nothing left of what it or another one was asked before.

    Its prompts share a prefix cache with nobody else's (vLLM's ``cache_salt``), and its small reader, who remembers the
    passages read last, begins with an empty memory. Two applications that ask the same questions compare in seconds
    only so: otherwise the second finds ready what the first one paid for. An endpoint that ``LABKIT_API_BASE`` names is
    sent no salt, which it may refuse.

    Args:
        application: Any; models and judges that are not the course's own stay as they are.
    """
    name = uuid.uuid4().hex
    fresh = replace(application, agent=_agent(application.agent, name), model=_model(application.model, name))
    fresh.__dict__["searchable"] = application.searchable
    return fresh


def _agent(agent: Agent, name: str) -> Agent:
    if isinstance(agent, Narrowed) and isinstance(getattr(agent.funnel.judge, "__self__", None), CourseReader):
        return replace(agent, funnel=replace(agent.funnel, judge=CourseReader(name).holding))
    return agent


def _model(model: Model, name: str) -> Model:
    if isinstance(model, Cascade):
        small = CourseReader(name) if isinstance(model.small, CourseReader) else model.small
        return replace(model, large=require_planner(_model(model.large, name)), small=small)
    if not isinstance(model, LanguageModel) or settings().api_base:
        return model
    found = served_endpoint() if model.chat is served_chat else getattr(model.chat, "__self__", None)
    return replace(model, chat=replace(found, salt=name).chat) if isinstance(found, Endpoint) else model
