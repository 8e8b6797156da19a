//! Which service of a file is which service of the branch.

use crate::queue::{Service, ServiceId};

/// `THEIRS=OURS` of the command line. OURS may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    theirs: String,
    ours: String,
}

/// Reads `THEIRS=OURS,THEIRS=OURS`. A comma within a name is one if no `=` comes before the next comma.
pub(super) fn pairs(text: &str) -> Result<Vec<Pair>, String> {
    let mut pairs = Vec::new();
    let mut name = String::new();
    for part in text.split(',') {
        name.push_str(part);
        match name.rsplit_once('=') {
            None => name.push(','),
            Some((theirs, ours)) if !theirs.trim().is_empty() => {
                pairs.push(Pair { theirs: theirs.trim().to_lowercase(), ours: ours.trim().to_owned() });
                name.clear();
            }
            Some(_) => return Err(format!("a service's name is missing before = in `{text}`")),
        }
    }
    if name.is_empty() {
        Ok(pairs)
    } else {
        Err(format!("write THEIRS=OURS; there is no = in `{}`", name.trim_end_matches(',')))
    }
}

/// What a service of the file is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Matched {
    /// This one.
    Service(ServiceId),
    /// The command line says to leave it out.
    LeftOut,
    /// None.
    Unknown,
}

/// Finds services.
#[derive(Debug)]
pub(super) struct Matcher {
    services: Vec<Service>,
    map: Vec<(String, Option<ServiceId>)>,
}

impl Matcher {
    /// With the services of the branch and what the command line says.
    ///
    /// # Errors
    /// If the command line names a service that the branch does not have.
    pub(super) fn new(services: Vec<Service>, map: &[Vec<Pair>]) -> Result<Self, anyhow::Error> {
        let mut matcher = Self { services, map: Vec::new() };
        for Pair { theirs, ours } in map.iter().flatten() {
            let id = matcher.by_name(ours);
            if id.is_none() && !ours.is_empty() {
                let known = matcher.services.iter().map(|service| format!("{} ({})", service.id, service.name));
                let known = known.collect::<Vec<_>>().join(", ");
                anyhow::bail!("This branch has no service {ours}, which --map names. It has: {known}.");
            }
            matcher.map.push((theirs.clone(), id));
        }
        Ok(matcher)
    }

    /// What the service `name` of the file is.
    pub(super) fn find(&self, name: &str) -> Matched {
        let low = name.to_lowercase();
        match self.map.iter().rfind(|(theirs, _)| *theirs == low) {
            Some((_, Some(id))) => Matched::Service(id.clone()),
            Some((_, None)) => Matched::LeftOut,
            None => self.by_name(name).map_or(Matched::Unknown, Matched::Service),
        }
    }

    /// By id first, then by name.
    fn by_name(&self, name: &str) -> Option<ServiceId> {
        let low = name.to_lowercase();
        let id = self.services.iter().find(|service| service.id.as_str().to_lowercase() == low);
        let named = || self.services.iter().find(|service| service.name.to_lowercase() == low);
        id.or_else(named).map(|service| service.id.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_found_by_id_name_or_map() {
        let services = vec![Service::new("R", "Returns", "", "rust"), Service::new("P", "Pick-up", "", "teal")];
        let map = pairs("Parcels, small and large = p,Cash=,a=b=R").unwrap();
        let matcher = Matcher::new(services.clone(), &[map]).unwrap();
        let id = |id: &str| Matched::Service(id.into());
        for (name, expected) in [
            ("r", id("R")),
            ("RETURNS", id("R")),
            ("pick-up", id("P")),
            ("parcels, small and large", id("P")),
            ("A=B", id("R")),
            ("cash", Matched::LeftOut),
            ("Other", Matched::Unknown),
        ] {
            assert_eq!(matcher.find(name), expected, "{name}");
        }
        let error = Matcher::new(services, &[pairs("Cash=C").unwrap()]).unwrap_err().to_string();
        assert_eq!(error, "This branch has no service C, which --map names. It has: R (Returns), P (Pick-up).");
        assert!(pairs("Returns").is_err() && pairs("=R").is_err() && pairs("").is_err() && pairs("a=R,b").is_err());
    }
}
