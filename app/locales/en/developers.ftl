# The public pages for developers. Words between `backticks` are machines’ words: the same in every language.

docs-nav = Documentation
docs-bar = Site
docs-developers = Developers
docs-log-in = Sign in
docs-sign-up = Sign up
docs-search-label = Search the documentation
docs-search = Search

docs-start = Get started
docs-start-heading = Build on accounts that people share with you
docs-start-lead = { -product } is an OAuth 2.0 authorization server. Your app sends people here, they see what it asks for and sign or do not, and your app gets a token that is good for exactly that. Any client library that reads server metadata works.
docs-quick = Quick start
docs-quick-text = Three steps in a terminal with `curl` and `openssl`. The commands run as they are pasted.
docs-step-keys = 1. Get keys
docs-step-keys-sign-up = Sign up and an app in the sandbox is waiting for you with its `client_id` and `client_secret`: play money and test people, no review. Put the two into your terminal.
docs-step-keys-demo = This server runs with demo data, so here are the keys of its demo app. With keys of your own, after signing up, nothing else changes.
docs-step-keys-check = The token endpoint tells whether the keys are good: it answers with a token that stands for the app itself.
docs-sample-keys = Set the keys
docs-sample-check = Try the keys
docs-step-person = 2. Ask a person
docs-step-person-text = Make a secret for PKCE and print the address that your app would send people to. Open it in a browser, sign in as a test person and allow.
docs-step-person-back = The browser then goes to `http://127.0.0.1:8080/callback`, which must be registered for the app. Nothing listens there yet, so take `code` out of the address bar. In an app, compare `state` and `iss` with what you expect before anything else.
docs-sample-person = Print the address
docs-step-call = 3. Get the token and call
docs-step-call-text = Set `CODE` to the code from the address. It is good once and for a short time only.
docs-sample-call = Exchange the code and list the accounts
docs-addresses = Addresses
docs-metadata = Server metadata
docs-metadata-note = Endpoints and what they support (RFC 8414). Point your library at it.
docs-openapi = The API as OpenAPI
docs-openapi-note = Every endpoint with its parameters and answers, for programs.
docs-issuer = Issuer
docs-endpoint-authorize = Authorize
docs-endpoint-token = Token
docs-endpoint-revoke = Revocation
docs-endpoint-introspect = Introspection

docs-scopes = Scopes
docs-scopes-heading = Scopes: what your app can ask for
docs-scopes-lead = Ask for as little as you need. People read the words below and never the scope itself, and they also read what your app cannot do.
docs-scope-can = People read that the app can
docs-scope-cannot = And that it cannot
docs-scope-licence = Needed for live use
docs-scope-sandbox = In the sandbox no licence is needed.
docs-scope-person = Person
docs-scope-person-needed = A token for it always stands for a person who agreed.
docs-scope-person-not-needed = A token of the app itself may have it, but account data needs a person who agreed.
docs-scope-consent = After the person agreed, the token answer has a `consent_id`. Ask for `AIS:` followed by it to renew that very consent.
docs-licence-none = None
docs-licence-accounts = A registration or licence for account information services (PSD2, annex I, point 8)
docs-licence-payments = A licence for payment initiation services (PSD2, annex I, point 7)

docs-errors = Errors
docs-errors-heading = Errors and what to do
docs-errors-lead = Every error has a section here, and `error_uri` in an answer points at it. Sentences are in English, as they are sent; words that depend on the request are examples.
docs-error-shape = How an error looks
docs-error-shape-text = Programs decide by `error` and the status. `error_description` is for you and may change. `trace_id` is the reference: it stands in our log, in the header `x-trace-id` and, when an error goes back by redirect, at the end of `error_description`. Tell it to support; it holds nothing personal.
docs-sample-error = An error answer
docs-told-page = Shown on our page
docs-told-page-text = Client or address cannot be trusted, so nobody is sent anywhere. Your app hears nothing: people see the page.
docs-told-redirect = Sent to your address by redirect
docs-told-redirect-text = Read `error` from the query of your redirect URI, after comparing `state` and `iss`.
docs-told-token = From token, revocation and introspection
docs-told-token-text = A JSON answer of the endpoints that your server calls with its keys.
docs-told-resource = From the APIs
docs-told-resource-text = A JSON answer of an API that your app calls with an access token.
docs-case-page = On our page, status { $status }
docs-case-redirect = By redirect
docs-case-token = Token endpoint, status { $status }
docs-case-resource = API, status { $status }
docs-link-here = Link to this section

