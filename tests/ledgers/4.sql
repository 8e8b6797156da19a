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
CREATE TABLE papers (
    id      integer primary key,
    draft   integer not null check (draft in (0, 1)),       -- not live yet: there is one at most
    wall_ms integer not null,               -- when it was written
    actor   text not null,                  -- by whom: staff:NAME
    body    text not null check (json_valid(body)),         -- src/paper/parts.rs
    logo    blob                            -- PNG, made by the program out of what was uploaded
) strict;
CREATE UNIQUE INDEX papers_draft on papers (draft) where draft = 1;
CREATE TABLE entries (
    entry   text not null check (length(entry) between 1 and 60),   -- src/signage/entry.rs
    version integer not null check (version > 0),       -- 1, 2, 3…
    state   text not null check (state in ('draft', 'review', 'live', 'retired')),
    due_ms  integer not null,               -- live: shown from then on; else as wall_ms
    wall_ms integer not null,               -- when it was written
    actor   text not null,                  -- by whom: staff:NAME
    note    text not null,                  -- why, if they said so
    body    text not null check (json_valid(body)),     -- src/signage/entry.rs
    primary key (entry, version)
) strict, without rowid;
CREATE TABLE documents (
    id      integer primary key,
    name    text not null,
    wall_ms integer not null,
    actor   text not null,
    body    text not null check (json_valid(body))
) strict;
CREATE INDEX documents_by_name on documents (name, id);
CREATE TABLE notices (
    id       integer primary key,
    wall_ms  integer not null,              -- when it was sent
    actor    text not null,
    until_ms integer not null check (until_ms > wall_ms),
    body     text not null check (json_valid(body)),    -- src/signage/notice.rs
    ended_ms integer,                       -- when somebody took it back before its end
    ended_by text,
    check ((ended_ms is null) = (ended_by is null))
) strict;
CREATE TABLE images (
    id      text primary key check (length(id) = 32),   -- the first 16 bytes of the SHA-256 of its bytes, hexadecimal
    media   text not null check (media in ('image/png', 'image/jpeg')),
    width   integer not null check (width > 0),
    height  integer not null check (height > 0),
    wall_ms integer not null,
    actor   text not null,
    bytes   blob not null
) strict;
CREATE TABLE audit (
    id      integer primary key,
    wall_ms integer not null,
    actor   text not null,                  -- staff:NAME; who tried, at a login that failed
    action  text not null,                  -- entry published, staff removed, login failed…
    subject text not null                   -- what it was done to
) strict;
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
insert into events values (11, 11, 2, 1778914800000, 10800, 60000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":1,"number":"R001","key":"aaaaaaaaaaaaaws2ljnfuws2li","service":"R","n":1,"origin":"api","promise":{"from_min":0,"to_min":5,"learning":true,"forecast":{"low_s":0,"mid_s":34,"high_s":121,"naive_s":0,"ahead":0,"desks":3,"model":1,"inputs":{"queue_s":80,"rate_s":80,"oldest_s":80,"last_s":80,"step_s":80,"flow_s":240,"look_s":0}}},"place":[11,0]}');
insert into events values (12, 12, 2, 1778914840000, 10800, 100000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":2,"number":"P001","key":"ty3xtol7jj6bkws2ljnfuws2li","service":"P","n":1,"origin":"api","promise":{"from_min":0,"to_min":5,"learning":true,"forecast":{"low_s":0,"mid_s":51,"high_s":153,"naive_s":80,"ahead":1,"desks":3,"model":1,"inputs":{"queue_s":160,"rate_s":160,"oldest_s":40,"last_s":160,"step_s":160,"flow_s":480,"look_s":0}}},"place":[12,0]}');
insert into events values (13, 13, 2, 1778914880000, 10800, 140000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":3,"number":"Q001","key":"hrxpg4x6st4cuws2ljnfuws2li","service":"Q","n":1,"origin":"api","promise":{"from_min":0,"to_min":5,"learning":true,"forecast":{"low_s":0,"mid_s":70,"high_s":189,"naive_s":160,"ahead":2,"desks":3,"model":1,"inputs":{"queue_s":240,"rate_s":240,"oldest_s":80,"last_s":240,"step_s":240,"flow_s":856,"look_s":0}}},"place":[13,0]}');
insert into events values (14, 14, 2, 1778914920000, 10800, 180000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":4,"number":"R002","key":"3ktg2ld5352d6ws2ljnfuws2li","service":"R","n":2,"origin":"api","promise":{"from_min":1,"to_min":8,"learning":true,"forecast":{"low_s":63,"mid_s":214,"high_s":465,"naive_s":240,"ahead":3,"desks":3,"model":1,"inputs":{"queue_s":320,"rate_s":320,"oldest_s":120,"last_s":320,"step_s":320,"flow_s":1326,"look_s":110}}},"place":[14,0]}');
insert into events values (15, 15, 2, 1778914960000, 10800, 220000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":5,"number":"R003","key":"pdo6nzp5fhyfiws2ljnfuws2li","service":"R","n":3,"origin":"api","promise":{"from_min":1,"to_min":15,"learning":true,"forecast":{"low_s":112,"mid_s":324,"high_s":675,"naive_s":320,"ahead":4,"desks":3,"model":1,"inputs":{"queue_s":400,"rate_s":400,"oldest_s":160,"last_s":400,"step_s":400,"flow_s":1890,"look_s":192}}},"place":[15,0]}');
insert into events values (16, 16, 2, 1778915000000, 10800, 260000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":6,"number":"P002","key":"c4kwbh34orwgsws2ljnfuws2li","service":"P","n":2,"origin":"api","promise":{"from_min":2,"to_min":15,"learning":true,"forecast":{"low_s":154,"mid_s":415,"high_s":850,"naive_s":400,"ahead":5,"desks":3,"model":1,"inputs":{"queue_s":480,"rate_s":480,"oldest_s":200,"last_s":480,"step_s":480,"flow_s":2546,"look_s":253}}},"place":[16,0]}');
insert into events values (17, 17, 2, 1778915040000, 10800, 300000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":7,"number":"Q002","key":"wvgnuwh3x3uh4ws2ljnfuws2li","service":"Q","n":2,"origin":"api","promise":{"from_min":3,"to_min":20,"learning":true,"forecast":{"low_s":205,"mid_s":530,"high_s":1071,"naive_s":480,"ahead":6,"desks":3,"model":1,"inputs":{"queue_s":560,"rate_s":560,"oldest_s":240,"last_s":560,"step_s":560,"flow_s":3298,"look_s":338}}},"place":[17,0]}');
insert into events values (18, 18, 2, 1778915080000, 10800, 340000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":8,"number":"Q003","key":"kocfiet3bfsjgws2ljnfuws2li","service":"Q","n":3,"origin":"api","promise":{"from_min":4,"to_min":25,"learning":true,"forecast":{"low_s":257,"mid_s":645,"high_s":1290,"naive_s":560,"ahead":7,"desks":3,"model":1,"inputs":{"queue_s":640,"rate_s":640,"oldest_s":280,"last_s":640,"step_s":640,"flow_s":4129,"look_s":421}}},"place":[18,0]}');
insert into events values (19, 19, 2, 1778915120000, 10800, 380000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":9,"number":"R004","key":"6g543s72kpqkqws2ljnfuws2li","service":"R","n":4,"origin":"api","promise":{"from_min":5,"to_min":30,"learning":true,"forecast":{"low_s":327,"mid_s":801,"high_s":1589,"naive_s":640,"ahead":8,"desks":3,"model":1,"inputs":{"queue_s":720,"rate_s":720,"oldest_s":320,"last_s":720,"step_s":720,"flow_s":5050,"look_s":550}}},"place":[19,0]}');
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
insert into events values (41, 41, 2, 1779002110000, 10800, 87370000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":10,"number":"R001","key":"r7zupblztzol2ws2ljnfuws2li","service":"R","n":1,"origin":"api","promise":{"from_min":1,"to_min":15,"learning":true,"forecast":{"low_s":63,"mid_s":195,"high_s":852,"naive_s":0,"ahead":0,"desks":3,"model":1,"inputs":{"queue_s":73,"rate_s":140,"oldest_s":140,"last_s":640,"step_s":128,"flow_s":162,"look_s":0}}},"place":[41,0]}');
insert into events values (42, 42, 2, 1779002150000, 10800, 87410000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":11,"number":"P001","key":"fyvmcpxy5dmnews2ljnfuws2li","service":"P","n":1,"origin":"api","promise":{"from_min":1,"to_min":20,"learning":true,"forecast":{"low_s":89,"mid_s":250,"high_s":1012,"naive_s":73,"ahead":1,"desks":3,"model":1,"inputs":{"queue_s":152,"rate_s":279,"oldest_s":40,"last_s":710,"step_s":237,"flow_s":325,"look_s":0}}},"place":[42,0]}');
insert into events values (43, 43, 2, 1779002190000, 10800, 87450000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":12,"number":"Q001","key":"zrrdv6dygnkoows2ljnfuws2li","service":"Q","n":1,"origin":"api","promise":{"from_min":2,"to_min":15,"learning":true,"forecast":{"low_s":124,"mid_s":330,"high_s":805,"naive_s":255,"ahead":2,"desks":3,"model":1,"inputs":{"queue_s":279,"rate_s":419,"oldest_s":80,"last_s":500,"step_s":500,"flow_s":513,"look_s":0}}},"place":[43,0]}');
insert into events values (44, 44, 2, 1779002230000, 10800, 87490000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":13,"number":"R002","key":"nkm3jmpxpxipyws2ljnfuws2li","service":"R","n":2,"origin":"api","promise":{"from_min":5,"to_min":30,"learning":true,"forecast":{"low_s":314,"mid_s":732,"high_s":1731,"naive_s":165,"ahead":3,"desks":3,"model":1,"inputs":{"queue_s":352,"rate_s":559,"oldest_s":120,"last_s":640,"step_s":512,"flow_s":718,"look_s":127}}},"place":[44,0]}');
insert into events values (45, 45, 2, 1779002270000, 10800, 87530000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":14,"number":"R003","key":"bdis423wzbgrcws2ljnfuws2li","service":"R","n":3,"origin":"api","promise":{"from_min":7,"to_min":40,"learning":true,"forecast":{"low_s":428,"mid_s":990,"high_s":2358,"naive_s":220,"ahead":4,"desks":3,"model":1,"inputs":{"queue_s":425,"rate_s":698,"oldest_s":160,"last_s":640,"step_s":640,"flow_s":943,"look_s":199}}},"place":[45,0]}');
insert into events values (46, 46, 2, 1779002310000, 10800, 87570000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":15,"number":"P002","key":"u4ekqjhwclesmws2ljnfuws2li","service":"P","n":2,"origin":"api","promise":{"from_min":8,"to_min":50,"learning":true,"forecast":{"low_s":538,"mid_s":1230,"high_s":2849,"naive_s":367,"ahead":5,"desks":3,"model":1,"inputs":{"queue_s":504,"rate_s":838,"oldest_s":200,"last_s":710,"step_s":710,"flow_s":1185,"look_s":259}}},"place":[46,0]}');
insert into events values (47, 47, 2, 1779002350000, 10800, 87610000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":16,"number":"Q002","key":"ivacdxtvlvctwws2ljnfuws2li","service":"Q","n":2,"origin":"api","promise":{"from_min":10,"to_min":70,"learning":true,"forecast":{"low_s":690,"mid_s":1562,"high_s":3604,"naive_s":766,"ahead":6,"desks":3,"model":1,"inputs":{"queue_s":632,"rate_s":978,"oldest_s":240,"last_s":500,"step_s":1167,"flow_s":1446,"look_s":354}}},"place":[47,0]}');
insert into events values (48, 48, 2, 1779002390000, 10800, 87650000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":17,"number":"Q003","key":"4n3zxf7uu7avaws2ljnfuws2li","service":"Q","n":3,"origin":"api","promise":{"from_min":10,"to_min":80,"learning":true,"forecast":{"low_s":829,"mid_s":1862,"high_s":4281,"naive_s":894,"ahead":7,"desks":3,"model":1,"inputs":{"queue_s":759,"rate_s":1117,"oldest_s":280,"last_s":500,"step_s":1333,"flow_s":1725,"look_s":429}}},"place":[48,0]}');
insert into events values (49, 49, 2, 1779002430000, 10800, 87690000, 1, 1, NULL, 'staff:Anna', NULL, '{"event":"issued","ticket":18,"number":"R004","key":"qgxrkult6i6wkws2ljnfuws2li","service":"R","n":4,"origin":"api","promise":{"from_min":15,"to_min":90,"learning":true,"forecast":{"low_s":949,"mid_s":2111,"high_s":4943,"naive_s":440,"ahead":8,"desks":3,"model":1,"inputs":{"queue_s":832,"rate_s":1257,"oldest_s":320,"last_s":640,"step_s":1152,"flow_s":2023,"look_s":531}}},"place":[49,0]}');
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
insert into snapshots values (37, '{"seq":37,"last":{"wall_ms":1779002110000,"offset_s":10800,"mono_ms":87370000,"boot":1,"trusted":true},"next_ticket":9,"day":{"number":2,"date":"2026-05-17","opened":{"wall_ms":1779002110000,"offset_s":10800,"mono_ms":87370000,"boot":1,"trusted":true},"by":"rule","closing":null,"closed":null},"jump":null,"rules":{"classes":["mobility","appointment"],"priority_ratio":2,"keep_place_ms":600000,"requeue_after":2,"max_requeues":1,"delay_passes":3,"max_delays":2,"undo_ms":30000,"closing_tolerance_min":10,"serve_after_closing_ms":7200000,"day_turns_at":"04:00:00","clock_doubt_ms":10800000},"hours":{"week":[[],[],[],[],[],[],[]],"exceptions":{}},"services":{"P":{"service":{"id":"P","name":"Pick up an order","have_ready":"the order number or your ID","rank":2,"accent":"teal","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0},"next":1,"stopped":null},"Q":{"service":{"id":"Q","name":"Ask a question","have_ready":"","rank":3,"accent":"blue","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0},"next":1,"stopped":null},"R":{"service":{"id":"R","name":"Return or exchange","have_ready":"the item, the receipt or the card you paid with","rank":1,"accent":"rust","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0},"next":1,"stopped":null}},"desks":{"1":{"desk":{"id":"1","name":"Desk 1","profile":{"longest_wait":[]},"default_outcome":"served"},"phase":"closed","ticket":null,"turn":{"priority_run":0},"undo":null},"2":{"desk":{"id":"2","name":"Desk 2","profile":{"longest_wait":[]},"default_outcome":"served"},"phase":"closed","ticket":null,"turn":{"priority_run":0},"undo":null},"3":{"desk":{"id":"3","name":"Desk 3","profile":{"longest_wait":[]},"default_outcome":"served"},"phase":"closed","ticket":null,"turn":{"priority_run":0},"undo":null}},"tickets":{},"calls":[],"retired":{}}', '{"model":{"blend":{"start":[0.1,0.1,0.05,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.15,0.6],"weights":[0.15482097927655203,0.15482097927655236,0.09277899931566716,-0.005126420381981326,0.0027492264055503177,-0.036725215512404576,0.010418234639824449,0.009483085841370694,0.0,0.0548209792765524,0.0548209792765524,0.15084448321366545,0.4887858489241128],"products":[198.28362201703897,198.28362201703897,176.14621356623817,-5.0787459910482955,2.502425176379619,11.805126960241926,11.324938004880114,10.308402811158954,0.0,198.28362201703897,198.28362201703897,239.66427046360107,166.0546177615483,198.28362201703897,198.28362201703897,176.14621356623817,-5.0787459910482955,2.502425176379619,11.805126960241926,11.324938004880114,10.308402811158954,0.0,198.28362201703897,198.28362201703897,239.66427046360107,166.0546177615483,176.14621356623817,176.14621356623817,156.84496223250818,-4.523669411450212,2.2294393811579547,10.33140991183564,10.084891226697108,9.179663590804553,0.0,176.14621356623817,176.14621356623817,212.78966073309243,147.60707171741362,-5.0787459910482955,-5.0787459910482955,-4.523669411450212,0.13112203860852858,-0.06466188727096894,-0.29022283188664233,-0.29213773280652544,-0.2659152239783294,0.0,-5.0787459910482955,-5.0787459910482955,-6.1237335891215485,-4.233892582327007,2.502425176379619,2.502425176379619,2.2294393811579547,-0.06466188727096894,0.03189049324843734,0.14236836131483208,0.14405228293054384,0.13112203860852858,0.0,2.502425176379619,2.502425176379619,3.016499540134262,2.0849326188704826,11.805126960241926,11.805126960241926,10.33140991183564,-0.29022283188664233,0.14236836131483208,0.8463528215265327,0.6500077345630714,0.5916625376101525,0.0,11.805126960241926,11.805126960241926,14.43954330173942,10.08807383103553,11.324938004880114,11.324938004880114,10.084891226697108,-0.29213773280652544,0.14405228293054384,0.6500077345630714,0.6509382912136463,0.5925095667761046,0.0,11.324938004880114,11.324938004880114,13.658817278897589,9.446533737742957,10.308402811158954,10.308402811158954,9.179663590804553,-0.2659152239783294,0.13112203860852858,0.5916625376101525,0.5925095667761046,0.5393254498312837,0.0,10.308402811158954,10.308402811158954,12.432791276581025,8.598605563747476,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,198.28362201703897,198.28362201703897,176.14621356623817,-5.0787459910482955,2.502425176379619,11.805126960241926,11.324938004880114,10.308402811158954,0.0,198.28362201703897,198.28362201703897,239.66427046360107,166.0546177615483,198.28362201703897,198.28362201703897,176.14621356623817,-5.0787459910482955,2.502425176379619,11.805126960241926,11.324938004880114,10.308402811158954,0.0,198.28362201703897,198.28362201703897,239.66427046360107,166.0546177615483,239.66427046360107,239.66427046360107,212.78966073309243,-6.1237335891215485,3.016499540134262,14.43954330173942,13.658817278897589,12.432791276581025,0.0,239.66427046360107,239.66427046360107,289.9085124203508,201.06594860764855,166.0546177615483,166.0546177615483,147.60707171741362,-4.233892582327007,2.0849326188704826,10.08807383103553,9.446533737742957,8.598605563747476,0.0,166.0546177615483,166.0546177615483,201.06594860764855,140.11867543647756],"surprises":[32.89457408464242,32.89457408464242,29.198092854889452,-0.8680232259386751,0.42921837258679046,1.6837273881321642,1.9286765670459713,1.7555570668012284,0.0,32.89457408464242,32.89457408464242,39.315552278848294,26.483829728930264]},"ranges":{"by_length":[[-0.046944773814389947,0.42250296432950946],[-0.02245158387980336,-0.02245158387980336],[0.0,0.0]],"shared":[-0.03469817884709665,0.20002569022485303],"by_service":{"P":[-0.0057413312055211085,0.02381313894388088],"Q":[-0.0029117762380927274,0.026205986142834543],"R":[-0.00869598197993449,0.049993720025711105]},"calls":6.0,"middles":[34.4041198033693,50.977350044442645,69.9887369811996,214.31792179427202,323.7233404909275,415.2807050269609],"cuts":[300.0,900.0]},"simple_ranges":{"by_length":[[-0.046944773814389947,0.42250296432950946],[-0.02245158387980336,-0.02245158387980336],[0.0,0.0]],"shared":[-0.03469817884709665,0.20002569022485303],"by_service":{"P":[-0.0057413312055211085,0.02381313894388088],"Q":[-0.0029117762380927274,0.026205986142834543],"R":[-0.00869598197993449,0.049993720025711105]},"calls":6.0,"middles":[1.0,80.0,160.0,240.0,320.0,400.0],"cuts":[300.0,900.0]},"services":{"P":{"pace":{"visits":[220.0],"logs":[1.0,5.393627546352362,29.091218108771],"desk_s":2718.592773468173,"calls":5.979034965020992,"since_call_s":0.0,"recent":[1080.0,330.0,330.0,330.0,330.0,330.0],"flow":[[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[6.0,910.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0]],"flow_all":[6.0,910.0],"today":[0.0,0.0],"last_wait_s":710.0,"last_step_s":355.0,"misses":[0.80077784475231,0.3548213752894087],"came":[0.999,1.0],"left":[0.0,1139.57]},"corrections":{"start":[0.0,0.0,0.0,0.0,0.0,0.0],"weights":[-0.0014549241121227005,0.0007182504641514504,0.003094654377745906,0.003238153800613997,0.002947494611169638,0.0],"products":[0.04347355416666667,-0.021379713198302473,-0.10934577643612484,-0.09712886174729192,-0.0884105,0.0,-0.021379713198302473,0.010515598500932359,0.053498155763753996,0.04776058083957871,0.04347355416666667,0.0,-0.10934577643612484,0.053498155763753996,0.3320904693112889,0.2455583383466426,0.2235168319884192,0.0,-0.09712886174729192,0.04776058083957871,0.2455583383466426,0.2170335621333185,0.1975524617482995,0.0,-0.0884105,0.04347355416666667,0.2235168319884192,0.1975524617482995,0.17981999999999998,0.0,0.0,0.0,0.0,0.0,0.0,0.0],"surprises":[-0.2192307185804031,0.10822458079139968,0.46687734709283313,0.4879436803316606,0.44414547822254347,0.0]},"compared":{"blend":672.9838996286853,"simple":659.3,"count":1.998,"method":null}},"Q":{"pace":{"visits":[],"logs":[0.0,0.0,0.0],"desk_s":2718.592773468173,"calls":5.979034965020992,"since_call_s":0.0,"recent":[1080.0,330.0,330.0,330.0,330.0,330.0],"flow":[[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[6.0,910.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0]],"flow_all":[6.0,910.0],"today":[0.0,0.0],"last_wait_s":500.0,"last_step_s":500.0,"misses":[0.6241543090729937],"came":[0.0,0.0],"left":[0.0,500.0]},"corrections":{"start":[0.0,0.0,0.0,0.0,0.0,0.0],"weights":[-0.000986687702248102,0.0004878622527782282,0.00219233373323757,0.0021923337332375704,0.001995548161850094,0.0],"products":[0.02200277777777778,-0.010879151234567903,-0.04888824684573088,-0.048888246845730884,-0.044500000000000005,0.0,-0.010879151234567903,0.005379135888203018,0.024172522051500268,0.02417252205150027,0.022002777777777777,0.0,-0.04888824684573088,0.024172522051500268,0.10862540647313235,0.10862540647313236,0.09887510598012986,0.0,-0.048888246845730884,0.02417252205150027,0.10862540647313236,0.10862540647313239,0.09887510598012987,0.0,-0.044500000000000005,0.022002777777777777,0.09887510598012986,0.09887510598012987,0.09,0.0,0.0,0.0,0.0,0.0,0.0,0.0],"surprises":[-0.14833333333333334,0.0733425925925926,0.32958368660043286,0.3295836866004329,0.3,0.0]},"compared":{"blend":430.0112630188004,"simple":340.0,"count":1.0,"method":null}},"R":{"pace":{"visits":[220.0,110.0],"logs":[1.999,10.088714284598426,51.156642559862235],"desk_s":2718.592773468173,"calls":5.979034965020992,"since_call_s":0.0,"recent":[1080.0,330.0,330.0,330.0,330.0,330.0],"flow":[[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[6.0,910.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0],[0.0,0.0]],"flow_all":[6.0,910.0],"today":[0.0,0.0],"last_wait_s":640.0,"last_step_s":384.0,"misses":[1.0,0.5055485666651469,0.4198538455602634],"came":[1.999,0.0],"left":[0.997002999,1608.5904799599998]},"corrections":{"start":[0.0,0.0,0.0,0.0,0.0,0.0],"weights":[-0.0023853059197149777,0.001179427818124698,0.004202566472383527,0.005300319316476776,0.004824558555505109,0.0],"products":[0.06563393861111111,-0.03239701748070988,-0.13203610657569645,-0.1460953078157302,-0.13298168,0.0,-0.03239701748070988,0.015992696349654924,0.06472104332153104,0.072106251511855,0.06563393861111111,0.0,-0.13203610657569645,0.06472104332153104,0.4057432942987525,0.29592920603199546,0.2693663716348576,0.0,-0.1460953078157302,0.072106251511855,0.29592920603199546,0.32522490148218425,0.2960324628049328,0.0,-0.13298168,0.06563393861111111,0.2693663716348576,0.2960324628049328,0.26946035999999995,0.0,0.0,0.0,0.0,0.0,0.0,0.0],"surprises":[-0.35996147512186183,0.17798114717174962,0.6353495074479634,0.799877107531113,0.7280795197556319,0.0]},"compared":{"blend":995.5421726177539,"simple":1006.9054359999999,"count":2.994004,"method":null}}},"waits":6,"between":[0.0,2.9701]},"last":{"wall_ms":1779002110000,"offset_s":10800,"mono_ms":87370000,"boot":1,"trusted":true},"stood":{"P":{"waiting":false,"desks":0},"Q":{"waiting":false,"desks":0},"R":{"waiting":false,"desks":0}},"freed":{},"promised":{}}');
insert into visits values (1, 1, '2026-05-16', 'R001', X'00000000000000005A5A5A5A5A5A5A5A', 'R', NULL, 'api', 1778914800000, 1778915160000, 1778915180000, 1778915380000, '1', 'finished', 'served', 1, 360000, 200000, 0, 5, 0, 0, 0, 360000, NULL, 1, NULL, 0, 34, 121, 0, 0, 3, 1, NULL, NULL);
insert into visits values (2, 1, '2026-05-16', 'P001', X'9E3779B97F4A7C155A5A5A5A5A5A5A5A', 'P', NULL, 'api', 1778914840000, 1778915270000, 1778915290000, 1778915490000, '2', 'finished', 'served', 1, 430000, 200000, 0, 5, 0, 0, 0, 430000, NULL, 1, NULL, 0, 51, 153, 80, 1, 3, 1, NULL, NULL);
insert into visits values (3, 1, '2026-05-16', 'Q001', X'3C6EF372FE94F82A5A5A5A5A5A5A5A5A', 'Q', NULL, 'api', 1778914880000, 1778915380000, 1778915400000, 1778915710000, '1', 'day_closed', NULL, 0, 500000, NULL, 0, 5, 0, 0, 0, 500000, NULL, 1, NULL, 0, 70, 189, 160, 2, 3, 1, NULL, NULL);
insert into visits values (4, 1, '2026-05-16', 'R002', X'DAA66D2C7DDF743F5A5A5A5A5A5A5A5A', 'R', NULL, 'api', 1778914920000, 1778915490000, 1778915510000, 1778915710000, '2', 'day_closed', NULL, 0, 570000, NULL, 1, 8, 0, 0, 0, 570000, NULL, 1, NULL, 63, 214, 465, 240, 3, 3, 1, NULL, NULL);
insert into visits values (5, 1, '2026-05-16', 'R003', X'78DDE6E5FD29F0545A5A5A5A5A5A5A5A', 'R', NULL, 'api', 1778914960000, 1778915600000, 1778915620000, 1778915710000, '3', 'finished', 'served', 0, 640000, 90000, 1, 15, 0, 0, 0, 640000, NULL, 1, NULL, 112, 324, 675, 320, 4, 3, 1, NULL, NULL);
insert into visits values (6, 1, '2026-05-16', 'P002', X'1715609F7C746C695A5A5A5A5A5A5A5A', 'P', NULL, 'api', 1778915000000, 1778915710000, NULL, 1778915710000, '3', 'day_closed', NULL, 0, 710000, NULL, 2, 15, 0, 0, 0, 710000, NULL, 1, NULL, 154, 415, 850, 400, 5, 3, 1, NULL, NULL);
insert into visits values (7, 1, '2026-05-16', 'Q002', X'B54CDA58FBBEE87E5A5A5A5A5A5A5A5A', 'Q', NULL, 'api', 1778915040000, NULL, NULL, 1778915710000, NULL, 'day_closed', NULL, 0, NULL, NULL, 3, 20, 0, 0, 0, NULL, 670000, 1, NULL, 205, 530, 1071, 480, 6, 3, 1, NULL, NULL);
insert into visits values (8, 1, '2026-05-16', 'Q003', X'538454127B0964935A5A5A5A5A5A5A5A', 'Q', NULL, 'api', 1778915080000, NULL, NULL, 1778915710000, NULL, 'day_closed', NULL, 0, NULL, NULL, 4, 25, 0, 0, 0, NULL, 630000, 1, NULL, 257, 645, 1290, 560, 7, 3, 1, NULL, NULL);
insert into visits values (9, 1, '2026-05-16', 'R004', X'F1BBCDCBFA53E0A85A5A5A5A5A5A5A5A', 'R', NULL, 'api', 1778915120000, NULL, NULL, 1778915160000, NULL, 'left', 'answered', 0, NULL, NULL, 5, 30, 0, 0, 0, NULL, 40000, 1, NULL, 327, 801, 1589, 640, 8, 3, 1, NULL, NULL);
insert into settings values ('applied.services', '[{"id":"R","name":"Return or exchange","have_ready":"the item, the receipt or the card you paid with","rank":1000,"accent":"rust","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0},{"id":"P","name":"Pick up an order","have_ready":"the order number or your ID","rank":1000,"accent":"teal","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0},{"id":"Q","name":"Ask a question","have_ready":"","rank":1000,"accent":"blue","first":1,"last":999,"digits":3,"max_waiting":null,"typical_min":4.0}]');
insert into settings values ('applied.desks', '[{"id":"1","name":"Desk 1","profile":{"longest_wait":[]},"default_outcome":"served"},{"id":"2","name":"Desk 2","profile":{"longest_wait":[]},"default_outcome":"served"},{"id":"3","name":"Desk 3","profile":{"longest_wait":[]},"default_outcome":"served"}]');
