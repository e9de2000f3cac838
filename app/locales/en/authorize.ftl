# The pages on which a person approves an app.

# Labels in the margin of the sheet
label-who = Who
label-why = Why
label-what = What
label-accounts = Accounts
label-until = Until
label-next = Next
label-you = You
label-pay = You pay
label-allow = You allow
label-code = Code
label-from = From

# Sign in
login-title = Sign in for { $app }
login-heading = Sign in
login-access = { $app }{ $site } asks for access to your accounts.
login-pay = { $app }{ $site } asks you to pay { $sum } to { $payee }.
login-username = Login name or email
login-password = Password
login-password-hint = { $app } never sees your password.
login-show = Show
login-hide = Hide
login-open = This is the sandbox: any login name and any password will do. A new name gets sample accounts.
login-continue = Continue
login-address = You are on { $host }. Compare it with the address bar before you type.
login-trouble = Trouble signing in?

# Who asks
app-company = Company no. { $number }
app-licence = { $kind }, licence no. { $number }, { $authority }
app-licence-words = Licence: { $licence }
app-verified = Verified website { $host }
app-unverified = We have not verified a website for this app.
app-unreviewed = We do not know the business behind this app.
app-since = With us since { $date }
app-no-purpose = { $app } has not told us why it asks.
app-purpose-language = This text is available in { $language } only.
signed-in = Signed in as { $name }

# Consent
consent-title = Allow { $app }?
consent-can = { $app } can
consent-cannot = { $app } cannot
consent-choose = Choose the accounts that { $app } may use
consent-fixed = { $app } asked for these accounts
consent-count = { $chosen } of { $total } accounts chosen
consent-none = None of your accounts can be shared with this app. Cancel to go back; nothing will be shared.
consent-none-named = { $app } asked for accounts that are not yours. Cancel to go back; nothing will be shared.
consent-days =
    { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
consent-times =
    { $times ->
        [one] Once a day without you.
       *[other] Up to { $times } times a day without you.
    }
consent-times-any = Without you, as often as it needs to.
consent-once = This one time. { $app } can look right after you allow it, and cannot come back.
consent-stop = You can stop this at any time before then, at { $address }.
consent-next = After Allow you return to { $host }.
consent-next-differs = This address does not belong to the verified website { $host }.
consent-next-unknown = We have not verified who owns this address.
consent-allow = Allow
consent-update = Update the choice
consent-all = Choose all
consent-no-account = Choose none
consent-with-payment = Together with one payment

account-wallet = Wallet
account-current = Current account
account-savings = Savings account
account-other = Account
account-available = available
ineligible-kind = Not covered by this kind of access.
ineligible-joint = Joint account: your co-owner must agree first.
ineligible-blocked = This account is blocked. Ask us why.
ineligible-currency = Not in the currency of this payment.
ineligible-balance = Not enough money in this account.
ineligible-other = This account cannot be used here.

# Strong customer authentication
confirm-title = Confirm for { $app }
confirm-title-pay = Pay { $sum } for { $app }
confirm-heading = Enter the code from your authenticator app
confirm-heading-recovery = Enter a recovery code
confirm-heading-pay = Confirm the payment
confirm-code = Code from your authenticator app
confirm-code-hint = 6 digits. It changes every 30 seconds, so wait for a new one if it is about to change. The code goes from your app to this page.
confirm-code-auto = Sends itself when complete.
confirm-code-optional = This is the sandbox: you may leave the code empty. If you fill it in, it must be right.
confirm-code-sandbox = This is the sandbox: you may leave the code empty, or type 123456.
confirm-recovery = Recovery code
confirm-recovery-hint = Letters and numbers, with or without dashes. Works once.
confirm-button = Confirm
confirm-pay = Pay { $sum }
confirm-use-recovery = Use a recovery code
confirm-use-app = Use the code from the app
confirm-not-me = Did not start this?
confirm-not-me-body = Press Cancel: nothing is shared and no money moves. Whoever came this far knows your password, so change it and tell us.
confirm-next-account = You choose the account to pay from on the next page.

pay-amount = Amount
pay-to = To
pay-iban = Account
pay-message = Message
pay-by = Requested by

code-help = If it keeps failing
code-help-newest = Use the newest code in the app.
code-help-once = Each code works once, so wait for the next one after a try.
code-help-clock = Set your phone’s time to automatic.
code-help-account = Look whether another account is selected in the app.

# Choose the account to pay from
from-title = Choose the account – { $app }
from-heading = Choose the account to pay from
from-legend = Pay { $sum } from
from-none = None of your accounts can make this payment. Cancel to go back; no money will move.

# It is over
done-title = Finished – { $app }
done-approved = Done
done-approved-accounts =
    { $accounts ->
        [one] { $app } can use { $accounts } account until { $date }.
       *[other] { $app } can use { $accounts } accounts until { $date }.
    }
done-approved-plain = { $app } can do what you allowed until { $date }.
done-paid = Payment approved
done-paid-body = { $app } can now make this one payment, and no other.
done-denied = Cancelled
done-denied-body = Nothing was shared and no money moved.
done-close = You can close this window.
done-go-back = Go back to { $app } to carry on.
