//! Nothing was found out: what that means.

use protocol::registration::checks::{CheckOutcome, Finding, Said};

use super::{Unreachable, Verdict};

/// What it means that `target` (an address, or a bare host) was not reached.
pub(super) fn judge(target: &str, reason: Unreachable) -> Verdict {
    let host = host_of(target);
    let about_host = |said| Finding::of(said).with("host", &host);
    let (outcome, sentence) = match reason {
        Unreachable::NotAnAddress => (
            CheckOutcome::Fail,
            Finding::of(Said::NotAnAddress).with("address", target),
        ),
        Unreachable::NotPublic => (CheckOutcome::Fail, about_host(Said::NotPublic)),
        Unreachable::PortNotAllowed(port) => (
            CheckOutcome::Fail,
            Finding::of(Said::PortNotAllowed).with("port", port),
        ),
        Unreachable::NoTls => (CheckOutcome::Fail, about_host(Said::NoTls)),
        Unreachable::NotHttp => (CheckOutcome::Fail, about_host(Said::NotHttp)),
        // These may be over in a minute, or be our own fault.
        Unreachable::NoSuchName => (CheckOutcome::Unreachable, about_host(Said::NoSuchName)),
        Unreachable::NameServerFailed => (
            CheckOutcome::Unreachable,
            about_host(Said::NameServerFailed),
        ),
        Unreachable::NoConnection => (CheckOutcome::Unreachable, about_host(Said::NoConnection)),
        Unreachable::TimedOut => (CheckOutcome::Unreachable, about_host(Said::TimedOut)),
    };
    Verdict::new(outcome, [sentence])
}

fn host_of(target: &str) -> String {
    url::Url::parse(target)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_else(|| target.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_told_from_what_will_not() {
        for (reason, outcome) in [
            (Unreachable::NotAnAddress, CheckOutcome::Fail),
            (Unreachable::NotPublic, CheckOutcome::Fail),
            (Unreachable::PortNotAllowed(22), CheckOutcome::Fail),
            (Unreachable::NoTls, CheckOutcome::Fail),
            (Unreachable::NotHttp, CheckOutcome::Fail),
            (Unreachable::NoSuchName, CheckOutcome::Unreachable),
            (Unreachable::NameServerFailed, CheckOutcome::Unreachable),
            (Unreachable::NoConnection, CheckOutcome::Unreachable),
            (Unreachable::TimedOut, CheckOutcome::Unreachable),
        ] {
            let verdict = judge("https://shop.example/terms", reason);
            assert_eq!(verdict.outcome, outcome, "{reason:?}");
            assert_eq!(verdict.evidence.len(), 1);
        }
        let verdict = judge("https://shop.example/terms", Unreachable::TimedOut);
        assert_eq!(
            verdict.evidence,
            [Finding::of(Said::TimedOut).with("host", "shop.example")]
        );
        let verdict = judge("shop.example", Unreachable::TimedOut);
        assert_eq!(verdict.evidence[0].variables["host"], "shop.example");
    }
}
