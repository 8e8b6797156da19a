//! Pictures of entries. What is kept was made by the program; `web` decodes what is uploaded.

use rusqlite::{Connection, OptionalExtension, params};

use super::{By, Fault};
use crate::signage::ImageId;

/// So much room all pictures of a branch may take, bytes.
pub const IMAGES_ROOM: u64 = 128 * 1024 * 1024;

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRow {
    /// Its name.
    pub id: ImageId,
    /// `image/png` or `image/jpeg`.
    pub media: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Encoded.
    pub bytes: Vec<u8>,
}

/// Reads and writes pictures on a connection.
#[derive(Debug)]
pub struct Images<'a>(pub &'a Connection);

impl Images<'_> {
    /// Keeps a picture; keeping the same again changes nothing. Says whether there was room.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn put(&self, image: &ImageRow, by: By<'_>) -> Result<bool, Fault> {
        if self.used()? + image.bytes.len() as u64 > IMAGES_ROOM {
            return Ok(false);
        }
        self.0.execute(
            "insert into images (id, media, width, height, wall_ms, actor, bytes) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             on conflict (id) do nothing",
            params![image.id.as_str(), image.media, image.width, image.height, by.wall_ms, by.actor, image.bytes],
        )?;
        Ok(true)
    }

    /// A picture by its name.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn get(&self, id: &ImageId) -> Result<Option<ImageRow>, Fault> {
        let mut statement = self.0.prepare_cached("select media, width, height, bytes from images where id = ?1")?;
        let row = statement.query_row([id.as_str()], |row| {
            Ok(ImageRow { id: id.clone(), media: row.get(0)?, width: row.get(1)?, height: row.get(2)?, bytes: row.get(3)? })
        });
        Ok(row.optional()?)
    }

    /// How much room they take, bytes.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn used(&self) -> Result<u64, Fault> {
        let used: i64 = self.0.query_row("select coalesce(sum(length(bytes)), 0) from images", [], |row| row.get(0))?;
        Ok(u64::try_from(used).unwrap_or_default())
    }

    /// Throws pictures away that no version of any entry has had, nor any version of the branch's look. Says how many.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn remove_unused(&self) -> Result<usize, Fault> {
        let sql = "delete from images where id not in (
            select body ->> '$.image.id' from entries where body ->> '$.image.id' is not null
            union all select body ->> '$.logo' from documents where name = 'look' and body ->> '$.logo' is not null)";
        Ok(self.0.execute(sql, [])?)
    }
}
