# Kiti puslapiai.

home-title = Sprendžiate jūs
home-heading = Jūs sprendžiate, ką programėlės gali daryti su jūsų pinigais
home-lead = Per „{ -product }“ bankas jūsų paklausia, prieš leisdamas programėlei matyti jūsų sąskaitas ar iš jų mokėti. Programėlė atsiunčia jus čia, jūs perskaitote, ko ji nori, ir pasirašote arba ne.
home-label-people = Jums
home-label-developers = Kūrėjams
home-label-demo = Demonstracija
home-people = Kol programėlė jūsų neatsiuntė, čia nieko daryti nereikia. O tada pamatysite: kas prašo, kodėl, ką galės ir ko negalės daryti, su kokiomis sąskaitomis ir iki kada. Atsisakyti galima vienu paspaudimu, be jokių priežasčių.
home-people-password = Jokia programėlė jūsų slaptažodžio nemato. Rašykite jį tik puslapiuose, kurių adresas prasideda { $host }.
home-people-password-plain = Jokia programėlė jūsų slaptažodžio nemato. Rašykite jį tik tada, kai adreso juostoje matote savo banko adresą.
home-developers = OAuth 2.0 autorizacijos serveris: autorizacijos kodas su PKCE, „refresh token“ ir „client credentials“.
home-docs = Dokumentacija
home-docs-note = Greita pradžia, teisės, visos klaidos, prieigos raktai ir mokėjimai.
home-portal = Kūrėjų portalas
home-portal-note = Programa su bandomosios aplinkos prieiga per tris minutes.
home-metadata = Serverio metaduomenys
home-metadata-note = Adresai ir galimybės JSON formatu (RFC 8414).
home-demo = Šis serveris veikia su demonstraciniais duomenimis: netikri pinigai, išgalvoti žmonės ir parduotuvė, kuri elgiasi kaip svetima.
home-demo-shop = Sumokėti demonstracinėje parduotuvėje
home-demo-shop-note = Užsisakykite ką nors ir patvirtinkite mokėjimą čia. Parduotuvė rodo kiekvieną savo užklausą.
home-demo-index = Žmonės, slaptažodžiai ir kodai
home-demo-index-note = Kuo galite prisijungti, kokie dabar kodai ir kokie laiškai buvo išsiųsti.

help-title = Pagalba
help-heading = Pagalba prisijungiant ir duodant leidimą
help-password-title = Nepavyksta prisijungti
help-password = Patikrinkite, ar naudojate savo banko prisijungimo vardą bei slaptažodį ir ar klaviatūroje neįjungta kita kalba. Po kelių nesėkmingų bandymų prisijungimas laikinai sustabdomas; puslapyje parašyta, iki kada.
help-code-title = Mano kodo nepriima
help-code = Įveskite naujausią autentifikavimo programėlės kodą. Kiekvienas kodas tinka tik kartą. Jei kodai vis netinka, telefone nustatykite automatinį laiką. Jei telefono neturite, naudokite vieną iš atkūrimo kodų.
help-phishing-title = Aš to nepradėjau
help-phishing = Paspauskite „Atšaukti“: niekas nebus atskleista ir pinigai nebus pervesti. Jei slaptažodį rašėte dar kur nors, pakeiskite jį ir praneškite savo bankui.
help-stop-title = Noriu nutraukti programėlės prieigą
help-stop = Atjunkite prieigą pačioje programėlėje arba kreipkitės į banką ir pasakykite jos pavadinimą. Ką programėlė jau žino, lieka jai: paprašykite tai ištrinti.
help-reference-title = Kam skirtas įvykio numeris?
help-reference = Pagal puslapio apačioje esantį numerį randame būtent tą įvykį. Jame nėra nieko asmeniško, tad galite jį pasakyti bet kam.

privacy-title = Privatumas
privacy-heading = Ką saugome ir kodėl
privacy-request-title = Jūsų prašymas
privacy-request = Kol neprisijungėte, prašymas yra tik jūsų naršyklės slapuke, užantspauduotas taip, kad niekas jo negali nei perskaityti, nei pakeisti. Kartu su slapuku jis ir dingsta.
privacy-consent-title = Ką leidote
privacy-consent = Saugome, kuriai programėlei ką leidote, su kokiomis sąskaitomis, kada ir iki kada, ir kaip tai patvirtinote. Tai ir jūsų, ir mūsų įrodymas.
privacy-cookies-title = Slapukai
privacy-cookies = Tik tie, be kurių neįmanoma prisijungti: jūsų seansas, jūsų prašymas, kalba ir ženklas, pagal kurį atpažįstame jūsų įrenginį. Jokios reklamos, jokio stebėjimo, nieko iš kitų svetainių.
privacy-app-title = Ką sužino programėlė
privacy-app = Tik tai, kas parašyta puslapyje, kuriame davėte leidimą. Niekada – slaptažodžio ar kodų.
