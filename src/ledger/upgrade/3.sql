-- Version 3 keeps what managers set for the paper.
create table papers (
    id      integer primary key,
    draft   integer not null check (draft in (0, 1)),
    wall_ms integer not null,
    actor   text not null,
    body    text not null check (json_valid(body)),
    logo    blob
) strict;
create unique index papers_draft on papers (draft) where draft = 1;
