//! Where a partner of PhonePe and Pincode asks for tokens.

use protocol::{
    client::DialectName,
    dialects::{DoorPurpose, dialect},
};

use crate::Engine;

impl Engine {
    /// The addresses of the token endpoint in the partner's own words, the one with refresh tokens first;
    /// none when the dialect is not among these.
    pub(crate) fn partner_addresses(&self, dialects: &[DialectName]) -> Vec<String> {
        let spoken = dialects
            .iter()
            .find(|name| **name == DialectName::OBearer)
            .and_then(|name| dialect(*name));
        let doors = spoken.map(|dialect| dialect.doors()).unwrap_or_default();
        doors
            .iter()
            .filter(|door| door.purpose == DoorPurpose::Token)
            .map(|door| format!("{}{}", self.env.settings.public_url, door.path))
            .collect()
    }
}