docs-tokens = Tokens
docs-tokens-heading = Tokens: how long, how often, how to end them
docs-tokens-lead = Tokens are random words without meaning. Keep them on your server, send them in the header `Authorization` and never in an address.
docs-lifetimes = Lifetimes
docs-lifetimes-text = These are the values of this server. A client may have others: go by `expires_in` in the answer.
docs-lifetime-code = Authorization code
docs-lifetime-access = Access token
docs-lifetime-refresh = Refresh token
docs-lifetime-consent = Consent, at most
docs-lifetime-interaction = Time for the person to answer
docs-refresh = Refreshing
docs-refresh-text = Each refresh gives a new pair and ends the old one. When the answer is lost, send the same request again: within { $grace } the same refresh token hands out the same new pair, as long as nothing of it was used. After that, using it a second time looks like theft and ends the whole chain.
docs-refresh-flight = Refresh from one place at a time. Two servers that refresh the same token at once get the same pair, but the slower one may come too late.
docs-sample-refresh = Refresh
docs-sample-flight = One refresh at a time, in JavaScript
docs-revocation = Revoking
docs-revocation-text = Revoking an access token ends that token. Revoking a refresh token ends its whole chain, access tokens included; what was cached elsewhere is gone within { $cache }. The person’s agreement stays until its date or until the person ends it. Unknown tokens are answered in the same way.
docs-sample-revoke = Revoke
docs-introspection = Introspection
docs-introspection-text = Ask whether a token of your own app is good now, and for what. For a token that is unknown, expired or another app’s the answer is `active` with `false` and nothing more.
docs-sample-introspect = Ask about a token
docs-logging = What is logged
docs-logging-text = Your app’s request log in the portal shows every authorize and token request: the checks in their order, where it stopped, and how to mend it. Parameters that are harmless stand there in clear, all others only as their length: codes, tokens and secrets reach no log. Keep `x-trace-id` of every answer: it leads you, and nobody else, to that entry.

docs-payments = Payments
docs-payments-heading = Payments: one request, one payment
docs-payments-lead = With `authorization_details` (RFC 9396) a person sees amount and payee, confirms exactly these with a code, and your token is good for that one transfer, once.
docs-payment-request = Ask for a payment
docs-payment-request-text = Ask for the scope `transferFunds` and put the payment into the authorize request. This prints the address to open; `CLIENT_ID` and `CHALLENGE` are those of the quick start.
docs-sample-payment = Print the address of a payment
docs-payment-fields = What belongs into it
docs-payment-fields-text = Exactly one element with these members. What is not understood is refused and never ignored, because nobody should confirm less than what was asked.
docs-field-type = Always this word
docs-field-amount = `currency` in three letters and `amount` as a decimal text, more than zero
docs-field-creditor = Who gets it: one line of at most { $longest } characters
docs-field-account = Where it goes: `iban` with correct check digits
docs-field-reference = What it is for: one line of at most { $longest } characters; may be left out
docs-payment-transfer = Make the transfer
docs-payment-transfer-text = Exchange the code as in the quick start, put the access token into `TOKEN` and send the payment as it was approved. Make the `Idempotency-Key` once and keep it with the order: the same key and body get the same answer again for { $kept }, so a retry never pays twice.
docs-sample-transfer = Pay
docs-payment-pending = Or write the payment down first
docs-payment-pending-text = With a token of your own (`client_credentials`, scope `transferFunds`) your server writes the payment down and gets a `transfer_id`. Then send the person with the scope `transferFunds:<transfer_id>` and without `authorization_details`; the pages are the same. It waits for { $waits }.
docs-sample-pending = Write a payment down
docs-payment-pending-after = Make the transfer with the person’s token as above. However many people approve it, money moves once. `GET /wallet/v1/pending-transfers/<transfer_id>` tells what became of it.
docs-payment-faults = When it fails
docs-payment-faults-text = The most common answers, each with its section:

docs-found-title = Search
docs-found-heading = Search results
docs-found =
    { $count ->
        [one] { $count } section found.
       *[other] { $count } sections found.
    }
docs-found-none = Nothing was found. Here are all scopes and all errors.
docs-found-sections = Sections

docs-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
docs-hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
docs-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
docs-seconds =
    { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }
