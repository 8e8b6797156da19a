//! All content out of a ledger into one file, and back: see [`crate::signage::bundle`].

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Serialize;

use super::{By, Entries, EntryRow, EntryState, Fault, IMAGES_ROOM, Images};
use crate::signage::bundle::{Bundle, FORMAT, FileEntry, FileImage, Standing};
use crate::signage::{Entry, EntryId, Playlist};

/// What becomes of the entries of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum As {
    /// What the file says.
    #[default]
    InTheFile,
    /// All are shown at once.
    Live,
    /// None is shown before somebody publishes it.
    Draft,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Entries that were not there before.
    pub new: Vec<EntryId>,
    /// Entries that got a new version.
    pub changed: Vec<EntryId>,
    /// Entries that were the same already.
    pub same: u64,
    /// Pictures that were not there before.
    pub images: u64,
    /// Names in braces that were not there before.
    pub fields: Vec<String>,
    /// Names in braces that the branch has otherwise, and keeps.
    pub fields_kept: Vec<String>,
    /// Playlists that are new or changed.
    pub playlists: Vec<String>,
    /// Services that entries are for and that this branch does not have.
    pub unknown_services: Vec<String>,
}

impl Taken {
    /// Whether nothing was changed, or would be.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        let Self { new, changed, same: _, images, fields, fields_kept: _, playlists, unknown_services: _ } = self;
        new.is_empty() && changed.is_empty() && *images == 0 && fields.is_empty() && playlists.is_empty()
    }
}

/// Why a file was not taken in. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// What is wrong with the file, in a sentence.
    #[error("{0}")]
    File(String),
    /// The disk.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<rusqlite::Error> for NotTaken {
    fn from(error: rusqlite::Error) -> Self {
        Self::Fault(error.into())
    }
}

fn standing(state: EntryState) -> Standing {
    match state {
        EntryState::Draft => Standing::Draft,
        EntryState::Review => Standing::Review,
        EntryState::Live => Standing::Live,
        EntryState::Retired => Standing::Retired,
    }
}

fn state(standing: Standing) -> EntryState {
    match standing {
        Standing::Draft => EntryState::Draft,
        Standing::Review => EntryState::Review,
        Standing::Live => EntryState::Live,
        Standing::Retired => EntryState::Retired,
    }
}

/// All content of a branch as it stands at `now_ms`: every entry, what is shown of it, behind that what will be shown at a
/// time, and a newer draft; fields, playlists and the pictures of those entries. Neither notices nor what was shown and read.
///
/// # Errors
/// A [`Fault`] of the disk.
pub fn pack(connection: &Connection, now_ms: i64) -> Result<Bundle, Fault> {
    let entries = Entries(connection);
    let live: BTreeMap<EntryId, EntryRow> = entries.live(now_ms)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let mut bundle = Bundle { format: FORMAT.into(), ..Bundle::default() };
    let mut scheduled: BTreeMap<EntryId, Vec<EntryRow>> = BTreeMap::new();
    for row in entries.scheduled(now_ms)? {
        scheduled.entry(row.id.clone()).or_default().push(row);
    }
    for newest in entries.newest()? {
        let mut rows: BTreeMap<u32, &EntryRow> = live.get(&newest.id).map(|row| (row.version, row)).into_iter().collect();
        rows.extend(scheduled.get(&newest.id).into_iter().flatten().map(|row| (row.version, row)));
        rows.insert(newest.version, &newest);
        for row in rows.into_values() {
            let live_from_ms = Some(row.due_ms).filter(|due| row.state == EntryState::Live && *due > now_ms);
            let (id, state) = (row.id.clone(), standing(row.state));
            bundle.entries.push(FileEntry { id, state, live_from_ms, entry: row.entry.clone() });
        }
    }
    bundle.fields = entries.document("fields")?.map(|row| row.body).unwrap_or_default();
    bundle.playlists = entries.document("playlists")?.map(|row| row.body).unwrap_or_default();
    let wanted: BTreeSet<_> =
        bundle.entries.iter().filter_map(|row| row.entry.image.as_ref()).map(|i| i.id.clone()).collect();
    for id in wanted {
        // a picture that is gone is no reason to keep the rest back: the reader says which entry lost it
        if let Some(image) = Images(connection).get(&id)? {
            let base64 = data_encoding::BASE64.encode(&image.bytes);
            bundle.images.push(FileImage { id, media: image.media, width: image.width, height: image.height, base64 });
        }
    }
    let there: BTreeSet<_> = bundle.images.iter().map(|image| image.id.clone()).collect();
    for row in &mut bundle.entries {
        if row.entry.image.as_ref().is_some_and(|image| !there.contains(&image.id)) {
            row.entry.image = None;
        }
    }
    Ok(bundle)
}

