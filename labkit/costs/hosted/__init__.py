"""An API that bills by the token, as a process of its own on this machine.

It forwards to any OpenAI-compatible address and adds what a rented model has and one's own has not: a price for every
token, a limit of requests per minute, and now and then an error. In the order of a request::

    client -> rate limit (429) -> errors on request (429, 500) -> upstream -> bill -> client
"""

from labkit.costs.hosted.api import HostedAPI, hosted_api
from labkit.costs.hosted.settings import HostedSettings

__all__ = ["HostedAPI", "HostedSettings", "hosted_api"]
