-- The journal: facts, which are the truth, and tables made from them for people.
--
-- Integers are millionths (`_micros`) or products of two of them (`_exact`) and are what the
-- program reads and writes. The NUMERIC columns beside them are computed from them by the database,
-- so the two can never disagree. There is no floating point. Instants come from the clock of the
-- run (a recorded tape has its own time), never from now().

create table fact (
    run_id  varchar(255) not null,
    seq     bigint       not null check (seq >= 0),
    at      bigint       not null,
    kind    text         not null,
    body    jsonb        not null,
    primary key (run_id, seq)
);
comment on table fact is
    'Everything worth remembering, append-only. No foreign key: the truth does not hang on a projection.';
comment on column fact.at is 'Nanoseconds since 1970 on the clock of the run.';

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % refused', tg_table_name, tg_op
        using errcode = 'restrict_violation', hint = 'Add a new row that says what changed.';
end
$$;
create trigger fact_is_append_only before update or delete on fact
    for each row execute function refuse_change();
create trigger fact_is_not_emptied before truncate on fact
    for each statement execute function refuse_change();

create table runs (
    run_id           varchar(255) primary key,
    started_at       timestamptz  not null,
    completed_at     timestamptz,
    status           varchar(20)  not null check (status in ('running', 'completed', 'failed')),
    plan_file        varchar(500),
    summary_json     jsonb,
    error_message    text,
    created_at       timestamptz  not null,
    mode             varchar(10)  not null check (mode in ('paper', 'real', 'dry_run')),
    account          text         not null,
    predecessor      varchar(255) references runs (run_id),
    program_version  text,
    check (predecessor <> run_id)
);
comment on column runs.account is 'The wallet, or the name of a paper purse.';
comment on column runs.predecessor is 'The run of the same account that this one continues.';
create index idx_runs_account on runs (mode, account, started_at);

create table parents (
    parent_id             text         not null,
    account               text         not null,
    run_id                varchar(255) not null references runs (run_id),
    strategy_id           text         not null,
    market_id             varchar(255),
    token_id              text         not null,
    side                  varchar(10)  not null check (side in ('BUY', 'SELL')),
    shares_micros         bigint       not null check (shares_micros > 0),
    filled_micros         bigint       not null default 0 check (filled_micros >= 0),
    residue_micros        bigint       check (residue_micros >= 0),
    arrival_price_micros  bigint,
    shares                numeric(18, 6) generated always as (shares_micros / 1000000::numeric) stored,
    filled                numeric(18, 6) generated always as (filled_micros / 1000000::numeric) stored,
    mode                  varchar(10)  not null check (mode in ('paper', 'real', 'dry_run')),
    status                varchar(20)  not null
                          check (status in ('running', 'completed', 'cancelled', 'failed')),
    started_at            timestamptz  not null,
    completed_at          timestamptz,
    body                  jsonb        not null,
    primary key (mode, account, parent_id)
);
comment on table parents is 'Orders of execution algorithms, worked in child orders along a schedule.';
create index idx_parents_run_id on parents (run_id);

