//! `ext`: a form with `body_hash`, the hash of the body, and parameters that the client was set up
//! with, such as `project_id`.

use data_encoding::BASE64;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::SignFault;
use crate::form::RawForm;

const BODY_HASH: &str = "body_hash";

/// The parameters of a signed request that are part of the signature and of nothing else.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Extension {
    /// Name and value, in the order in which they were sent; `body_hash` is not among them.
    pub parameters: Vec<(String, String)>,
}

impl Extension {
    /// Reads `ext` and holds its hash against the bytes that were received.
    ///
    /// # Errors
    /// When it is not a form, when a body came without its hash, or when the hash is of another body.
    pub fn check(ext: &str, body: &[u8]) -> Result<Self, SignFault> {
        let form = RawForm::parse(ext.as_bytes()).map_err(|_| SignFault::ExtensionUnreadable)?;
        let hash = form
            .one(BODY_HASH)
            .map_err(|_| SignFault::ExtensionUnreadable)?;
        match hash {
            Some(hash) => {
                let hash = BASE64
                    .decode(hash.as_bytes())
                    .map_err(|_| SignFault::BodyDiffers)?;
                let own = Sha256::digest(body);
                if !bool::from(own.as_slice().ct_eq(&hash)) {
                    return Err(SignFault::BodyDiffers);
                }
            }
            None if body.is_empty() => {}
            None => return Err(SignFault::BodyNotSigned),
        }
        let parameters = form
            .pairs()
            .filter(|(name, _)| *name != BODY_HASH)
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok(Self {
            parameters: parameters.collect(),
        })
    }

    /// `ext` for a body, as a client writes it: the hash of the body, if there is one, and the parameters.
    pub fn write(&self, body: &[u8]) -> String {
        let hash = (!body.is_empty()).then(|| BASE64.encode(&Sha256::digest(body)));
        let pairs = hash.iter().map(|hash| (BODY_HASH, hash.as_str())).chain(
            self.parameters
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let pairs = pairs.map(|(name, value)| match name {
            // The one name whose underscore no library encodes.
            BODY_HASH => format!("{BODY_HASH}={}", encode(value)),
            name => format!("{}={}", encode(name), encode(value)),
        });
        pairs.collect::<Vec<_>>().join("&")
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_and_the_body_is_held_against_its_hash() {
        let hash = "body_hash=6Xz6dRsw%2FCS2s06NWJIaZS1q%2Br2Hig9nJJlDBb3us3I%3D";
        let body = "{\"a\":\"ž\"}".as_bytes();
        let ext = format!("{hash}&project_id=42&location_id=a+b");
        let read = Extension::check(&ext, body);
        assert_eq!(
            read.as_ref().map(|read| read.get("location_id")),
            Ok(Some("a b"))
        );
        assert_eq!(read.map(|read| read.parameters.len()), Ok(2));
        assert_eq!(Extension::check(&ext, b"{}"), Err(SignFault::BodyDiffers));
        assert_eq!(Extension::check("", b"{}"), Err(SignFault::BodyNotSigned));
        assert_eq!(
            Extension::check("project_id=1", b"{}"),
            Err(SignFault::BodyNotSigned)
        );
        assert_eq!(Extension::check(hash, b""), Err(SignFault::BodyDiffers));
        assert_eq!(
            Extension::check("body_hash=x", b"{}"),
            Err(SignFault::BodyDiffers)
        );
        let twice = format!("{hash}&{hash}");
        for unreadable in ["a=%zz", twice.as_str()] {
            let read = Extension::check(unreadable, body);
            assert_eq!(read, Err(SignFault::ExtensionUnreadable), "{unreadable}");
        }
        let parameters = [("project_id", "42"), ("x y", "ž=&")];
        let written = Extension {
            parameters: parameters
                .map(|(name, value)| (name.into(), value.into()))
                .into(),
        };
        let read = Extension::check(&written.write(body), body);
        assert_eq!(read.as_ref(), Ok(&written));
        assert_eq!(Extension::default().write(b""), "");
        let of_nothing = "body_hash=47DEQpj8HBSa%2B%2FTImW%2B5JCeuQeRkm5NMpJWZG3hSuFU%3D";
        assert_eq!(Extension::check(of_nothing, b""), Ok(Extension::default()));
    }
}
