# The apps that have a person's permission: the list, and the question before one of them loses it.
# $app is a name, $days a number, $date a day.

connected-title = Connected apps
connected-heading = Apps with your permission
connected-lead = What you allowed, to whom, and until when. You can stop any of it, at any time.
connected-empty = No app can see or use your accounts.
connected-empty-note = An app stands here as soon as you have allowed it something.
connected-company = Company
connected-website = Verified website
connected-unreviewed = A test app. We have not checked who runs it.
connected-off = Switched off
connected-off-note = The bank switched this app off. What you allowed it rests meanwhile.
connected-payment = May make this payment, once
connected-since = Allowed on { $date }
connected-until = Until
connected-used = Last used
connected-once = One look only
connected-ends =
    { $days ->
        [one] Ends within { $days } day
       *[other] Ends within { $days } days
    }
connected-stop = Stop access
connected-ended = Ended
connected-ended-lead = The last permissions that are over.
connected-allowed-on = Allowed
connected-ended-on = Ended
connected-ended-why = Why
connected-could = The app could
ended-stopped = You stopped it.
ended-given-back = The app gave it back.
ended-replaced = You allowed the same app something newer.
ended-used-up = It was for one look, and that is done.
ended-paid = The payment was made.
ended-misused = Something was used twice that is good once, so we ended it to protect you.
ended-bank = The bank ended it.
ended-ran-out = Its time was over.
ended-no-keys = The app has no key to it any more.
stop-title = Stop access
stop-heading = Stop the access of { $app }?
stop-lead = From that moment { $app } is refused. This is what ends:
stop-kept = What the app has already seen stays with it. If you want that deleted, ask the company that runs it.
stop-paid = Payments that were already made are not called back.
stop-button = Stop access
stop-keep = Keep access
flash-access-stopped = The access has ended. The app is refused from now on.
flash-access-over = That access had ended already.
connected-link = See and stop what apps may do
sandbox-login-heading = Sign in to the sandbox
sandbox-login-lead = For people you made up while trying an app. Any password is good for them.
sandbox-login-link = A made-up name from the sandbox? Sign in here.
sandbox-login-back = Somebody with a real password? Sign in here.
home-connected = Connected apps
home-connected-note = What you allowed to apps, and how to stop it.
