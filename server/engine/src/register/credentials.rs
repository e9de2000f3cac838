//! Secrets and keys of clients: minted, told once, kept as a digest or sealed.

use data_encoding::BASE64URL_NOPAD;
use protocol::{
    client::AuthMethod,
    ids::{ClientId, SecretId},
    secret::{ClientSecret, Secret},
};
use store::{
    Tx,
    client_secrets::{ClientSecretRecord, insert_client_secret},
};
use zeroize::Zeroizing;

use super::RegisterError;
use crate::{Engine, seal::Purpose};

/// New credentials of a client, ready to be written and told.
pub(crate) struct Credentials {
    pub secret: Option<(Secret<ClientSecret>, ClientSecretRecord)>,
    pub mac_key: Option<Zeroizing<String>>,
    pub sealed_mac_key: Option<Vec<u8>>,
}

impl Engine {
    /// New credentials of the kind that the client authenticates with.
    pub(crate) fn credentials(
        &self,
        client: &ClientId,
        auth: AuthMethod,
        label: Option<String>,
    ) -> Result<Credentials, RegisterError> {
        Ok(match auth {
            AuthMethod::None => Credentials {
                secret: None,
                mac_key: None,
                sealed_mac_key: None,
            },
            AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost => {
                let secret = self.env.mint::<ClientSecret>();
                let record = self.secret_record(client, &secret, label);
                Credentials {
                    secret: Some((secret, record)),
                    mac_key: None,
                    sealed_mac_key: None,
                }
            }
            AuthMethod::Mac => {
                let key = self.new_mac_key();
                let sealed = self.seal_mac_key(&key);
                Credentials {
                    secret: None,
                    mac_key: Some(key),
                    sealed_mac_key: Some(sealed),
                }
            }
        })
    }

    pub(crate) fn secret_record(
        &self,
        client: &ClientId,
        secret: &Secret<ClientSecret>,
        label: Option<String>,
    ) -> ClientSecretRecord {
        let now = self.env.now();
        ClientSecretRecord {
            id: SecretId::new(self.env.id()),
            client_id: client.clone(),
            digest: secret.digest(),
            label: label.unwrap_or_else(|| format!("made on {}", now.date())),
            created_at: now,
            last_used_at: None,
            expires_at: None,
            revoked_at: None,
            last_four: last_four(secret),
            created_by: None,
            exposed_at: None,
        }
    }

    /// A new MAC key: 256 random bits as text.
    pub(crate) fn new_mac_key(&self) -> Zeroizing<String> {
        let entropy = Zeroizing::new(self.env.bytes::<32>());
        Zeroizing::new(BASE64URL_NOPAD.encode(&*entropy))
    }

    /// A MAC key is used as text, so its text is what is sealed.
    pub(crate) fn seal_mac_key(&self, key: &str) -> Vec<u8> {
        self.env
            .seal
            .seal(Purpose::MacKey, self.env.bytes(), key.as_bytes())
    }
}

/// The characters by which people tell secrets apart. Of one that we minted they belong to the
/// checksum: more than 230 of its 256 random bits stay unknown. Of a secret that somebody chose
/// nothing is told.
fn last_four(secret: &Secret<ClientSecret>) -> Option<String> {
    let minted = Secret::<ClientSecret>::parse(secret.expose())?;
    let text = minted.expose();
    text.get(text.len().checked_sub(4)?..).map(str::to_owned)
}

/// Writes the secret of a client, if it has one.
pub(crate) async fn insert_secret(
    tx: &Tx,
    secret: Option<&ClientSecretRecord>,
) -> Result<(), store::Error> {
    match secret {
        Some(secret) => insert_client_secret(tx, secret).await,
        None => Ok(()),
    }
}
