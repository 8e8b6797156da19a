-- Version 2: what came of each promise, what is known of waits, and tickets of a former system.
create table imported (
    id          integer primary key,    -- issued_ms * 1024, plus a count of the tickets of that millisecond
    service     text not null,          -- of this branch
    priority    integer not null check (priority between 0 and 255),
    issued_ms   integer not null,       -- UTC, like every time here
    offset_s    integer not null check (abs(offset_s) <= 86400),    -- local time ahead of UTC at issue
    called_ms   integer check (called_ms >= issued_ms),
    left_ms     integer check (left_ms >= issued_ms),
    finished_ms integer check (finished_ms >= called_ms),
    desk        text,                   -- as the former system named it
    open_desks  integer check (open_desks >= 0),
    check (called_ms is null or left_ms is null)
) strict;
alter table snapshots add column estimator text check (json_valid(estimator));
alter table visits add column first_wait_ms integer check (first_wait_ms >= 0);
alter table visits add column uncalled_ms integer check (uncalled_ms >= 0);
alter table visits add column learning integer check (learning in (0, 1));
alter table visits add column void text check (void in ('delayed', 'transferred'));
alter table visits add column forecast_low_s integer check (forecast_low_s >= 0);
alter table visits add column forecast_mid_s integer check (forecast_mid_s >= 0);
alter table visits add column forecast_high_s integer check (forecast_high_s >= 0);
alter table visits add column forecast_naive_s integer check (forecast_naive_s >= 0);
alter table visits add column forecast_ahead integer;
alter table visits add column forecast_desks integer;
alter table visits add column forecast_model integer;
alter table visits add column courtesy text check (courtesy in ('text', 'voucher'));
alter table visits add column redeemed integer check (redeemed in (0, 1));
alter table prints add column voucher integer not null default 0 check (voucher in (0, 1));