/// Changes whenever something that customers can read was written, by this process or another.
///
/// # Errors
/// A [`Fault`] of the disk.
pub fn mark(connection: &Connection) -> Result<(i64, i64, i64), Fault> {
    let sql = "select (select count(*) from entries), (select coalesce(max(id), 0) from documents),
        (select coalesce(max(id), 0) from notices)";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}

/// How a file is taken in.
#[derive(Clone, Copy, Debug, Default)]
pub struct How<'a> {
    /// What becomes of its entries.
    pub r#as: As,
    /// Whether names in braces that the branch has otherwise are replaced. They are a branch's own: its phone, its hours.
    pub replace_fields: bool,
    /// Only say what would be done.
    pub dry_run: bool,
    /// The services of this branch, by id.
    pub services: Option<&'a BTreeSet<String>>,
}

/// Takes a file in, whole or not at all: entries of a known name get a new version, others are new, and what is the same stays.
/// `said` hears how many pictures have been looked at, of how many.
///
/// # Errors
/// [`NotTaken`]; nothing has changed then.
pub fn take_in(
    connection: &Connection,
    bundle: &Bundle,
    how: How<'_>,
    by: By<'_>,
    mut said: impl FnMut(usize, usize),
) -> Result<Taken, NotTaken> {
    let mut taken = Taken::default();
    if let Some(services) = how.services {
        taken.unknown_services = bundle.services().difference(services).cloned().collect();
    }
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    for (at, image) in bundle.images.iter().enumerate() {
        said(at, bundle.images.len());
        taken.images += u64::from(put_image(&transaction, image, by)?);
    }
    for (id, rows) in grouped(bundle, how.r#as) {
        put_entry(&transaction, &id, &rows, by, &mut taken)?;
    }
    put_order(&transaction, bundle, by)?;
    put_fields(&transaction, bundle, how.replace_fields, by, &mut taken)?;
    put_playlists(&transaction, bundle, by, &mut taken)?;
    if how.dry_run || taken.is_nothing() {
        transaction.rollback()?;
    } else {
        transaction.commit()?;
    }
    Ok(taken)
}

/// A version to be: how it stands, from when on, what it says.
type Row<'a> = (EntryState, Option<i64>, &'a Entry);

/// The rows of each entry, in the file's order; where all become the same, the last alone.
fn grouped(bundle: &Bundle, r#as: As) -> Vec<(EntryId, Vec<Row<'_>>)> {
    let mut groups: Vec<(EntryId, Vec<Row<'_>>)> = Vec::new();
    for row in &bundle.entries {
        let state = match r#as {
            As::InTheFile => state(row.state),
            As::Live => EntryState::Live,
            As::Draft => EntryState::Draft,
        };
        let from_ms = row.live_from_ms.filter(|_| r#as == As::InTheFile && state == EntryState::Live);
        match groups.iter_mut().find(|(id, _)| *id == row.id) {
            None => groups.push((row.id.clone(), vec![(state, from_ms, &row.entry)])),
            Some((_, rows)) => {
                if r#as != As::InTheFile {
                    rows.clear();
                }
                rows.push((state, from_ms, &row.entry));
            }
        }
    }
    groups
}

fn put_image(connection: &Connection, image: &FileImage, by: By<'_>) -> Result<bool, NotTaken> {
    let known: Option<i64> =
        connection.query_row("select 1 from images where id = ?1", [image.id.as_str()], |row| row.get(0)).optional()?;
    if known.is_some() {
        return Ok(false);
    }
    let bytes = image.bytes().map_err(NotTaken::File)?;
    let (id, media) = (image.id.clone(), image.media.clone());
    let row = super::ImageRow { id, media, width: image.width, height: image.height, bytes };
    if !Images(connection).put(&row, by)? {
        let detail = format!(
            "The pictures of this file do not fit: all pictures of a branch may take {} MiB. Retire entries with pictures first.",
            IMAGES_ROOM >> 20
        );
        return Err(NotTaken::File(detail));
    }
    Ok(true)
}

/// Whether two say and do the same, whatever the number of the version since which a translation is stale.
fn alike(one: &Entry, other: &Entry) -> bool {
    let plain = |entry: &Entry| {
        let mut entry = entry.clone();
        entry.translations.values_mut().for_each(|text| text.stale_since = text.stale_since.map(|_| 0));
        entry
    };
    plain(one) == plain(other)
}

