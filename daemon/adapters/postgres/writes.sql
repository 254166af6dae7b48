-- The statements of the single writer, one per table. The order of the columns is the order of the
-- rows that projection.py makes.

-- name: fence
-- Begins every transaction. A successor closes the run before it reads what the run wrote: closing
-- waits for a transaction that holds this lock, and whoever comes after the closing writes nothing.
select status from runs where run_id = $1 for share;

-- name: fact
-- A repeated write is harmless: the same run and number is the same fact.
insert into fact (run_id, seq, at, kind, body) values ($1, $2, $3, $4, $5::jsonb)
on conflict (run_id, seq) do nothing;

-- name: orders
insert into orders (
    id, run_id, market_id, outcome, outcome_label, slug, side, price_micros, shares_micros,
    filled_micros, filled_exact, matched_micros, mode, status, placed_at, created_at, updated_at,
    client_order_id, venue_order_id, token_id, strategy_id, slot, parent_id, replaces,
    time_in_force, is_post_only, reason, arrival_price_micros
) values (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
    $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28
)
on conflict (id) do update set
    filled_micros = excluded.filled_micros,
    filled_exact = excluded.filled_exact,
    matched_micros = excluded.matched_micros,
    status = excluded.status,
    placed_at = coalesce(excluded.placed_at, orders.placed_at),
    updated_at = excluded.updated_at,
    reason = excluded.reason;

-- name: executions
insert into executions (
    id, order_id, mode, executed_at, created_at, run_id, trade_id, market_id, token_id, side,
    liquidity, settlement, price_micros, shares_micros, fee_micros, arrival_price_micros, cause,
    book_id, pessimistic_shares_micros, pessimistic_price_micros
) values (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20
)
on conflict (id) do nothing;

-- name: settlements
update executions set settlement = $2 where trade_id = $1 and mode = $3;

-- name: positions
insert into positions (
    market_id, outcome, outcome_label, slug, mode, account, token_id, shares_micros, cost_exact,
    realized_exact, fees_micros, mark_price_micros, unrealized_micros, unrealized_pnl_ts, run_id,
    updated_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
on conflict (mode, account, token_id) do update set
    shares_micros = excluded.shares_micros,
    cost_exact = excluded.cost_exact,
    realized_exact = excluded.realized_exact,
    fees_micros = excluded.fees_micros,
    mark_price_micros = excluded.mark_price_micros,
    unrealized_micros = excluded.unrealized_micros,
    unrealized_pnl_ts = excluded.unrealized_pnl_ts,
    run_id = excluded.run_id,
    updated_at = excluded.updated_at;

-- name: parents
insert into parents (
    parent_id, mode, account, run_id, strategy_id, market_id, token_id, side, shares_micros,
    arrival_price_micros, started_at, body, status
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, 'running')
on conflict (mode, account, parent_id) do nothing;

-- name: parents_done
update parents set filled_micros = $4, residue_micros = $5, completed_at = $6, status = 'completed'
where parent_id = $1 and mode = $2 and account = $3;

-- name: audit
insert into audit_logs (ts, level, msg, context_json, mode, account, run_id, seq)
values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8)
on conflict (run_id, seq) do nothing;
