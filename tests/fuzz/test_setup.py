"""A campaign is a function of its setup, wherever it runs and however it is taken apart."""

from __future__ import annotations

import functools
import itertools
import pickle
import random
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.cases.groups import groups
from contract_kit.fuzz import Part, Setup, fuzz, run
from contract_kit.fuzz.numbers import Numbers, numbers_of
from contract_kit.fuzz.partial_outcome import outcome_of, part_document, part_of
from contract_kit.fuzz.setup import Exploration
from contract_kit.target import Recipe, target_of
from contract_kit.wire.table import wire_of

LIST = operation("mailmanager:ListArchiveExports")


def lax(request):
    """A function that takes any page size, and names none but the right error."""

    class ValidationException(Exception):
        """As the operation documents it."""

    if not str(request.get("ArchiveId", "")).startswith("a-"):
        raise ValidationException("ArchiveId")
    return {"Exports": []}


SETUP = Setup(
    wire=wire_of(LIST),
    target=Recipe(given=lax),
    bindings={"ArchiveId": "a-known{seq}"},
    numbers=numbers_of(3),
    exploration=Exploration(examples=30, seed=3),
)


def test_a_setup_is_frozen_and_travels():
    """To a worker, which makes the same of it."""
    with pytest.raises(FrozenInstanceError):
        SETUP.rate = 5.0
    copy = pickle.loads(pickle.dumps(SETUP))
    assert (copy.wire.operation.id, copy.numbers) == (LIST.id, SETUP.numbers)
    assert (copy.bindings, copy.exploration) == (SETUP.bindings, SETUP.exploration)


def test_a_process_of_its_own_finds_the_same():
    """And sends it back as data."""
    here = run(SETUP)
    with ProcessPoolExecutor(1) as pool:
        there = pool.submit(run, SETUP).result()
    assert outcome_of(SETUP.wire, [here]) == outcome_of(SETUP.wire, [there])
    assert here.examples == 30


@functools.cache
def parts_of_two_workers() -> tuple[Part, ...]:
    """Each runs every second group."""
    chosen = [group for group in groups(SETUP.wire) if group.cases]
    setups = [replace(SETUP, numbers=SETUP.numbers.lane(index)) for index in range(2)]
    return tuple(
        run(setup, [group])
        for setup, own in zip(setups, (chosen[::9], chosen[4::9]), strict=True)
        for group in own
    )


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_parts_add_up_to_the_same_in_any_order(chance: random.Random):
    """Verdicts, findings, notes, and every word of them."""
    parts = list(parts_of_two_workers())
    expected = outcome_of(SETUP.wire, parts)
    chance.shuffle(parts)
    assert outcome_of(SETUP.wire, parts) == expected
    sent = [part_of(part_document(part)) for part in parts]
    assert outcome_of(SETUP.wire, sent).verdicts == expected.verdicts
    assert outcome_of(SETUP.wire, sent).notes == expected.notes


def test_what_the_preflight_remarks_is_said_once_however_many_workers_there_are():
    """It is about the target, not about cases."""
    parts = [Part(at=at, notes=(("no unions", 0), ("odd", 1))) for at in range(3)]
    assert outcome_of(SETUP.wire, parts).notes == ("no unions", "odd (3 cases)")


def test_events_hold_all_that_a_run_finds():
    """Whoever listens knows what was found so far, should the run be killed."""
    events = []
    whole = run(SETUP, listener=events.append)
    heard = [entry for event in events for entry in event.part.observations]
    assert heard == list(whole.observations)
    assert [event.done for event in events] == list(range(1, len(events) + 1))
    assert events[-1].done == events[-1].total


def test_an_interruption_keeps_what_was_found():
    """The outcome says why it is not whole."""

    def stop(event):
        if event.done == 5:
            raise KeyboardInterrupt

    with closing(target_of(lax, LIST)) as target:
        outcome = fuzz(LIST, target, listener=stop)
    assert (outcome.ended, outcome.cases) == ("interrupted", 5)


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.integers(0, 40)), min_size=2, max_size=6, unique=True
    )
)
def test_no_number_comes_twice_whatever_the_lanes(lanes):
    """Of workers, each with several campaigns, and however many of either there are."""
    taken = [
        number
        for worker, campaign in lanes
        for number in itertools.islice(Numbers().lane(worker).lane(campaign), 200)
    ]
    assert len(set(taken)) == len(taken)
    # They have room in twelve digits.
    assert max(taken) < 10**12


def test_the_numbers_of_one_seed_end_before_those_of_the_next():
    """So that a run with another seed meets nothing that an earlier one made."""
    assert next(iter(numbers_of(0))) == 1
    assert list(itertools.islice(numbers_of(2), 2)) == [200_001, 200_002]
