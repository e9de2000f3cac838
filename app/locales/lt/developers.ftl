# Vieši puslapiai kūrėjams. Words between `backticks` are machines’ words: the same in every language.

docs-nav = Dokumentacija
docs-bar = Svetainė
docs-developers = Kūrėjams
docs-log-in = Prisijungti
docs-sign-up = Registruotis
docs-search-label = Ieškoti dokumentacijoje
docs-search = Ieškoti

docs-start = Nuo ko pradėti
docs-start-heading = Kurkite su sąskaitomis, kuriomis žmonės su jumis dalijasi
docs-start-lead = „{ -product }“ yra OAuth 2.0 autorizacijos serveris. Jūsų programėlė atsiunčia žmogų čia, jis mato, ko ji prašo, ir pasirašo arba ne, o programėlė gauna prieigos raktą, tinkamą būtent tam. Tinka bet kuri biblioteka, skaitanti serverio metaduomenis.
docs-quick = Greita pradžia
docs-quick-text = Trys žingsniai terminale su `curl` ir `openssl`. Komandos veikia tokios, kokias įklijuojate.
docs-step-keys = 1. Gaukite raktus
docs-step-keys-sign-up = Užsiregistravę iš karto rasite programėlę bandomojoje aplinkoje su jos `client_id` ir `client_secret`: netikri pinigai, išgalvoti žmonės, jokios peržiūros. Įrašykite abu į terminalą.
docs-step-keys-demo = Šis serveris veikia su demonstraciniais duomenimis, todėl čia yra jo demonstracinės programėlės raktai. Užsiregistravus ir turint savo raktus daugiau niekas nesikeičia.
docs-step-keys-check = Ar raktai tinka, pasako raktų adresas: jis atsako prieigos raktu pačiai programėlei.
docs-sample-keys = Nustatykite raktus
docs-sample-check = Išbandykite raktus
docs-step-person = 2. Paklauskite žmogaus
docs-step-person-text = Sukurkite PKCE paslaptį ir išspausdinkite adresą, kuriuo programėlė siųstų žmogų. Atverkite jį naršyklėje, prisijunkite bandomuoju vartotoju ir leiskite.
docs-step-person-back = Tada naršyklė eina į `http://127.0.0.1:8080/callback`; šis adresas turi būti užregistruotas programėlei. Ten dar niekas neatsiliepia, todėl `code` nusirašykite iš adreso juostos. Programėlėje pirmiausia palyginkite `state` ir `iss` su tuo, ko laukiate.
docs-sample-person = Išspausdinkite adresą
docs-step-call = 3. Gaukite prieigos raktą ir kreipkitės
docs-step-call-text = Įrašykite į `CODE` kodą iš adreso. Jis tinka kartą ir tik trumpai.
docs-sample-call = Iškeiskite kodą ir gaukite sąskaitų sąrašą
docs-addresses = Adresai
docs-metadata = Serverio metaduomenys
docs-metadata-note = Adresai ir galimybės (RFC 8414). Nurodykite juos savo bibliotekai.
docs-openapi = Sąsajos aprašas
docs-openapi-note = Visi adresai su parametrais ir atsakymais, skirta programoms (OpenAPI).
docs-issuer = Leidėjas
docs-endpoint-authorize = Autorizacija
docs-endpoint-token = Raktai
docs-endpoint-revoke = Atšaukimas
docs-endpoint-introspect = Patikra

docs-scopes = Teisės
docs-scopes-heading = Teisės: ko programėlė gali prašyti
docs-scopes-lead = Prašykite tik to, ko reikia. Žmonės skaito žemiau esančius žodžius, o ne teisės pavadinimą, ir dar skaito, ko programėlė negalės.
docs-scope-can = Žmonės skaito, kad programėlė galės
docs-scope-cannot = Ir kad negalės
docs-scope-licence = Ko reikia tikroje aplinkoje
docs-scope-sandbox = Bandomojoje aplinkoje licencijos nereikia.
docs-scope-person = Žmogus
docs-scope-person-needed = Už tokio prieigos rakto visada yra sutikęs žmogus.
docs-scope-person-not-needed = Ją gali turėti ir pačios programėlės raktas, bet sąskaitų duomenims reikia sutikusio žmogaus.
docs-scope-consent = Žmogui sutikus, atsakyme yra `consent_id`. Norėdami pratęsti būtent tą sutikimą, prašykite `AIS:` su juo gale.
docs-licence-none = Nereikia
docs-licence-accounts = Sąskaitos informacijos paslaugos registracijos arba licencijos (PSD2, I priedo 8 punktas)
docs-licence-payments = Mokėjimo inicijavimo paslaugos licencijos (PSD2, I priedo 7 punktas)

