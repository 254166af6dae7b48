-- What a report of one run is made from. Instants are read as nanoseconds since 1970.

-- name: run
select run_id, mode, account, predecessor,
       (extract(epoch from started_at) * 1000000000)::bigint as started_at
from runs where run_id = $1;

-- name: orders
-- Orders born in the run, and older ones that filled in it.
select run_id, client_order_id, strategy_id, coalesce(slug, market_id) as slug,
       coalesce(outcome_label, outcome, '') as outcome, token_id, side, price_micros, shares_micros,
       filled_micros, status, parent_id, placed_at is not null as is_sent,
       replaces is not null as is_replacement,
       (extract(epoch from created_at) * 1000000000)::bigint as created_at
from orders
where run_id = $1 or id in (select order_id from executions where run_id = $1)
order by created_at, length(client_order_id), client_order_id;

-- name: executions
-- All of the account from its first run to the end of this one, in the order in which the engine
-- counted them: run after run along the chain of predecessors, then by the number of the fact.
with recursive chain as (
    select run_id, predecessor, 0 as back from runs where run_id = $1
    union all
    select r.run_id, r.predecessor, chain.back + 1
    from runs r join chain on r.run_id = chain.predecessor
)
select e.run_id, o.client_order_id, e.trade_id, e.market_id, e.token_id, e.side, e.price_micros,
       e.shares_micros, e.fee_micros, e.liquidity, e.arrival_price_micros,
       e.settlement = 'failed' as is_failed, e.cause,
       coalesce(e.pessimistic_shares_micros, 0) as pessimistic_shares_micros,
       coalesce(e.pessimistic_price_micros, 0) as pessimistic_price_micros,
       (extract(epoch from e.executed_at) * 1000000000)::bigint as executed_at
from chain
join executions e using (run_id)
join orders o on o.id = e.order_id
left join fact f
    on f.run_id = e.run_id and f.kind = 'OrderFilled'
    and f.body -> 'fill' ->> 'trade_id' = e.trade_id
    and f.body ->> 'client_order_id' = o.client_order_id
order by chain.back desc, f.seq, e.executed_at, e.trade_id;

-- name: positions
-- As they are now, each beside what the executions of its token add up to; a token that is in one
-- of the two only is in neither's favour.
select coalesce(p.slug, p.market_id, c.market_id) as slug,
       coalesce(p.outcome_label, p.outcome, '') as outcome, token_id,
       coalesce(p.shares_micros, 0) as shares_micros, coalesce(p.cost_exact, 0) as cost_exact,
       coalesce(p.realized_exact, 0) as realized_exact, coalesce(p.fees_micros, 0) as fees_micros,
       p.mark_price_micros, coalesce(c.shares_micros, 0) as recounted_shares_micros,
       coalesce(c.cash_exact, 0) as recounted_cash_exact
from (select * from positions where mode = $1 and account = $2) p
full join (select * from positions_recounted where mode = $1 and account = $2) c
    using (mode, account, token_id)
order by token_id;

-- name: denials
select body ->> 'reason' as reason, count(*) as denials
from fact where run_id = $1 and kind = 'TargetDenied' group by 1;

-- name: parents
select count(*) filter (where kind = 'ParentStarted') as started,
       count(*) filter (where kind = 'ParentCompleted') as completed
from fact where run_id = $1 and kind in ('ParentStarted', 'ParentCompleted');
