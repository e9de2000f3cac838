# Clients, their suspension and the audit trail, for admins; and what a team sees of a suspension.
# $app is an app's name, $name is to be typed, $time is a day with its time, $count a number.

clients-title = Clients
clients-search = Name or client id
clients-none = No client fits these filters.
clients-empty = No client is registered yet.
clients-first = Back to the first page

client-state = State
client-active = Active
client-suspended = Switched off
client-to-suspend = Switch off …
client-to-resume = Switch on again …
client-off-since = Switched off
client-off-unsaid = No reason was written down.
client-held = What it holds now
client-held-off = What it holds; none of it works while it is switched off
client-people = People
client-permissions = Permissions
client-access-tokens = Access tokens
client-refresh-tokens = Refresh tokens
client-facts = What it is
client-since = Registered
client-dialects = Dialects
client-grants = Grants
client-auth = Proves itself by
client-pkce = Code challenge
client-app = App and team
client-app-name = App
client-no-app = An operator registered this client; no team looks after it.
client-sibling = Its other client
client-review = Last review
client-no-secrets = It has no secret.
client-has-key = It has a key and signs its requests.
client-history = What happened
client-to-audit = All of it in the audit trail

suspend-heading = Switch off { $app }
suspend-effect = Whom it concerns
suspend-lead = Nothing is granted to this client from the moment you press the button, and its tokens are refused within one second. Its team gets a letter with your reason.
suspend-mode = What becomes of what people allowed
suspend-why = Why
suspend-choose = Choose
suspend-reason = Reason
suspend-reason-hint = In your words, 20 to 2000 characters. The team reads it.
suspend-name = Name of the app
suspend-name-hint = Type { $name } to be sure that it is the right one.
suspend-button = Switch off
suspend-is-off = This client is switched off already.
suspend-typed = What you typed
resume-heading = Switch on { $app } again
resume-lead-pause = It was paused: what people allowed works again at once, and so do its tokens that have not run out. Its team gets a letter with your reason.
resume-lead-end = What people allowed was ended for good and does not come back: they are asked anew. Its credentials work again. Its team gets a letter with your reason.
resume-reason = Reason
resume-button = Switch on again
resume-is-on = This client is active.

admin-word-mode-pause = Pause: it is kept, and works again when the app is switched on.
admin-word-mode-end = End: it is revoked for good, and so are all tokens.
admin-word-suspend-policy = It broke our rules
admin-word-suspend-security = It puts people at risk
admin-word-suspend-licence = Its licence ended
admin-word-suspend-requested = Its own team asked for it
admin-word-suspend-other = Something else
admin-word-role-user = customer
admin-word-role-developer = developer
admin-word-role-admin = admin
admin-word-break-missing = An event is gone:
admin-word-break-changed = An event was changed:
admin-word-break-inserted = An event was added later:
admin-word-break-seal_changed = A seal was changed:

audit-nav = Audit
audit-title = Audit trail
audit-none = Nothing happened that fits.
audit-actor = Who
audit-actor-hint = A login name or an id
audit-action = What
audit-object = To what
audit-object-hint = The id of a client, app or case
audit-detail = Details
audit-reference = Reference
audit-open = Open the page
audit-older = Older events
audit-newest = Back to the newest
audit-unverified = Not verified yet
audit-unverified-text = The server has just started and has not walked along the chain yet. It does so within a minute.
audit-verified = Verified
audit-verified-up-to = Every event up to { $time } is as it was written.
audit-verified-count =
    { $count ->
        [one] { $count } seal was checked.
       *[other] { $count } seals were checked.
    }
audit-broken = The chain is broken
audit-broken-at = The trail was tampered with at { $time }.
audit-export = Take it along
audit-export-text = A file with everything that the filters leave, oldest first. Who takes it along stands in the trail. In the table, texts that a spreadsheet would take for formulas begin with an apostrophe; the lines are exact.
audit-export-csv = Table (CSV)
audit-export-json = Lines (JSON)

off-heading-sandbox = We switched off the sandbox client of this app
off-heading-live = We switched off the live client of this app
off-works = Its requests are refused. The request log, the credentials and this page stay open to you. If you think that we are wrong, answer our letter.
