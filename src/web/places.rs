//! How many connections each address has, so that one cannot take them all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::access::network;

/// Connections by address; an IPv6 network counts as one address.
#[derive(Clone, Debug, Default)]
pub struct Places(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One connection's place; it is free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    places: Places,
    /// `None`: it is not counted.
    at: Option<IpAddr>,
}

impl Places {
    fn count(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more connection from `address`; `None`: it has `most` already. This machine and those of `spared` have as
    /// many as there are.
    #[must_use]
    pub fn enter(&self, address: IpAddr, most: usize, spared: &[IpAddr]) -> Option<Place> {
        let address = address.to_canonical();
        if address.is_loopback() || spared.contains(&address) {
            return Some(Place { places: self.clone(), at: None });
        }
        let at = network(address);
        let mut counts = self.count();
        let count = counts.entry(at).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { places: self.clone(), at: Some(at) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(at) = self.at else { return };
        let mut counts = self.places.count();
        if let Some(count) = counts.get_mut(&at) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_places_and_gets_them_back() {
        let (places, phone) = (Places::default(), IpAddr::from([192, 168, 1, 77]));
        let mut held: Vec<_> = (0..3).map(|_| places.enter(phone, 3, &[]).unwrap()).collect();
        assert!(places.enter(phone, 3, &[]).is_none());
        // another address, the same one written as IPv6, this machine, and one that is spared
        assert!(places.enter([192, 168, 1, 78].into(), 3, &[]).is_some());
        assert!(places.enter("::ffff:192.168.1.77".parse().unwrap(), 3, &[]).is_none());
        assert!(places.enter("::1".parse().unwrap(), 0, &[]).is_some());
        assert!(places.enter(phone, 3, &[phone]).is_some());
        held.pop();
        assert!(places.enter(phone, 3, &[]).is_some());
        drop(held);
        assert!(places.count().is_empty(), "nothing is left behind");
    }
}