fn put_entry(
    connection: &Connection,
    id: &EntryId,
    rows: &[Row<'_>],
    by: By<'_>,
    taken: &mut Taken,
) -> Result<(), NotTaken> {
    let entries = Entries(connection);
    let before = entries.versions(id)?;
    let mut changed = false;
    // of what is shown already, the last alone
    let due = |row: &Row<'_>| row.0 == EntryState::Live && row.1.is_none_or(|from| from <= by.wall_ms);
    let shown_last = rows.iter().rposition(due);
    let rows: Vec<_> = rows.iter().enumerate().filter(|(at, row)| !due(row) || Some(*at) == shown_last).collect();
    for (at, (_, (state, from_ms, entry))) in rows.iter().enumerate() {
        let last = at + 1 == rows.len();
        let versions = entries.versions(id)?;
        let newest = versions.first();
        let shown = entries.live(by.wall_ms)?.into_iter().find(|row| row.id == *id);
        // what was to come and is past is shown already
        let from_ms = from_ms.filter(|from| *from > by.wall_ms);
        let scheduled = entries.scheduled(by.wall_ms)?;
        let there = match state {
            EntryState::Live if from_ms.is_some() => {
                scheduled.iter().find(|row| row.id == *id && Some(row.due_ms) == from_ms)
            }
            // shown already, with nothing newer that would have to give way
            EntryState::Live if !last => shown.as_ref(),
            _ => newest.filter(|row| row.state == *state && row.due_ms <= by.wall_ms),
        };
        if there.is_some_and(|row| alike(&row.entry, entry)) {
            continue;
        }
        let version = newest.map_or(0, |row| row.version) + 1;
        let mut entry = (*entry).clone();
        entry.translations.values_mut().for_each(|text| text.stale_since = text.stale_since.map(|_| version));
        let body =
            serde_json::to_string(&entry).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        connection.execute(
            "insert into entries (entry, version, state, due_ms, wall_ms, actor, note, body)
             values (?1, ?2, ?3, ?7, ?4, ?5, 'imported', ?6)",
            params![id.as_str(), version, state.word(), by.wall_ms, by.actor, body, from_ms.unwrap_or(by.wall_ms)],
        )?;
        changed = true;
    }
    match (changed, before.is_empty()) {
        (false, _) => taken.same += 1,
        (true, true) => taken.new.push(id.clone()),
        (true, false) => taken.changed.push(id.clone()),
    }
    Ok(())
}

/// Writes a document, in the transaction that is open.
fn put_document<T: Serialize>(connection: &Connection, name: &str, body: &T, by: By<'_>) -> Result<(), NotTaken> {
    let body = serde_json::to_string(body).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    connection.execute(
        "insert into documents (name, wall_ms, actor, body) values (?1, ?2, ?3, ?4)",
        params![name, by.wall_ms, by.actor, body],
    )?;
    Ok(())
}

/// The file's order first, then what the branch has besides.
fn put_order(connection: &Connection, bundle: &Bundle, by: By<'_>) -> Result<(), NotTaken> {
    let before: Vec<EntryId> = Entries(connection).newest()?.into_iter().map(|row| row.id).collect();
    let mut order: Vec<EntryId> = Vec::new();
    for id in bundle.entries.iter().map(|row| &row.id).chain(&before) {
        if !order.contains(id) {
            order.push(id.clone());
        }
    }
    if order == before { Ok(()) } else { put_document(connection, "order", &order, by) }
}

fn put_fields(
    connection: &Connection,
    bundle: &Bundle,
    replace: bool,
    by: By<'_>,
    taken: &mut Taken,
) -> Result<(), NotTaken> {
    let before: BTreeMap<String, String> = Entries(connection).document("fields")?.map(|row| row.body).unwrap_or_default();
    let mut fields = before.clone();
    for (name, value) in &bundle.fields {
        match before.get(name) {
            Some(own) if own == value => {}
            Some(_) if !replace => taken.fields_kept.push(name.clone()),
            _ => {
                taken.fields.push(name.clone());
                fields.insert(name.clone(), value.clone());
            }
        }
    }
    if fields == before { Ok(()) } else { put_document(connection, "fields", &fields, by) }
}

fn put_playlists(connection: &Connection, bundle: &Bundle, by: By<'_>, taken: &mut Taken) -> Result<(), NotTaken> {
    let before: Vec<Playlist> = Entries(connection).document("playlists")?.map(|row| row.body).unwrap_or_default();
    let mut playlists = before.clone();
    for playlist in &bundle.playlists {
        match playlists.iter_mut().find(|own| own.name == playlist.name) {
            Some(own) if own == playlist => continue,
            Some(own) => *own = playlist.clone(),
            None => playlists.push(playlist.clone()),
        }
        taken.playlists.push(playlist.name.clone());
    }
    if playlists == before { Ok(()) } else { put_document(connection, "playlists", &playlists, by) }
}

#[cfg(test)]
#[path = "bundle_tests.rs"]
mod tests;