docs-errors = Klaidos
docs-errors-heading = Klaidos ir ką daryti
docs-errors-lead = Kiekviena klaida čia turi skyrių, į jį rodo atsakymo `error_uri`. Sakiniai yra angliški, tokie, kokie siunčiami; nuo užklausos priklausantys žodžiai yra pavyzdžiai.
docs-error-shape = Kaip atrodo klaida
docs-error-shape-text = Programos sprendžia pagal `error` ir būseną. `error_description` skirtas jums ir gali keistis. `trace_id` yra įvykio numeris: jis yra mūsų žurnale, antraštėje `x-trace-id`, o kai klaida grąžinama nukreipiant, – ir `error_description` pabaigoje. Pasakykite jį pagalbai; jame nėra nieko asmeniško.
docs-sample-error = Klaidos atsakymas
docs-told-page = Rodoma mūsų puslapyje
docs-told-page-text = Programėle arba adresu negalima pasitikėti, todėl niekas niekur nesiunčiamas. Programėlė nieko nesužino: puslapį mato žmogus.
docs-told-redirect = Grąžinama nukreipiant į jūsų adresą
docs-told-redirect-text = Palyginę `state` ir `iss`, skaitykite `error` iš savo grįžimo adreso užklausos.
docs-told-token = Iš raktų, atšaukimo ir patikros adresų
docs-told-token-text = JSON atsakymas adresų, į kuriuos jūsų serveris kreipiasi su savo raktais.
docs-told-resource = Iš sąsajų
docs-told-resource-text = JSON atsakymas sąsajos, į kurią programėlė kreipiasi su prieigos raktu.
docs-case-page = Mūsų puslapyje, būsena { $status }
docs-case-redirect = Nukreipiant
docs-case-token = Raktų adresas, būsena { $status }
docs-case-resource = Sąsaja, būsena { $status }
docs-link-here = Nuoroda į šį skyrių

docs-tokens = Prieigos raktai
docs-tokens-heading = Prieigos raktai: kiek galioja, kaip atnaujinti ir nutraukti
docs-tokens-lead = Raktai yra atsitiktiniai žodžiai be prasmės. Laikykite juos savo serveryje, siųskite antraštėje `Authorization` ir niekada – adrese.
docs-lifetimes = Galiojimas
docs-lifetimes-text = Tai šio serverio reikšmės. Programėlė gali turėti kitas: žiūrėkite į atsakymo `expires_in`.
docs-lifetime-code = Autorizacijos kodas
docs-lifetime-access = Prieigos raktas
docs-lifetime-refresh = Atnaujinimo raktas
docs-lifetime-consent = Sutikimas, ilgiausiai
docs-lifetime-interaction = Laikas žmogui atsakyti
docs-refresh = Atnaujinimas
docs-refresh-text = Kiekvienas atnaujinimas duoda naują porą ir užbaigia senąją. Jei atsakymas dingo, siųskite tą pačią užklausą dar kartą: per { $grace } tas pats atnaujinimo raktas duoda tą pačią naują porą, kol niekas iš jos nepanaudota. Vėliau antras panaudojimas atrodo kaip vagystė ir užbaigia visą grandinę.
docs-refresh-flight = Vienu metu atnaujinkite iš vienos vietos. Du serveriai, vienu metu atnaujinantys tą patį raktą, gauna tą pačią porą, bet lėtesnysis gali pavėluoti.
docs-sample-refresh = Atnaujinkite
docs-sample-flight = Vienas atnaujinimas vienu metu (JavaScript)
docs-revocation = Atšaukimas
docs-revocation-text = Atšaukus prieigos raktą, baigiasi tik jis. Atšaukus atnaujinimo raktą, baigiasi visa jo grandinė su prieigos raktais; kas kitur buvo įsiminta, dingsta per { $cache }. Žmogaus sutikimas lieka iki savo datos arba kol žmogus jį nutrauks. Į nežinomus raktus atsakoma taip pat.
docs-sample-revoke = Atšaukite
docs-introspection = Patikra
docs-introspection-text = Paklauskite, ar jūsų programėlės raktas dabar tinka ir kam. Jei raktas nežinomas, pasibaigęs ar svetimas, atsakyme yra `active` su `false` ir nieko daugiau.
docs-sample-introspect = Paklauskite apie raktą
docs-logging = Kas rašoma į žurnalą
docs-logging-text = Portale jūsų programėlės užklausų žurnalas rodo kiekvieną autorizacijos ir raktų užklausą: patikras iš eilės, kur sustota ir kaip pataisyti. Nekenksmingi parametrai rodomi atvirai, visi kiti – tik jų ilgis: kodai, raktai ir slaptažodžiai į jokį žurnalą nepatenka. Saugokite kiekvieno atsakymo `x-trace-id`: jis jus, ir niekieno kito, nuves prie to įrašo.

