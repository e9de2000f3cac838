# Puslapiai, kuriuose žmogus duoda leidimą programėlei.

label-who = Kas
label-why = Kodėl
label-what = Ką
label-accounts = Sąskaitos
label-until = Iki kada
label-next = Kas toliau
label-you = Jūs
label-pay = Jūs mokate
label-allow = Jūs leidžiate
label-code = Kodas
label-from = Iš kur

login-title = Prisijungimas, kurio prašo „{ $app }“
login-heading = Prisijungimas
login-access = Programėlė „{ $app }“{ $site } prašo prieigos prie jūsų sąskaitų.
login-pay = Programėlė „{ $app }“{ $site } prašo sumokėti { $sum } gavėjui „{ $payee }“.
login-username = Prisijungimo vardas arba el. paštas
login-password = Slaptažodis
login-password-hint = Programėlė „{ $app }“ jūsų slaptažodžio nemato.
login-show = Rodyti
login-hide = Slėpti
login-open = Čia bandomoji aplinka: tiks bet koks prisijungimo vardas ir bet koks slaptažodis. Naujas vardas gaus pavyzdinių sąskaitų.
login-continue = Tęsti
login-address = Jūs esate svetainėje { $host }. Prieš rašydami palyginkite su adreso juosta.
login-trouble = Nepavyksta prisijungti?

app-company = Įmonės kodas { $number }
app-licence = { $kind }, licencijos Nr. { $number }, { $authority }
app-licence-words = Licencija: { $licence }
app-verified = Patikrinta svetainė { $host }
app-unverified = Šios programėlės svetainės nesame patikrinę.
app-unreviewed = Nežinome, kokia įmonė valdo šią programėlę.
app-since = Užregistruota { $date }
app-no-purpose = Programėlė „{ $app }“ nenurodė, kam jai to reikia.
app-purpose-language = Šis tekstas yra tik { $language } kalba.
signed-in = Prisijungta vardu { $name }

consent-title = Leisti „{ $app }“?
consent-can = „{ $app }“ galės
consent-cannot = „{ $app }“ negalės
consent-choose = Pasirinkite sąskaitas, kuriomis galės naudotis „{ $app }“
consent-fixed = „{ $app }“ prašo prieigos prie šių sąskaitų
consent-count = Pasirinkta sąskaitų: { $chosen } iš { $total }
consent-none = Nė viena jūsų sąskaita šiai programėlei netinka. Paspauskite „Atšaukti“ ir grįšite atgal; niekas nebus atskleista.
consent-none-named = „{ $app }“ prašo prieigos prie sąskaitų, kurios nėra jūsų. Paspauskite „Atšaukti“ ir grįšite atgal; niekas nebus atskleista.
consent-days =
    { $days ->
        [one] { $days } diena
        [few] { $days } dienos
       *[other] { $days } dienų
    }
consent-times =
    { $times ->
        [one] Jums nedalyvaujant – iki { $times } karto per dieną.
       *[other] Jums nedalyvaujant – iki { $times } kartų per dieną.
    }
consent-times-any = Jums nedalyvaujant – tiek kartų, kiek prireiks.
consent-once = Tik šį kartą. „{ $app }“ galės pažiūrėti iškart, kai leisite, ir daugiau negrįš.
consent-stop = Nutraukti galėsite bet kada anksčiau, čia: { $address }.
consent-next = Paspaudę „Leisti“ grįšite į { $host }.
consent-next-differs = Šis adresas nepriklauso patikrintai svetainei { $host }.
consent-next-unknown = Nesame patikrinę, kam priklauso šis adresas.
consent-allow = Leisti
consent-update = Atnaujinti pasirinkimą
consent-all = Pasirinkti visas
consent-no-account = Nepasirinkti nė vienos
consent-with-payment = Kartu su vienu mokėjimu

