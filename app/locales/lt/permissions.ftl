# Ką programėlė galės daryti, po vieną eilutę. Tie patys žodžiai visur: prašyme, patvirtinime, laiške.
# can-X – po „galės“, can-X-details – kas tiksliai, cannot-X – po „negalės“.

can-wallet_profile = Matyti, kas jūs esate
can-wallet_profile-details = Jūsų vardą, prisijungimo vardą ir kalbą, kuria čia naršote.
can-wallet_balance = Matyti piniginės likutį
can-wallet_balance-details = Kiek pinigų yra jūsų pasirinktose sąskaitose ir kiek iš jų rezervuota.
can-wallet_transfers = Matyti piniginės pervedimus
can-wallet_transfers-details = Sumas, datas, mokėjimų paskirtis, kitos pusės vardus ir sąskaitų numerius.
can-account_details = Matyti sąskaitų duomenis
can-account_details-details = Jūsų pasirinktų sąskaitų pavadinimą, numerį, rūšį ir valiutą.
can-account_balances = Matyti likučius
can-account_balances-details = Kiek pinigų yra jūsų pasirinktose sąskaitose.
can-account_transactions = Matyti operacijas
can-account_transactions-details = Sumas, datas, mokėjimų paskirtis, kitos pusės vardus ir sąskaitų numerius.
can-move_money = Mokėti iš jūsų sąskaitų
can-move_money-details = Galės pervesti pinigus iš jūsų pasirinktų sąskaitų bet kam ir bet kokią likučio neviršijančią sumą, kaskart jūsų neklausdama.
can-this_payment = Atlikti šį vieną mokėjimą
can-this_payment-details = Tik šią sumą, tik šiam gavėjui ir tik vieną kartą.

cannot-move_money = pervesti pinigų
cannot-see_balance = matyti, kiek turite pinigų
cannot-see_transactions = matyti, ką sumokėjote ir gavote
cannot-see_password = matyti jūsų slaptažodžio
cannot-change_settings = keisti jūsų nustatymų
