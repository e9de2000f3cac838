//! Whether those who register an app control the domain of its website: by a TXT record or a file.

use protocol::{
    registration::{
        checks::{CheckOutcome, Finding, Said},
        domain_proof::{ProofFound, ProofToken, WELL_KNOWN_PATH},
    },
    time::Timestamp,
};

use super::{Fetched, Prober, Unreachable, Verdict, tls, unreachable};

/// Looks for the proof of control of `domain`. The record is looked for first, and the file only when
/// there is no such record.
pub(super) async fn look(
    prober: &dyn Prober,
    domain: &str,
    token: &ProofToken,
    now: Timestamp,
) -> Verdict {
    let in_dns = judge_records(domain, token, prober.txt(domain).await);
    if in_dns.outcome == CheckOutcome::Pass {
        return in_dns;
    }
    let address = format!("https://{domain}{WELL_KNOWN_PATH}");
    let in_file = match prober.fetch(&address).await {
        Ok(fetched) => judge_file(domain, &address, token, &fetched, now),
        Err(reason) => unreachable::judge(&address, reason),
    };
    match in_file.outcome {
        CheckOutcome::Pass => in_file,
        _ => in_dns.and(in_file),
    }
}

fn judge_records(
    domain: &str,
    token: &ProofToken,
    records: Result<Vec<String>, Unreachable>,
) -> Verdict {
    let records = match records {
        Ok(records) => records,
        Err(reason) => return unreachable::judge(domain, reason),
    };
    let expected = token.record();
    let (outcome, finding) = match token.in_txt(&records) {
        ProofFound::Expected => (CheckOutcome::Pass, Finding::of(Said::ProofInDns)),
        ProofFound::OtherToken => {
            let ours = |record: &&String| token.in_txt([record]) == ProofFound::OtherToken;
            let found = records.iter().find(ours).map_or("-", String::as_str);
            let finding = Finding::of(Said::ProofOtherInDns).with("found", found);
            (CheckOutcome::Fail, finding)
        }
        ProofFound::Nothing => {
            let finding = Finding::of(Said::ProofNotInDns).with("domain", domain);
            (CheckOutcome::Fail, finding)
        }
    };
    Verdict::new(outcome, [finding.with("record", expected)])
}

fn judge_file(
    domain: &str,
    address: &str,
    token: &ProofToken,
    fetched: &Fetched,
    now: Timestamp,
) -> Verdict {
    let about = |said| Finding::of(said).with("address", address);
    let failed = |finding| Verdict::new(CheckOutcome::Fail, [finding]);
    if let Some(facts) = fetched.tls.as_ref().filter(|facts| !facts.is_trusted()) {
        return tls::judge(domain, facts, now);
    }
    match fetched.status {
        200 => {
            let content = String::from_utf8_lossy(&fetched.body);
            match token.in_file(&content) {
                ProofFound::Expected => {
                    Verdict::new(CheckOutcome::Pass, [about(Said::ProofInFile)])
                }
                ProofFound::OtherToken | ProofFound::Nothing => {
                    let finding = about(Said::ProofOtherInFile).with("found", content.trim());
                    failed(finding.with("record", token.record()))
                }
            }
        }
        300..=399 => {
            let target = fetched.location.as_deref().unwrap_or("-");
            failed(about(Said::PageRedirects).with("target", target))
        }
        status => failed(about(Said::PageFails).with("status", status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_795_348_800);
    const ADDRESS: &str = "https://shop.example/.well-known/countersign-verification.txt";

    /// Twenty-six zeros.
    fn token() -> ProofToken {
        ProofToken::from_entropy([0; 26])
    }

    fn of_records(records: &[&str]) -> (CheckOutcome, Said) {
        let records = records.iter().map(|record| (*record).to_owned()).collect();
        let verdict = judge_records("shop.example", &token(), Ok(records));
        (verdict.outcome, verdict.evidence[0].said().unwrap())
    }

    fn of_file(status: u16, body: &str) -> (CheckOutcome, Said) {
        let fetched = Fetched {
            status,
            body: body.into(),
            location: (status == 302).then(|| "https://elsewhere.example/".into()),
            ..Fetched::default()
        };
        let verdict = judge_file("shop.example", ADDRESS, &token(), &fetched, NOW);
        (verdict.outcome, verdict.evidence[0].said().unwrap())
    }

    #[test]
    fn the_record_may_stand_among_others() {
        let ours = token().record();
        let old = "countersign-verification=old";
        let found = of_records(&["v=spf1 -all", old, &ours]);
        assert_eq!(found, (CheckOutcome::Pass, Said::ProofInDns));
        let found = of_records(&["v=spf1 -all", old]);
        assert_eq!(found, (CheckOutcome::Fail, Said::ProofOtherInDns));
        let found = of_records(&["v=spf1 -all"]);
        assert_eq!(found, (CheckOutcome::Fail, Said::ProofNotInDns));
    }

    #[test]
    fn what_was_found_instead_is_shown_beside_what_is_expected() {
        let records = vec!["v=spf1".into(), "countersign-verification=old".into()];
        let verdict = judge_records("shop.example", &token(), Ok(records));
        let variables = &verdict.evidence[0].variables;
        assert_eq!(variables["found"], "countersign-verification=old");
        assert_eq!(variables["record"], token().record());
    }

    #[test]
    fn the_file_is_there_itself_and_holds_the_record() {
        let ours = token().record();
        let found = of_file(200, &format!("{ours}\r\n"));
        assert_eq!(found, (CheckOutcome::Pass, Said::ProofInFile));
        let found = of_file(200, &format!("<html>{ours}</html>"));
        assert_eq!(found, (CheckOutcome::Fail, Said::ProofOtherInFile));
        let found = of_file(404, &ours);
        assert_eq!(found, (CheckOutcome::Fail, Said::PageFails));
        let found = of_file(302, &ours);
        assert_eq!(found, (CheckOutcome::Fail, Said::PageRedirects));
    }
}
