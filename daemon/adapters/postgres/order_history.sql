-- What the journal knows of one order. Facts come as (run_id, seq, at, kind, body), oldest first.

-- name: find
-- $1: any of the order's names in full, or the beginning of the venue's.
select o.client_order_id, o.venue_order_id as order_id, o.run_id, o.status, o.filled_micros as filled,
       o.reason, coalesce(o.slug, o.market_id) as market, coalesce(o.outcome_label, '') as outcome,
       r.mode, r.account
from orders o join runs r using (run_id)
where o.client_order_id = $1 or starts_with(o.venue_order_id, $1)
   or starts_with(o.venue_order_id, '0x' || $1)
order by (o.client_order_id = $1 or o.venue_order_id = $1) desc, r.created_at desc, o.created_at desc
limit $2;

-- name: newest
-- created_at of runs is machine time; instants of orders are those of their run's clock.
select o.client_order_id, o.venue_order_id as order_id, o.run_id, o.status, o.filled_micros as filled,
       o.reason, coalesce(o.slug, o.market_id) as market, coalesce(o.outcome_label, '') as outcome,
       r.mode, r.account
from orders o join runs r using (run_id)
order by r.created_at desc, o.created_at desc, length(o.client_order_id) desc, o.client_order_id desc
limit 1;

-- name: news
-- $1 the order's client id, $2 and $3 mode and account: its own facts in all runs, the settlements of
-- its trades, and the birth of the order that took its place.
select f.run_id, f.seq, f.at, f.kind, f.body
from fact f join runs r using (run_id)
where r.mode = $2 and r.account = $3
  and (f.body ->> 'client_order_id' = $1 or f.body -> 'order' ->> 'client_order_id' = $1
       or f.body -> 'order' ->> 'replaces' = $1
       or f.body ->> 'trade_id' in (select trade_id from fills where client_order_id = $1))
order by r.created_at, f.seq limit $4;

-- name: denials
-- What risk refused strategy $3 in slot $4 of run $1 since the order before the one of fact $2.
select f.run_id, f.seq, f.at, f.kind, f.body
from (
    select * from fact
    where run_id = $1 and seq < $2 and kind = 'TargetDenied'
      and body ->> 'strategy_id' = $3 and body ->> 'slot' = $4
      and seq > coalesce((
          select max(born.seq) from fact born
          where born.run_id = $1 and born.seq < $2 and born.kind = 'OrderCreated'
            and born.body -> 'order' ->> 'strategy_id' = $3 and born.body -> 'order' ->> 'slot' = $4), -1)
    order by seq desc limit $5
) f
order by f.seq;

-- name: same_step
-- What else was written down in the step of fact $2 of run $1, before it.
select f.run_id, f.seq, f.at, f.kind, f.body
from fact f
where f.run_id = $1 and f.seq < $2 and f.seq >= $2 - $3::bigint
  and f.at = (select at from fact where run_id = $1 and seq = $2)
order by f.seq;

-- name: position_after
-- $1 run, $2 fact of the fill, $3 token.
select f.run_id, f.seq, f.at, f.kind, f.body
from fact f
where f.run_id = $1 and f.seq > $2 and f.kind = 'PositionChanged'
  and f.body -> 'position' ->> 'token' = $3
order by f.seq limit 1;
