//! What the checks of other people's servers can find, sentence by sentence.

use std::fmt;

use super::Finding;
use crate::{text, words::words};

impl Finding {
    /// The finding that says this, without variables yet.
    pub fn of(said: Said) -> Self {
        Self::new(said.as_str(), [])
    }

    /// Which sentence it is, if it is one of these.
    pub fn said(&self) -> Option<Said> {
        self.key.parse().ok()
    }

    /// The same with one more variable. What others wrote is cut and made harmless by [`text::shown`].
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.variables
            .insert(name.to_owned(), text::shown(&value.to_string()));
        self
    }
}

words! {
    /// All sentences; the word is the key of the text in the locale files. What stands in backquotes is
    /// the name of a variable.
    Said {
        /// The record is there: `record`.
        ProofInDns "check-proof-in-dns",
        /// The file is there: `address`.
        ProofInFile "check-proof-in-file",
        /// No record of `domain` is ours; expected is `record`.
        ProofNotInDns "check-proof-not-in-dns",
        /// A record of ours has another token: `found`, and expected is `record`.
        ProofOtherInDns "check-proof-other-in-dns",
        /// The file at `address` says `found`, and expected is `record`.
        ProofOtherInFile "check-proof-other-in-file",

        /// There is no server behind the callbacks.
        NoServers "check-no-servers",

        /// The address `address` cannot be read.
        NotAnAddress "check-not-an-address",
        /// `host` does not exist in the DNS.
        NoSuchName "check-no-such-name",
        /// The name servers did not answer for `host`.
        NameServerFailed "check-name-server-failed",
        /// `host` leads to an address that is not on the public internet.
        NotPublic "check-not-public",
        /// Only the ports 80 and 443 are looked at, not `port`.
        PortNotAllowed "check-port-not-allowed",
        /// Nobody listens at `host`.
        NoConnection "check-no-connection",
        /// `host` did not answer in time.
        TimedOut "check-timed-out",
        /// `host` and we found no common version of TLS.
        NoTls "check-no-tls",
        /// What `host` answers is not HTTP.
        NotHttp "check-not-http",

        /// `address` is not https.
        NotHttps "check-not-https",
        /// Which TLS `version` was agreed on.
        TlsVersion "check-tls-version",
        /// The certificate leads to a root that browsers trust.
        ChainTrusted "check-chain-trusted",
        /// The certificate was signed by itself.
        ChainSelfSigned "check-chain-self-signed",
        /// The issuer is not known, or an intermediate certificate is missing.
        ChainUnknown "check-chain-unknown",
        /// A certificate between this one and its root does not hold at this time.
        ChainOutOfTime "check-chain-out-of-time",
        /// The certificate cannot be used for another reason.
        ChainBroken "check-chain-broken",
        /// The certificate ran out on `date`.
        CertificateExpired "check-certificate-expired",
        /// The certificate begins to hold on `date`.
        CertificateNotYet "check-certificate-not-yet",
        /// The certificate runs out on `date`, which is soon.
        CertificateEndsSoon "check-certificate-ends-soon",
        /// The certificate holds until `date`.
        CertificateUntil "check-certificate-until",
        /// The certificate is for `host`.
        HostCovered "check-host-covered",
        /// The certificate is for `names`, not for `host`.
        HostNotCovered "check-host-not-covered",
        /// Browsers are told to use nothing but https (RFC 6797).
        HstsThere "check-hsts-there",
        /// They are not.
        HstsMissing "check-hsts-missing",

        /// `address` answers with `status`.
        PageAnswers "check-page-answers",
        /// `address` answers with `status`, which is an error.
        PageFails "check-page-fails",
        /// `address` sends on to `target`; we did not follow.
        PageRedirects "check-page-redirects",
        /// `address` is there and says something.
        PageReadable "check-page-readable",
        /// `address` is empty.
        PageEmpty "check-page-empty",
        /// `address` is of type `type`, which is nothing that people read in a browser.
        PageNotReadable "check-page-not-readable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_is_cut_and_cannot_write_backwards() {
        let found = format!("a\u{202e}b\n{}", "x".repeat(500));
        let finding = Finding::of(Said::ProofOtherInFile).with("found", found);
        assert_eq!(finding.key, "check-proof-other-in-file");
        assert_eq!(finding.said(), Some(Said::ProofOtherInFile));
        assert_eq!(Finding::new("name-same", []).said(), None);
        let shown = &finding.variables["found"];
        assert!(!shown.contains(['\u{202e}', '\n']), "{shown}");
        assert!(shown.chars().count() < 320, "{shown}");
    }
}
