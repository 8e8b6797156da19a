-- Version 4 keeps what customers can read, and what staff did that no event knows of.
create table entries (
    entry   text not null check (length(entry) between 1 and 60),
    version integer not null check (version > 0),
    state   text not null check (state in ('draft', 'review', 'live', 'retired')),
    due_ms  integer not null,
    wall_ms integer not null,
    actor   text not null,
    note    text not null,
    body    text not null check (json_valid(body)),
    primary key (entry, version)
) strict, without rowid;
create table documents (
    id      integer primary key,
    name    text not null,
    wall_ms integer not null,
    actor   text not null,
    body    text not null check (json_valid(body))
) strict;
create index documents_by_name on documents (name, id);
create table notices (
    id       integer primary key,
    wall_ms  integer not null,
    actor    text not null,
    until_ms integer not null check (until_ms > wall_ms),
    body     text not null check (json_valid(body)),
    ended_ms integer,
    ended_by text,
    check ((ended_ms is null) = (ended_by is null))
) strict;
create table images (
    id      text primary key check (length(id) = 32),
    media   text not null check (media in ('image/png', 'image/jpeg')),
    width   integer not null check (width > 0),
    height  integer not null check (height > 0),
    wall_ms integer not null,
    actor   text not null,
    bytes   blob not null
) strict;
create table audit (
    id      integer primary key,
    wall_ms integer not null,
    actor   text not null,
    action  text not null,
    subject text not null
) strict;