create table orders (
    id                    uuid         primary key,
    run_id                varchar(255) not null references runs (run_id),
    market_id             varchar(255) not null,
    outcome               varchar(10),
    side                  varchar(10)  not null check (side in ('BUY', 'SELL')),
    type                  varchar(20)  not null default 'LIMIT' check (type = 'LIMIT'),
    price                 numeric(10, 4) generated always as (price_micros / 1000000::numeric) stored,
    size                  numeric(18, 6) generated always as (shares_micros / 1000000::numeric) stored,
    filled                numeric(18, 6) generated always as (filled_micros / 1000000::numeric) stored,
    mode                  varchar(10)  not null check (mode in ('paper', 'real', 'dry_run')),
    status                varchar(20)  not null check (status in (
        'pending', 'submitted', 'open', 'partially_filled', 'delayed', 'pending_cancel', 'unknown',
        'filled', 'cancelled', 'rejected', 'expired', 'failed')),
    placed_at             timestamptz,
    cancel_after          integer      check (cancel_after > 0),
    price_ceil            numeric(10, 4),
    price_floor           numeric(10, 4),
    notes                 text,
    created_at            timestamptz  not null,
    updated_at            timestamptz  not null,
    client_order_id       text         not null unique,
    venue_order_id        text         not null,
    token_id              text         not null,
    outcome_label         text,
    slug                  text,
    strategy_id           text         not null,
    slot                  text         not null,
    parent_id             text,
    replaces              text,
    time_in_force         varchar(10)  not null check (time_in_force in ('GTC', 'GTD', 'FOK', 'FAK')),
    is_post_only          boolean      not null,
    reason                text         not null default '',
    price_micros          bigint       not null check (price_micros between 0 and 1000000),
    shares_micros         bigint       not null check (shares_micros > 0),
    filled_micros         bigint       not null default 0 check (filled_micros >= 0),
    filled_exact          numeric(38, 0) not null default 0,
    matched_micros        bigint       check (matched_micros >= 0),
    arrival_price_micros  bigint
);
comment on table orders is 'One row per order of ours, as last known.';
comment on column orders.id is 'uuid5 of the client order id.';
comment on column orders.market_id is 'The condition id.';
comment on column orders.outcome is 'YES for the first outcome of the venue, NO for the second.';
comment on column orders.outcome_label is 'The outcome in the words of the venue.';
comment on column orders.placed_at is 'When it was sent to the venue.';
comment on column orders.cancel_after is 'Seconds after which it is cancelled.';
comment on column orders.replaces is 'Client order id of the order it took the slot from.';
comment on column orders.filled_exact is 'Sum of price times shares of its fills, unrounded.';
comment on column orders.matched_micros is 'The word of the venue on what had matched; null until it was given.';
comment on column orders.arrival_price_micros is 'The midpoint when it was decided.';
create index idx_orders_run_id on orders (run_id);
create index idx_orders_market_status on orders (market_id, status);
create index idx_orders_venue_order_id on orders (venue_order_id);
create index idx_orders_parent_id on orders (parent_id) where parent_id is not null;

create table executions (
    id                        uuid         primary key,
    order_id                  uuid         not null references orders (id),
    qty                       numeric(18, 6) generated always as (shares_micros / 1000000::numeric) stored,
    price                     numeric(10, 4) generated always as (price_micros / 1000000::numeric) stored,
    mode                      varchar(10)  not null check (mode in ('paper', 'real', 'dry_run')),
    executed_at               timestamptz  not null,
    created_at                timestamptz  not null,
    run_id                    varchar(255) not null references runs (run_id),
    trade_id                  text         not null,
    market_id                 varchar(255) not null,
    token_id                  text         not null,
    side                      varchar(10)  not null check (side in ('BUY', 'SELL')),
    liquidity                 varchar(10)  not null check (liquidity in ('maker', 'taker')),
    settlement                varchar(20)  not null
                              check (settlement in ('matched', 'mined', 'retrying', 'confirmed', 'failed')),
    fee                       numeric(18, 6) generated always as (fee_micros / 1000000::numeric) stored,
    price_micros              bigint       not null check (price_micros between 0 and 1000000),
    shares_micros             bigint       not null check (shares_micros > 0),
    fee_micros                bigint       not null,
    arrival_price_micros      bigint,
    cause                     varchar(20)  check (cause in ('walk', 'trade_through', 'queue')),
    book_id                   text,
    pessimistic_shares_micros bigint       check (pessimistic_shares_micros >= 0),
    pessimistic_price_micros  bigint       check (pessimistic_price_micros between 0 and 1000000),
    unique (order_id, trade_id)
);
comment on table executions is 'One row per fill of one of our orders.';
comment on column executions.id is 'uuid5 of the client order id and the trade id.';
comment on column executions.cause is 'Why the paper venue filled; null for real fills.';
comment on column executions.book_id is 'The book a simulated fill was taken from.';
create index idx_executions_order_id on executions (order_id);
create index idx_executions_run_id on executions (run_id, executed_at);
create index idx_executions_trade_id on executions (trade_id);

