"""The exceptions of the daemon, lowest layer of all: anyone may raise from here.

    PennydError                     exit code 1
    ├── ConfigError                 2  start refused: which key, which source, what was expected
    │   └── MarketEnded             2  a market that exists and cannot be traded any more
    ├── RecordingUnreadable         2  what should be replayed is garbled, foreign or of another version
    ├── CredentialsRefused          4  the venue does not accept the credentials
    ├── VenueError                  1
    │   ├── Unreachable                nothing was sent: safe to retry
    │   ├── OutcomeUnknown             sent, no answer: never retried, reconciled
    │   ├── RateLimited                carries retry_after_ms
    │   ├── Incomplete                 only a part of a list could be read: nothing may be concluded
    │   └── Restricted                 venue is restarting, cancel-only or post-only
    ├── FeedError                   1
    │   ├── FeedGarbled                a frame that cannot be believed
    │   └── EndOfFeed                  a recorded feed has been played to its end
    ├── JournalError                1
    │   ├── JournalUnavailable         the database cannot be reached
    │   ├── JournalConflict            the database holds something else under this key
    │   └── LockHeld                3  another daemon works on this account
    └── InvariantBroken             5  our own model is wrong: halt
        └── IllegalTransition          news an order cannot receive in its status

Messages are one line and end with what to do next. Broken promises between our own functions are
`AssertionError`, not part of this tree.
"""

from typing import ClassVar


class PennydError(Exception):
    """Anything the daemon refuses or cannot do, said in one line to a person."""

    exit_code: ClassVar[int] = 1


class ConfigError(PennydError):
    """The configuration cannot be used; `problems` holds one line per problem."""

    exit_code = 2

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class MarketEnded(ConfigError):
    """The market is closed, has ended or takes no orders; others may still be traded."""


class RecordingUnreadable(PennydError):
    """What was named is no recording that this version can replay."""

    exit_code = 2


class CredentialsRefused(PennydError):
    """The venue refused who we say we are."""

    exit_code = 4


class VenueError(PennydError):
    """The venue could not do what was asked."""


class Unreachable(VenueError):
    """Nothing was sent; trying again is safe."""


class OutcomeUnknown(VenueError):
    """The request left and no answer came; only reconciliation may settle what happened."""


class RateLimited(VenueError):
    """The venue asks us to slow down."""

    def __init__(self, message: str, *, retry_after_ms: int) -> None:
        super().__init__(message)
        self.retry_after_ms = retry_after_ms


class Incomplete(VenueError):
    """Only a part of a list could be read; what is missing from it proves nothing."""


class Restricted(VenueError):
    """The venue takes no orders, or only some of them, at the moment."""


class FeedError(PennydError):
    """Market data could not be used."""


class FeedGarbled(FeedError):
    """A frame that does not say what a frame must say; it is counted, never believed."""


class EndOfFeed(FeedError):
    """A recorded feed has been played to its end."""


class JournalError(PennydError):
    """The journal could not do its work."""


class JournalUnavailable(JournalError):
    """The database cannot be reached or does not answer in time."""


class JournalConflict(JournalError):
    """The database already holds something else under this key."""


class LockHeld(JournalError):
    """Another daemon holds the lock of this account."""

    exit_code = 3


class InvariantBroken(PennydError):
    """Something that cannot be was seen; the daemon halts and a person looks."""

    exit_code = 5


class IllegalTransition(InvariantBroken):
    """An order received news that its status does not allow."""
