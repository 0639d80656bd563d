//! What was told to somebody, as mails would tell it.

use std::sync::{Arc, Mutex, PoisonError};

use fulfillment::events::{DeliverySent, JobOffered};
use kernel::DeliveryId;
use queue::{Registry, Runner};

use super::super::stage::Stage;
use super::month::Backstage;
use crate::Stop;

/// What was told in one town.
#[derive(Debug, Clone, Default)]
pub(super) struct Post {
    offered: Arc<Mutex<Vec<JobOffered>>>,
    delivered: Arc<Mutex<Vec<DeliverySent>>>,
}

impl Post {
    /// Who runs a town's tasks, and hears for its people what it tells.
    pub(super) fn runner(&self, stage: &Stage, backstage: &Backstage<'_>) -> Runner {
        let mut registry = (backstage.silent)();
        self.subscribe(&mut registry);
        registry.ignore_other_events_of(backstage.known);
        Runner::new(stage.db.clone(), backstage.queue.clone(), registry).of_town(stage.organization)
    }

    fn subscribe(&self, registry: &mut Registry) {
        let (offered, delivered) = (self.offered.clone(), self.delivered.clone());
        registry.subscribe::<JobOffered>("simulated-workers", move |_tx, told| {
            offered.lock().unwrap_or_else(PoisonError::into_inner).push(told.fact);
            Ok(())
        });
        registry.subscribe::<DeliverySent>("simulated-clients", move |_tx, sent| {
            delivered.lock().unwrap_or_else(PoisonError::into_inner).push(sent.fact);
            Ok(())
        });
    }

    /// What was offered since this was asked the last time.
    pub(super) fn take_offered(&self) -> Vec<JobOffered> {
        std::mem::take(&mut *self.offered.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was sent with a delivery.
    pub(super) fn sent(&self, delivery: DeliveryId) -> Result<DeliverySent, Stop> {
        let sent = self.delivered.lock().unwrap_or_else(PoisonError::into_inner);
        let found = sent.iter().find(|one| one.delivery == delivery).cloned();
        found.ok_or_else(|| Stop::failed("a delivery was not mailed"))
    }
}
