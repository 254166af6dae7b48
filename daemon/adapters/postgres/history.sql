-- What people ask of a database, newest first. Names of columns are the names in JSON. $1 is a run
-- or null for all, $2 the most rows wanted.

-- name: orders
select o.venue_order_id as order_id, o.status, o.token_id, o.side, o.price_micros as price,
       o.shares_micros as size, o.filled_micros as filled, o.created_at as timestamp,
       o.client_order_id, o.market_id, coalesce(o.slug, o.market_id) as market,
       coalesce(o.outcome_label, '') as outcome, o.strategy_id as strategy, o.reason, o.mode, o.run_id
from orders o
where $1::text is null or o.run_id = $1
order by o.updated_at desc, o.client_order_id desc limit $2;

-- name: fills
select f.executed_at as timestamp, f.market_id, coalesce(f.slug, f.market_id) as market,
       coalesce(f.outcome_label, '') as outcome, f.token_id, f.side, f.price_micros as price,
       f.shares_micros as size, f.fee_micros as fee, f.liquidity, coalesce(f.cause, '') as cause,
       f.settlement, f.trade_id, f.client_order_id, f.venue_order_id as order_id,
       f.strategy_id as strategy, f.mode, f.run_id
from fills f
where $1::text is null or f.run_id = $1
order by f.executed_at desc, f.created_at desc, f.trade_id desc limit $2;

-- name: positions
-- $1 is a run: the positions of its account; null: of all accounts.
select p.market_id, coalesce(p.slug, p.market_id) as market, coalesce(p.outcome_label, '') as outcome,
       p.token_id, p.shares_micros as shares,
       case when p.shares_micros = 0 then null
            else floor(p.cost_exact / p.shares_micros)::bigint end as avg_price,
       p.mark_price_micros as mark, floor(p.realized_exact / 1000000)::bigint as realized_pnl,
       p.unrealized_micros as unrealized_pnl, p.fees_micros as fees, p.mode, p.account,
       p.updated_at as timestamp
from positions p
where $1::text is null
   or (p.mode, p.account) = (select r.mode, r.account from runs r where r.run_id = $1)
order by abs(p.shares_micros) desc, p.token_id limit $2;

-- name: runs
-- created_at is machine time and sorts runs of different tapes; the other times are the run's own clock.
select r.run_id, r.status, r.mode, r.account, r.started_at, r.completed_at, r.error_message as error,
       r.predecessor, r.program_version as version, r.summary_json::text as summary
from runs r
where $1::text is null or r.run_id = $1
order by r.created_at desc, r.run_id desc limit $2;
