# The developer portal.
# $time is a time of day, $email an address, $username a login name, $link a link with words of its own.

portal-nav = Portalas
portal-nav-apps = Programos
portal-nav-security = Saugumas
portal-sign-out = Atsijungti

signup-title = Registracija
signup-heading = Kurkite su žaidimų pinigais per tris minutes
signup-lead = Gausite programą su bandomosios aplinkos prieigos duomenimis ir du bandomuosius naudotojus. Kol nėra tikrų pinigų, niekam nieko tvirtinti nereikia.
signup-email = El. paštas
signup-email-hint = Juo prisijungsite. Ten atsiųsime kodą.
signup-name = Jūsų vardas
signup-password = Slaptažodis
signup-password-hint = Bent 12 ženklų. Tinka ir sakinys.
signup-terms = Sutinku, kad čia kuriu tik su žaidimų pinigais, ir perskaičiau { $link }.
signup-terms-link = privatumo pranešimą
signup-button = Registruotis
signup-known = Jau turite paskyrą?
signup-known-link = Prisijunkite

posted-title = Patikrinkite paštą
posted-heading = Patikrinkite paštą
posted-lead = Išsiuntėme laišką adresu { $email }. Įveskite jo kodą iki { $time } arba bet kuriame įrenginyje atverkite jo nuorodą.
posted-code-hint = Šeši skaitmenys iš laiško.
posted-button = Patvirtinti
posted-nothing = Niekas neatėjo? Pažiūrėkite ir šlamšto aplanke.
posted-resend = Siųsti kitą laišką
posted-other = Nurodyti kitą adresą

confirm-address-title = Patvirtinkite savo adresą
confirm-address-heading = Ar tai jūsų adresas?
confirm-address-lead = Kažkas registravosi adresu { $email }. Paskyra bus sukurta, kai paspausite mygtuką.
confirm-address-button = Patvirtinti

portal-login-title = Prisijungimas
portal-login-heading = Prisijunkite
portal-login-lead = Kūrėjai ir vertintojai pateks į portalą, klientai – prie programėlių, turinčių jų leidimą.
portal-login-new = Dar neturite paskyros?
portal-login-new-link = Registruokitės
portal-login-forgot = Pamiršote slaptažodį?
portal-code-heading = Patvirtinkite, kad tai jūs
portal-confirm-heading = Dar kartą įveskite kodą
portal-code-lead = Kodas iš autentifikavimo programėlės, paskyra { $username }.

forgot-title = Pamirštas slaptažodis
forgot-heading = Pamiršote slaptažodį?
forgot-lead = Atsiųsime nuorodą naujam pasirinkti. Jūsų programos ir jų paslaptys lieka tokios pačios.
forgot-button = Siųsti nuorodą
forgot-remembered = Grįžti prie prisijungimo
forgot-sent-lead = Jei šiuo adresu yra paskyra, laiškas su nuoroda jau pakeliui. Nuoroda veikia vieną kartą ir neilgai.
new-password-title = Pasirinkite naują slaptažodį
new-password-lead = Paskyrai { $username }. Visur būsite atjungti ir prisijungsite su nauju slaptažodžiu; jei turite autentifikavimo programėlę, jos kodo reikės kaip ir anksčiau.
new-password-button = Įrašyti naują slaptažodį

developer-title = Programos
developer-heading = Jūsų programos
developer-empty = Programų dar nėra. Sukurkite pirmąją žemiau; su žaidimų pinigais ji veiks iškart.
developer-new = Nauja programa
developer-app-name = Pavadinimas
developer-app-name-hint = Jį matys žmonės, nuo 2 iki 40 ženklų. Vėliau galėsite pakeisti.
developer-new-button = Sukurti programą
developer-sandbox-ready = Bandomoji aplinka paruošta
developer-live = Veikia su tikrais pinigais

app-credentials = Bandomosios aplinkos prieigos duomenys
app-client-id = Kliento identifikatorius
app-secret = Kliento paslaptis
app-secret-until = Matoma iki { $time }. Ji veiks ir vėliau: išsaugokite ją dabar.
app-secret-hidden = Nebematoma.
app-replace = Pakeisti paslaptį
app-replace-to-see = Sukurti naują paslaptį, kad ją matytumėte
app-replace-note = Nauja paslaptis pakeičia senąją, kuri iškart nustoja galioti.
app-scopes = Leidimai
app-redirect-uris = Grįžimo adresai
app-first-call = Jūsų pirmoji užklausa
app-first-call-lead = Veikia taip, kaip įklijuota: gauna jūsų programos prieigos raktą ir klausia, kam jis tinka.
app-first-call-hidden = Įrašykite savo paslaptį į jos vietą arba aukščiau sukurkite naują.
app-people = Bandomieji naudotojai
app-people-lead = Prisijunkite jų vardu, kai jūsų programa atsiųs jus į sutikimo puslapį.

