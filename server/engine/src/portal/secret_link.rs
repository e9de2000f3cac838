//! The one-time link to the secret of a live client (D7). The letter that tells of an approval carries
//! it: a secret never travels by mail, and is made only when somebody of the team comes for it.

use protocol::{
    ids::{AppId, ClientId},
    secret::SecretLink,
    time::Timestamp,
};
use store::secret_links::SecretLinkRecord;

use crate::Engine;

impl Engine {
    /// A new link to the secret of `client`, and its address for the letter. Nothing is written yet:
    /// the record goes into the transaction that writes the letter.
    pub fn secret_link(
        &self,
        client: &ClientId,
        app: &AppId,
        now: Timestamp,
    ) -> (SecretLinkRecord, String) {
        let link = self.env.mint::<SecretLink>();
        let here = &self.env.settings.public_url;
        let address = format!("{here}/developer/secret?token={}", link.expose());
        let record = SecretLinkRecord {
            digest: link.digest(),
            client_id: client.clone(),
            app_id: app.clone(),
            created_at: now,
            expires_at: now + self.env.settings.secret_link_lifetime,
            used_at: None,
            used_by: None,
        };
        (record, address)
    }
}