account-wallet = Piniginė
account-current = Einamoji sąskaita
account-savings = Taupomoji sąskaita
account-other = Sąskaita
account-available = laisvas likutis
ineligible-kind = Tokiai prieigai ši sąskaita netinka.
ineligible-joint = Bendra sąskaita: pirmiausia turi sutikti jos bendraturtis.
ineligible-blocked = Ši sąskaita užblokuota. Teiraukitės mūsų.
ineligible-currency = Sąskaitos valiuta ne ta, kuria mokama.
ineligible-balance = Šioje sąskaitoje nepakanka pinigų.
ineligible-other = Šios sąskaitos čia pasirinkti negalima.

confirm-title = Patvirtinimas, kurio prašo „{ $app }“
confirm-title-pay = { $sum } mokėjimas per „{ $app }“
confirm-heading = Įveskite kodą iš autentifikavimo programėlės
confirm-heading-recovery = Įveskite atkūrimo kodą
confirm-heading-pay = Patvirtinkite mokėjimą
confirm-code = Kodas iš autentifikavimo programėlės
confirm-code-hint = 6 skaitmenys. Kodas keičiasi kas 30 sekundžių: jei tuoj pasikeis, palaukite naujo. Kodą iš programėlės reikia įrašyti čia.
confirm-code-auto = Įvedus visą kodą, jis išsiunčiamas savaime.
confirm-code-optional = Čia bandomoji aplinka: kodo galite neįvesti. Jei įvesite, jis turi būti teisingas.
confirm-code-sandbox = Čia bandomoji aplinka: kodo galite neįvesti arba įvesti 123456.
confirm-recovery = Atkūrimo kodas
confirm-recovery-hint = Raidės ir skaičiai, su brūkšneliais arba be jų. Galioja vieną kartą.
confirm-button = Patvirtinti
confirm-pay = Mokėti { $sum }
confirm-use-recovery = Naudoti atkūrimo kodą
confirm-use-app = Naudoti kodą iš programėlės
confirm-not-me = Ne jūs tai pradėjote?
confirm-not-me-body = Paspauskite „Atšaukti“: niekas nebus atskleista ir pinigai nebus pervesti. Kas atėjo iki čia, žino jūsų slaptažodį, todėl jį pakeiskite ir praneškite mums.
confirm-next-account = Sąskaitą, iš kurios mokėsite, pasirinksite kitame puslapyje.

pay-amount = Suma
pay-to = Gavėjas
pay-iban = Gavėjo sąskaita
pay-message = Mokėjimo paskirtis
pay-by = Prašo

code-help = Jei vis nepavyksta
code-help-newest = Įveskite naujausią programėlės rodomą kodą.
code-help-once = Kiekvienas kodas tinka tik kartą, todėl po bandymo palaukite kito.
code-help-clock = Telefone nustatykite automatinį laiką.
code-help-account = Pažiūrėkite, ar programėlėje nepasirinkta kita paskyra.

from-title = Sąskaitos pasirinkimas – { $app }
from-heading = Pasirinkite, iš kurios sąskaitos mokėti
from-legend = Sumokėti { $sum } iš
from-none = Iš jūsų sąskaitų šio mokėjimo atlikti negalima. Paspauskite „Atšaukti“ ir grįšite atgal; pinigai nebus pervesti.

done-title = Baigta – { $app }
done-approved = Atlikta
done-approved-accounts =
    { $accounts ->
        [one] Programėlė „{ $app }“ gali naudotis { $accounts } sąskaita. Leidimas galioja iki { $date }.
        [few] Programėlė „{ $app }“ gali naudotis { $accounts } sąskaitomis. Leidimas galioja iki { $date }.
       *[other] Programėlė „{ $app }“ gali naudotis { $accounts } sąskaitų. Leidimas galioja iki { $date }.
    }
done-approved-plain = Programėlė „{ $app }“ gali daryti tai, ką leidote. Leidimas galioja iki { $date }.
done-paid = Mokėjimas patvirtintas
done-paid-body = Dabar programėlė „{ $app }“ gali atlikti šį vieną mokėjimą ir jokio kito.
done-denied = Atšaukta
done-denied-body = Niekas neatskleista ir pinigai nepervesti.
done-close = Šį langą galite uždaryti.
done-go-back = Norėdami tęsti, grįžkite į „{ $app }“.
