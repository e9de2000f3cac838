# What the automatic checks of an app found. Each sentence stands by itself on a line; dates are
# written year-month-day.

check-proof-in-dns = The TXT record { $record } was found.
check-proof-in-file = The file { $address } was found and holds the right text.
check-proof-not-in-dns = No TXT record of { $domain } begins with countersign-verification=. Expected: { $record }.
check-proof-other-in-dns = The TXT record says { $found }. Expected: { $record }.
check-proof-other-in-file = The file { $address } says “{ $found }”. It should hold this and nothing else: { $record }.

check-no-servers = No server stands behind the callbacks: they lead to an app on the person’s own device, or there are none.

check-not-an-address = { $address } is not an address that we can look at. Use https, a host name and a path.
check-no-such-name = The name { $host } does not exist in the DNS, or has no address.
check-name-server-failed = The name servers did not answer for { $host }. We try again.
check-not-public = { $host } leads to an address that is not on the public internet. We do not go there.
check-port-not-allowed = The address names port { $port }. We look at ports 80 and 443 only.
check-no-connection = Nobody answers at { $host }, or the connection broke. We try again.
check-timed-out = { $host } did not answer in time. We try again.
check-no-tls = { $host } does not speak TLS 1.2 or 1.3.
check-not-http = What { $host } answers is not HTTP, or its headers are too long.

check-not-https = { $address } is not encrypted. Use https.
check-tls-version = The connection uses TLS { $version }.
check-chain-trusted = The certificate comes from an authority that browsers trust.
check-chain-self-signed = The certificate was signed by itself. Get one from an authority that browsers trust.
check-chain-unknown = The certificate comes from an authority that browsers do not know, or an intermediate certificate is missing. Send the whole chain.
check-chain-out-of-time = An intermediate certificate has run out or does not hold yet. Send the current chain.
check-chain-broken = The certificate cannot be used: it is damaged, made for another use, or signed in a way that is no longer trusted.
check-certificate-expired = The certificate ran out on { $date }. Renew it.
check-certificate-not-yet = The certificate holds only from { $date } on.
check-certificate-ends-soon = The certificate runs out soon, on { $date }. Renew it.
check-certificate-until = The certificate holds until { $date }.
check-host-covered = The certificate is for { $host }.
check-host-not-covered = The certificate is not for { $host }, but for: { $names }.
check-hsts-there = Browsers are told to use https only (HSTS).
check-hsts-missing = Browsers are not told to use https only. Send the header Strict-Transport-Security.

check-page-answers = { $address } answers with status { $status }.
check-page-fails = { $address } answers with status { $status }.
check-page-redirects = { $address } sends on to { $target }. We do not follow; give the final address.
check-page-readable = { $address } can be read.
check-page-empty = { $address } is empty, or shows its text only with scripts.
check-page-not-readable = { $address } is of type { $type }, which browsers do not show as text.
