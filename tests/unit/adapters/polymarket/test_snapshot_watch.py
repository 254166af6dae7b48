"""Books that do not come are asked for again, then by a new connection, then only now and then."""

from daemon.adapters.polymarket.snapshot_watch import PATIENCE, SnapshotWatch
from daemon.domain.ids import TokenId
from daemon.domain.units import NANOS_PER_S, Nanos

A, B = TokenId("1"), TokenId("2")


def seconds(count: float) -> Nanos:
    return Nanos(round(count * NANOS_PER_S))


def a_watch() -> SnapshotWatch:
    return SnapshotWatch(within=seconds(5), gap=seconds(1))


def test_a_watch_without_books_to_come_is_false() -> None:
    watch = a_watch()
    assert not watch
    assert watch.next_at() is None
    watch.begin((A, B), seconds(0))
    assert watch
    watch.arrived(A)
    watch.arrived(B)
    assert not watch


def test_a_missing_book_is_asked_for_once_more_and_then_the_connection_is_given_up() -> None:
    watch = a_watch()
    watch.begin((A, B), seconds(0))
    watch.arrived(B)
    assert watch.next_at() == seconds(5)
    assert watch.overdue(seconds(4.9)) == ((), None)
    assert watch.overdue(seconds(5)) == ((A,), None)
    assert watch.overdue(seconds(9.9)) == ((), None)
    assert watch.overdue(seconds(10)).reconnect_for == A


def test_a_book_that_comes_on_no_connection_costs_only_one_of_them() -> None:
    watch = a_watch()
    watch.begin((A, B), seconds(0))
    watch.overdue(seconds(5))
    watch.arrived(B)
    watch.overdue(seconds(10))
    watch.begin((A, B), seconds(20))
    watch.arrived(B)
    assert watch.overdue(seconds(25)) == ((A,), None)
    assert watch.next_at() == seconds(25 + 5 * PATIENCE)
    assert watch.overdue(seconds(85)) == ((A,), None)
    watch.arrived(A)
    watch.begin((A,), seconds(90))
    assert watch.overdue(seconds(95)) == ((A,), None)
    assert watch.overdue(seconds(100)).reconnect_for == A


def test_a_book_that_is_not_believed_is_asked_for_at_once() -> None:
    watch = a_watch()
    watch.begin((A,), seconds(0))
    watch.arrived(A)
    assert watch.want(A, seconds(2))
    assert not watch.want(A, seconds(3.5)), "it is on its way, though it might be asked for again"
    assert watch.overdue(seconds(7)).reconnect_for == A


def test_a_book_is_asked_for_at_most_once_per_gap() -> None:
    watch = a_watch()
    watch.begin((A,), seconds(0))
    watch.arrived(A)
    assert watch.want(A, seconds(2))
    watch.arrived(A)
    assert not watch.want(A, seconds(2.1))
    assert watch.next_at() == seconds(3)
    assert watch.overdue(seconds(2.9)) == ((), None)
    assert watch.overdue(seconds(3)) == ((A,), None)
    assert watch.next_at() == seconds(8)


def test_a_book_that_came_by_itself_is_not_asked_for_again() -> None:
    watch = a_watch()
    watch.begin((A,), seconds(0))
    watch.arrived(A)
    watch.want(A, seconds(0.5))
    watch.arrived(A)
    assert not watch
    assert watch.overdue(seconds(9)) == ((), None)


def test_time_in_which_nobody_listened_does_not_count() -> None:
    watch = a_watch()
    watch.begin((A,), seconds(0))
    watch.excuse(seconds(4))
    assert watch.overdue(seconds(8.9)) == ((), None)
    assert watch.overdue(seconds(9)) == ((A,), None)
