-- What was shown, read and looked for: a file of its own beside the ledger, synced in a relaxed way. A power cut may cost its last
-- seconds; it costs no ticket, and it wears the card little. Titles and versions are copied in, so that rows outlive their entry.
-- Nothing in here is personal, and nobody's number is in it: tickets are named by the ledger's own count.

-- What hung on a board, for how long, and before how many.
create table if not exists plays (
    at_ms     integer not null,         -- when it began, wall clock
    screen    text not null,            -- which board
    entry     text not null,
    version   integer not null,
    title     text not null,
    kind      text not null,
    language  text not null,
    shown_ms  integer not null check (shown_ms >= 0),   -- how long it really hung
    waiting   integer not null check (waiting >= 0),    -- tickets that waited then
    concerned integer not null check (concerned >= 0),  -- those of them it is for
    why       text not null             -- a sentence
) strict;
create index if not exists plays_by_time on plays (at_ms);

-- What became of an entry that somebody opened.
create table if not exists reads (
    at_ms    integer not null,
    entry    text not null,
    version  integer not null,
    title    text not null,
    place    text not null check (place in ('board', 'kiosk', 'phone', 'paper', 'desk')),
    what     text not null check (what in ('opened', 'helped', 'not_helped', 'answered', 'stayed', 'handed')),
    ticket   integer,                   -- TicketId, where there is one
    service  text
) strict;
create index if not exists reads_by_time on reads (at_ms);
create index if not exists reads_by_ticket on reads (ticket) where ticket is not null;

-- Searches, as words alone.
create table if not exists searches (
    at_ms    integer not null,
    words    text not null,
    language text not null,
    place    text not null check (place in ('board', 'kiosk', 'phone', 'paper', 'desk')),
    found    integer not null check (found in (0, 1)),  -- whether one of the entries was opened
    fits     integer not null check (fits in (0, 1))    -- whether any was likely enough to be the answer
) strict;
create index if not exists searches_by_time on searches (at_ms);

-- In which half-hours the answers were off, to measure what they do.
create table if not exists halves (
    begin_ms integer primary key,       -- wall clock
    answers  integer not null check (answers in (0, 1))
) strict;
