//! Links in letters. The address of the letter holds the token of the link; from then on it travels
//! sealed, so that neither a session nor a page holds it in plain text.

use protocol::secret::{Minted, Secret};

use crate::{Engine, seal::Purpose};

impl Engine {
    /// The token of a link, sealed for the way through a browser.
    pub(super) fn sealed_link<K: Minted>(&self, purpose: Purpose, link: &Secret<K>) -> String {
        let plain = link.expose().as_bytes();
        let sealed = self.env.seal.seal(purpose, self.env.bytes(), plain);
        data_encoding::BASE64URL_NOPAD.encode(&sealed)
    }

    /// The token that an address or a form holds: plain as in the letter, or as we sealed it.
    pub(super) fn link<K: Minted>(&self, purpose: Purpose, text: &str) -> Option<Secret<K>> {
        if text.starts_with(K::PREFIX) {
            return Secret::parse(text);
        }
        let blob = data_encoding::BASE64URL_NOPAD
            .decode(text.as_bytes())
            .ok()?;
        let plain = self.env.seal.open(purpose, &blob).ok()?;
        Secret::parse(std::str::from_utf8(&plain).ok()?)
    }
}
