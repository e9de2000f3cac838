# Programos užklausų žurnalas ir bandymų aikštelė.
# $time – paros laikas, $reference – užklausos žymuo, $address – šio serverio adresas.

log-title = Užklausų žurnalas
log-environment = Aplinka
log-lead = Prieigos ir raktų užklausos, naujausios viršuje, vėluoja iki kelių sekundžių.
log-kept =
    { $days ->
        [one] Saugoma { $days } dieną.
        [few] Saugoma { $days } dienas.
       *[other] Saugoma { $days } dienų.
    }
log-filter = Filtrai
log-any = Nesvarbu
log-outcome = Rezultatas
log-served = Įvykdyta
log-refused = Atmesta
log-failed = Klaida mūsų pusėje
log-endpoint = Galinis taškas
log-error = Klaida
log-from = Nuo (UTC)
log-until = Iki (UTC)
log-show = Rodyti
log-clear = Išvalyti filtrus
log-unreadable = To nepavyko perskaityti, todėl praleista
log-time = Laikas (UTC)
log-status = HTTP
log-agent = Siuntė
log-older = Senesnės užklausos
log-newest = Atgal prie naujausių
log-export = Atsisiųsti CSV
log-export-note = Visos filtrus atitinkančios užklausos, naujausios pirmos, ne daugiau kaip { $most }.
log-empty = Užklausų dar nėra. Išsiųskite pirmąją:
log-none = Nė viena užklausa neatitinka filtrų.
log-not-live = Ši programa dar neveikia su tikrais pinigais.

request-title = Užklausa { $reference }
request-facts = Užklausa
request-grant = Suteikimo būdas
request-way = Parametrai
request-way-query = Adrese
request-way-body = Turinyje
request-proof = Programos tapatybė
request-proof-header = Antraštėje
request-proof-parameters = Tarp parametrų
request-took = Truko
request-clock = Jūsų laikrodis
request-clock-same = Tikslus sekundės tikslumu
request-clock-ahead =
    { $seconds ->
        [one] { $seconds } sekunde skuba
        [few] { $seconds } sekundėmis skuba
       *[other] { $seconds } sekundžių skuba
    }
request-clock-behind =
    { $seconds ->
        [one] { $seconds } sekunde vėluoja
        [few] { $seconds } sekundėmis vėluoja
       *[other] { $seconds } sekundžių vėluoja
    }
request-wrong = Kas negerai
request-reason = Priežastis
request-about = Apie ką
request-expected = Tikėtasi
request-received = Gauta
request-received-nothing = nieko
request-fix = Kaip ištaisyti
request-steps = Kas tikrinta, šia tvarka
request-passed = tinka
request-stopped = čia sustota
request-skipped = nežiūrėta
request-parameters = Parametrai
request-no-parameters = Nė vieno, kurį būtų galima perskaityti.
request-hidden =
    { $count ->
        [one] paslėpta, { $count } ženklas
        [few] paslėpta, { $count } ženklai
       *[other] paslėpta, { $count } ženklų
    }
request-length =
    { $count ->
        [one] { $count } ženklas
        [few] { $count } ženklai
       *[other] { $count } ženklų
    }
request-curl = Kaip `curl` komanda
request-curl-note = Paslaptys yra komandinės eilutės kintamieji: pirma juos nustatykite.

developer-open-log = Atverti užklausų žurnale

playground-title = Bandymų aikštelė
playground-lead = Pereikite visą kelią taip, kaip jūsų programa: tikri puslapiai, tikri galiniai taškai, žaidimo pinigai.
playground-unregistered = Pirma pridėkite `{ $address }` prie programos bandomosios aplinkos grįžimo adresų.
playground-read-only = Šią programą galite peržiūrėti, bet ne keisti. Siųsti jos užklausas gali tik tie, kas gali ją keisti.
playground-build = Sudarykite užklausą
playground-build-button = Sudaryti užklausą
playground-again = Pradėti iš naujo
playground-fault = Kas turi nepavykti
playground-fault-none = Niekas
playground-fault-redirect = Neteisingas grįžimo adresas
playground-fault-denied = Žmogus atsisako
playground-fault-sca = Žmogus įveda neteisingą kodą
playground-fault-used = Kodas keičiamas dukart
playground-fault-late = Kodas keičiamas per vėlai
playground-fault-money = Sąskaitoje per mažai pinigų
playground-sees-redirect = Adreso gale yra vienas brūkšnys per daug. Sustojame savo puslapyje ir niekur nesiunčiame: jūsų programa nemato nieko. Skirtumą rodo užklausų žurnalas.
playground-sees-denied = Viename iš puslapių paspauskite „Atšaukti“. Jūsų programa gauna `error=access_denied` su savo `state`, bet negauna kodo.
playground-sees-sca = Įveskite neteisingą kodą, pavyzdžiui, 000000. Prašome dar kartą, o po kelių bandymų stabtelime; jūsų programa nieko nemato, kol žmogus nepasiduoda, o tada gauna `error=access_denied`.
playground-sees-used = Keitimą siunčiame dukart. Antras atsakymas yra `invalid_grant`, o pirmojo raktai atšaukiami: sąsajų kvietimai nepavyksta.
playground-sees-late = Palaukite, kol kodas nustos galioti, ir tada jį keiskite: atsakymas yra `invalid_grant`.
playground-sees-money = Viską leiskite, iškeiskite kodą ir kvieskite `POST /wallet/v1/transfers`: pavedimas yra milijonui eurų, atsakymas – `insufficient_funds`, pinigai nejuda.
playground-go = Atsiųskite žmogų pas mus
playground-go-lead = Jūsų programos užklausa. `state` ir PKCE pora sukurta už jus; tikrinimo tekstas iki keitimo lieka programoje.
playground-go-button = Eiti į puslapius
playground-came = Kas grįžo
playground-came-nothing = Kol kas nieko. Mūsų puslapyje sustojusi užklausa yra užklausų žurnale.
playground-state-right = Tai ta pati būsena, kuri buvo išsiųsta
playground-state-wrong = Tai ne ta būsena, kuri buvo išsiųsta: čia programa turi sustoti
playground-exchange = Iškeiskite kodą
playground-code-until = Kodas galioja iki { $time }.
playground-secret-hint = Laikoma užantspauduota jūsų seanse tik bandymų aikštelei, daugiau nerodoma ir dingsta jums atsijungus.
playground-exchange-button = Iškeisti kodą
playground-call = Kvieskite sąsają
playground-answer = Užklausa { $number }
playground-request = Kaip išsiųsta
playground-response = Atsakymas
playground-open-log = Užklausų žurnale:

complaint-playground-scope = Pasirinkite, ko prašyti
complaint-playground-secret = Įklijuokite programos bandomosios aplinkos paslaptį
flash-playground-nothing = Dar nėra su kuo tęsti. Pradėkite nuo užklausos.
