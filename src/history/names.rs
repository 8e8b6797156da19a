//! The names in a history, each kept once.

use std::collections::HashMap;

use super::Reason;

/// No name is longer, in bytes.
const LONGEST: usize = 200;
/// A file with more branches, services or desks of a kind has something else in that column.
const MOST: usize = 2000;

/// Names that were met, in the order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Table {
    by_name: HashMap<String, u32>,
}

impl Table {
    fn get(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// Whether a name may be added to it.
    fn check(&self, name: &str) -> Result<(), Reason> {
        if name.len() > LONGEST {
            return Err(Reason::NameTooLong);
        }
        if self.by_name.len() >= MOST && !self.by_name.contains_key(name) {
            return Err(Reason::TooManyNames);
        }
        Ok(())
    }
}

/// A service of a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceName {
    /// Whose: an index into [`Names::branches`].
    pub branch: u32,
    /// Its name, as it stands in the file.
    pub name: String,
}

/// The names that the visits of a history refer to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    branches: Vec<String>,
    services: Vec<ServiceName>,
    /// Per branch.
    desks: Vec<Vec<String>>,
    branch_table: Table,
    /// Per branch.
    service_tables: Vec<Table>,
    desk_tables: Vec<Table>,
}

/// What a row refers to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Indices {
    pub(super) branch: u32,
    pub(super) service: u32,
    pub(super) desk: Option<u32>,
}

impl Names {
    /// The branches met so far. A file without the column has one, whose name is empty.
    #[must_use]
    pub fn branches(&self) -> &[String] {
        &self.branches
    }

    /// The services met so far, of all branches.
    #[must_use]
    pub fn services(&self) -> &[ServiceName] {
        &self.services
    }

    /// The desks of a branch met so far.
    #[must_use]
    pub fn desks(&self, branch: u32) -> &[String] {
        self.desks.get(branch as usize).map_or(&[], Vec::as_slice)
    }

    /// A branch's name; empty for a number that was never given.
    #[must_use]
    pub fn branch(&self, branch: u32) -> &str {
        self.branches.get(branch as usize).map_or("", String::as_str)
    }

    /// A service's name; empty for a number that was never given.
    #[must_use]
    pub fn service(&self, service: u32) -> &str {
        self.services.get(service as usize).map_or("", |service| &service.name)
    }

    /// The service's name as reports show it: with its branch before it where several have been met so far.
    #[must_use]
    pub fn service_label(&self, service: u32) -> String {
        let Some(ServiceName { branch, name }) = self.services.get(service as usize) else { return String::new() };
        if self.branches.len() > 1 { format!("{}/{name}", self.branch(*branch)) } else { name.clone() }
    }

    /// The number of a branch, if it has one.
    pub(super) fn find_branch(&self, name: &str) -> Option<u32> {
        self.branch_table.get(name)
    }

    /// The numbers of a row's names, which get new ones where they are new. A row that is refused leaves no name behind.
    pub(super) fn take(&mut self, branch: &str, service: &str, desk: Option<&str>) -> Result<Indices, Reason> {
        self.branch_table.check(branch)?;
        let known = self.branch_table.get(branch).map(|index| index as usize);
        let new = Table::default();
        known.and_then(|branch| self.service_tables.get(branch)).unwrap_or(&new).check(service)?;
        if let Some(desk) = desk {
            known.and_then(|branch| self.desk_tables.get(branch)).unwrap_or(&new).check(desk)?;
        }
        let branch = match known {
            Some(branch) => branch,
            None => self.add_branch(branch),
        };
        let branch_index = index(branch);
        let services = &mut self.services;
        let service = number(self.service_tables.get_mut(branch), service, || {
            services.push(ServiceName { branch: branch_index, name: service.to_owned() });
            index(services.len() - 1)
        });
        let desks = self.desks.get_mut(branch);
        let desk = desk.zip(desks).map(|(desk, desks)| {
            number(self.desk_tables.get_mut(branch), desk, || {
                desks.push(desk.to_owned());
                index(desks.len() - 1)
            })
        });
        Ok(Indices { branch: branch_index, service, desk })
    }

    fn add_branch(&mut self, name: &str) -> usize {
        let branch = self.branches.len();
        self.branches.push(name.to_owned());
        self.branch_table.by_name.insert(name.to_owned(), index(branch));
        self.desks.push(Vec::new());
        self.service_tables.push(Table::default());
        self.desk_tables.push(Table::default());
        branch
    }
}

/// The number of a name in a table; `add` gives one to a new name.
fn number(table: Option<&mut Table>, name: &str, add: impl FnOnce() -> u32) -> u32 {
    let Some(table) = table else { return add() };
    if let Some(index) = table.get(name) {
        return index;
    }
    let index = add();
    table.by_name.insert(name.to_owned(), index);
    index
}

fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
