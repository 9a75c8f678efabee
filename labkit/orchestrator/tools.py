"""Tools: what goes in and what comes out is checked, a call has a time limit, and a failure is stated.

Whatever a tool does (raise, hang, return junk), its caller gets a ``Result``, and never a value that was made up.
"""

from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from labkit.errors import AccessRefused, LabkitError, UnknownTenant
from labkit.scaling import require_number


class Form(BaseModel):
    """What all requests and replies have in common: no unknown fields, no silent conversion, no change later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Request = TypeVar("Request", bound=Form)
Reply = TypeVar("Reply", bound=Form)


@dataclass(frozen=True)
class Result(Generic[Reply]):
    """What came of a call.

    Attributes:
        reply: The checked reply, or None where the call failed.
        failure: What failed, in words; empty where nothing did.
        tries: How often the tool was run.
    """

    reply: Reply | None
    failure: str = ""
    tries: int = 1


@dataclass(frozen=True)
class Tool(Generic[Request, Reply]):
    """A function behind a checked door.

    Attributes:
        name: What it is called.
        description: What it does, for a model or a person that chooses.
        request: The form of what goes in.
        reply: The form of what comes out.
        run: The function; it may be run again after a failure, so it changes nothing.
        seconds: Time that one try may take. A try that takes longer is given up: its thread is left behind, and
            keeps neither the agent nor the process from going on.
        tries: How often it is run at most. A request that the tool refuses is not tried again.

    Raises:
        BadArgument: ``seconds`` or ``tries`` is out of its bounds.
    """

    name: str
    description: str
    request: type[Request]
    reply: type[Reply]
    run: Callable[[Request], Reply]
    seconds: float = 30.0
    tries: int = 2

    def __post_init__(self) -> None:
        require_number("seconds", self.seconds, above=0)
        require_number("tries", self.tries, least=1)

    def __call__(self, **given: object) -> Result[Reply]:
        """Run the tool on the fields of a request.

        Raises:
            AccessRefused: The one who asks may not; that is no failure of the tool, and nobody may work around it.
            UnknownTenant: Likewise.
        """
        try:
            request = self.request.model_validate(given)
        except ValidationError as error:
            return Result(None, f"{self.name} was asked wrongly ({_first(error)})", tries=0)
        failure = ""
        for number in range(1, self.tries + 1):
            try:
                return Result(self._checked(self._within_time(request)), tries=number)
            except (AccessRefused, UnknownTenant):
                raise
            except ValidationError as error:
                failure = f"returned junk ({_first(error)})"
            except TimeoutError:
                failure = f"did not return within {self.seconds:g} s"
            except ValueError as error:
                if isinstance(error, LabkitError):  # the request has no answer: it would have none next time
                    return Result(None, f"{self.name} refused: {error.problem}", number)
                failure = f"raised {type(error).__name__}"
            except Exception as error:  # noqa: BLE001 - any error of a tool is a stated failure
                # Only its kind: the words of a stranger's error may quote what the asker may not read.
                failure = f"raised {type(error).__name__}"
        return Result(None, f"{self.name} {failure}, {self.tries} times", self.tries)

    def _within_time(self, request: Request) -> object:
        came: SimpleQueue[tuple[object, Exception | None]] = SimpleQueue()

        def work() -> None:
            try:
                came.put((self.run(request), None))
            except Exception as error:  # noqa: BLE001 - it is raised again where it can be judged
                came.put((None, error))

        # A meter knows the task under way by its context, which a new thread does not inherit.
        Thread(target=copy_context().run, args=(work,), name=f"tool {self.name}", daemon=True).start()
        try:
            found, error = came.get(timeout=self.seconds)
        except Empty:
            raise TimeoutError from None
        if error is not None:
            raise error
        return found

    def _checked(self, found: object) -> Reply:
        # Field by field: an object of the right class may have been made without being checked.
        return self.reply.model_validate(dict(found) if isinstance(found, self.reply) else found)


def _first(error: ValidationError) -> str:
    """The first problem of many, without the value: junk may quote what the asker may not read."""
    problem = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(map(str, problem["loc"]))
    return f"{place}: {problem['type']}" if place else str(problem["type"])
