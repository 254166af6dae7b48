"""One example of everything that can happen to the engine."""

from daemon.domain import order_events as ev
from daemon.domain.feed import (
    FeedLost,
    FeedUp,
    LostReason,
    MarketResolved,
    TickSizeChanged,
    TouchStated,
    TradePrint,
)
from daemon.domain.fill import FillCause, Liquidity, Simulated
from daemon.domain.ids import BookId, TradeId, VenueOrderId
from daemon.domain.reasons import HaltReason, PauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.venue_reports import (
    CancelReported,
    FillReported,
    SettlementReported,
    StrangerSeen,
)
from daemon.engine.inputs import (
    CancelAllRequested,
    Event,
    HaltRequested,
    KillSwitchChanged,
    MarkRequested,
    PauseEnded,
    PauseRequested,
    Pulse,
    ResumeRequested,
)
from tests.builders import CONDITION, NO, START, YES, a_fill, an_order, price, shares
from tests.engine_builders import a_change, a_snapshot, level

ORDER = an_order(client_order_id="run-1")
NAME = ORDER.client_order_id

EVERY_EVENT: tuple[Event, ...] = (
    a_snapshot(tick="0.01", last_trade="0.5"),
    a_change(level(Side.BUY, "0.49", "7", touch=("0.49", "0.52")), level(Side.SELL, "0.6", "0")),
    TradePrint(YES, START, START, price("0.5"), shares("3"), is_buy=True),
    TouchStated(YES, START, START, price("0.48"), price("0.52")),
    TickSizeChanged(YES, START, START, price("0.001")),
    MarketResolved(CONDITION, START, START, YES),
    FeedUp((YES, NO)),
    FeedLost((YES,), LostReason.HALF_OPEN, 'no answer to a "ping"\u2028\0'),
    ev.OrderSent(client_order_id=NAME),
    ev.OrderFailed(client_order_id=NAME, reason="kill switch"),
    ev.OrderAccepted(client_order_id=NAME),
    ev.OrderDelayed(client_order_id=NAME),
    ev.OrderRejected(client_order_id=NAME, reason="not enough balance"),
    ev.OrderUnknown(client_order_id=NAME, reason="no answer"),
    ev.CancelRequested(client_order_id=NAME, reason="replaced"),
    ev.CancelRejected(client_order_id=NAME, reason="order can't be found"),
    ev.OrderCanceled(client_order_id=NAME, matched=None, reason="asked"),
    ev.OrderExpired(client_order_id=NAME, matched=shares("1")),
    ev.OrderFilled(client_order_id=NAME, fill=a_fill(order=ORDER)),
    FillReported(
        venue_order_id=VenueOrderId("0xa1"),
        trade_id=TradeId("t-1"),
        price=price("0.5"),
        shares=shares("3"),
        liquidity=Liquidity.MAKER,
        settlement=SettlementStatus.MATCHED,
        at=START,
        simulated=Simulated(
            cause=FillCause.QUEUE,
            book_id=BookId("71717171@1#2"),
            pessimistic_shares=shares("0"),
            pessimistic_price=price("0.5"),
        ),
    ),
    CancelReported(venue_order_id=VenueOrderId("0xa1"), matched=None, reason="market closed"),
    SettlementReported(trade_id=TradeId("t-1"), settlement=SettlementStatus.CONFIRMED),
    StrangerSeen(venue_order_id=VenueOrderId("0x99"), detail="5.00 at 0.40", is_unwanted=True),
    Pulse(),
    KillSwitchChanged(is_engaged=True, text="Emergency stop"),
    PauseRequested(reason=PauseReason.JOURNAL_DOWN, detail="gone"),
    PauseEnded(reason=PauseReason.JOURNAL_DOWN),
    HaltRequested(reason=HaltReason.OPERATOR, detail="lunch"),
    ResumeRequested(by="operator"),
    CancelAllRequested(by="operator"),
    MarkRequested(),
)
