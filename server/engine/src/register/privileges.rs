//! What an operator allows single clients beyond their scopes.

use protocol::ids::ClientId;
use serde::Serialize;
use serde_json::json;
use store::{
    audit::insert_audit_event,
    clients::find_client,
    privileges::{Privilege, delete_privilege, find_privileges, insert_privilege},
};

use super::RegisterError;
use crate::{Engine, error::Error};

/// The privileges of a client. Serialized as the command line prints it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PrivilegeFacts {
    /// Whose.
    pub client_id: ClientId,
    /// Which.
    pub privileges: Vec<Privilege>,
}

impl Engine {
    /// The privileges of a client.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] when there is no such client.
    pub async fn privileges_of(&self, client: &ClientId) -> Result<PrivilegeFacts, RegisterError> {
        let reader = self.env.store.reader();
        if find_client(reader, client).await?.is_none() {
            return Err(RegisterError::refused(format!(
                "there is no client {client}"
            )));
        }
        Ok(PrivilegeFacts {
            client_id: client.clone(),
            privileges: find_privileges(reader, client).await?,
        })
    }

    /// Grants a privilege or takes it back; what is so already stays as it is. It holds from the next request on.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] when there is no such client.
    pub async fn set_privilege(
        &self,
        client: &ClientId,
        privilege: Privilege,
        granted: bool,
    ) -> Result<PrivilegeFacts, RegisterError> {
        self.privileges_of(client).await?;
        let action = if granted {
            "client.privilege_granted"
        } else {
            "client.privilege_withdrawn"
        };
        let detail = json!({ "privilege": privilege });
        let event = self.operator_event(action, format!("client:{client}"), &detail);
        let (id, now) = (client.clone(), self.env.now());
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let changed = match granted {
                        true => insert_privilege(tx, &id, privilege, now).await?,
                        false => delete_privilege(tx, &id, privilege).await?,
                    };
                    if changed.is_yes() {
                        insert_audit_event(tx, &event).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        self.privileges_of(client).await
    }
}
