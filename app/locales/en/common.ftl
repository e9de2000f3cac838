# What every page shows.
# A sentence names each variable once.
# $app is an app's own name, $host a host name, $sum an amount already written in this language.

-product = Countersign

title = { $page } – { -product }
title-error = Error: { $page } – { -product }

skip = Skip to the content
languages = Language
footer-help = Help
footer-privacy = Privacy
new-tab = opens in a new tab
reference = Reference { $id }
sandbox = Sandbox
sandbox-line = Play money and test users only.

kind-access = Access request
kind-payment = Payment request
kind-receipt = Receipt
kind-stopped = Request stopped
finish-before = Finish before { $time }
utc = { $time } UTC

summary-title = There is a problem
error-prefix = Error:
note = Note
moves-money = Moves money

cancel = Cancel
cancel-return = Cancel and return to { $app }
back-to = Back to { $app }
back-to-app = Back to the app
checking = Checking…
copy = Copy
copied = Copied

countdown-left = Time left on this page:
countdown-minute = One minute left on this page. Press Stay to get more time.
countdown-seconds = 15 seconds left on this page.
countdown-ended = The time for this page is over. Nothing was done.
countdown-stay = Stay
countdown-stayed = You have more time now.
offline = You are offline. Nothing was sent.
language-name-en = English
language-name-lt = Lithuanian
language-name-ru = Russian
