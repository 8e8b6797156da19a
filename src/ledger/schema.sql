-- The ledger of one branch. This file is the schema as it is today; upgrade.rs leads older ledgers here, and a test compares.
--
-- pragma application_id = 0x4e6f7753 ("NowS"); pragma user_version = the schema's version.
-- Journal: WAL, synchronous = FULL: a commit that has returned survives a power cut. secure_delete = on: what is deleted is
-- overwritten with zeroes.
--
-- Times: wall_ms is milliseconds since 1970-01-01 UTC by the wall clock, which may be wrong; mono_ms is milliseconds since the
-- machine started, which is right but only within one boot.

-- Every start of the machine that wrote here. A wait may be taken from the monotonic clock only within one of them.
create table boots (
    id      integer primary key,
    name    text not null unique,       -- the kernel's boot id
    wall_ms integer not null            -- the wall clock when it was first seen
) strict;

-- What happened, in order, for ever. Nothing in here is personal; rows are never changed.
create table events (
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

-- The state after an event, so that a start need not read the years before it. Only the newest is used; any can be rebuilt.
create table snapshots (
    seq       integer primary key references events,
    body      text not null check (json_valid(body)),       -- src/queue/state.rs
    estimator text check (json_valid(estimator))            -- src/estimate; null or of another version: learned again
) strict;

-- Every ticket of a closed business day, written in the transaction that closes the day. For history and statistics.
create table visits (
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

-- What a customer chose to tell the desk. Nothing else in the ledger is personal; these rows are erased in time.
create table personal (
    ticket         integer primary key,
    name           text,
    question       text,
    erase_after_ms integer not null         -- wall_ms
) strict;
create index personal_by_time on personal (erase_after_ms);

-- Paper: each row is one ticket, copy or voucher that should come out of a printer once.
create table prints (
    id      integer primary key,
    ticket  integer not null,
    copy    integer not null check (copy in (0, 1)),
    state   text not null check (state in ('queued', 'sending', 'sent', 'confirmed', 'unknown')),
    detail  text,                           -- why it is unknown
    wall_ms integer not null,               -- of the last change
    voucher integer not null default 0 check (voucher in (0, 1))    -- the voucher of the ticket's courtesy
) strict;
create index prints_open on prints (state) where state not in ('confirmed', 'unknown');

-- What stands on a ticket, as managers set it. The newest row that is no draft is what is printed; those before it are what it
-- was. Without a row it is as the program has it.
create table papers (
    id      integer primary key,
    draft   integer not null check (draft in (0, 1)),       -- not live yet: there is one at most
    wall_ms integer not null,               -- when it was written
    actor   text not null,                  -- by whom: staff:NAME
    body    text not null check (json_valid(body)),         -- src/paper/parts.rs
    logo    blob                            -- PNG, made by the program out of what was uploaded
) strict;
create unique index papers_draft on papers (draft) where draft = 1;

-- What customers can read. Every save, review, publication and retirement is a row of its own, with what the entry then said:
-- nothing is ever changed. The version that is shown is the newest with state live whose time has come, unless it was retired
-- after that.
create table entries (
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

-- Other things that managers set as a whole, each the newest row of its name; those before it are what it was. order: entries
-- as the manager ordered them; fields: what {braces} stand for; playlists; wall: how the board chooses.
create table documents (
    id      integer primary key,
    name    text not null,
    wall_ms integer not null,
    actor   text not null,
    body    text not null check (json_valid(body))
) strict;
create index documents_by_name on documents (name, id);

-- Broadcasts, each with its end.
create table notices (
    id       integer primary key,
    wall_ms  integer not null,              -- when it was sent
    actor    text not null,
    until_ms integer not null check (until_ms > wall_ms),
    body     text not null check (json_valid(body)),    -- src/signage/notice.rs
    ended_ms integer,                       -- when somebody took it back before its end
    ended_by text,
    check ((ended_ms is null) = (ended_by is null))
) strict;

-- Pictures, made by the program out of what was uploaded.
create table images (
    id      text primary key check (length(id) = 32),   -- the first 16 bytes of the SHA-256 of its bytes, hexadecimal
    media   text not null check (media in ('image/png', 'image/jpeg')),
    width   integer not null check (width > 0),
    height  integer not null check (height > 0),
    wall_ms integer not null,
    actor   text not null,
    bytes   blob not null
) strict;

-- What staff did that no event knows of: logins, accounts, devices, entries, notices. Rows are never changed.
create table audit (
    id      integer primary key,
    wall_ms integer not null,
    actor   text not null,                  -- staff:NAME; who tried, at a login that failed
    action  text not null,                  -- entry published, staff removed, login failed…
    subject text not null                   -- what it was done to
) strict;

-- People who may log in.
create table staff (
    name    text primary key check (length(name) between 1 and 40),
    role    text not null check (role in ('desk', 'editor', 'manager')),
    secret  text not null                   -- argon2id, PHC string: a PIN for desk, a password for the others
) strict;

-- Who is logged in. Only a hash of the cookie is kept.
create table sessions (
    token      blob primary key check (length(token) = 32),     -- SHA-256
    staff      text not null references staff on delete cascade on update cascade,
    expires_ms integer not null
) strict;

-- Screens, buttons and programs that may speak for the branch. Only a hash of the token is kept.
create table devices (
    name  text primary key check (length(name) between 1 and 40),
    token blob not null unique check (length(token) = 32)       -- SHA-256
) strict;

-- Single values: the seed of the code of the day, the one-time code of the first login, what was taken from the settings file.
create table settings (
    name  text primary key,
    value text not null
) strict;

-- Tickets of the system that was here before, taken over by `nowserving import`. No event knows them and no export repeats
-- them: they teach the estimator, and nothing else.
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
