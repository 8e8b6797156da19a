-- Version 2: what came of each promise, and what is known of waits.
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
