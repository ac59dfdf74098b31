"""`Reference`: a correct implementation of a small service, or one with seeded faults."""

from __future__ import annotations

from contract_kit.reference.faults.catalog import fault
from contract_kit.reference.refusal import INTERNAL, Refusal
from contract_kit.reference.steps import correct_steps, layered
from contract_kit.reference.translation import translated
from contract_kit.wire.message import Message, Reply
from contract_kit.wire.table import protocol_name


class Reference:
    """Answers messages. Raises UsageError for a fault that does not exist.

    protocol: the only one that is answered, by any of its names; by default each of the service.
    faults: names of the faults it has, installed in this order. Safe to use from many threads.
    """

    def __init__(self, faults: tuple[str, ...] = (), *, protocol: str | None = None) -> None:
        steps = correct_steps()
        for name in faults:
            steps = fault(name).install(steps)
        self._steps = steps
        self._protocol = protocol_name(protocol) if protocol else ""
        self._answer = layered(steps)

    @property
    def drains(self) -> bool:
        """Whether the body of a refused request is read off its connection."""
        return self._steps.drains

    def answer(self, message: Message) -> Reply:
        """The reply to a message; one whose `failure` is set is a connection that breaks.

        Never raises: an internal error is an InternalFailure, as in any server.
        """
        try:
            return translated(self._answer, message, self._protocol)
        except Exception as error:
            text = f"an unexpected {type(error).__name__}"
            return self._steps.write_error(Refusal(INTERNAL, text, status=500))
