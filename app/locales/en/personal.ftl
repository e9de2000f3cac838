# What an app can know of a person and their wallets, in the manner of permissions.ftl.

can-numbers = Know you again
can-numbers-details = A number that stands for you and one for your wallet. They say nothing else about you.
can-email = See your e-mail address
can-email-details = The address that you confirmed here.
can-phone = See your phone number
can-phone-details = The number that you confirmed here.
can-full_name = See your name and surname
can-full_name-details = As they stand in your papers.
can-personal_code = See your nationality and personal code
can-personal_code-details = As they stand in your papers.
can-address = See your address
can-address-details = Country, town, street and postal code.
can-date_of_birth = See your date of birth
can-date_of_birth-details = Day, month and year.
can-gender = See your gender
can-gender-details = As it stands in your papers.
can-identification_level = See how well we know you
can-identification_level-details = Whether we checked your papers, and in which way. Not the papers themselves.
can-exposed_persons = See whether you hold a public office
can-exposed_persons-details = Public offices of yours or of people close to you that the law asks us to know about, with names.
can-user_info = See how you appear here
can-user_info-details = The name that others see, your language, and whether you are a person or a company.
can-wallet_list = See which wallets you choose
can-wallet_list-details = Number, name, kind and currency of the accounts you choose.
can-sufficient_balance = Ask whether there is enough money
can-sufficient_balance-details = For an amount that it names, it learns yes or no about an account you choose. Asking often enough tells how much there is.
can-recent_transfers = See your recent transfers
can-recent_transfers-details = Amounts, dates, messages, and the names and account numbers of the other side, of the last 90 days.

can-offline = Also when you are not using the app, until you withdraw it.
can-absent = We do not have this from you yet, and must make sure of it ourselves. The app gets it once we have.
can-asked = We do not have this from you yet. We will ask you for it before the app gets it.

# Sign-up with the help of an app
vouched-title = Open an account
vouched-heading = Open an account
vouched-lead = { $app } has confirmed your address, so you need not do it again.
vouched-lead-phone = { $app } has confirmed your phone number, so you need not do it again.
vouched-email = Your email
vouched-email-note = You sign in with it.
vouched-phone = Your phone number
vouched-phone-note = You sign in with it, from the plus on.
vouched-terms = I have read the { $link }.
vouched-button = Open the account
vouched-over-title = This link is over
vouched-over = It is good for one sign-up within 15 minutes. Go back to the app and begin again there.
welcome-title = Your account is open
welcome-lead = You sign in as { $username }. Two things are shown only now.
welcome-app = Set up an authenticator app
welcome-codes = Write down your recovery codes
welcome-codes-note = Each is good once, for the day you lose your phone.
welcome-back = Then go back to { $app }.
complaint-contact-other-address = This link is for another address. Go back to the app and begin again there
complaint-contact-address-known = There is an account with this address already. Go back to the app and sign in

# Documentation
docs-wallet = Wallet API
docs-wallet-heading = Signed requests, people, wallets and payments
docs-wallet-lead = As the Paysera Wallet API has them: how to sign, how to ask a person, how to be paid, and the resources under `/rest/v1`. Client libraries of that API work here when their two addresses are changed.
docs-wallet-signing = Sign a request
docs-wallet-signing-text = Every request under `/rest/v1` and `/oauth/v1` has the header `Authorization: MAC`, with `id`, `ts`, `nonce`, `mac` and `ext`, each in double quotes. `id` is your `client_id` and the key is your MAC key; or `id` is an access token and the key is the `mac_key` that came with it. The key is used as the text that it is.
docs-wallet-signing-lines = `mac` is the HMAC-SHA-256, in base64, of seven lines that each end in a line feed: `ts`, `nonce`, the method, path and query just as they are sent, the host, the port, `ext`. A body needs `body_hash` in `ext`: its SHA-256 in base64, percent-encoded. Without a body `ext` is empty or left out.
docs-wallet-signing-once = `ts` may differ from our clock by { $skew }; `/rest/v1/server` tells our time to everybody. A nonce is good once: sign again when you send again.
docs-sample-signed = Sign and call, in Python
docs-wallet-people = Ask a person
docs-wallet-people-text = Send the browser to `/frontend/en/oauth` (`lt`, `ru`; `/frontend/oauth` follows the browser) and exchange the code that comes back.
docs-sample-signed-person = Ask for permission and read
docs-wallet-people-tokens = `refresh_token` renews a token, with the same `scope` or less. `DELETE /oauth/v1/token` ends what the person allowed; `access_token` in the query says which, unless the token itself signs. A token that is over is answered with 400 `invalid_grant` and `Token has expired`.
docs-wallet-paid = Be paid
docs-wallet-paid-text = Make a transaction and send the person to its page; with `/frontend/transaction/confirm-with-oauth/KEY` and the query of the door above they are asked for permission right after. Then the money is yours once you confirm.
docs-sample-signed-payment = A transaction, from the order to the money
docs-wallet-paid-reserved = `new` waits for the person; `reserved` holds the money for { $days } days unless you say otherwise; `PUT …/confirm` takes it, or less with a list of prices, and `DELETE` gives it back. What does not fit the state is 409 `invalid_state`. Each `POST` makes a transaction of its own.
docs-wallet-paid-callbacks = With `callback_uri` we tell you what happened without you: `event`, and its signature in `sign`, by the RSA key at `/publickey`, with SHA-256. Answer 200; otherwise it comes again for three days.
docs-wallet-scopes = Scopes
docs-wallet-scopes-text = What people read when you ask for each of them. Without any scope a token knows two numbers: that of the person and that of their wallet. Other words are `invalid_scope`.
docs-wallet-suffixes = Suffixes
docs-wallet-suffixes-offline = `X_offline`: your app may read X under its own name, without a token, until the person withdraws it or it runs out. Name the person or the wallet by its number. It comes from the authorization code grant alone.
docs-wallet-suffixes-optional = `X_optional`: the person need not have X yet. Without the suffix we ask them on the way, after the code, for what their own word is enough for: name, date of birth, gender, address, public office. An e-mail address, a phone number and a personal code we must make sure of ourselves, and the request page says so. Until it is there, a read finds nothing. Both suffixes: `X_offline_optional`.
docs-wallet-resources = People and wallets
docs-wallet-resources-text = `me` is the person behind the token; numbers are whole and stay. A wallet is one account of one person, and `/rest/v1/wallet/me` is the wallet among the chosen ones. What is absent is left out, never null.
docs-wallet-resources-statements = Statements come newest first, { $usual } at a time and at most { $limit }; `from` and `to` are seconds and both belong to the period. `recent_statements` sees the last { $days } days.
docs-wallet-resources-refused = Without the scope the answer is `forbidden`, for somebody who allowed you nothing as for nobody. What you may read and is not there is `not_found`.
docs-wallet-contact = Contact tokens
docs-wallet-contact-text = Where we agreed on it, your app can vouch for a person’s address: `POST /rest/v1/contact-token` with `email`, `phone` or both, and then send the person to `/signup?contact_token=…`. They choose a name and a password and confirm nothing again. They sign in with the e-mail address or, without one, with the phone number.
docs-wallet-contact-limits = A token is good for one sign-up, for { $lifetime }, with that very address. Your app gets { $client } tokens a day, an address { $address }; then the answer is `rate_limit_exceeded`.
docs-wallet-contact-status = `status` is `active`. A token ends when it is used, when its time is over, or when your app may not vouch any more; the sign-up page says so. Whether somebody has the address already is not told.
