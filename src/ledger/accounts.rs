//! Who may do what: staff with roles, their sessions, and enrolled devices. The one login module.
//!
//! Secrets are kept as argon2id (19 MiB, 2 passes, 1 lane: OWASP's first choice for argon2id), tokens as SHA-256 of 256 random
//! bits. Hashing is slow on purpose; callers bound how many run at once.

use std::str::FromStr;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Fault;

/// How long a login lasts, milliseconds: a working day.
const SESSION_MS: i64 = 14 * 3_600_000;

/// What a person may do. Each role may do all that those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Calls and serves.
    Desk,
    /// Writes answers.
    Editor,
    /// Changes the branch.
    Manager,
}

impl Role {
    /// The word in tables and interfaces.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Editor => "editor",
            Self::Manager => "manager",
        }
    }
}

impl FromStr for Role {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Desk, Self::Editor, Self::Manager].into_iter().find(|role| role.word() == word).ok_or(())
    }
}

/// A person who may log in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StaffRow {
    /// What they log in as.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// A login in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Until when, wall time.
    pub expires_ms: i64,
}

/// Hashes a secret for keeping. Takes tens of milliseconds and 19 MiB.
///
/// # Errors
/// [`Fault::Hash`] if no randomness or memory can be had.
pub fn hash_secret(secret: &str) -> Result<String, Fault> {
    let hash = Argon2::default().hash_password(secret.as_bytes()).map_err(|error| Fault::Hash(error.to_string()))?;
    Ok(hash.to_string())
}

/// Whether `secret` is the one that was kept as `hash`. As slow as [`hash_secret`].
#[must_use]
pub fn secret_fits(secret: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}

/// 256 random bits as text, and the hash under which they are kept.
///
/// # Errors
/// [`Fault::Hash`] if the system gives no randomness.
pub fn new_token() -> Result<(String, [u8; 32]), Fault> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Fault::Hash(error.to_string()))?;
    let token = data_encoding::BASE64URL_NOPAD.encode(&bytes);
    let hash = token_hash(&token);
    Ok((token, hash))
}

fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The accounts of a ledger, on a connection of their own.
#[derive(Debug)]
pub struct Accounts<'a>(pub &'a Connection);

impl Accounts<'_> {
    /// Adds a person or changes role and secret of a known one, whose sessions end. The secret comes hashed.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn put_staff(&self, name: &str, role: Role, hash: &str) -> Result<(), Fault> {
        self.0.execute(
            "insert into staff (name, role, secret) values (?1, ?2, ?3)
             on conflict (name) do update set role = excluded.role, secret = excluded.secret",
            [name, role.word(), hash],
        )?;
        self.0.execute("delete from sessions where staff = ?1", [name])?;
        Ok(())
    }

    /// Takes a person away, with their sessions. `false`: there was nobody of that name.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn remove_staff(&self, name: &str) -> Result<bool, Fault> {
        Ok(self.0.execute("delete from staff where name = ?1", [name])? > 0)
    }

    /// Everybody who may log in, by name.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn staff(&self) -> Result<Vec<StaffRow>, Fault> {
        let mut statement = self.0.prepare("select name, role from staff order by name")?;
        let rows = statement.query_map([], |row| {
            let role: String = row.get(1)?;
            Ok(StaffRow { name: row.get(0)?, role: role.parse().unwrap_or(Role::Desk) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The role and hashed secret of a person.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn secret(&self, name: &str) -> Result<Option<(Role, String)>, Fault> {
        let row = self.0.query_row("select role, secret from staff where name = ?1", [name], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?))
        });
        Ok(row.optional()?.map(|(role, secret)| (role.parse().unwrap_or(Role::Desk), secret)))
    }

    /// Logs a person in: the cookie's value.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn begin_session(&self, name: &str, now_ms: i64) -> Result<String, Fault> {
        let (token, hash) = new_token()?;
        self.0.execute("delete from sessions where expires_ms <= ?1", [now_ms])?;
        self.0.execute(
            "insert into sessions (token, staff, expires_ms) values (?1, ?2, ?3)",
            params![hash, name, now_ms + SESSION_MS],
        )?;
        Ok(token)
    }

    /// The session of a cookie, if it is in force. One that ends further ahead than two logins last was begun while the clock
    /// was wrong: it does not hold until the clock is there again.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn session(&self, token: &str, now_ms: i64) -> Result<Option<Session>, Fault> {
        let mut statement = self.0.prepare_cached(
            "select name, role, expires_ms from sessions join staff on staff.name = sessions.staff
             where token = ?1 and expires_ms > ?2 and expires_ms <= ?3",
        )?;
        let row = statement.query_row(params![token_hash(token), now_ms, now_ms + 2 * SESSION_MS], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?))
        });
        let session = row.optional()?;
        Ok(session.map(|(name, role, expires_ms)| Session { name, role: role.parse().unwrap_or(Role::Desk), expires_ms }))
    }

    /// Logs a person out.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn end_session(&self, token: &str) -> Result<(), Fault> {
        self.0.execute("delete from sessions where token = ?1", params![token_hash(token)])?;
        Ok(())
    }

    /// Enrols a device: its bearer token. A known name gets a new token, and the old one ends.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn enrol(&self, name: &str) -> Result<String, Fault> {
        let (token, hash) = new_token()?;
        self.0.execute(
            "insert into devices (name, token) values (?1, ?2) on conflict (name) do update set token = excluded.token",
            params![name, hash],
        )?;
        Ok(token)
    }

    /// The device that has this bearer token.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn device(&self, token: &str) -> Result<Option<String>, Fault> {
        let mut statement = self.0.prepare_cached("select name from devices where token = ?1")?;
        Ok(statement.query_row(params![token_hash(token)], |row| row.get(0)).optional()?)
    }
}
