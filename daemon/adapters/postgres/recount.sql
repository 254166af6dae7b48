-- Counting positions again (`pennyd db rebuild-positions`).

-- name: executions
-- In the order in which the engine counted them: along the chain of runs, then by fact. The facts
-- give nothing but the order; every number comes from the executions.
with recursive chain as (
    select run_id, mode, account, 0 as place from runs where predecessor is null
    union all
    select r.run_id, r.mode, r.account, c.place + 1
    from runs r join chain c on r.predecessor = c.run_id
), counted as (
    select run_id, min(seq) as seq, body -> 'fill' ->> 'client_order_id' as client_order_id,
           body -> 'fill' ->> 'trade_id' as trade_id
    from fact where kind = 'OrderFilled'
    group by run_id, client_order_id, trade_id
)
select c.mode, c.account, e.market_id, e.token_id, e.trade_id, o.client_order_id, e.side,
       e.price_micros, e.shares_micros, e.fee_micros, e.liquidity, e.settlement
from executions e
join orders o on o.id = e.order_id
join chain c on c.run_id = e.run_id
left join counted f on f.run_id = e.run_id and f.trade_id = e.trade_id
                   and f.client_order_id = o.client_order_id
order by c.mode, c.account, c.place, f.seq, e.created_at, e.executed_at, e.id;

-- name: positions
select mode, account, market_id, token_id, shares_micros, cost_exact, realized_exact, fees_micros
from positions;

-- name: daemons
-- Daemons that work on this database now, as they call themselves.
select application_name from pg_stat_activity
where datname = current_database() and application_name like 'pennyd lock %'
order by application_name;

-- name: write
-- $1 mode, $2 account, $3 token, $4 market, $5 shares, $6 cost, $7 realized, $8 fees
insert into positions (
    market_id, outcome, outcome_label, slug, mode, account, token_id, shares_micros, cost_exact,
    realized_exact, fees_micros, run_id, updated_at
)
select $4::varchar, o.outcome, o.outcome_label, o.slug, r.mode, r.account, e.token_id, $5::bigint,
       $6::numeric, $7::numeric, $8::bigint, e.run_id, e.created_at
from executions e join orders o on o.id = e.order_id join runs r on r.run_id = e.run_id
where r.mode = $1::varchar and r.account = $2::text and e.token_id = $3::text
order by e.created_at desc limit 1
on conflict (mode, account, token_id) do update set
    shares_micros = excluded.shares_micros,
    cost_exact = excluded.cost_exact,
    realized_exact = excluded.realized_exact,
    fees_micros = excluded.fees_micros,
    unrealized_micros = floor(
        (excluded.shares_micros::numeric * positions.mark_price_micros - excluded.cost_exact)
        / 1000000)::bigint;

-- name: flatten
-- A row that no execution supports.
update positions set shares_micros = 0, cost_exact = 0, realized_exact = 0, fees_micros = 0,
    unrealized_micros = case when unrealized_micros is null then null else 0 end
where mode = $1 and account = $2 and token_id = $3;

-- name: audit
insert into audit_logs (ts, level, msg, context_json, mode, account)
values ($1, 'warning', 'PositionRebuilt', $2::jsonb, $3, $4);
