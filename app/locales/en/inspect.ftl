# The request log and the playground of an app.
# $time is a time of day, $reference names a request, $address is an address of this server.

log-title = Request log
log-environment = Environment
log-lead = Authorize and token requests, newest first, up to a few seconds behind.
log-kept =
    { $days ->
        [one] Kept for { $days } day.
       *[other] Kept for { $days } days.
    }
log-filter = Filters
log-any = Any
log-outcome = Result
log-served = Served
log-refused = Refused
log-failed = Failed on our side
log-endpoint = Endpoint
log-error = Error
log-from = From (UTC)
log-until = Until (UTC)
log-show = Show
log-clear = Clear filters
log-unreadable = This cannot be read, so it was left out
log-time = Time (UTC)
log-status = HTTP
log-agent = Sent by
log-older = Older requests
log-newest = Back to the newest
log-export = Download as CSV
log-export-note = All requests that fit the filters, newest first, at most { $most }.
log-empty = No requests yet. Send the first one:
log-none = No request fits these filters.
log-not-live = This app is not live yet.

request-title = Request { $reference }
request-facts = The request
request-grant = Grant
request-way = Parameters
request-way-query = In the address
request-way-body = In the body
request-proof = Client credentials
request-proof-header = In the header
request-proof-parameters = Among the parameters
request-took = Took
request-clock = Your clock
request-clock-same = Right to the second
request-clock-ahead =
    { $seconds ->
        [one] { $seconds } second ahead of ours
       *[other] { $seconds } seconds ahead of ours
    }
request-clock-behind =
    { $seconds ->
        [one] { $seconds } second behind ours
       *[other] { $seconds } seconds behind ours
    }
request-wrong = What went wrong
request-reason = Reason
request-about = About
request-expected = Expected
request-received = Received
request-received-nothing = nothing
request-fix = How to put it right
request-steps = What was checked, in this order
request-passed = passed
request-stopped = stopped here
request-skipped = not looked at
request-parameters = Parameters
request-no-parameters = None that could be read.
request-hidden =
    { $count ->
        [one] hidden, { $count } character
       *[other] hidden, { $count } characters
    }
request-length =
    { $count ->
        [one] { $count } character
       *[other] { $count } characters
    }
request-curl = As a `curl` command
request-curl-note = Secrets are variables of the shell: set them first.

developer-open-log = Open in your request log

playground-title = Playground
playground-lead = Go through the whole flow as your app would: real pages, real endpoints, play money.
playground-unregistered = First add `{ $address }` to the sandbox callback addresses of the app.
playground-read-only = You may look at this app, not change it. Only those who may change it can send its requests.
playground-build = Build a request
playground-build-button = Build the request
playground-again = Begin again
playground-fault = What is to go wrong
playground-fault-none = Nothing
playground-fault-redirect = The return address is wrong
playground-fault-denied = The person says no
playground-fault-sca = The code of the person is wrong
playground-fault-used = The code is exchanged twice
playground-fault-late = The code is exchanged too late
playground-fault-money = The account has too little money
playground-sees-redirect = The address has one slash too many. We stop on a page of ours and send nobody anywhere: your app sees nothing. The request log shows the difference.
playground-sees-denied = Press Cancel on one of the pages. Your app gets `error=access_denied` with its `state`, and no code.
playground-sees-sca = Type a wrong code, such as 000000. We ask again and pause after several tries; your app sees nothing until the person gives up, and then `error=access_denied`.
playground-sees-used = We send the exchange twice. The second answer is `invalid_grant`, and the tokens of the first one are revoked: calls of an API fail.
playground-sees-late = Wait until the code has run out, and exchange it then: the answer is `invalid_grant`.
playground-sees-money = Allow everything and exchange the code, then call `POST /wallet/v1/transfers`: the order is for a million euros, the answer is `insufficient_funds`, and no money moves.
playground-go = Send the person to us
playground-go-lead = The request of your app. `state` and the pair for PKCE were made for you; the verifier stays with the app until the exchange.
playground-go-button = Go to the pages
playground-came = What came back
playground-came-nothing = Nothing yet. A request that stays on a page of ours is in the request log.
playground-state-right = It is the state that was sent
playground-state-wrong = It is not the state that was sent: an app must stop here
playground-exchange = Exchange the code
playground-code-until = The code is good until { $time }.
playground-secret-hint = Kept sealed in your session for the playground, never shown again, and gone when you sign out.
playground-exchange-button = Exchange the code
playground-call = Call an API
playground-answer = Request { $number }
playground-request = As it was sent
playground-response = The answer
playground-open-log = In the request log:

complaint-playground-scope = Choose what to ask for
complaint-playground-secret = Paste the client secret of the sandbox
flash-playground-nothing = There is nothing to go on with yet. Begin with a request.