security-title = Saugumas
security-heading = Kaip įrodote, kad tai jūs
security-app = Autentifikavimo programėlė
security-app-none = Dar nėra. Jos prireiks, kol jūsų programa galės liesti tikrus pinigus.
security-app-since = Nustatyta { $day }.
security-app-begin = Nustatyti autentifikavimo programėlę
security-app-replace = Nustatyti kitą programėlę
security-app-confirm = Patvirtinti
security-scan = Nuskenuokite tai autentifikavimo programėle.
security-qr = QR kodas su žemiau esančia paslaptimi
security-secret = Arba įveskite į ją šią paslaptį:
security-open-app = Arba atverkite programėlę šiame įrenginyje
security-code-hint = Šeši skaitmenys iš ką tik nustatytos programėlės.
security-codes = Atkūrimo kodai
security-codes-none = Juos gausite kartu su autentifikavimo programėle – tai dienai, kai pamesite telefoną.
security-codes-left =
    { $codes ->
        [one] Liko { $codes } kodas.
        [few] Liko { $codes } kodai.
       *[other] Liko { $codes } kodų.
    }
security-codes-renew = Sukurti naujus kodus
security-codes-new = Užsirašykite juos arba išsaugokite slaptažodžių tvarkyklėje. Kiekvienas veikia vieną kartą ir daugiau nebus rodomas.
security-codes-saved = Išsaugojau
security-codes-saved-note = Kodai dings iš šio puslapio.

complaint-email-malformed = Įveskite el. pašto adresą, pavyzdžiui, vardas@pavyzdys.lt
complaint-name-missing = Įveskite savo vardą, iki 64 ženklų
complaint-password-length = Pasirinkite nuo 12 iki 128 ženklų slaptažodį
complaint-terms-missing = Pažymėkite langelį, kad sutinkate
complaint-paused = Per daug bandymų. Vėl bandyti galėsite { $time }.
complaint-sign-up-over = Šis kodas nebegalioja. Registruokitės iš naujo, kad gautumėte kitą.
complaint-letter-too-soon = Laiškas jau pakeliui. Kito galėsite prašyti po { $time }.
complaint-code-missing = Įveskite kodą
complaint-recovery-code-missing = Įveskite atkūrimo kodą
complaint-mail-code-wrong =
    { $number ->
        [one] Tai ne mūsų laiško kodas. Liko { $number } bandymas.
        [few] Tai ne mūsų laiško kodas. Liko { $number } bandymai.
       *[other] Tai ne mūsų laiško kodas. Liko { $number } bandymų.
    }
complaint-code-wrong = Kodas netiko. Įveskite naujausią kodą; kiekvienas veikia vieną kartą.
complaint-code-wrong-tries =
    { $number ->
        [one] Kodas netiko. Iki pertraukos liko { $number } bandymas.
        [few] Kodas netiko. Iki pertraukos liko { $number } bandymai.
       *[other] Kodas netiko. Iki pertraukos liko { $number } bandymų.
    }
complaint-new-app-code-wrong = Tai ne naujosios programėlės kodas. Patikrinkite, ar nuskenavote šio puslapio kodą.
complaint-username-missing = Įveskite el. paštą
complaint-password-missing = Įveskite slaptažodį
complaint-details-wrong = El. paštas arba slaptažodis netiko
complaint-details-wrong-tries =
    { $number ->
        [one] El. paštas arba slaptažodis netiko. Iki pertraukos liko { $number } bandymas.
        [few] El. paštas arba slaptažodis netiko. Iki pertraukos liko { $number } bandymai.
       *[other] El. paštas arba slaptažodis netiko. Iki pertraukos liko { $number } bandymų.
    }
complaint-reset-over = Ši nuoroda nebegalioja: ji panaudota, per sena arba išsiųsta naujesnė. Paprašykite kitos.
complaint-app-name-length = Pasirinkite nuo 2 iki 40 ženklų pavadinimą
complaint-too-many-apps = Komanda gali turėti daugiausia 50 programų

flash-send-again = Šis puslapis buvo atvertas ilgokai, prašome siųsti dar kartą.
flash-mail-sent-again = Kitas laiškas jau pakeliui. Dabar galioja tik jo kodas.
flash-enrol-first = Pirmiausia nustatykite autentifikavimo programėlę, tada tęskite, ką pradėjote.
flash-read-only = Šią programą galite žiūrėti, bet ne keisti.
flash-address-confirmed = Jūsų adresas patvirtintas. Prisijunkite ir pamatysite savo programą.
flash-password-changed = Naujas slaptažodis įrašytas. Prisijunkite su juo.
flash-code-given = Ačiū. Ką įvedėte, liko čia: dabar išsiųskite.
flash-app-made = Jūsų programa paruošta.
flash-secret-replaced = Nauja paslaptis ekrane; senoji nebegalioja.
flash-changed-meanwhile = Tuo pačiu metu ją pakeitė kažkas kitas. Pažiūrėkite dar kartą ir, jei vis dar norite, pakartokite.
developer-off-sandbox = Bandomoji aplinka išjungta
developer-off-live = Tikra aplinka išjungta
developer-why-off = Kodėl išjungta
developer-in-review = Peržiūrima
developer-draft = Tikriems pinigams: įrašyta užduočių – { $complete } iš { $total }.
developer-position = Laukiančiųjų peržiūros eilėje: { $position }.
developer-needs-you = { $count ->
    [one] Jūsų laukia { $count } laukas:
    [few] Jūsų laukia { $count } laukai:
   *[other] Jūsų laukia { $count } laukų:
}
