"""Further requests and entries that the preflight finds beside the first accepted request.

Which other requests reach members that it cannot have, and in which entries of its lists and maps
members are probed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from contract_kit.cases.good_request import GoodRequest, Within
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import KEY, Json, Location
from contract_kit.contract.walk import places
from contract_kit.fuzz.sending.exchange import Exchange, Exchanged

MOST = 300
"""Locations of an operation that are tried in an entry that the user gave."""


class Tries:
    """Sends requests of a preflight, each once. seen: what came of each."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._known: dict[str, Exchanged] = {}
        self.accepted: list[tuple[Json, Exchanged]] = []
        self.is_lost = False

    def know(self, request: Json, seen: Exchanged) -> None:
        """Takes what came of a request that was sent elsewhere."""
        self._known[_key(request)] = seen

    def takes(self, request: Json) -> bool:
        """Whether the target carries a request out; never once it left one without an answer."""
        known = self._known.get(_key(request))
        if known is None and not self.is_lost:
            known = self._known[_key(request)] = self._exchange.send_request(request)
            self.is_lost = bool(known.reply.failure) and known.reply.failure != "not-expressible"
            if known.answer.kind == "result":
                self.accepted.append((request, known))
        return known is not None and known.answer.kind == "result"


def _key(request: Json) -> str:
    return json.dumps(request, sort_keys=True)


def with_new_members(
    base: GoodRequest,
    tries: Tries,
    exchange: Exchange,
    requests: list[Json],
    published: Iterable[Json],
) -> list[tuple[Json, Exchanged]]:
    """Published examples that have members which the requests cannot be given.

    They often have names of their own, which can be made once: each is accepted twice in a row.
    """
    known = set().union(*requests)
    found = []
    for request in published:
        lacking = [name for name in request if name not in known]
        known |= {name for name in lacking if tries.takes(base.reach((name,))[0])}
        if known >= set(request) or tries.is_lost:
            continue
        seen = [exchange.send_request(request) for _ in range(2)]
        if all(each.answer.kind == "result" for each in seen):
            found.append((request, seen[-1]))
            known |= set(request)
    return found


def probed_within(operation: Operation, base: GoodRequest, tries: Tries) -> Within:
    """The locations that are probed in an entry that the user gave, not in one beside it.

    There the target takes a conforming value alone or among the given ones, or it takes it
    nowhere: an added entry may be refused whatever it holds, while a violation that is accepted
    shows by itself.
    """
    found: dict[Location, bool] = {}
    given = (place.location for place in places(operation) if place.location[-1] != KEY)
    for location in [each for each in given if base.lies_in_given(each)][:MOST]:

        def takes(*, stays: bool, location: Location = location) -> bool:
            return tries.takes(base.within({location: stays}).reach(location)[0])

        if takes(stays=False):
            found[location] = False
        elif not tries.takes(base.reach(location)[0]):
            found[location] = takes(stays=True)
    return found
