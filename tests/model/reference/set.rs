//! Changes to what the branch is.

use nowserving::queue::{Command, Desk, DeskId, DeskPhase, Profile, Service, ServiceId};

use super::{At, Code, Model, Owes, Post};

impl Model {
    pub(super) fn set(&mut self, command: &Command) -> Result<(), Code> {
        match command {
            Command::StopIssuing { service, reason } => {
                let (_, stopped) = self.services.get_mut(service).ok_or("unknown-service")?;
                let reason = reason.trim();
                if reason.is_empty() || reason.chars().count() > 120 {
                    return Err("bad-setting");
                }
                let before = stopped.replace(reason.to_owned());
                if before.as_deref() == Some(reason) { Err("issuing-is-already") } else { Ok(()) }
            }
            Command::ResumeIssuing { service } => {
                let (_, stopped) = self.services.get_mut(service).ok_or("unknown-service")?;
                stopped.take().map(drop).ok_or("issuing-is-already")
            }
            Command::PutService(service) => self.put_service(service),
            Command::RemoveService(id) => self.remove_service(id),
            Command::PutDesk(desk) => self.put_desk(desk),
            Command::RemoveDesk(id) => self.remove_desk(id),
            Command::PutHours(hours) => {
                self.hours = hours.clone();
                hours.problem().map_or(Ok(()), |_| Err("bad-setting"))
            }
            Command::PutRules(rules) => {
                self.rules = rules.clone();
                rules.problem().map_or(Ok(()), |_| Err("bad-setting"))
            }
            other => unreachable!("{other:?} is no setting"),
        }
    }

    fn put_service(&mut self, service: &Service) -> Result<(), Code> {
        let known = self.services.get(&service.id);
        let other = known.is_some_and(|(known, _)| (known.first, known.digits) != (service.first, service.digits));
        if service.problem().is_some() || (other && self.highest.contains_key(&service.id)) {
            return Err("bad-setting");
        }
        let stopped = known.and_then(|(_, stopped)| stopped.clone());
        self.services.insert(service.id.clone(), (service.clone(), stopped));
        Ok(())
    }

    fn remove_service(&mut self, id: &ServiceId) -> Result<(), Code> {
        self.services.get(id).ok_or("unknown-service")?;
        if self.tickets.values().any(|visit| visit.service == *id && !visit.is_over()) {
            return Err("service-in-use");
        }
        self.services.remove(id);
        Ok(())
    }

    fn put_desk(&mut self, desk: &Desk) -> Result<(), Code> {
        if desk.problem().is_some() {
            return Err("bad-setting");
        }
        let known = |service: &ServiceId| self.services.contains_key(service);
        let all_known = match &desk.profile {
            Profile::LongestWait(services) => services.iter().all(known),
            Profile::Ratio(weights) => weights.keys().all(known),
        };
        if !all_known {
            return Err("unknown-service");
        }
        let fresh = || Post { desk: desk.clone(), phase: DeskPhase::Closed, has: None, owes: Owes::default(), last: None };
        self.posts.entry(desk.id.clone()).or_insert_with(fresh).desk = desk.clone();
        Ok(())
    }

    fn remove_desk(&mut self, id: &DeskId) -> Result<(), Code> {
        if self.posts.get(id).ok_or("unknown-desk")?.phase != DeskPhase::Closed {
            return Err("bad-setting");
        }
        if self.tickets.values().any(|visit| visit.at == At::Parked(id.clone())) {
            return Err("desk-busy");
        }
        self.posts.remove(id);
        Ok(())
    }
}
