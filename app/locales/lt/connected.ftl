# Programėlės, turinčios žmogaus leidimą: sąrašas ir klausimas prieš jį nutraukiant.
# $app – pavadinimas, $days – skaičius, $date – diena.

connected-title = Prijungtos programėlės
connected-heading = Programėlės, turinčios jūsų leidimą
connected-lead = Ką leidote, kam ir iki kada. Bet ką iš to galite bet kada nutraukti.
connected-empty = Jokia programėlė nemato jūsų sąskaitų ir negali jomis naudotis.
connected-empty-note = Programėlė čia atsiras, kai jai ką nors leisite.
connected-company = Įmonė
connected-website = Patikrinta svetainė
connected-unreviewed = Bandomoji programėlė. Kas ją valdo, netikrinome.
connected-off = Išjungta
connected-off-note = Bankas šią programėlę išjungė. Jūsų leidimas tuo metu neveikia.
connected-payment = Gali vieną kartą atlikti šį mokėjimą
connected-since = Leista { $date }
connected-until = Iki kada
connected-used = Paskutinį kartą naudota
connected-once = Tik vienas žvilgsnis
connected-ends =
    { $days ->
        [one] Baigsis per { $days } dieną
        [few] Baigsis per { $days } dienas
       *[other] Baigsis per { $days } dienų
    }
connected-stop = Nutraukti prieigą
connected-ended = Pasibaigę
connected-ended-lead = Paskutiniai leidimai, kurie nebegalioja.
connected-allowed-on = Leista
connected-ended-on = Pasibaigė
connected-ended-why = Kodėl
connected-could = Programėlė galėjo
ended-stopped = Jūs nutraukėte.
ended-given-back = Programėlė leidimą grąžino.
ended-replaced = Tai pačiai programėlei davėte naujesnį leidimą.
ended-used-up = Leidimas buvo vienam žvilgsniui, ir jis baigtas.
ended-paid = Mokėjimas atliktas.
ended-misused = Tai, kas galioja vieną kartą, panaudota du kartus, todėl jūsų saugumui leidimą nutraukėme.
ended-bank = Nutraukė bankas.
ended-ran-out = Baigėsi jo laikas.
ended-no-keys = Programėlė nebeturi prieigos raktų.
stop-title = Prieigos nutraukimas
stop-heading = Nutraukti „{ $app }“ prieigą?
stop-lead = Nuo tos akimirkos „{ $app }“ nebebus įleidžiama. Pasibaigs štai kas:
stop-kept = Ką programėlė jau matė, lieka pas ją. Jei norite, kad tai būtų ištrinta, kreipkitės į ją valdančią įmonę.
stop-paid = Jau atlikti mokėjimai negrąžinami.
stop-button = Nutraukti prieigą
stop-keep = Palikti prieigą
flash-access-stopped = Prieiga nutraukta. Nuo šiol programėlė nebeįleidžiama.
flash-access-over = Ši prieiga jau buvo pasibaigusi.
connected-link = Peržiūrėti ir nutraukti programėlių leidimus
sandbox-login-heading = Prisijunkite prie bandomosios aplinkos
sandbox-login-lead = Žmonėms, kuriuos sugalvojote bandydami programėlę. Jiems tinka bet koks slaptažodis.
sandbox-login-link = Išgalvotas bandomosios aplinkos vardas? Prisijunkite čia.
sandbox-login-back = Turite tikrą slaptažodį? Prisijunkite čia.
home-connected = Prijungtos programėlės
home-connected-note = Ką leidote programėlėms ir kaip tai nutraukti.
