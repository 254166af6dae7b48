"""The markets that are always there."""

from daemon.domain.ids import TokenId
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.auth.signed_order import NEG_RISK, STANDARD, V3, order_domain
from daemon.sim.exchange.marketplace.record_listing import list_record
from daemon.sim.exchange.marketplace.standing_markets import build_standing_markets

NOW = Nanos(1_780_000_000 * NANOS_PER_S)
MARKETS = build_standing_markets("seed", NOW)


def test_there_is_one_of_every_contract_and_one_that_delays() -> None:
    domains = [order_domain(TokenId(m.token_ids[0]), is_neg_risk=m.neg_risk) for m in MARKETS]
    assert {domain.verifying_contract for domain in domains} == {
        domain.verifying_contract for domain in (STANDARD, NEG_RISK, V3)
    }
    listings = [list_record(market) for market in MARKETS]
    assert [listing.delay for listing in listings] == [0, 0, 0, 0, 0, 3 * NANOS_PER_S]
    assert not listings[-1].is_delay_silent
    assert {listing.tick for listing in listings} == {10_000, 1_000}
    assert any(not listing.fee_rate for listing in listings)
    assert any(listing.fee_rate for listing in listings)


def test_position_ids_are_of_the_newer_form() -> None:
    (market,) = (m for m in MARKETS if m.slug == "standing-position")
    yes, no = (int(token) for token in market.token_ids)
    assert no == yes + 1
    assert market.condition_id == f"0x{yes:064x}"
    assert market.condition_id.startswith("0x01")
    assert market.condition_id.endswith("00")


def test_ids_repeat_with_the_seed() -> None:
    assert build_standing_markets("seed", NOW) == MARKETS
    everything = [*MARKETS, *build_standing_markets("other", NOW)]
    assert len({token for market in everything for token in market.token_ids}) == 24
    assert len({market.condition_id for market in everything}) == 12
    assert len({market.id for market in everything}) == 12


def test_they_are_listed_now_and_end_in_a_month() -> None:
    assert {market.listed for market in MARKETS} == {"2026-05-28T20:26:40Z"}
    assert {market.end_at for market in MARKETS} == {NOW + 30 * 86_400 * NANOS_PER_S}
