CREATE TABLE boots (
    id      integer primary key,
    name    text not null unique,       -- the kernel's boot id
    wall_ms integer not null            -- the wall clock when it was first seen
) strict;
CREATE TABLE events (
    seq       integer primary key,      -- 1, 2, 3… without a gap
    first     integer not null check (first <= seq),    -- first event of the command it came from
    version   integer not null check (version > 0),     -- of the format of body
    wall_ms   integer not null,
    offset_s  integer not null check (abs(offset_s) <= 86400),  -- local time ahead of UTC
    mono_ms   integer not null check (mono_ms >= 0),
    boot      integer not null references boots,
    trusted   integer not null check (trusted in (0, 1)),   -- was the wall clock known to be right?
    desk      text,                     -- the desk that gave the command
    actor     text not null,            -- who asked: rule, customer, device:NAME, staff:NAME
    request   text,                     -- Idempotency-Key and fingerprint of the request, where one was sent
    body      text not null check (json_valid(body))    -- src/queue/event.rs
) strict;
CREATE TABLE snapshots (
    seq       integer primary key references events,
    body      text not null check (json_valid(body)),       -- src/queue/state.rs
    estimator text check (json_valid(estimator))            -- src/estimate; null or of another version: learned again
) strict;
CREATE TABLE visits (
    ticket         integer primary key,     -- TicketId
    day            integer not null,        -- counts business days
    date           text not null,           -- the business day's name, YYYY-MM-DD
    number         text not null,
    key            blob not null unique check (length(key) = 16),
    service        text not null,           -- at the end
    class          text,
    origin         text not null,
    issued_ms      integer not null,        -- wall_ms
    called_ms      integer,                 -- last call
    started_ms     integer,
    ended_ms       integer not null,
    desk           text,
    end            text not null check (end in ('finished', 'left', 'no_show', 'day_closed')),
    detail         text,                    -- outcome or reason
    inferred       integer not null check (inferred in (0, 1)),
    waiting_ms     integer check (waiting_ms >= 0),     -- null: no call, or no clock to tell
    transaction_ms integer check (transaction_ms >= 0),
    promise_from   integer,                 -- minutes
    promise_to     integer,
    delays         integer not null,
    requeues       integer not null,
    transfers      integer not null,
    first_wait_ms  integer check (first_wait_ms >= 0),  -- issue to first call; null: no call, or no clock to tell
    uncalled_ms    integer check (uncalled_ms >= 0),    -- issue to the end of a ticket that was never called
    learning       integer check (learning in (0, 1)),  -- was the promise labelled so? null: no promise
    void           text check (void in ('delayed', 'transferred')),     -- why the promise did not hold to the first call
    forecast_low_s   integer check (forecast_low_s >= 0),   -- what the promise was made of, unrounded
    forecast_mid_s   integer check (forecast_mid_s >= 0),
    forecast_high_s  integer check (forecast_high_s >= 0),
    forecast_naive_s integer check (forecast_naive_s >= 0),
    forecast_ahead   integer,               -- people who would be served first
    forecast_desks   integer,
    forecast_model   integer,               -- kind and version of the estimator
    courtesy       text check (courtesy in ('text', 'voucher')),    -- what was given for a promise broken late
    redeemed       integer check (redeemed in (0, 1)),  -- whether a voucher was; null: there is none
    unique (day, number)
) strict;
CREATE TABLE personal (
    ticket         integer primary key,
    name           text,
    question       text,
    erase_after_ms integer not null         -- wall_ms
) strict;
CREATE INDEX personal_by_time on personal (erase_after_ms);
CREATE TABLE prints (
    id      integer primary key,
    ticket  integer not null,
    copy    integer not null check (copy in (0, 1)),
    state   text not null check (state in ('queued', 'sending', 'sent', 'confirmed', 'unknown')),
    detail  text,                           -- why it is unknown
    wall_ms integer not null,               -- of the last change
    voucher integer not null default 0 check (voucher in (0, 1))    -- the voucher of the ticket's courtesy
) strict;
CREATE INDEX prints_open on prints (state) where state not in ('confirmed', 'unknown');
CREATE TABLE staff (
    name    text primary key check (length(name) between 1 and 40),
    role    text not null check (role in ('desk', 'editor', 'manager')),
    secret  text not null                   -- argon2id, PHC string: a PIN for desk, a password for the others
) strict;
CREATE TABLE sessions (
    token      blob primary key check (length(token) = 32),     -- SHA-256
    staff      text not null references staff on delete cascade on update cascade,
    expires_ms integer not null
) strict;
CREATE TABLE devices (
    name  text primary key check (length(name) between 1 and 40),
    token blob not null unique check (length(token) = 32)       -- SHA-256
) strict;
CREATE TABLE settings (
    name  text primary key,
    value text not null
) strict;
CREATE TABLE imported (
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
insert into boots values (1, 'manual-1', 1778914800000);
insert into events values (1, 1, 2, 1778914800000, 10800, 60000, 1, 1, NULL, 'rule', NULL, '{"event":"day_opened","day":1,"date":"2026-05-16","by":"rule","continues":false}');
insert into events values (2, 2, 2, 1778914800000, 10800, 60000, 1, 1, NULL, 'settings', NULL, '{"event":"service_put","service":{"id":"R","name":"Return or exchange","have_ready":"the item, the receipt or the card you paid with","rank":1,"accent":"rust","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0}}');
insert into events values (3, 3, 2, 1778914800000, 10800, 60000, 1, 1, NULL, 'settings', NULL, '{"event":"service_put","service":{"id":"P","name":"Pick up an order","have_ready":"the order number or your ID","rank":2,"accent":"teal","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0}}');
insert into events values (4, 4, 2, 1778914800000, 10800, 60000, 1, 1, NULL, 'settings', NULL, '{"event":"service_put","service":{"id":"Q","name":"Ask a question","have_ready":"","rank":3,"accent":"blue","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0}}');
insert into events values (5, 5, 2, 1778914800000, 10800, 60000, 1, 1, NULL, 'settings', NULL, '{"event":"desk_put","desk":{"id":"1","name":"Desk 1","profile":{"longest_wait":[]},"default_outcome":"served"}}');
insert into events values (6, 6, 2, 1778914800000, 10800, 60000, 1, 1, NULL, 'settings', NULL, '{"event":"desk_put","desk":{"id":"2","name":"Desk 2","profile":{"longest_wait":[]},"default_outcome":"served"}}');
insert into events values (7, 7, 2, 1778914800000, 10800, 60000, 1, 1, NULL, 'settings', NULL, '{"event":"desk_put","desk":{"id":"3","name":"Desk 3","profile":{"longest_wait":[]},"default_outcome":"served"}}');
insert into events values (8, 8, 2, 1778914800000, 10800, 60000, 1, 1, '1', 'staff:Anna', NULL, '{"event":"desk_changed","desk":"1","phase":"open"}');
insert into events values (9, 9, 2, 1778914800000, 10800, 60000, 1, 1, '2', 'staff:Anna', NULL, '{"event":"desk_changed","desk":"2","phase":"open"}');
insert into events values (10, 10, 2, 1778914800000, 10800, 60000, 1, 1, '3', 'staff:Anna', NULL, '{"event":"desk_changed","desk":"3","phase":"open"}');
insert into events values (11, 11, 2, 1778914800000, 10800, 60000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":1,"number":"R001","key":"aaaaaaaaaaaaaws2ljnfuws2li","service":"R","n":1,"origin":"api","promise":{"from_min":0,"to_min":2,"learning":true,"forecast":{"low_s":0,"mid_s":0,"high_s":120,"naive_s":0,"ahead":0,"desks":3,"model":0}},"place":[11,0]}');
insert into events values (12, 12, 2, 1778914840000, 10800, 100000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":2,"number":"P001","key":"ty3xtol7jj6bkws2ljnfuws2li","service":"P","n":1,"origin":"api","promise":{"from_min":1,"to_min":6,"learning":true,"forecast":{"low_s":86,"mid_s":144,"high_s":350,"naive_s":0,"ahead":0,"desks":3,"model":0}},"place":[12,0]}');
insert into events values (13, 13, 2, 1778914880000, 10800, 140000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":3,"number":"Q001","key":"hrxpg4x6st4cuws2ljnfuws2li","service":"Q","n":1,"origin":"api","promise":{"from_min":2,"to_min":8,"learning":true,"forecast":{"low_s":134,"mid_s":223,"high_s":478,"naive_s":0,"ahead":0,"desks":3,"model":0}},"place":[13,0]}');
insert into events values (14, 14, 2, 1778914920000, 10800, 180000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":4,"number":"R002","key":"3ktg2ld5352d6ws2ljnfuws2li","service":"R","n":2,"origin":"api","promise":{"from_min":3,"to_min":15,"learning":true,"forecast":{"low_s":182,"mid_s":304,"high_s":606,"naive_s":80,"ahead":1,"desks":3,"model":0}},"place":[14,0]}');
insert into events values (15, 15, 2, 1778914960000, 10800, 220000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":5,"number":"R003","key":"pdo6nzp5fhyfiws2ljnfuws2li","service":"R","n":3,"origin":"api","promise":{"from_min":3,"to_min":15,"learning":true,"forecast":{"low_s":230,"mid_s":383,"high_s":734,"naive_s":160,"ahead":2,"desks":3,"model":0}},"place":[15,0]}');
insert into events values (16, 16, 2, 1778915000000, 10800, 260000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":6,"number":"P002","key":"c4kwbh34orwgsws2ljnfuws2li","service":"P","n":2,"origin":"api","promise":{"from_min":4,"to_min":15,"learning":true,"forecast":{"low_s":278,"mid_s":464,"high_s":862,"naive_s":80,"ahead":1,"desks":3,"model":0}},"place":[16,0]}');
insert into events values (17, 17, 2, 1778915040000, 10800, 300000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":7,"number":"Q002","key":"wvgnuwh3x3uh4ws2ljnfuws2li","service":"Q","n":2,"origin":"api","promise":{"from_min":5,"to_min":20,"learning":true,"forecast":{"low_s":326,"mid_s":544,"high_s":990,"naive_s":80,"ahead":1,"desks":3,"model":0}},"place":[17,0]}');
insert into events values (18, 18, 2, 1778915080000, 10800, 340000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":8,"number":"Q003","key":"kocfiet3bfsjgws2ljnfuws2li","service":"Q","n":3,"origin":"api","promise":{"from_min":6,"to_min":20,"learning":true,"forecast":{"low_s":374,"mid_s":624,"high_s":1118,"naive_s":160,"ahead":2,"desks":3,"model":0}},"place":[18,0]}');
insert into events values (19, 19, 2, 1778915120000, 10800, 380000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":9,"number":"R004","key":"6g543s72kpqkqws2ljnfuws2li","service":"R","n":4,"origin":"api","promise":{"from_min":7,"to_min":25,"learning":true,"forecast":{"low_s":422,"mid_s":704,"high_s":1246,"naive_s":240,"ahead":3,"desks":3,"model":0}},"place":[19,0]}');
insert into events values (20, 20, 2, 1778915160000, 10800, 420000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"left","ticket":9,"reason":"answered"}');
insert into events values (21, 21, 2, 1778915160000, 10800, 420000, 1, 1, '1', 'staff:Anna', NULL, '{"event":"called","ticket":1,"desk":"1","by":"rule","turn":{"priority_run":0}}');
insert into events values (22, 22, 2, 1778915180000, 10800, 440000, 1, 1, '1', 'staff:Anna', NULL, '{"event":"started","ticket":1,"desk":"1"}');
insert into events values (23, 23, 2, 1778915270000, 10800, 530000, 1, 1, '2', 'staff:Anna', NULL, '{"event":"called","ticket":2,"desk":"2","by":"rule","turn":{"priority_run":0}}');
insert into events values (24, 24, 2, 1778915290000, 10800, 550000, 1, 1, '2', 'staff:Anna', NULL, '{"event":"started","ticket":2,"desk":"2"}');
insert into events values (25, 25, 2, 1778915380000, 10800, 640000, 1, 1, '1', 'staff:Anna', NULL, '{"event":"finished","ticket":1,"desk":"1","outcome":"served","inferred":true}');
insert into events values (26, 25, 2, 1778915380000, 10800, 640000, 1, 1, '1', 'staff:Anna', NULL, '{"event":"called","ticket":3,"desk":"1","by":"rule","turn":{"priority_run":0}}');
insert into events values (27, 27, 2, 1778915400000, 10800, 660000, 1, 1, '1', 'staff:Anna', NULL, '{"event":"started","ticket":3,"desk":"1"}');
insert into events values (28, 28, 2, 1778915490000, 10800, 750000, 1, 1, '2', 'staff:Anna', NULL, '{"event":"finished","ticket":2,"desk":"2","outcome":"served","inferred":true}');
insert into events values (29, 28, 2, 1778915490000, 10800, 750000, 1, 1, '2', 'staff:Anna', NULL, '{"event":"called","ticket":4,"desk":"2","by":"rule","turn":{"priority_run":0}}');
insert into events values (30, 30, 2, 1778915510000, 10800, 770000, 1, 1, '2', 'staff:Anna', NULL, '{"event":"started","ticket":4,"desk":"2"}');
insert into events values (31, 31, 2, 1778915600000, 10800, 860000, 1, 1, '3', 'staff:Anna', NULL, '{"event":"called","ticket":5,"desk":"3","by":"rule","turn":{"priority_run":0}}');
insert into events values (32, 32, 2, 1778915620000, 10800, 880000, 1, 1, '3', 'staff:Anna', NULL, '{"event":"started","ticket":5,"desk":"3"}');
insert into events values (33, 33, 2, 1778915710000, 10800, 970000, 1, 1, '3', 'staff:Anna', NULL, '{"event":"finished","ticket":5,"desk":"3","outcome":"served","inferred":false}');
insert into events values (34, 34, 2, 1778915710000, 10800, 970000, 1, 1, '3', 'staff:Anna', NULL, '{"event":"called","ticket":6,"desk":"3","by":"rule","turn":{"priority_run":0}}');
insert into events values (35, 35, 2, 1778915710000, 10800, 970000, 1, 1, '3', 'staff:Anna', NULL, '{"event":"no_show","ticket":6,"desk":"3","keep_ms":600000}');
insert into events values (36, 36, 2, 1778915710000, 10800, 970000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"day_closed","by":"staff","ended":[3,4,6,7,8],"desks_close":true}');
insert into events values (37, 37, 2, 1779002110000, 10800, 87370000, 1, 1, NULL, 'rule', NULL, '{"event":"day_opened","day":2,"date":"2026-05-17","by":"rule","continues":false}');
insert into events values (38, 38, 2, 1779002110000, 10800, 87370000, 1, 1, '1', 'staff:Anna', NULL, '{"event":"desk_changed","desk":"1","phase":"open"}');
insert into events values (39, 39, 2, 1779002110000, 10800, 87370000, 1, 1, '2', 'staff:Anna', NULL, '{"event":"desk_changed","desk":"2","phase":"open"}');
insert into events values (40, 40, 2, 1779002110000, 10800, 87370000, 1, 1, '3', 'staff:Anna', NULL, '{"event":"desk_changed","desk":"3","phase":"open"}');
insert into events values (41, 41, 2, 1779002110000, 10800, 87370000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":10,"number":"R001","key":"r7zupblztzol2ws2ljnfuws2li","service":"R","n":1,"origin":"api","promise":{"from_min":0,"to_min":2,"learning":true,"forecast":{"low_s":0,"mid_s":0,"high_s":120,"naive_s":0,"ahead":0,"desks":3,"model":0}},"place":[41,0]}');
insert into events values (42, 42, 2, 1779002150000, 10800, 87410000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":11,"number":"P001","key":"fyvmcpxy5dmnews2ljnfuws2li","service":"P","n":1,"origin":"api","promise":{"from_min":1,"to_min":6,"learning":true,"forecast":{"low_s":85,"mid_s":142,"high_s":347,"naive_s":0,"ahead":0,"desks":3,"model":0}},"place":[42,0]}');
insert into events values (43, 43, 2, 1779002190000, 10800, 87450000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":12,"number":"Q001","key":"zrrdv6dygnkoows2ljnfuws2li","service":"Q","n":1,"origin":"api","promise":{"from_min":2,"to_min":8,"learning":true,"forecast":{"low_s":134,"mid_s":223,"high_s":478,"naive_s":0,"ahead":0,"desks":3,"model":0}},"place":[43,0]}');
insert into events values (44, 44, 2, 1779002230000, 10800, 87490000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":13,"number":"R002","key":"nkm3jmpxpxipyws2ljnfuws2li","service":"R","n":2,"origin":"api","promise":{"from_min":2,"to_min":10,"learning":true,"forecast":{"low_s":166,"mid_s":276,"high_s":562,"naive_s":72,"ahead":1,"desks":3,"model":0}},"place":[44,0]}');
insert into events values (45, 45, 2, 1779002270000, 10800, 87530000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":14,"number":"R003","key":"bdis423wzbgrcws2ljnfuws2li","service":"R","n":3,"origin":"api","promise":{"from_min":3,"to_min":15,"learning":true,"forecast":{"low_s":209,"mid_s":349,"high_s":679,"naive_s":145,"ahead":2,"desks":3,"model":0}},"place":[45,0]}');
insert into events values (46, 46, 2, 1779002310000, 10800, 87570000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":15,"number":"P002","key":"u4ekqjhwclesmws2ljnfuws2li","service":"P","n":2,"origin":"api","promise":{"from_min":4,"to_min":15,"learning":true,"forecast":{"low_s":274,"mid_s":457,"high_s":852,"naive_s":78,"ahead":1,"desks":3,"model":0}},"place":[46,0]}');
insert into events values (47, 47, 2, 1779002350000, 10800, 87610000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":16,"number":"Q002","key":"ivacdxtvlvctwws2ljnfuws2li","service":"Q","n":2,"origin":"api","promise":{"from_min":5,"to_min":20,"learning":true,"forecast":{"low_s":326,"mid_s":544,"high_s":990,"naive_s":80,"ahead":1,"desks":3,"model":0}},"place":[47,0]}');
insert into events values (48, 48, 2, 1779002390000, 10800, 87650000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":17,"number":"Q003","key":"4n3zxf7uu7avaws2ljnfuws2li","service":"Q","n":3,"origin":"api","promise":{"from_min":6,"to_min":20,"learning":true,"forecast":{"low_s":374,"mid_s":624,"high_s":1118,"naive_s":160,"ahead":2,"desks":3,"model":0}},"place":[48,0]}');
insert into events values (49, 49, 2, 1779002430000, 10800, 87690000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":18,"number":"R004","key":"qgxrkult6i6wkws2ljnfuws2li","service":"R","n":4,"origin":"api","promise":{"from_min":6,"to_min":20,"learning":true,"forecast":{"low_s":384,"mid_s":641,"high_s":1145,"naive_s":218,"ahead":3,"desks":3,"model":0}},"place":[49,0]}');
insert into events values (50, 50, 2, 1779002470000, 10800, 87730000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"left","ticket":18,"reason":"answered"}');
insert into events values (51, 51, 2, 1779002470000, 10800, 87730000, 1, 1, '1', 'staff:Anna', NULL, '{"event":"called","ticket":10,"desk":"1","by":"rule","turn":{"priority_run":0}}');
insert into events values (52, 52, 2, 1779002490000, 10800, 87750000, 1, 1, '1', 'staff:Anna', NULL, '{"event":"started","ticket":10,"desk":"1"}');
insert into events values (53, 53, 2, 1779002580000, 10800, 87840000, 1, 1, '2', 'staff:Anna', NULL, '{"event":"called","ticket":11,"desk":"2","by":"rule","turn":{"priority_run":0}}');
insert into events values (54, 54, 2, 1779002600000, 10800, 87860000, 1, 1, '2', 'staff:Anna', NULL, '{"event":"started","ticket":11,"desk":"2"}');
insert into events values (55, 55, 2, 1779002690000, 10800, 87950000, 1, 1, '1', 'staff:Anna', NULL, '{"event":"finished","ticket":10,"desk":"1","outcome":"served","inferred":true}');
insert into events values (56, 55, 2, 1779002690000, 10800, 87950000, 1, 1, '1', 'staff:Anna', NULL, '{"event":"called","ticket":12,"desk":"1","by":"rule","turn":{"priority_run":0}}');
insert into events values (57, 57, 2, 1779002710000, 10800, 87970000, 1, 1, '1', 'staff:Anna', NULL, '{"event":"started","ticket":12,"desk":"1"}');
insert into events values (58, 58, 2, 1779002800000, 10800, 88060000, 1, 1, '2', 'staff:Anna', NULL, '{"event":"finished","ticket":11,"desk":"2","outcome":"served","inferred":true}');
insert into events values (59, 58, 2, 1779002800000, 10800, 88060000, 1, 1, '2', 'staff:Anna', NULL, '{"event":"called","ticket":13,"desk":"2","by":"rule","turn":{"priority_run":0}}');
insert into events values (60, 60, 2, 1779002820000, 10800, 88080000, 1, 1, '2', 'staff:Anna', NULL, '{"event":"started","ticket":13,"desk":"2"}');
insert into events values (61, 61, 2, 1779002910000, 10800, 88170000, 1, 1, '3', 'staff:Anna', NULL, '{"event":"called","ticket":14,"desk":"3","by":"rule","turn":{"priority_run":0}}');
insert into events values (62, 62, 2, 1779002930000, 10800, 88190000, 1, 1, '3', 'staff:Anna', NULL, '{"event":"started","ticket":14,"desk":"3"}');
insert into events values (63, 63, 2, 1779003020000, 10800, 88280000, 1, 1, '3', 'staff:Anna', NULL, '{"event":"finished","ticket":14,"desk":"3","outcome":"served","inferred":false}');
insert into events values (64, 64, 2, 1779003020000, 10800, 88280000, 1, 1, '3', 'staff:Anna', NULL, '{"event":"called","ticket":15,"desk":"3","by":"rule","turn":{"priority_run":0}}');
insert into events values (65, 65, 2, 1779003020000, 10800, 88280000, 1, 1, '3', 'staff:Anna', NULL, '{"event":"no_show","ticket":15,"desk":"3","keep_ms":600000}');
insert into snapshots values (37, '{"seq":37,"last":{"wall_ms":1779002110000,"offset_s":10800,"mono_ms":87370000,"boot":1,"trusted":true},"next_ticket":9,"day":{"number":2,"date":"2026-05-17","opened":{"wall_ms":1779002110000,"offset_s":10800,"mono_ms":87370000,"boot":1,"trusted":true},"by":"rule","closing":null,"closed":null},"jump":null,"rules":{"classes":["mobility","appointment"],"priority_ratio":2,"keep_place_ms":600000,"requeue_after":2,"max_requeues":1,"delay_passes":3,"max_delays":2,"undo_ms":30000,"closing_tolerance_min":10,"serve_after_closing_ms":7200000,"day_turns_at":"04:00:00","clock_doubt_ms":10800000},"hours":{"week":[[],[],[],[],[],[],[]],"exceptions":{}},"services":{"P":{"service":{"id":"P","name":"Pick up an order","have_ready":"the order number or your ID","rank":2,"accent":"teal","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0},"next":1,"stopped":null},"Q":{"service":{"id":"Q","name":"Ask a question","have_ready":"","rank":3,"accent":"blue","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0},"next":1,"stopped":null},"R":{"service":{"id":"R","name":"Return or exchange","have_ready":"the item, the receipt or the card you paid with","rank":1,"accent":"rust","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0},"next":1,"stopped":null}},"desks":{"1":{"desk":{"id":"1","name":"Desk 1","profile":{"longest_wait":[]},"default_outcome":"served"},"phase":"closed","ticket":null,"turn":{"priority_run":0},"undo":null},"2":{"desk":{"id":"2","name":"Desk 2","profile":{"longest_wait":[]},"default_outcome":"served"},"phase":"closed","ticket":null,"turn":{"priority_run":0},"undo":null},"3":{"desk":{"id":"3","name":"Desk 3","profile":{"longest_wait":[]},"default_outcome":"served"},"phase":"closed","ticket":null,"turn":{"priority_run":0},"undo":null}},"tickets":{},"calls":[],"retired":{}}', '{"visits":{"P":[220000],"R":[220000,110000]},"seen":3}');
insert into visits values (1, 1, '2026-05-16', 'R001', X'00000000000000005A5A5A5A5A5A5A5A', 'R', NULL, 'api', 1778914800000, 1778915160000, 1778915180000, 1778915380000, '1', 'finished', 'served', 1, 360000, 200000, 0, 2, 0, 0, 0, 360000, NULL, 1, NULL, 0, 0, 120, 0, 0, 3, 0, NULL, NULL);
insert into visits values (2, 1, '2026-05-16', 'P001', X'9E3779B97F4A7C155A5A5A5A5A5A5A5A', 'P', NULL, 'api', 1778914840000, 1778915270000, 1778915290000, 1778915490000, '2', 'finished', 'served', 1, 430000, 200000, 1, 6, 0, 0, 0, 430000, NULL, 1, NULL, 86, 144, 350, 0, 0, 3, 0, NULL, NULL);
insert into visits values (3, 1, '2026-05-16', 'Q001', X'3C6EF372FE94F82A5A5A5A5A5A5A5A5A', 'Q', NULL, 'api', 1778914880000, 1778915380000, 1778915400000, 1778915710000, '1', 'day_closed', NULL, 0, 500000, NULL, 2, 8, 0, 0, 0, 500000, NULL, 1, NULL, 134, 223, 478, 0, 0, 3, 0, NULL, NULL);
insert into visits values (4, 1, '2026-05-16', 'R002', X'DAA66D2C7DDF743F5A5A5A5A5A5A5A5A', 'R', NULL, 'api', 1778914920000, 1778915490000, 1778915510000, 1778915710000, '2', 'day_closed', NULL, 0, 570000, NULL, 3, 15, 0, 0, 0, 570000, NULL, 1, NULL, 182, 304, 606, 80, 1, 3, 0, NULL, NULL);
insert into visits values (5, 1, '2026-05-16', 'R003', X'78DDE6E5FD29F0545A5A5A5A5A5A5A5A', 'R', NULL, 'api', 1778914960000, 1778915600000, 1778915620000, 1778915710000, '3', 'finished', 'served', 0, 640000, 90000, 3, 15, 0, 0, 0, 640000, NULL, 1, NULL, 230, 383, 734, 160, 2, 3, 0, NULL, NULL);
insert into visits values (6, 1, '2026-05-16', 'P002', X'1715609F7C746C695A5A5A5A5A5A5A5A', 'P', NULL, 'api', 1778915000000, 1778915710000, NULL, 1778915710000, '3', 'day_closed', NULL, 0, 710000, NULL, 4, 15, 0, 0, 0, 710000, NULL, 1, NULL, 278, 464, 862, 80, 1, 3, 0, NULL, NULL);
insert into visits values (7, 1, '2026-05-16', 'Q002', X'B54CDA58FBBEE87E5A5A5A5A5A5A5A5A', 'Q', NULL, 'api', 1778915040000, NULL, NULL, 1778915710000, NULL, 'day_closed', NULL, 0, NULL, NULL, 5, 20, 0, 0, 0, NULL, 670000, 1, NULL, 326, 544, 990, 80, 1, 3, 0, NULL, NULL);
insert into visits values (8, 1, '2026-05-16', 'Q003', X'538454127B0964935A5A5A5A5A5A5A5A', 'Q', NULL, 'api', 1778915080000, NULL, NULL, 1778915710000, NULL, 'day_closed', NULL, 0, NULL, NULL, 6, 20, 0, 0, 0, NULL, 630000, 1, NULL, 374, 624, 1118, 160, 2, 3, 0, NULL, NULL);
insert into visits values (9, 1, '2026-05-16', 'R004', X'F1BBCDCBFA53E0A85A5A5A5A5A5A5A5A', 'R', NULL, 'api', 1778915120000, NULL, NULL, 1778915160000, NULL, 'left', 'answered', 0, NULL, NULL, 7, 25, 0, 0, 0, NULL, 40000, 1, NULL, 422, 704, 1246, 240, 3, 3, 0, NULL, NULL);
insert into settings values ('applied.services', '[{"id":"R","name":"Return or exchange","have_ready":"the item, the receipt or the card you paid with","rank":1000,"accent":"rust","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0},{"id":"P","name":"Pick up an order","have_ready":"the order number or your ID","rank":1000,"accent":"teal","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0},{"id":"Q","name":"Ask a question","have_ready":"","rank":1000,"accent":"blue","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0}]');
insert into settings values ('applied.desks', '[{"id":"1","name":"Desk 1","profile":{"longest_wait":[]},"default_outcome":"served"},{"id":"2","name":"Desk 2","profile":{"longest_wait":[]},"default_outcome":"served"},{"id":"3","name":"Desk 3","profile":{"longest_wait":[]},"default_outcome":"served"}]');
