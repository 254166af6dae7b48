"""The dead-man switch: arming, the chain of ids, who is swept when."""

import pytest

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.front.heartbeats import Heartbeats

KEY = "00000000-0000-4000-8000-000000000001"
OTHER = "00000000-0000-4000-8000-000000000002"


def at(seconds: int) -> Nanos:
    return Nanos(seconds * NANOS_PER_S)


@pytest.fixture
def beats() -> Heartbeats:
    return Heartbeats(seed="test", now=at(0))


def beat(beats: Heartbeats, heartbeat_id: str, seconds: int, key: str = KEY) -> tuple[int, str]:
    answer = beats.beat(key, heartbeat_id, at(seconds))
    return answer.status, str(answer.body["heartbeat_id"])


def test_each_answer_names_the_id_of_the_next_heartbeat(beats: Heartbeats) -> None:
    ids = [""]
    for seconds in range(4):
        status, following = beat(beats, ids[-1], seconds)
        assert status == 200
        ids.append(following)
    assert len(set(ids)) == 5
    assert all(len(one) == 36 for one in ids[1:])


def test_a_wrong_id_is_told_the_right_one_and_is_no_sign_of_life(beats: Heartbeats) -> None:
    _, right = beat(beats, "", 0)
    wrong = beats.beat(KEY, "nonsense", at(9))
    assert (wrong.status, wrong.body) == (
        400,
        {"error_msg": "Invalid Heartbeat ID", "heartbeat_id": right},
    )
    assert beats.sweep(at(10)) == (KEY,)


def test_a_client_that_starts_again_is_told_where_its_chain_stands(beats: Heartbeats) -> None:
    _, right = beat(beats, "", 0)
    assert beat(beats, "", 4) == (400, right)
    assert beat(beats, right, 4)[0] == 200


def test_an_id_from_elsewhere_does_not_arm_the_key(beats: Heartbeats) -> None:
    status, right = beat(beats, "from another run", 0)
    assert status == 400
    assert not beats.is_armed(KEY)
    assert beats.sweep(at(60)) == ()
    assert beat(beats, right, 60)[0] == 200
    assert beats.is_armed(KEY)


def test_who_never_sent_a_heartbeat_keeps_its_orders(beats: Heartbeats) -> None:
    beat(beats, "", 0, OTHER)
    assert not beats.is_armed(KEY)
    assert beats.sweep(at(100)) == (OTHER,)


def test_nobody_dies_before_the_sweep_that_follows_ten_seconds_of_silence(
    beats: Heartbeats,
) -> None:
    beat(beats, "", 1)
    assert beats.sweep(at(5)) == beats.sweep(at(10)) == beats.sweep(at(14)) == ()
    assert beats.sweep(at(15)) == (KEY,)


def test_a_late_heartbeat_before_the_sweep_saves_the_orders(beats: Heartbeats) -> None:
    _, following = beat(beats, "", 1)
    assert beat(beats, following, 14)[0] == 200
    assert beats.sweep(at(15)) == ()


def test_a_silent_key_is_swept_again_and_again_until_it_speaks(beats: Heartbeats) -> None:
    beat(beats, "", 0)
    assert beats.sweep(at(10)) == beats.sweep(at(15)) == beats.sweep(at(20)) == (KEY,)
    status, right = beat(beats, "", 21)
    assert status == 400
    assert beat(beats, right, 21)[0] == 200
    assert beats.sweep(at(25)) == ()


def test_the_id_expires_once_with_the_orders(beats: Heartbeats) -> None:
    _, before = beat(beats, "", 0)
    beats.sweep(at(10))
    status, right = beat(beats, before, 11)
    assert (status, right == before) == (400, False)
    beats.sweep(at(15))
    assert beat(beats, right, 16)[0] == 200


def test_a_late_sweep_catches_up_once_and_keeps_the_rhythm(beats: Heartbeats) -> None:
    beats.sweep(at(23))
    assert beats.sweep_at == at(25)


def test_a_restart_is_forgiven(beats: Heartbeats) -> None:
    beat(beats, "", 0)
    beat(beats, "never armed", 0, OTHER)
    beats.forgive(at(90))
    assert beats.sweep(at(95)) == ()
    assert beats.sweep(at(100)) == (KEY,)


def test_ids_repeat_with_the_seed_and_differ_by_key() -> None:
    one, two = (Heartbeats(seed="same", now=at(0)) for _ in range(2))
    assert beat(one, "", 0) == beat(two, "", 0)
    assert beat(one, "", 0, OTHER) != beat(two, "", 0, "third")