docs-payments = Mokėjimai
docs-payments-heading = Mokėjimai: vienas prašymas, vienas mokėjimas
docs-payments-lead = Su `authorization_details` (RFC 9396) žmogus mato sumą ir gavėją, kodu patvirtina būtent juos, o jūsų raktas tinka tam vienam pervedimui, vieną kartą.
docs-payment-request = Paprašykite mokėjimo
docs-payment-request-text = Prašykite teisės `transferFunds` ir įdėkite mokėjimą į autorizacijos užklausą. Bus išspausdintas adresas; `CLIENT_ID` ir `CHALLENGE` yra tie patys kaip greitoje pradžioje.
docs-sample-payment = Išspausdinkite mokėjimo adresą
docs-payment-fields = Kas jame turi būti
docs-payment-fields-text = Lygiai vienas elementas su šiais nariais. Kas nesuprasta, atmetama ir niekada nepraleidžiama, nes niekas neturi patvirtinti mažiau, nei buvo prašyta.
docs-field-type = Visada šis žodis
docs-field-amount = `currency` trimis raidėmis ir `amount` dešimtainiu tekstu, daugiau už nulį
docs-field-creditor = Kas gauna: viena eilutė, ne daugiau kaip { $longest } ženklų
docs-field-account = Kur keliauja: `iban` su teisingais kontroliniais skaitmenimis
docs-field-reference = Už ką: viena eilutė, ne daugiau kaip { $longest } ženklų; galima praleisti
docs-payment-transfer = Atlikite pervedimą
docs-payment-transfer-text = Iškeiskite kodą kaip greitoje pradžioje, įrašykite prieigos raktą į `TOKEN` ir siųskite mokėjimą tokį, koks patvirtintas. `Idempotency-Key` sukurkite kartą ir saugokite prie užsakymo: tas pats raktas su tuo pačiu turiniu gauna tą patį atsakymą dar { $kept }, todėl kartojant niekada nesumokama dukart.
docs-sample-transfer = Sumokėkite
docs-payment-pending = Arba pirmiausia užrašykite mokėjimą
docs-payment-pending-text = Su savo raktu (`client_credentials`, teisė `transferFunds`) jūsų serveris užrašo mokėjimą ir gauna `transfer_id`. Tada nusiųskite žmogų su teise `transferFunds:<transfer_id>` ir be `authorization_details`; puslapiai tie patys. Mokėjimas laukia { $waits }.
docs-sample-pending = Užrašykite mokėjimą
docs-payment-pending-after = Pervedimą atlikite su žmogaus raktu kaip aprašyta viršuje. Kad ir kiek žmonių patvirtintų, pinigai pajuda vieną kartą. `GET /wallet/v1/pending-transfers/<transfer_id>` pasako, kuo baigėsi.
docs-payment-faults = Kai nepavyksta
docs-payment-faults-text = Dažniausi atsakymai, kiekvienas su savo skyriumi:

docs-found-title = Paieška
docs-found-heading = Paieškos rezultatai
docs-found =
    { $count ->
        [one] Rastas { $count } skyrius.
        [few] Rasti { $count } skyriai.
       *[other] Rasta { $count } skyrių.
    }
docs-found-none = Nieko nerasta. Čia yra visos teisės ir visos klaidos.
docs-found-sections = Skyriai

docs-days =
    { $count ->
        [one] { $count } dieną
        [few] { $count } dienas
       *[other] { $count } dienų
    }
docs-hours =
    { $count ->
        [one] { $count } valandą
        [few] { $count } valandas
       *[other] { $count } valandų
    }
docs-minutes =
    { $count ->
        [one] { $count } minutę
        [few] { $count } minutes
       *[other] { $count } minučių
    }
docs-seconds =
    { $count ->
        [one] { $count } sekundę
        [few] { $count } sekundes
       *[other] { $count } sekundžių
    }