create table positions (
    market_id          varchar(255) not null,
    outcome            varchar(10),
    qty                numeric(18, 6) generated always as (shares_micros / 1000000::numeric) stored,
    avg_price          numeric(10, 4) generated always as (
        case when shares_micros = 0 then 0 else cost_exact / shares_micros / 1000000 end) stored,
    realized_pnl       numeric(18, 6) generated always as (floor(realized_exact / 1000000) / 1000000) stored,
    unrealized_pnl     numeric(18, 6) generated always as (unrealized_micros / 1000000::numeric) stored,
    unrealized_pnl_ts  timestamptz,
    mode               varchar(10)  not null check (mode in ('paper', 'real', 'dry_run')),
    account            text         not null,
    token_id           text         not null,
    outcome_label      text,
    slug               text,
    shares_micros      bigint       not null,
    cost_exact         numeric(38, 0) not null,
    realized_exact     numeric(38, 0) not null,
    fees_micros        bigint       not null,
    mark_price_micros  bigint,
    unrealized_micros  bigint,
    run_id             varchar(255) not null references runs (run_id),
    updated_at         timestamptz  not null,
    primary key (mode, account, token_id),
    check ((unrealized_micros is null) = (unrealized_pnl_ts is null))
);
comment on table positions is 'What an account holds of each token, flat ones included.';
comment on column positions.cost_exact is 'What the shares held cost, fees apart, unrounded.';
comment on column positions.realized_exact is 'Profit of closed shares less all fees paid, unrounded.';
comment on column positions.run_id is 'The run that wrote it last.';
create index idx_positions_market_id on positions (market_id);

create table audit_logs (
    id            bigint       generated always as identity primary key,
    ts            timestamptz  not null,
    level         varchar(10)  not null check (level in ('debug', 'info', 'warning', 'error', 'critical')),
    msg           text         not null,
    context_json  jsonb        not null default '{}',
    mode          varchar(10)  check (mode in ('paper', 'real', 'dry_run')),
    account       text,
    run_id        varchar(255) references runs (run_id),
    seq           bigint,
    unique (run_id, seq)
);
comment on table audit_logs is 'What a person may have to account for later, in plain words.';
comment on column audit_logs.seq is 'The fact it was made from; writing it again changes nothing.';
create index idx_audit_logs_ts on audit_logs (ts);
create trigger audit_logs_are_append_only before update or delete on audit_logs
    for each row execute function refuse_change();
create trigger audit_logs_are_not_emptied before truncate on audit_logs
    for each statement execute function refuse_change();

create view open_orders as
    select o.*, r.account
    from orders o join runs r using (run_id)
    where o.status not in ('filled', 'cancelled', 'rejected', 'expired', 'failed');
comment on view open_orders is 'Orders of which something may still rest or be on its way.';

create view fills as
    select e.*, o.client_order_id, o.venue_order_id, o.strategy_id, o.slot, o.parent_id,
           o.outcome, o.outcome_label, o.slug, r.account
    from executions e join orders o on o.id = e.order_id join runs r on r.run_id = e.run_id;
comment on view fills is 'Executions with the words of their order.';

create view positions_recounted as
    select r.mode, r.account, e.market_id, e.token_id,
           sum(case e.side when 'BUY' then e.shares_micros else -e.shares_micros end)::bigint as shares_micros,
           sum(e.fee_micros)::bigint as fees_micros,
           sum(case e.side when 'BUY' then -1 else 1 end * e.shares_micros::numeric * e.price_micros
               - e.fee_micros::numeric * 1000000) as cash_exact,
           count(*) as executions
    from executions e join runs r on r.run_id = e.run_id
    where e.settlement <> 'failed'
    group by r.mode, r.account, e.market_id, e.token_id;
comment on view positions_recounted is
    'Positions counted again from executions: for every token realized less cost equals cash_exact.';
