"""Lists a recorded market: it takes orders until the end that its record states."""

from daemon.domain.ids import ConditionId
from daemon.domain.units import Nanos
from daemon.errors import ConfigError
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.venue_market import MarketStatus


def list_taped(marketplace: Marketplace, record: TapeMarket) -> None:
    """List a market of a tape and close it in time; ConfigError for one that cannot be traded."""
    try:
        marketplace.list_market(record)
    except ValueError as error:
        raise ConfigError(
            f"the tape's market {record.slug} cannot be traded: {error}; build the tape again"
        ) from None
    condition_id = ConditionId(record.condition_id)

    def close(at: Nanos) -> None:
        state = marketplace.exchange.market(condition_id)
        assert state is not None
        if state.status is MarketStatus.OPEN:
            marketplace.publish(marketplace.exchange.close_market(condition_id, at))

    marketplace.schedule(Nanos(record.end_at), close)
