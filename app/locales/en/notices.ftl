# Sentences on top of a page. They say what to do; they never say which of two things was wrong.

notice-wrong_details = We could not sign you in with those details. Check them and try again.
notice-paused-login = Signing in with this name is paused until { $time }.
notice-paused-code = Codes are paused until { $time }. Nothing was shared and no money moved.
notice-wrong_code = That did not match. Enter the newest code from your app.
notice-wrong_recovery = That did not match. Check the code, or use another one: each works once.
notice-tries_left =
    { $tries ->
        [one] One more try, then there is a pause.
       *[other] { $tries } more tries, then there is a pause.
    }
notice-no-money = No money has moved.
notice-choose_account = Choose at least one account, or cancel.
notice-choose_payer = Choose the account to pay from, or cancel.
notice-missing-username = Enter your login name or email.
notice-missing-password = Enter your password.
notice-missing-code = Enter the code from your authenticator app.
notice-missing-recovery_code = Enter a recovery code.
notice-missing-other = Something is not filled in. Check the page and send it again.
notice-send_again = This page was open a while or came from elsewhere. Nothing was done. Check it and send it again.
notice-already_done = You already did that step. This is where you are now.
notice-too_little_money = There is not enough money in that account. Choose another one, or cancel. No money has moved.
