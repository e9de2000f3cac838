//! How a server speaks TLS: chain, time, host, version.

use std::time::Duration;

use protocol::{
    registration::checks::{CheckOutcome, Finding, Said},
    time::Timestamp,
};

use super::{Chain, TlsFacts, Verdict};

/// How long before its end a certificate should have been renewed.
const SOON: Duration = Duration::from_secs(14 * 24 * 3600);

/// What was found at `host`, at `now`.
pub(super) fn judge(host: &str, facts: &TlsFacts, now: Timestamp) -> Verdict {
    let version = Finding::of(Said::TlsVersion).with("version", facts.version.as_str());
    time(facts, now)
        .and(chain(facts, now))
        .and(name(host, facts))
        .and(Verdict::new(CheckOutcome::Pass, [version]))
}

fn time(facts: &TlsFacts, now: Timestamp) -> Verdict {
    let (outcome, said, date) = if facts.not_after <= now {
        (
            CheckOutcome::Fail,
            Said::CertificateExpired,
            facts.not_after,
        )
    } else if facts.not_before > now {
        (
            CheckOutcome::Fail,
            Said::CertificateNotYet,
            facts.not_before,
        )
    } else if facts.not_after <= now + SOON {
        (
            CheckOutcome::Warn,
            Said::CertificateEndsSoon,
            facts.not_after,
        )
    } else {
        (CheckOutcome::Pass, Said::CertificateUntil, facts.not_after)
    };
    Verdict::new(outcome, [Finding::of(said).with("date", date.date())])
}

fn chain(facts: &TlsFacts, now: Timestamp) -> Verdict {
    let is_in_time = facts.not_before <= now && now < facts.not_after;
    let (outcome, said) = match facts.chain {
        Chain::Trusted => (CheckOutcome::Pass, Said::ChainTrusted),
        Chain::SelfSigned => (CheckOutcome::Fail, Said::ChainSelfSigned),
        Chain::UnknownIssuer => (CheckOutcome::Fail, Said::ChainUnknown),
        Chain::Broken => (CheckOutcome::Fail, Said::ChainBroken),
        Chain::OutOfTime if is_in_time => (CheckOutcome::Fail, Said::ChainOutOfTime),
        // The sentence on time says it all.
        Chain::OutOfTime => return Verdict::new(CheckOutcome::Fail, []),
    };
    Verdict::new(outcome, [Finding::of(said)])
}

fn name(host: &str, facts: &TlsFacts) -> Verdict {
    if facts.covers_host {
        return Verdict::new(
            CheckOutcome::Pass,
            [Finding::of(Said::HostCovered).with("host", host)],
        );
    }
    let names = facts.names.join(", ");
    let sentence = Finding::of(Said::HostNotCovered)
        .with("host", host)
        .with("names", if names.is_empty() { "-" } else { &names });
    Verdict::new(CheckOutcome::Fail, [sentence])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::TlsVersion;

    const NOW: Timestamp = Timestamp::from_seconds(1_795_348_800);
    const DAY: Duration = Duration::from_secs(24 * 3600);

    fn good() -> TlsFacts {
        TlsFacts {
            version: TlsVersion::V1_3,
            chain: Chain::Trusted,
            covers_host: true,
            names: Vec::new(),
            not_before: NOW - DAY,
            not_after: NOW + 60 * DAY,
        }
    }

    fn said(facts: &TlsFacts) -> (CheckOutcome, Vec<Said>) {
        let verdict = judge("shop.example", facts, NOW);
        let said = verdict.evidence.iter().filter_map(Finding::said);
        (verdict.outcome, said.collect())
    }

    #[test]
    fn a_good_certificate_passes_and_says_until_when() {
        let (outcome, said) = said(&good());
        assert_eq!(outcome, CheckOutcome::Pass);
        assert_eq!(
            said,
            [
                Said::CertificateUntil,
                Said::ChainTrusted,
                Said::HostCovered,
                Said::TlsVersion
            ]
        );
        let verdict = judge("shop.example", &good(), NOW);
        assert_eq!(verdict.evidence[0].variables["date"], "2027-01-21");
        assert_eq!(verdict.evidence[3].variables["version"], "1.3");
    }

    #[test]
    fn every_fault_is_named() {
        let cases = [
            (
                TlsFacts {
                    not_after: NOW,
                    chain: Chain::OutOfTime,
                    ..good()
                },
                CheckOutcome::Fail,
                Said::CertificateExpired,
            ),
            (
                TlsFacts {
                    not_before: NOW + DAY,
                    chain: Chain::OutOfTime,
                    ..good()
                },
                CheckOutcome::Fail,
                Said::CertificateNotYet,
            ),
            (
                TlsFacts {
                    not_after: NOW + 14 * DAY,
                    ..good()
                },
                CheckOutcome::Warn,
                Said::CertificateEndsSoon,
            ),
            (
                TlsFacts {
                    chain: Chain::SelfSigned,
                    ..good()
                },
                CheckOutcome::Fail,
                Said::ChainSelfSigned,
            ),
            (
                TlsFacts {
                    chain: Chain::UnknownIssuer,
                    ..good()
                },
                CheckOutcome::Fail,
                Said::ChainUnknown,
            ),
            (
                TlsFacts {
                    chain: Chain::Broken,
                    ..good()
                },
                CheckOutcome::Fail,
                Said::ChainBroken,
            ),
            (
                TlsFacts {
                    covers_host: false,
                    names: vec!["other.example".into()],
                    ..good()
                },
                CheckOutcome::Fail,
                Said::HostNotCovered,
            ),
        ];
        for (facts, outcome, sentence) in cases {
            let found = said(&facts);
            assert_eq!(found.0, outcome, "{facts:?}");
            assert!(found.1.contains(&sentence), "{facts:?}");
        }
    }

    #[test]
    fn an_intermediate_certificate_that_is_over_fails_too() {
        let facts = TlsFacts {
            chain: Chain::OutOfTime,
            ..good()
        };
        let (outcome, said) = said(&facts);
        assert_eq!(outcome, CheckOutcome::Fail);
        assert!(said.contains(&Said::ChainOutOfTime), "{said:?}");
    }
}
